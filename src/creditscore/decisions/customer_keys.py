"""Customer ids as keys for looking up."""

import pandas as pd


def keys_of(customers: pd.Series) -> pd.Index:
    """Return an index of Python strings, in which pandas looks up many times faster than in Arrow's.

    >>> keys_of(pd.Series(["C1", "C2"], dtype="str")).get_indexer(["C2", "C3"]).tolist()
    [1, -1]
    """
    return pd.Index(customers.to_numpy(object), dtype=object)
