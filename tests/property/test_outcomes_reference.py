"""Labels and entries equal those of a slow reference that walks day by day through plain Python."""

import tempfile
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

import pandas as pd
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from creditscore.book import TABLES, Book
from creditscore.domain import add_months
from creditscore.outcomes import DefaultDefinition, default_entries, outcomes

FIRST = date(2023, 1, 1)
CUSTOMERS = tuple(f"C{number:02}" for number in range(25))
LASTING = {"insolvency", "write_off"}
DEFINITIONS = st.builds(
    DefaultDefinition,
    version=st.just("law"),
    days_past_due=st.sampled_from([0, 30, 90]),
    material_amount=st.sampled_from([0, 50, 150]),
    events=st.sampled_from([(), ("default", "insolvency")]),
    horizon_months=st.sampled_from([1, 3]),
    cure_months=st.sampled_from([1, 12]),
)


class Portfolio:
    """Customers with a few invoices, payments and events each.

    Some facts have two versions, some days lie ahead, some money goes back, and some payments are moved to another
    invoice.
    """

    def __init__(self, seed):
        self.random = Random(seed)  # noqa: S311 - a test portfolio, not a secret
        self.invoices = [(self.customer(), self.versions(-50, 200)) for _ in range(60)]
        self.payments = [self.moved(self.versions(-20, 200)) for _ in range(80)]
        kinds = ("default", "insolvency", "litigation")
        self.events = [(self.customer(), self.random.choice(kinds), self.day(), self.day()) for _ in range(20)]
        self.observed = sorted({self.day() for _ in range(6)})
        self.until = self.day()
        known = [latest(facts, self.until) for facts in self.payments]
        self.paid = [payment for payment in known if payment is not None]

    def customer(self):
        return self.random.choice(CUSTOMERS)

    def day(self):
        return FIRST + timedelta(days=self.random.randint(0, 420))

    def versions(self, low, high):
        days = self.random.sample(range(420), self.random.choice((1, 1, 2)))
        return [(self.day(), self.random.randint(low, high), FIRST + timedelta(days=known)) for known in days]

    def moved(self, facts):
        first, other = self.random.randrange(60), self.random.randrange(60)
        return [(first if number == 0 else other, *fact) for number, fact in enumerate(facts)]


def latest(facts, until):
    known = [version for version in facts if version[-1] <= until]
    return max(known, key=lambda version: version[-1], default=None)


def paid_until(day, portfolio):
    total = Counter()
    for target, paid_on, amount, _ in portfolio.paid:
        total[target] += amount if paid_on <= day else 0
    return total


def in_arrears(day, customer, portfolio, definition):
    total, paid = 0, paid_until(day, portfolio)
    for number, (owner, facts) in enumerate(portfolio.invoices):
        invoice = latest(facts, portfolio.until) if owner == customer else None
        if invoice is None or invoice[1] <= 0 or (day - invoice[0]).days < definition.days_past_due:
            continue
        total += max(invoice[1] - paid[number], 0)
    return total >= max(definition.material_amount, 1)


def events_of(customer, portfolio, definition):
    seen = [event for event in portfolio.events if event[0] == customer and max(event[2:]) <= portfolio.until]
    return [(kind, day) for _, kind, day, _ in seen if kind in definition.events]


def walk(customer, portfolio, definition):
    """Return who tells whether a customer is in arrears on a day, and whether it enters default on one."""
    events = events_of(customer, portfolio, definition)

    @cache
    def arrears(day):
        return in_arrears(min(day, portfolio.until), customer, portfolio, definition)

    def entered(day):
        return (arrears(day) and not arrears(day - timedelta(days=1))) or any(moment == day for _, moment in events)

    return arrears, entered


