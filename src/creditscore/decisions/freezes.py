"""Freezes: which companies lose their credit by whose red alert, and over which links it reaches them."""

import json
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.decisions.alerts import standing_alerts
from creditscore.decisions.matching import NOWHERE, absent, earlier, positions
from creditscore.decisions.reach import NOBODY, Reach, reach
from creditscore.errors import ContractError
from creditscore.policy import RedAlert

# The columns of the freezes of a day and their types, in order; none is ever missing.
FREEZE_COLUMNS = {
    "customer_id": "str",
    "cause_id": "str",  # the company with the red alert
    "distance": "int64",  # number of links between them
    "path": "str",  # those links as JSON, from the cause on, each in its own direction
}
# The same, followed from day to day.
FOLLOWED_FREEZE_COLUMNS = FREEZE_COLUMNS | {
    "frozen_on": "datetime64[ms]",
    "change": "str",  # frozen, stands or lifted
}
ENDS = ["source_id", "target_id"]

Texts = npt.NDArray[np.object_]


def freezes(alerts: pd.DataFrame, affiliations: pd.DataFrame, *, red: RedAlert) -> pd.DataFrame:
    """Return who is frozen: each company with a red alert, and all that links of the policy's kinds lead to from it.

    A freeze goes along a link in either direction, and on over any number of links. It holds while a red alert reaches
    the company, and ends on the day when none does any more: it needs no memory. Of several red alerts that reach a
    company the nearest is its cause, of those the one of the smallest id. Of several shortest ways it is the one whose
    last company but one has the smallest id, and so on backwards.

    Parameters
    ----------
    alerts
        Alerts of the day, as :func:`follow_alerts` returns them; red ones that stand freeze.
    affiliations
        Links that hold on the day, with ``source_id``, ``target_id`` and ``kind``. Their ends may be companies that are
        no customers; these are frozen like any other, and pass the freeze on.
    red
        The rule: the kinds of links.

    Returns
    -------
    pandas.DataFrame
        ``FREEZE_COLUMNS``, sorted by customer. The company with the red alert has distance 0 and the path ``[]``.

    Raises
    ------
    ContractError
        If a link lacks an end.

    Examples
    --------
    >>> from creditscore.policy import load_policy
    >>> alerts = pd.DataFrame({"customer_id": ["C1"], "level": ["red"], "change": ["opened"]})
    >>> links = pd.DataFrame({"source_id": ["C1", "C3"], "target_id": ["C2", "C2"], "kind": ["guarantees", "owns"]})
    >>> found = freezes(alerts, links, red=load_policy().alerts.red)
    >>> found[["customer_id", "distance"]].to_numpy().tolist(), found["path"].iloc[2]
    ([['C1', 0], ['C2', 1], ['C3', 2]], '[["C1","guarantees","C2"],["C3","owns","C2"]]')
    """
    causes, links = _causes(alerts), _followed(affiliations, red.freeze_links)
    codes, ids = pd.factorize(pd.concat([causes, links["source_id"], links["target_id"]]), sort=True)
    starts, source, target = np.split(codes, [len(causes), len(causes) + len(links)])
    best = np.lexsort((target, source, links["rank"]))
    found = reach(starts, source=source[best], target=target[best], count=len(ids))
    names, frozen = np.asarray(ids, dtype=object), np.flatnonzero(found.distance != NOBODY)
    table = {
        "customer_id": names[frozen],
        "cause_id": names[found.start[frozen]],
        "distance": found.distance[frozen],
        "path": _paths(found, links.iloc[best])[frozen],
    }
    return pd.DataFrame(table).astype(FREEZE_COLUMNS)


def follow_freezes(frozen: pd.DataFrame, *, as_of: date, standing: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the freezes of a day with their history: since when each holds, and once more those lifted since.

    A company stays frozen when another red alert takes the place of the one that froze it.

    Parameters
    ----------
    frozen
        What :func:`freezes` returned for ``as_of``.
    as_of
        The day.
    standing
        What this function returned for the predecessor, the last earlier day scored; rows of lifted freezes are left
        out of account. ``None`` on the first day.

    Returns
    -------
    pandas.DataFrame
        ``FOLLOWED_FREEZE_COLUMNS``, sorted by customer. A lifted freeze keeps the cause and the path that it had.

    Raises
    ------
    ParameterError
        If ``standing`` knows of a day that does not lie before ``as_of``.
    """
    stood, day = _stood(standing, as_of), np.datetime64(as_of, "ms")
    position = positions(frozen["customer_id"], among=stood["customer_id"])
    known = position != NOWHERE
    now = frozen.assign(
        frozen_on=np.append(stood["frozen_on"].to_numpy(), day)[position], change=np.where(known, "stands", "frozen")
    )
    lifted = stood[absent(len(stood), position)].assign(change="lifted")
    return _formed(pd.concat([now, lifted], ignore_index=True))


def _stood(standing: pd.DataFrame | None, as_of: date) -> pd.DataFrame:
    if standing is None:
        return _formed(pd.DataFrame(columns=list(FOLLOWED_FREEZE_COLUMNS)))
    return earlier(_formed(standing[standing["change"] != "lifted"]), "frozen_on", as_of=as_of)


def _formed(rows: pd.DataFrame) -> pd.DataFrame:
    columns = FOLLOWED_FREEZE_COLUMNS
    return rows[list(columns)].astype(columns).sort_values("customer_id", ignore_index=True)


def _causes(alerts: pd.DataFrame) -> pd.Series:
    """Return the companies with a red alert that stands, each once."""
    standing = standing_alerts(alerts)
    return standing.loc[standing["level"] == "red", "customer_id"].drop_duplicates()


def _followed(affiliations: pd.DataFrame, kinds: tuple[str, ...]) -> pd.DataFrame:
    """Return the links of the kinds, each with the rank of its kind."""
    rank = pd.Index(kinds, dtype="str").get_indexer(pd.Index(affiliations["kind"], dtype="str"))
    links = affiliations[[*ENDS, "kind"]].assign(rank=rank)[rank != NOWHERE]
    lacking = int(links[ENDS].isna().any(axis=1).sum())
    if lacking:
        raise ContractError(
            where="affiliations",
            found=f"{lacking} of {len(links)} links lack an end.",
            fix="Give each link its source_id and target_id.",
        )
    return links


def _paths(found: Reach, links: pd.DataFrame) -> Texts:
    """Return the way to each node as JSON: that to the node before it and one more link, ring by ring."""
    stepped = np.flatnonzero(found.link != NOBODY)
    last, inner = np.full((2, found.link.size), "", dtype=object)
    last[stepped] = _link_texts(links.iloc[found.link[stepped]])
    order, sizes = np.argsort(found.distance, kind="stable"), np.bincount(found.distance + 1)
    for ring in np.split(order, np.cumsum(sizes)[:-1])[2:]:  # after those that nothing reaches, and the starts
        before = inner[found.previous[ring]]
        inner[ring] = before + np.where(before == "", "", ",").astype(object) + last[ring]
    return np.asarray("[" + inner + "]", dtype=object)


def _link_texts(links: pd.DataFrame) -> Texts:
    """Return each link as JSON."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    source, kind, target = (
        np.array([encode(text) for text in links[name]], dtype=object) for name in ("source_id", "kind", "target_id")
    )
    return np.asarray("[" + source + "," + kind + "," + target + "]", dtype=object)
