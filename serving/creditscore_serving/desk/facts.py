"""Posted facts: checked item by item, judged by the rules of the book, scored together by the daily run's own code."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, ValidationError

from creditscore.book import TABLES, Book, BrokenFact
from creditscore.scoring import EXPOSURE, POSTED_TABLES, PostedCustomer, PostedRows, judged_customers
from creditscore_serving.access import Units
from creditscore_serving.conventions.problems import FieldErrors, RefusedError, fewer, told_errors
from creditscore_serving.desk.desk import Desk
from creditscore_serving.desk.posted import EXACT, Posted, score_checked, wrong_day
from creditscore_serving.schemas.facts import KNOWN_ON, MOST_DAYS, MOST_FACTS, OWN_DAY, FactsEnvelope, FactsItem
from creditscore_serving.schemas.scores import SnapshotRow
from creditscore_serving.served.edition import Edition

Sees = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class PostedItem:
    """One posted item: a customer with its facts, or what is wrong with them."""

    item: FactsItem | None
    errors: FieldErrors


@dataclass(frozen=True, slots=True)
class FactsQuestion:
    """The items of a body, and whether their features are to be told."""

    items: Sequence[PostedItem]
    explain: bool


def read_facts(body: bytes) -> FactsQuestion:
    """Read the items of a body; a broken one does not keep the others from being read.

    Raises
    ------
    pydantic.ValidationError, RefusedError
        If the body as a whole is broken, or holds too many facts or days.
    """
    envelope = FactsEnvelope.model_validate_json(body)
    if sum(map(_count, envelope.items)) > MOST_FACTS:
        raise RefusedError(HTTPStatus.BAD_REQUEST, {"items": f"Give at most {MOST_FACTS:,} facts in all."})
    items = [_read(place, one) for place, one in enumerate(envelope.items)]
    if len({one.item.as_of for one in items if one.item is not None}) > MOST_DAYS:
        raise RefusedError(HTTPStatus.BAD_REQUEST, {"items": f"Ask for at most {MOST_DAYS} different days at once."})
    return FactsQuestion(items, envelope.explain)


def score_facts(
    desk: Desk, edition: Edition, asked: FactsQuestion, *, sees: Sees, units: Units | None
) -> dict[str, Any]:
    """Score the sound items, each by the policy of its day, and tell what is wrong with the others.

    Parameters
    ----------
    desk, edition, asked
        What answers, and the question.
    sees
        Tells whether the caller may see a customer of the book. One that it may not see is as one that the book does
        not know.
    units
        What the caller is limited to: a posted customer must lie within, by its posted region and industry.

    Raises
    ------
    ContractError
        If the workspace has no book.
    """
    maker = desk.posted_rows(edition)
    wrong: dict[int, FieldErrors] = {place: one.errors for place, one in enumerate(asked.items) if one.item is None}
    customers: dict[int, PostedCustomer] = {}
    for place, item in ((place, one.item) for place, one in enumerate(asked.items) if one.item is not None):
        wrong[place] = _errors(place, wrong_day(item.as_of, edition.model) | _strange(item, maker.book))
        if not wrong[place]:
            customers[place] = _customer(item, maker.book, is_of_book=sees(item.customer_id))
    for place, (customer, broken) in zip(customers, judged_customers([*customers.values()]), strict=True):
        wrong[place] = _errors(place, dict(map(_told, broken)) or _unknown(customer, units))
        customers[place] = customer
    sound = {place: customer for place, customer in customers.items() if not wrong[place]}
    rows = dict(zip(sound, _snapshot_rows(maker, [*sound.values()]), strict=True))
    for place, row in rows.items():
        wrong[place] = _errors(place, _beyond_numbers(row))
    checked = [Posted(None if wrong[place] else rows[place], wrong[place]) for place in range(len(asked.items))]
    answer = score_checked(edition, checked)
    for result, one in zip(answer["results"], checked, strict=True):
        result["features"] = one.row.features if asked.explain and one.row is not None else None
    return answer


def _count(item: object) -> int:
    """Count the facts of an item before anything is known of it."""
    facts = item.get("facts") if isinstance(item, dict) else None
    return sum(len(rows) for rows in facts.values() if isinstance(rows, list)) if isinstance(facts, dict) else 0


def _read(place: int, content: object) -> PostedItem:
    try:
        return PostedItem(FactsItem.model_validate(content), [])
    except ValidationError as error:
        return PostedItem(None, fewer(told_errors(error, before=("items", place)), f"items.{place}"))


def _errors(place: int, wrong: Mapping[str, str]) -> FieldErrors:
    told = [{"field": f"items.{place}.{name}", "message": text} for name, text in wrong.items()]
    return fewer(told, f"items.{place}")


def _strange(item: FactsItem, book: Book) -> dict[str, str]:
    """Return what is wrong with facts beside the item and the book that they are for."""
    wrong: dict[str, str] = {}
    said = {
        "customer_id": (item.customer_id, "It is not the item's."),
        "currency": (book.currency, "It is not the book's."),
    }
    for name, rows in _tables(item):
        if rows and not book.has(name):
            wrong[f"facts.{name}"] = "The book has no such table, and no score was made with it."
        for place, row in enumerate(rows):
            for column, (expected, text) in said.items():
                if getattr(row, column, None) not in {None, expected}:
                    wrong[f"facts.{name}.{place}.{column}"] = text
    return wrong


def _tables(item: FactsItem) -> Iterator[tuple[str, list[BaseModel]]]:
    for name in POSTED_TABLES:
        yield name, getattr(item.facts, name)


def _customer(item: FactsItem, book: Book, *, is_of_book: bool) -> PostedCustomer:
    """Return an item as the library takes it; without master data its id alone is known."""
    said = {"customer_id": item.customer_id, "currency": book.currency}
    facts: dict[str, pa.Table] = {}
    for name, given in _tables(item):
        rows = [dict(row) for row in given]
        if name == "customers" and not rows:
            rows = [dict.fromkeys(TABLES[name].schema.names)]
        for row in rows:
            row |= {column: value for column, value in said.items() if column in row}
            row[KNOWN_ON] = row[KNOWN_ON] or row.get(OWN_DAY.get(name, "")) or item.as_of
        facts[name] = pa.Table.from_pylist(rows, TABLES[name].schema)
    return PostedCustomer(customer_id=item.customer_id, as_of=item.as_of, facts=facts, is_of_book=is_of_book)


def _told(broken: BrokenFact) -> tuple[str, str]:
    """Return the field of a row that broke a rule, and which."""
    column = "" if broken.column is None else f".{broken.column}"
    return f"facts.{broken.table}.{broken.row}{column}", f"It breaks the rule {broken.rule}."


def _unknown(customer: PostedCustomer, units: Units | None) -> dict[str, str]:
    """Return why a customer cannot be scored on its day, or not for a caller that is limited to its units."""
    if customer.profile is None:
        return {"facts.customers": "The customer is not known on as_of."}
    if units is not None and not units.hold(customer.profile):
        return {"facts.customers": "Its region and industry_code are not within your business units."}
    return {}


def _snapshot_rows(maker: PostedRows, customers: Sequence[PostedCustomer]) -> list[SnapshotRow]:
    """Return rows as posted rows are; missing values are ``None``."""
    if not customers:
        return []
    frame = maker.rows(customers)
    features = frame.drop(columns=["customer_id", "as_of"])
    values = features.astype(object).where(features.notna(), None).to_dict("records")
    return [
        SnapshotRow.model_construct(customer_id=one.customer_id, as_of=one.as_of, features=row)
        for one, row in zip(customers, values, strict=True)
    ]


def _beyond_numbers(row: SnapshotRow) -> dict[str, str]:
    """Return the features that amounts beyond all measure leave without a number to compute with."""
    largest = {EXPOSURE: EXACT}
    return {
        f"features.{name}": "The facts give a value beyond what can be computed with."
        for name, value in row.features.items()
        if value is not None and abs(value) > largest.get(name, sys.float_info.max)
    }
