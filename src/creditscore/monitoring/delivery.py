"""What a receiver is told: alarms that opened and those that were closed, each once."""

from collections import defaultdict
from datetime import date
from typing import Any

from creditscore.domain import Workspace
from creditscore.monitoring.alarms import Level
from creditscore.monitoring.groups import grouped
from creditscore.monitoring.record import alarm_of, group_message
from creditscore.monitoring.webhook import PATIENCE, Patience, check_address, post
from creditscore.scoring import MonitoringStore


def deliver(
    workspace: Workspace, url: str, *, as_of: date, least: Level = Level.ALARM, patience: Patience = PATIENCE
) -> int:
    """Send what no receiver has accepted yet, of a day and of the week before; return how many changes that was.

    Parameters
    ----------
    workspace
        The portfolio.
    url
        Address of the receiver.
    as_of
        The day.
    least
        Whether notices are sent too, or alarms only.
    patience
        How often and how long to try.

    Raises
    ------
    ParameterError
        If the address is none.
    DeliveryError
        If the receiver did not accept it; the next run sends it again.
    """
    check_address(url)
    levels = [str(level) for level in ((Level.ALARM,) if least == Level.ALARM else Level)]
    with MonitoringStore(workspace.store_url) as store:
        rows = store.undelivered_alarms(as_of, levels=levels)
        if rows:
            post(url, {"as_of": str(as_of), "groups": _groups(store, rows)}, patience=patience)
            store.mark_delivered(rows)
    return len(rows)


def _groups(store: MonitoringStore, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the groups of the days of some alarms, as far as these alarms are in them, the first day first."""
    news: dict[date, set[str]] = defaultdict(set)
    for row in rows:
        news[row["as_of"]].add(row["alarm_id"])
    told = [
        group_message(group, own)
        for day, own in sorted(news.items())
        for group in grouped(map(alarm_of, store.monitored_alarms(day)))
    ]
    return [group for group in told if group["alarms"]]
