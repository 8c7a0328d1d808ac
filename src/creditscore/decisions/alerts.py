"""Alerts of receivables through time: each opens, escalates, eases, stands and closes, one for each cause."""

from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.decisions.matching import NOWHERE, absent, earlier, positions
from creditscore.errors import ContractError, some
from creditscore.policy import ALERT_LEVELS, Alerts, alert_levels
from creditscore.policy.exact import IntArray

# The columns of the alerts of a day and their types, in order; none is ever missing.
ALERT_COLUMNS = {
    "invoice_id": "str",
    "customer_id": "str",
    "level": "str",  # yellow or red; of a closed alert the last one
    "opened_on": "datetime64[ms]",
    "level_since": "datetime64[ms]",
    "change": "str",  # opened, escalated, eased, stands or closed
    "term_elapsed_ratio": "float64",
    "paid_ratio": "float64",
    "days_past_due": "int64",
    "open_amount": "int64",
    "rule": "str",  # key of the policy
    "rule_number": "float64",  # what stands there
}
NUMBERS = ["term_elapsed_ratio", "paid_ratio", "days_past_due", "open_amount"]
NEEDED = ["invoice_id", "customer_id", *NUMBERS]
RULES = ("", "alerts.yellow.paid_below_ratio", "alerts.red.days_past_due_above")  # by level
# What happened, by the level at the predecessor (row) and today's (column): none, yellow, red.
CHANGES = (
    *("", "opened", "opened"),
    *("closed", "stands", "escalated"),
    *("closed", "eased", "stands"),
)


def follow_alerts(
    receivables: pd.DataFrame, alerts: Alerts, *, as_of: date, standing: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the alerts of a day: those that stand, and once more those that closed since the predecessor.

    The cause of an alert is its invoice, which has one alert however many days it stands. Days are those of runs: an
    alert opened on the first day scored on which its rule was met. One that closed and whose rule is met again opens
    anew.

    Parameters
    ----------
    receivables
        Receivables that are open on ``as_of``, one row each, with ``invoice_id``, ``customer_id``,
        ``term_elapsed_ratio``, ``paid_ratio``, ``days_past_due`` and ``open_amount`` (in minor units).
    alerts
        The rules.
    as_of
        The day.
    standing
        What this function returned for the predecessor, the last earlier day scored, any number of days ago; rows of
        closed alerts are left out of account. ``None`` on the first day.

    Returns
    -------
    pandas.DataFrame
        ``ALERT_COLUMNS``, sorted by invoice. ``level_since`` is the day since when the level holds. The numbers are
        those of ``as_of``; an invoice that is no longer open keeps the last ones, but its ``open_amount`` is 0. Of the
        two numbers in the rule of yellow the share paid is named, for time does not end the alert.

    Raises
    ------
    ContractError
        If a column is missing, or an invoice has two rows.
    ParameterError
        If ``standing`` knows of a day that does not lie before ``as_of``.

    Examples
    --------
    >>> from creditscore.policy import load_policy
    >>> numbers = {"term_elapsed_ratio": 0.5, "paid_ratio": 0.0, "days_past_due": 0, "open_amount": 900}
    >>> open_today = pd.DataFrame([{"invoice_id": "I1", "customer_id": "C1", **numbers}])
    >>> rules = load_policy().alerts
    >>> first = follow_alerts(open_today, rules, as_of=date(2024, 1, 15))
    >>> first[["invoice_id", "level", "change"]].to_numpy().tolist()
    [['I1', 'yellow', 'opened']]
    >>> second = follow_alerts(open_today.iloc[:0], rules, as_of=date(2024, 1, 31), standing=first)
    >>> second[["invoice_id", "level", "change", "open_amount"]].to_numpy().tolist()
    [['I1', 'yellow', 'closed', 0]]
    """
    _check("receivables", receivables, NEEDED)
    stood = _stood(standing, as_of)
    rows = _causes(receivables, alerts, stood)
    rank, position = rows["rank"].to_numpy(), rows["position"].to_numpy()
    before = np.append(_ranks(stood), 0)[position]  # the last one is that of alerts that stand nowhere
    shown = np.where(rank > 0, rank, before)
    rows = rows.assign(
        level=_texts(ALERT_LEVELS, shown),
        opened_on=_days(stood["opened_on"], position, new=before == 0, as_of=as_of),
        level_since=_days(stood["level_since"], position, new=(rank > 0) & (rank != before), as_of=as_of),
        change=_texts(CHANGES, len(ALERT_LEVELS) * before + rank),
        rule=_texts(RULES, shown),
        rule_number=np.array([0, alerts.yellow.paid_below_ratio, alerts.red.days_past_due_above])[shown],
    )
    return _formed(rows)


def standing_alerts(alerts: pd.DataFrame) -> pd.DataFrame:
    """Return the alerts of a day that stand at its end: all but the closed ones."""
    return alerts[alerts["change"] != "closed"].reset_index(drop=True)


def _stood(standing: pd.DataFrame | None, as_of: date) -> pd.DataFrame:
    if standing is None:
        return _formed(pd.DataFrame(columns=list(ALERT_COLUMNS)))
    _check("standing", standing, list(ALERT_COLUMNS))
    return earlier(_formed(standing_alerts(standing)), "level_since", as_of=as_of)


def _causes(receivables: pd.DataFrame, alerts: Alerts, stood: pd.DataFrame) -> pd.DataFrame:
    """Return each invoice with an alert today or at the predecessor, with today's rank and its position there."""
    position = positions(receivables["invoice_id"], among=stood["invoice_id"])
    rank = alert_levels(alerts, **{name: receivables[name].to_numpy() for name in NUMBERS[:3]})
    gone = absent(len(stood), position)
    told = (rank > 0) | (position != NOWHERE)
    today = receivables.loc[told, NEEDED].assign(rank=rank[told], position=position[told])
    closed = stood.loc[gone, NEEDED].assign(open_amount=0, rank=np.int8(0), position=np.flatnonzero(gone))
    return pd.concat([today, closed], ignore_index=True)


def _ranks(stood: pd.DataFrame) -> IntArray:
    return pd.Index(ALERT_LEVELS).get_indexer(pd.Index(stood["level"]))


def _texts(texts: tuple[str, ...], which: IntArray) -> pd.api.extensions.ExtensionArray:
    return pd.array(list(texts), dtype="str").take(which)


def _days(
    known: pd.Series, position: IntArray, *, new: npt.NDArray[np.bool_], as_of: date
) -> npt.NDArray[np.datetime64]:
    """Return the days that were known, and ``as_of`` where a new one begins."""
    day = np.datetime64(as_of, "ms")
    return np.where(new, day, np.append(known.to_numpy(), day)[position])


def _formed(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[list(ALERT_COLUMNS)].astype(ALERT_COLUMNS).sort_values("invoice_id", ignore_index=True)


def _check(name: str, frame: pd.DataFrame, needed: list[str]) -> None:
    missing = [column for column in needed if column not in frame.columns]
    if missing:
        raise ContractError(where=name, found=f"{some(missing)} missing.", fix=f"Give the columns {', '.join(needed)}.")
    twice = frame["invoice_id"].duplicated()
    if twice.any():
        raise ContractError(
            where=f"{name}, column 'invoice_id'",
            found=f"{some(frame.loc[twice, 'invoice_id'].unique())} stands in more than one row.",
            fix="Give one row an invoice.",
        )
