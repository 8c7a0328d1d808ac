"""How the rows of a day are matched with those of another: by position, and in the order of days."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.errors import ParameterError
from creditscore.policy.exact import IntArray

NOWHERE = -1


def positions(wanted: pd.Series, *, among: pd.Series) -> IntArray:
    """Return where each key stands among others, each of which stands there once; -1 where it does not.

    Whole numbers stay whole when they are taken by position; a join would make floats of those that some row lacks.
    Both are coded at once, for looking up texts one by one takes ten times as long.

    Examples
    --------
    >>> positions(pd.Series(["b", "x"]), among=pd.Series(["a", "b"])).tolist()
    [1, -1]
    """
    codes, known = pd.factorize(pd.concat([among, wanted]))
    place = np.full(len(known), NOWHERE, np.int64)
    place[codes[: len(among)]] = np.arange(len(among))
    return place[codes[len(among) :]]


def absent(count: int, found: IntArray) -> npt.NDArray[np.bool_]:
    """Tell of each of so many keys whether :func:`positions` found none that stands there."""
    alone = np.ones(count, np.bool_)
    alone[found[found != NOWHERE]] = False
    return alone


def earlier(standing: pd.DataFrame, since: str, *, as_of: date) -> pd.DataFrame:
    """Return what stood at the predecessor, refused where it is not of an earlier day.

    Raises
    ------
    ParameterError
        If the column ``since`` knows of a day that does not lie before ``as_of``.
    """
    latest = standing[since].max()
    if latest >= pd.Timestamp(as_of):
        raise ParameterError(
            where="standing",
            found=f"It knows of {latest.date()}, which does not lie before {as_of}.",
            fix="Give what stood on the last day scored before this one.",
        )
    return standing
