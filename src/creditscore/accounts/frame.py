"""What an engine answers, as a data frame of documented dtypes."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

TEXT, MONEY, WHOLE, MAYBE_WHOLE, REAL, FLAG, DAY = "str", "int64", "int64", "Int64", "float64", "bool", "datetime64[ms]"
_EXACT = {pa.int64(): pd.Int64Dtype(), pa.string(): pd.StringDtype(na_value=np.nan)}


def framed(found: pa.Table, dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Return an answer with these columns in this order; a whole number that may be missing never becomes a float."""
    return pd.DataFrame({name: _column(found[name], dtype) for name, dtype in dtypes.items()})


def empty(dtypes: Mapping[str, str]) -> pd.DataFrame:
    """Return a frame with these columns and no row."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in dtypes.items()})


def _column(values: pa.ChunkedArray, dtype: str) -> pd.Series:
    if dtype == DAY:
        values = values.cast(pa.timestamp("ms"))
    return values.to_pandas(types_mapper=_EXACT.get).astype(dtype)
