"""Groups of customers that belong together, by a common group or by links."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def group_labels(
    customers: pd.Series, *, group_ids: pd.Series, affiliations: pd.DataFrame, kinds: Collection[str]
) -> npt.NDArray[np.int64]:
    """Return a whole number for each customer that it shares with all that belong to its group, and with nobody else.

    Belonging goes on over any number of links, and over companies that are no customers.

    Parameters
    ----------
    customers
        Customers, each once.
    group_ids
        The group that each names, missing where it names none.
    affiliations
        Links with ``source_id``, ``target_id`` and ``kind``.
    kinds
        Kinds of links that make a group.

    Examples
    --------
    >>> links = pd.DataFrame({"source_id": ["C1"], "target_id": ["C3"], "kind": ["owns"]})
    >>> named = pd.Series([None, "G", None, "G"], dtype="str")
    >>> group_labels(pd.Series(["C1", "C2", "C3", "C4"]), group_ids=named, affiliations=links, kinds=["owns"]).tolist()
    [0, 1, 0, 1]
    """
    links = affiliations[affiliations["kind"].isin(list(kinds))]
    named = group_ids.notna().to_numpy()
    groups = pd.Series(pd.factorize(group_ids[named])[0])
    companies = [customers.to_numpy(object), links["source_id"].to_numpy(object), links["target_id"].to_numpy(object)]
    codes = pd.factorize(np.concatenate(companies))[0]
    whose, source, target = np.split(codes, np.cumsum([len(part) for part in companies])[:-1])
    count = int(codes.max(initial=-1)) + 1
    # A group is one node more, to which its members are joined.
    rows = np.concatenate([source, whose[named]])
    columns = np.concatenate([target, count + groups.to_numpy(np.int64)])
    size = count + groups.nunique()
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(size, size))
    found = connected_components(graph, directed=False)[1]
    return pd.factorize(found[whose])[0].astype(np.int64)