def reference(customer, as_of, portfolio, definition):
    until, events = portfolio.until, events_of(customer, portfolio, definition)
    arrears, entered = walk(customer, portfolio, definition)
    standing = arrears(as_of) or any(
        day <= as_of and (kind in LASTING or as_of < add_months(day, definition.cure_months)) for kind, day in events
    )
    end = add_months(as_of, definition.horizon_months)
    if end > until:
        return standing, None, None
    days = [as_of + timedelta(days=offset) for offset in range(1, (end - as_of).days + 1)]
    first = next((day for day in days if entered(day)), None)
    return standing, float(first is not None), first


def table(name, rows):
    return pa.Table.from_pylist(rows, schema=TABLES[name].schema)


def write(folder, invoices, payments, events):
    owed = [
        {"invoice_id": f"I{n}", "customer_id": owner, "issued_on": due, "due_on": due, "amount": amount,
         "currency": "USD", "known_on": known}
        for n, (owner, facts) in enumerate(invoices)
        for due, amount, known in facts
    ]  # fmt: skip
    paid = [
        {"payment_id": f"P{n}", "invoice_id": f"I{target}", "paid_on": day, "amount": amount, "known_on": known}
        for n, facts in enumerate(payments)
        for target, day, amount, known in facts
    ]
    happened = [
        {"event_id": f"E{n}", "customer_id": owner, "kind": kind, "occurred_on": day, "known_on": known}
        for n, (owner, kind, day, known) in enumerate(events)
    ]
    people = [{"customer_id": customer, "known_on": FIRST} for customer in CUSTOMERS]
    return Book.create(folder, currency="USD").write(
        {
            "customers": table("customers", people),
            "invoices": table("invoices", owed),
            "payments": table("payments", paid),
            "events": table("events", happened),
        }
    )


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), definition=DEFINITIONS)
def test_labels_equal_those_of_a_walk_day_by_day(seed, definition):
    portfolio = Portfolio(seed)
    pairs = [(customer, day) for customer in CUSTOMERS for day in portfolio.observed]
    rows = pd.DataFrame(pairs, columns=["customer_id", "as_of"])
    with tempfile.TemporaryDirectory() as folder:
        book = write(Path(folder) / "book", portfolio.invoices, portfolio.payments, portfolio.events)
        found = outcomes(book, rows, definition=definition, observed_until=portfolio.until)
    for row in found.itertuples():
        standing, flag, first = reference(row.customer_id, row.as_of.date(), portfolio, definition)
        assert row.in_default_flag == standing
        assert (None if pd.isna(row.default_flag) else row.default_flag) == flag
        assert (None if pd.isna(row.default_on) else row.default_on.date()) == first


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), definition=DEFINITIONS)
def test_entries_equal_those_of_a_walk_day_by_day(seed, definition):
    portfolio = Portfolio(seed)
    span = [FIRST + timedelta(days=offset) for offset in range((portfolio.until - FIRST).days + 1)]
    with tempfile.TemporaryDirectory() as folder:
        book = write(Path(folder) / "book", portfolio.invoices, portfolio.payments, portfolio.events)
        found = told(book, definition=definition, observed_until=portfolio.until)
    for customer in CUSTOMERS[:4]:
        _, entered = walk(customer, portfolio, definition)
        assert [day for owner, day in found if owner == customer] == [day for day in span if entered(day)]


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), definition=DEFINITIONS)
def test_entries_after_a_day_are_the_later_ones_of_all_entries(seed, definition):
    portfolio = Portfolio(seed)
    asked = {"definition": definition, "observed_until": portfolio.until}
    with tempfile.TemporaryDirectory() as folder:
        book = write(Path(folder) / "book", portfolio.invoices, portfolio.payments, portfolio.events)
        everything = told(book, **asked)
        # The day of an entry and the one before it are where reading too little would show.
        days = {portfolio.observed[0], *(day - timedelta(days=n) for _, day in everything[:1] for n in (0, 1))}
        found = {day: told(book, after=day, **asked) for day in days}
    for day, later in found.items():
        assert later == [one for one in everything if one[1] > day]


def told(book, **asked):
    found = default_entries(book, **asked)
    return [(row.customer_id, row.default_on.date()) for row in found.itertuples()]
