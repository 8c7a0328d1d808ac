"""What may be done for a score, as facts that could become known today; the past stays as it is.

A remedy never asks for more than is open, for a fact that nobody can bring about today, or for what is not known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

import pyarrow as pa

from creditscore.book import TABLES
from creditscore.scoring.customer_facts import CustomerFacts
from creditscore.scoring.improvements.results import Additions, Remedy

OVERDUE: Final[Mapping[Remedy, int]] = MappingProxyType(
    {
        Remedy.COLLECT_OVER_90D: 90,
        Remedy.COLLECT_OVER_60D: 60,
        Remedy.COLLECT_OVER_30D: 30,
        Remedy.COLLECT_OVERDUE: 0,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A remedy in its hypothetical facts.

    Parameters
    ----------
    remedy
        Which it is.
    amount
        What it moves, in minor units: money to collect, the balance in dispute, the guarantees.
    count
        Invoices or guarantees that it touches.
    added
        The facts, all of the day itself.
    """

    remedy: Remedy
    amount: int
    count: int
    added: Additions


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An invoice of which something is owed, in its version of the day."""

    row: Mapping[str, Any]
    amount: int

    @property
    def due_on(self) -> date:
        """Day it falls due."""
        return self.row["due_on"]


def open_invoices(facts: CustomerFacts) -> tuple[OpenInvoice, ...]:
    """Return what is owed, the oldest due day first; nothing where payments are not known."""
    if "payments" not in facts.own or "invoices" not in facts.own:
        return ()
    paid: dict[str, int] = {}
    for payment in _latest(facts.own["payments"], key=("payment_id",)):
        paid[payment["invoice_id"]] = paid.get(payment["invoice_id"], 0) + payment["amount"]
    billed = _latest(facts.own["invoices"], key=("invoice_id",))
    owed = [OpenInvoice(row, row["amount"] - paid.get(row["invoice_id"], 0)) for row in billed]
    return tuple(sorted((one for one in owed if one.amount > 0), key=lambda one: (one.due_on, one.row["invoice_id"])))


def attempts(facts: CustomerFacts) -> tuple[Attempt, ...]:
    """Return every remedy of the catalogue that there is something for, each amount collected once."""
    invoices = open_invoices(facts)
    found = [*_collections(facts, invoices), *_settled_disputes(facts, invoices), *_released_guarantees(facts)]
    return tuple(one for one in found if one.count)


def collected(facts: CustomerFacts, invoices: Sequence[OpenInvoice], amount: int, *, remedy: Remedy) -> Attempt:
    """Return the collection of an amount today, from the oldest invoice on; the last one may be paid in part."""
    payments: list[dict[str, Any]] = []
    left = amount
    for invoice in invoices:
        if left <= 0:
            break
        money = min(left, invoice.amount)
        payments.append(_payment(invoice, money, facts.as_of))
        left -= money
    added = {"payments": _table("payments", payments)}
    return Attempt(remedy=remedy, amount=amount - left, count=len(payments), added=added)


def past_due(invoices: Sequence[OpenInvoice], as_of: date, *, days: int = 0) -> int:
    """Return how much is more than so many days past due."""
    return sum(invoice.amount for invoice in invoices if (as_of - invoice.due_on).days > days)


def _collections(facts: CustomerFacts, invoices: Sequence[OpenInvoice]) -> Iterator[Attempt]:
    whole = sum(invoice.amount for invoice in invoices)
    amounts = {remedy: past_due(invoices, facts.as_of, days=days) for remedy, days in OVERDUE.items()}
    amounts |= {Remedy.COLLECT_HALF: (whole + 1) // 2, Remedy.COLLECT_ALL: whole}
    told: set[int] = set()
    for remedy, amount in amounts.items():
        if amount not in told:
            yield collected(facts, invoices, amount, remedy=remedy)
        told.add(amount)


def _settled_disputes(facts: CustomerFacts, invoices: Sequence[OpenInvoice]) -> Iterator[Attempt]:
    disputed = [invoice for invoice in invoices if invoice.row["disputed_flag"]]
    rows = [{**invoice.row, "disputed_flag": False, "known_on": facts.as_of} for invoice in disputed]
    yield Attempt(
        remedy=Remedy.SETTLE_DISPUTES,
        amount=sum(invoice.amount for invoice in disputed),
        count=len(rows),
        added={"invoices": _table("invoices", rows)},
    )


def _released_guarantees(facts: CustomerFacts) -> Iterator[Attempt]:
    """Give the end of the guarantees for others: yesterday was their last day, as is known today."""
    links = _latest(facts.own["links"], key=TABLES["links"].key) if "links" in facts.own else []
    lasting = [row for row in links if _guarantees(row, facts) and row["since_on"] < facts.as_of]
    rows = [{**row, "until_on": facts.as_of - timedelta(days=1), "known_on": facts.as_of} for row in lasting]
    yield Attempt(
        remedy=Remedy.RELEASE_GUARANTEES,
        amount=sum(row["amount"] or 0 for row in rows),
        count=len(rows),
        added={"links": _table("links", rows)},
    )


def _guarantees(row: Mapping[str, Any], facts: CustomerFacts) -> bool:
    lasts = row["until_on"] is None or row["until_on"] >= facts.as_of
    return row["kind"] == "guarantees" and row["source_id"] == facts.customer_id != row["target_id"] and lasts


def _payment(invoice: OpenInvoice, money: int, day: date) -> dict[str, Any]:
    number = invoice.row["invoice_id"]
    return {
        "payment_id": f"hypothetical-{number}",
        "invoice_id": number,
        "paid_on": day,
        "amount": money,
        "known_on": day,
    }


def _latest(table: pa.Table, *, key: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the latest version of each fact."""
    versions = {tuple(row[name] for name in key): row for row in table.sort_by("known_on").to_pylist()}
    return list(versions.values())


def _table(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=TABLES[name].schema)
