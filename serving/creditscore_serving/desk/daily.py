"""Daily scores: of the latest day from memory, of earlier days from the store."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from creditscore.errors import NotScoredError
from creditscore.policy import Policy
from creditscore.scoring import DailyRun
from creditscore_serving.conventions.cursors import cursor_of, read_cursor
from creditscore_serving.desk.desk import Desk, rests_on
from creditscore_serving.served.edition import Edition
from creditscore_serving.served.words import decision_of, freeze_of

Row = dict[str, Any]


def is_at_hand(edition: Edition, as_of: date | None) -> bool:
    """Tell whether scores of a day are in memory."""
    return as_of is None or as_of == edition.day.run.as_of


def latest_score(edition: Edition, customer_id: str) -> Row:
    """Return a customer's score of the latest day, from memory.

    Raises
    ------
    NotScoredError
        If it has none.
    """
    row = edition.day.scores.row(customer_id)
    if row is None:
        raise unscored_customer()
    return {**_latest(edition, row), **rests_on(edition, edition.day.run)}


def score_on(desk: Desk, edition: Edition, customer_id: str, *, as_of: date | None) -> Row:
    """Return a customer's served score of a day.

    Raises
    ------
    NotScoredError
        If the day or the customer has none.
    """
    if is_at_hand(edition, as_of):
        return latest_score(edition, customer_id)
    run, found = _earlier(desk, edition, [customer_id], as_of)
    if not found:
        raise unscored_customer()
    return {**found[0], **rests_on(edition, run)}


def scores_on(desk: Desk, edition: Edition, customer_ids: Sequence[str], *, as_of: date | None) -> Row:
    """Return served scores of a day in the order asked for, all of one run, and who has none.

    Raises
    ------
    NotScoredError
        If the day has none.
    """
    if is_at_hand(edition, as_of):
        run = edition.day.run
        found = [_latest(edition, row) for one in customer_ids if (row := edition.day.scores.row(one)) is not None]
    else:
        run, found = _earlier(desk, edition, customer_ids, as_of)
    known = {one["customer_id"] for one in found}
    unknown = [one for one in customer_ids if one not in known]
    return {"scores": found, "unknown_customer_ids": unknown, **rests_on(edition, run)}


def history(desk: Desk, edition: Edition, customer_id: str, *, limit: int, cursor: str | None) -> Row:
    """Return a page of a customer's served scores, the latest day first.

    Raises
    ------
    NotScoredError
        If the customer was never scored.
    RefusedError
        If the cursor is not one of this list.
    """
    before = None if cursor is None else read_day(read_cursor(cursor, names=["before"])["before"])
    found = desk.store.history(customer_id, before=before, most=limit + 1)
    if not found and cursor is None:
        raise unscored_customer()
    page = found[:limit]
    told = [
        {**_score(edition, row, _frozen(desk, run, row), desk.policy(run.policy_hash)), **rests_on(edition, run)}
        for run, row in page
    ]
    more = cursor_of({"before": page[-1][0].as_of.isoformat()}) if len(found) > limit else None
    return {"customer_id": customer_id, "scores": told, "next_cursor": more}


def read_day(text: str) -> date | None:
    """Return a day written as ISO date; ``None`` where it is none, so that a forged cursor begins at the start."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def unscored_customer() -> NotScoredError:
    """Return the error for a customer without a score."""
    return NotScoredError(where="customer_id", found="This customer has no score on that day.", fix="Check its id.")


def unscored_day() -> NotScoredError:
    """Return the error for a day without scores."""
    return NotScoredError(where="as_of", found="That day was not scored.", fix="Choose a day that was.")


def _latest(edition: Edition, row: Row) -> Row:
    return _score(edition, row, edition.day.frozen.get(row["customer_id"]), edition.day.policy)


def _earlier(
    desk: Desk, edition: Edition, customer_ids: Sequence[str], as_of: date | None
) -> tuple[DailyRun, list[Row]]:
    found = desk.store.look_up(customer_ids, as_of=as_of)
    if found is None:
        raise unscored_day()
    run, rows = found
    frozen, policy = desk.store.freezes(run, list(rows)), desk.policy(run.policy_hash)
    return run, [_score(edition, rows[one], _told(frozen.get(one)), policy) for one in customer_ids if one in rows]


def _score(edition: Edition, row: Row, frozen: Mapping[str, Any] | None, policy: Policy) -> Row:
    return {**edition.words.score(row), "decision": decision_of(row, frozen, policy=policy)}


def _frozen(desk: Desk, run: DailyRun, row: Row) -> Row | None:
    if row["frozen_by"] is None:
        return None
    return _told(desk.store.freezes(run, [row["customer_id"]]).get(row["customer_id"]))


def _told(frozen: Row | None) -> Row | None:
    return None if frozen is None else freeze_of(frozen)
