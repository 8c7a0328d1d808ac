"""What was decided: alerts, the reserve ledger, the portfolio in sum."""

from datetime import date
from typing import Any

from creditscore.errors import StoreError
from creditscore.scoring import DailyRun
from creditscore.scoring.carried import read_carried
from creditscore_serving.conventions.cursors import cursor_of, read_cursor
from creditscore_serving.desk.daily import unscored_day
from creditscore_serving.desk.desk import Desk, plain_rows, rests_on
from creditscore_serving.served.edition import Edition

CLOSED = "closed"
SUMS = (
    "as_of",
    "customer_count",
    "colours",
    "governed_colours",
    "exposure_amount",
    "reserve_amount",
    "held_amount",
    "yellow_alert_count",
    "red_alert_count",
    "frozen_count",
)
Content = dict[str, Any]


def run_on(desk: Desk, edition: Edition, as_of: date | None) -> DailyRun:
    """Return the run that is served for a day, the edition's own for the latest.

    Raises
    ------
    NotScoredError
        If the day was not scored.
    """
    if as_of is None or as_of == edition.day.run.as_of:
        return edition.day.run
    run = desk.store.latest_run(as_of)
    if run is None:
        raise unscored_day()
    return run


def portfolio(desk: Desk, edition: Edition, *, as_of: date | None) -> Content:
    """Return the sums of a day's run."""
    run = run_on(desk, edition, as_of)
    return {**{name: getattr(run, name) for name in SUMS}, **rests_on(edition, run)}


def reserve(desk: Desk, edition: Edition, *, as_of: date | None) -> Content:
    """Return the reserve ledger of a day, in total and by segment."""
    run = run_on(desk, edition, as_of)
    return {"as_of": run.as_of, "closings": desk.store.reserve_closings(run), **rests_on(edition, run)}


def customer_alerts(desk: Desk, edition: Edition, customer_id: str, *, as_of: date | None) -> Content:
    """Return every change of a customer's alerts up to a day, and which stand on it."""
    run = run_on(desk, edition, as_of)
    changes = [_without_ids(change) for change in desk.store.alert_changes(run, customer_id)]
    last = {change["invoice_id"]: change["change"] for change in changes}
    return {
        "customer_id": customer_id,
        "as_of": run.as_of,
        "changes": changes,
        "standing_invoice_ids": sorted(invoice for invoice, change in last.items() if change != CLOSED),
        **rests_on(edition, run),
    }


def standing_alerts(desk: Desk, edition: Edition, *, level: str | None, limit: int, cursor: str | None) -> Content:
    """Return a page of the alerts that stand on the latest day, by invoice.

    A cursor keeps to the run of its first page, so that a list is of one run though another one is published meanwhile.

    Raises
    ------
    RefusedError
        If the cursor is not one of this list.
    StoreError
        If what the run left is gone.
    """
    begun = {"run": edition.day.run.run_id, "after": ""}
    place = begun if cursor is None else read_cursor(cursor, names=list(begun))
    run = edition.day.run if place["run"] == edition.day.run.run_id else _recorded(desk, place["run"])
    alerts = read_carried(desk.workspace, run).alerts
    wanted = (alerts["change"] != CLOSED) & (alerts["invoice_id"] > place["after"])
    if level is not None:
        wanted &= alerts["level"] == level
    page = plain_rows(alerts[wanted].sort_values("invoice_id").head(limit + 1))
    last = page[limit - 1]["invoice_id"] if len(page) > limit else None
    return {
        "as_of": run.as_of,
        "alerts": page[:limit],
        "next_cursor": None if last is None else cursor_of({"run": run.run_id, "after": last}),
        **rests_on(edition, run),
    }


def _recorded(desk: Desk, run_id: str) -> DailyRun:
    run = desk.store.run(run_id)
    if run is None:
        raise StoreError(where="cursor", found="Its run is gone.", fix="Begin the list again, without a cursor.")
    return run


def _without_ids(change: Content) -> Content:
    return {name: value for name, value in change.items() if name not in {"run_id", "customer_id"}}
