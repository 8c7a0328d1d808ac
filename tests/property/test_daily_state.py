"""Advancing day by day is the full computation, to the bit, over histories with late and corrected facts."""

from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creditscore.book import TABLES, Book, prepared_receivables
from creditscore.features import catalogue
from creditscore.features.daily.building import built_state
from creditscore.features.ledger.plan import Plan, features_of_ledger

FIRST = date(2024, 1, 1)
PLAN, UNREAD = Plan.of(features_of_ledger(catalogue()))
AMOUNTS = st.sampled_from([-40, 0, 10, 100, 10**13])
# Days on which windows of the features open and close lie close together, and far apart.
EVENTS = st.one_of(st.integers(0, 12), st.integers(0, 400))
KNOWN = st.integers(0, 420)


def day(offset):
    return FIRST + timedelta(days=offset)


@st.composite
def facts(draw, key, others):
    """Draw versions of a few facts: each is named again and again, with other content and on another knowledge day."""
    versions = {}
    for _ in range(draw(st.integers(1, 9))):
        row = {name: draw(strategy) for name, strategy in others.items()}
        row |= {key: draw(st.sampled_from([f"{key}-{number}" for number in range(4)])), "known_on": day(draw(KNOWN))}
        versions[row[key], row["known_on"]] = row
    return list(versions.values())


@st.composite
def invoices(draw):
    others = {
        "customer_id": st.sampled_from(["C1", "C2", "C3"]),
        "issued_on": EVENTS.map(day),
        "amount": AMOUNTS,
        "disputed_flag": st.sampled_from([True, False, None]),
    }
    rows = draw(facts("invoice_id", others))
    return [row | {"due_on": row["issued_on"] + timedelta(days=draw(st.integers(0, 40)))} for row in rows]


PAYMENTS = facts(
    "payment_id",
    {
        "invoice_id": st.sampled_from([f"invoice_id-{number}" for number in range(5)]),
        "paid_on": EVENTS.map(day),
        "amount": st.sampled_from([5, 10, 60, 100, 10**13]),
    },
)


def written(folder, **tables):
    customers = [{"customer_id": "C1", "known_on": FIRST}]
    full = {
        name: pa.Table.from_pylist(
            [dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema
        )
        for name, rows in {"customers": customers, **tables}.items()
    }
    return Book.create(folder, currency="CNY").write(full)


def by_customer(state):
    """Return the totals of the customers that have any, sorted."""
    frame = pd.DataFrame(state.totals, index=state.customers).sort_index()
    empty = built_row(frame)
    return frame[(frame != empty).any(axis=1)]


def built_row(frame):
    none = {total.name: 0 if total.kind == "sum" else -(2**63) for total in PLAN.totals}
    return pd.Series(none)[frame.columns]


def built(book, folder, as_of):
    folder.mkdir()
    return built_state(prepared_receivables(book), PLAN, as_of=as_of, base=folder)


def test_every_feature_of_the_ledger_is_read():
    assert not UNREAD


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bills=invoices(),
    paid=PAYMENTS,
    start=st.integers(0, 200),
    steps=st.lists(st.sampled_from([1, 1, 1, 2, 7, 30, 100]), min_size=1, max_size=8),
)
def test_advancing_equals_building_anew(tmp_path_factory, bills, paid, start, steps):
    folder = tmp_path_factory.mktemp("state")
    book = written(folder / "book", invoices=bills, payments=paid)
    as_of = day(start)
    state = built(book, folder / "base", as_of)
    for number, step in enumerate(steps):
        as_of += timedelta(days=step)
        with book.relations() as relations:
            state = state.advanced(relations, as_of)
        expected = by_customer(built(book, folder / f"{number}", as_of))
        pd.testing.assert_frame_equal(by_customer(state), expected, check_exact=True)
