"""The paths over HTTP: daily scores and posted rows, one by one and many at once, and posted facts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from creditscore.book import Book
from creditscore.domain import pd_column
from creditscore.scoring.customer_facts import Tables, own_facts
from creditscore.scoring.parity.answers import Answered, frame_of, scores_in
from creditscore.scoring.parity.day import ParityDay
from creditscore.scoring.parity.endpoint import Endpoint
from creditscore.scoring.parity.paths import Path, batches
from creditscore.scoring.parity.proof import PathResult
from creditscore.scoring.rows import KEYS
from creditscore.scoring.run import DailyRun

IDS_AT_ONCE, ROWS_AT_ONCE = 1_000, 500  # a body of so many rows is a few megabytes
FACTS_AT_ONCE = 20  # customers


@dataclass(frozen=True, slots=True)
class Question:
    """What is posted where, and for whom an answer is expected."""

    place: str
    body: Mapping[str, Any]
    customers: Sequence[str]


def paths_over_http(endpoint: Endpoint, day: ParityDay, *, sample: int) -> list[Path]:
    """Return the paths to go over HTTP.

    Parameters
    ----------
    endpoint, day
        The endpoint and the day.
    sample
        Customers who are asked for one by one, and whose facts are posted; all of them are in the batches. Facts are
        posted where the book is still the one that the run saw.
    """
    few, everyone, on = day.drawn(sample), day.snapshot, str(day.run.as_of)
    ones = (Question("/v1/score", {"customer_id": one, "as_of": on}, [one]) for one in few["customer_id"])
    lists = (piece["customer_id"].tolist() for piece in batches(everyone, IDS_AT_ONCE))
    many = (Question("/v1/scores", {"customer_ids": ids, "as_of": on}, ids) for ids in lists)
    together = f"endpoint: posted rows, {ROWS_AT_ONCE:,} at once"
    book = day.book
    facts = () if book is None else _facts_posted(book, few, on=day.run.as_of)
    of_facts = [lambda: _asked(endpoint, day, f"endpoint: posted facts, {FACTS_AT_ONCE} at once", facts, run_id=None)]
    return [
        lambda: _asked(endpoint, day, "endpoint: daily scores one by one", ones, run_id=day.run.run_id),
        lambda: _asked(endpoint, day, f"endpoint: daily scores, {IDS_AT_ONCE:,} at once", many, run_id=day.run.run_id),
        lambda: _asked(endpoint, day, "endpoint: posted rows one by one", _posted(few, 1), run_id=None),
        lambda: _asked(endpoint, day, together, _posted(everyone, ROWS_AT_ONCE), run_id=None),
        *(of_facts if book is not None else ()),
    ]


def _posted(rows: pd.DataFrame, size: int) -> Iterator[Question]:
    for piece in batches(rows, size):
        features = piece.drop(columns=list(KEYS)).astype(object)
        values = features.where(piece.drop(columns=list(KEYS)).notna(), None).to_dict("records")
        keys = zip(piece["customer_id"], piece["as_of"], strict=True)
        content = [
            {"customer_id": customer, "as_of": str(day.date()), "features": row}
            for (customer, day), row in zip(keys, values, strict=True)
        ]
        yield Question("/v1/rows", {"rows": content}, piece["customer_id"].tolist())


def _facts_posted(book: Book, rows: pd.DataFrame, *, on: date) -> Iterator[Question]:
    """Give the facts of customers as the book knew them on a day."""
    for piece in batches(rows, FACTS_AT_ONCE):
        customers = piece["customer_id"].tolist()
        items = [
            {"customer_id": one, "as_of": f"{on}", "facts": _written(own_facts(book, [one], as_of=on))}
            for one in customers
        ]
        yield Question("/v1/facts", {"items": items}, customers)


def _written(facts: Tables) -> dict[str, list[dict[str, Any]]]:
    """Return tables as JSON writes their rows."""
    return {
        name: [{key: f"{value}" if isinstance(value, date) else value for key, value in row.items()} for row in rows]
        for name, rows in ((name, table.to_pylist()) for name, table in facts.items())
    }


def _asked(
    endpoint: Endpoint, day: ParityDay, path: str, questions: Iterable[Question], *, run_id: str | None
) -> PathResult:
    probability = pd_column(day.run.horizon_months)
    customers: list[str] = []
    answered: list[Answered] = []
    for question in questions:
        customers += question.customers
        answer = endpoint.ask(question.place, question.body)
        answered += [] if answer is None else scores_in(answer, probability=probability)
    found = frame_of(answered) if answered else day.stored.iloc[:0]
    note = _another(answered, day.run, run_id=run_id)
    return day.compare(path, found, customers=pd.Series(customers, dtype="str"), decided=run_id is not None, note=note)


def _another(answered: Sequence[Answered], run: DailyRun, *, run_id: str | None) -> str:
    """Say what of all that the answers name is not that of the run."""
    wrong = {
        "bundle": any(one.bundle_hash != run.bundle_hash for one in answered),
        "policy": any(one.policy_hash != run.policy_hash for one in answered),
        "run": any(one.run_id != run_id for one in answered),
    }
    others = [name for name, differs in wrong.items() if differs]
    if not others:
        return ""
    return (
        f"The endpoint names another {' and another '.join(others)} than the day was scored with: score the day again."
    )
