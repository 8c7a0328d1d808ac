"""Whether two tables hold the same bits, and where they do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.errors import EXAMPLES_SHOWN

ONLY_RECORDED, ONLY_AGAIN = "row that is only recorded", "row that is not recorded"
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A column in which two tables differ; what stands there is not told, for it may be an amount.

    Parameters
    ----------
    table, column
        Where; for rows that only one of the two has, the column says which.
    row_count
        Rows that differ.
    examples
        Keys of the first of them, three at most.
    """

    table: str
    column: str
    row_count: int
    examples: tuple[str, ...]


def differences(
    table: str, recorded: pd.DataFrame, again: pd.DataFrame, *, keys: Sequence[str], columns: Sequence[str]
) -> list[Difference]:
    """Compare two tables row by row and bit by bit; missing equals missing, and a zero has no sign.

    A database that keeps a whole number in fewer bytes keeps no sign of a zero either.

    Parameters
    ----------
    table
        What to call them.
    recorded, again
        The tables, in any order of rows; ``again`` tells the kind of each column, ``recorded`` where that knows none.
    keys
        Columns that name a row.
    columns
        Columns to compare.
    """
    before, after = _by_key(recorded, keys), _by_key(again, keys)
    place = before.index.get_indexer(after.index)
    lost, gained = before.index.difference(after.index), after.index[place < 0]
    found = [
        Difference(table=table, column=name, row_count=len(index), examples=_examples(index))
        for name, index in ((ONLY_RECORDED, lost), (ONLY_AGAIN, gained))
        if len(index)
    ]
    both = after[place >= 0]
    told = before.iloc[place[place >= 0]]
    for name in columns:
        differs = ~same_bits(told[name], both[name])
        if differs.any():
            examples = _examples(both.index[differs])
            found.append(Difference(table=table, column=name, row_count=int(differs.sum()), examples=examples))
    return found


def same_bits(recorded: pd.Series, again: pd.Series) -> Mask:
    """Tell for each row whether two columns hold the same bits, as values of the kind of the second if it has one."""
    kind = recorded.dtype if again.dtype == np.object_ else again.dtype
    one, other = _values(recorded, kind), _values(again, kind)
    missing, lacking = recorded.isna().to_numpy(np.bool_), again.isna().to_numpy(np.bool_)
    equal: Mask = np.asarray(one == other, dtype=np.bool_)
    return (missing & lacking) | (~missing & ~lacking & equal)


def _by_key(frame: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    index = pd.MultiIndex.from_arrays([frame[key].astype("str").to_numpy(object) for key in keys])
    return frame.set_axis(index if len(keys) > 1 else index.get_level_values(0), axis=0)


def _examples(index: pd.Index) -> tuple[str, ...]:
    first = index[:EXAMPLES_SHOWN]
    return tuple(" ".join(key) if isinstance(key, tuple) else str(key) for key in first)


def _values(column: pd.Series, kind: np.dtype[Any] | pd.api.extensions.ExtensionDtype) -> npt.NDArray[np.generic]:
    """Return a column as what is compared: floats as their bits, days and whole numbers as integers, else texts."""
    try:
        if pd.api.types.is_float_dtype(kind):
            return (column.to_numpy(np.float64, na_value=np.nan) + 0.0).view(np.int64)
        if pd.api.types.is_datetime64_any_dtype(kind):
            return pd.to_datetime(column).to_numpy("datetime64[s]").view(np.int64)
        if pd.api.types.is_integer_dtype(kind):
            return column.astype("Int64").fillna(0).to_numpy(np.int64)
    except (ValueError, TypeError):  # a database may hold what is not of its column's kind
        pass
    return column.astype("str").fillna("").to_numpy(object)
