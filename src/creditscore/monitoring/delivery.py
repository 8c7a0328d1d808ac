"""What a receiver is told: alarms that opened and those that were closed, each once."""

from datetime import date

from creditscore.domain import Workspace
from creditscore.monitoring.record import alarm_of, message
from creditscore.monitoring.webhook import PATIENCE, Patience, check_address, post
from creditscore.scoring import MonitoringStore


def deliver(workspace: Workspace, url: str, *, as_of: date, patience: Patience = PATIENCE) -> int:
    """Send what no receiver has accepted yet, of a day and of the week before; return how many changes that was.

    Parameters
    ----------
    workspace
        The portfolio.
    url
        Address of the receiver.
    as_of
        The day.
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
    with MonitoringStore(workspace.store_url) as store:
        rows = store.undelivered_alarms(as_of)
        if rows:
            post(url, {"as_of": str(as_of), "alarms": [message(alarm_of(row)) for row in rows]}, patience=patience)
            store.mark_delivered(rows)
    return len(rows)
