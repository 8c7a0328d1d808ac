"""Advancing day by day is the full computation, to the bit, over histories with late and corrected facts."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creditscore.book import TABLES, Book
from creditscore.features import catalogue, snapshot, snapshot_hash
from creditscore.features.daily import folder, snapshot_by_state
from creditscore.features.daily.building import built_state
from creditscore.features.daily.news import News
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


def full(tables):
    return {
        name: pa.Table.from_pylist(
            [dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema
        )
        for name, rows in tables.items()
    }


def written(folder, **tables):
    customers = [{"customer_id": "C1", "known_on": FIRST}]
    return Book.create(folder, currency="CNY").write(full({"customers": customers, **tables}))


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
    return built_state(book, PLAN, as_of=as_of, base=folder)


def test_every_feature_of_the_ledger_is_read():
    assert not UNREAD


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bills=invoices(),
    paid=PAYMENTS,
    start=st.integers(0, 200),
    steps=st.lists(st.sampled_from([1, 1, 1, 2, 7, 30, 100]), min_size=1, max_size=8),
)
def test_advancing_equals_building_anew(tmp_path_factory, bills, paid, start, steps):
    room = tmp_path_factory.mktemp("state")
    book = written(room / "book", invoices=bills, payments=paid)
    as_of = day(start)
    state = built(book, room / "base", as_of)
    for number, step in enumerate(steps):
        after, as_of = as_of, as_of + timedelta(days=step)
        news = News.of(
            {"invoices": [book.path("invoices")], "payments": [book.path("payments")]},
            state.customers,
            after=after,
            until=as_of,
        )
        state = state.advanced(news, as_of)
        expected = by_customer(built(book, room / f"{number}", as_of))
        pd.testing.assert_frame_equal(by_customer(state), expected, check_exact=True)


def portfolio(seed):
    """Draw a portfolio whose facts are late, corrected, and moved to other invoices and customers."""
    draws = np.random.default_rng(seed)

    def some(count, key, **others):
        versions = {}
        for _ in range(count):
            row = {name: draw() for name, draw in others.items()}
            row |= {key: f"{key}-{draws.integers(count)}", "known_on": day(int(draws.integers(420)))}
            versions[row[key], row["known_on"]] = row
        return list(versions.values())

    def when():
        return day(int(draws.integers(draws.choice([12, 400]))))

    def customer():
        return f"C{draws.integers(25)}"

    def amount():
        return int(draws.choice([-40, 0, 10, 100, 100, 10**13]))

    bills = some(
        150,
        "invoice_id",
        customer_id=customer,
        issued_on=when,
        amount=amount,
        disputed_flag=lambda: draws.random() < 0.3,
    )
    for bill in bills:
        bill["due_on"] = bill["issued_on"] + timedelta(days=int(draws.integers(40)))
    paid = some(150, "payment_id", invoice_id=lambda: f"invoice_id-{draws.integers(150)}", paid_on=when, amount=amount)
    return {
        "customers": [
            {"customer_id": f"C{n}", "known_on": day(int(draws.integers(60))), "industry_code": "AB"[n % 2]}
            for n in range(23)
        ],
        "invoices": bills,
        "payments": paid,
        "facilities": some(
            30,
            "facility_id",
            customer_id=customer,
            purpose=lambda: "standard",
            granted_on=when,
            limit_amount=lambda: 500,
        ),
        "links": [
            {"source_id": f"C{n}", "target_id": f"C{n + 3}", "kind": "guarantees", "since_on": FIRST, "known_on": FIRST}
            for n in range(15)
        ],
        "events": some(40, "event_id", customer_id=customer, kind=lambda: "litigation", occurred_on=when),
    }


STEPS = (1, 1, 30, 100, 1)


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_the_snapshot_by_state_is_the_snapshot_to_the_bit(tmp_path, seed):
    book = written(tmp_path / "book", **portfolio(seed))
    as_of = day(90 + 40 * seed)
    for step in STEPS:
        carried = snapshot_by_state(book, as_of=as_of, folder=tmp_path / "state").snapshot
        pd.testing.assert_frame_equal(carried, snapshot(book, as_of=as_of), check_exact=True)
        as_of += timedelta(days=step)


def known_by(tables, as_of, *, after=date.min):
    return {name: [row for row in rows if after < row["known_on"] <= as_of] for name, rows in tables.items()}


def test_a_book_that_learns_day_by_day_gives_what_the_whole_book_gives(tmp_path, monkeypatch):
    """The state is taken up although each day's facts make new files, for the past of the book stands."""
    tables, as_of, state, builds = portfolio(7), day(150), tmp_path / "state", []
    monkeypatch.setattr(folder, "built_state", lambda *told, **more: builds.append(1) or built_state(*told, **more))
    whole = written(tmp_path / "whole", **tables)
    book = written(tmp_path / "book", **known_by(tables, as_of))
    for step in (1, 1, 30, 1):
        carried = snapshot_by_state(book, as_of=as_of, folder=state).snapshot
        assert snapshot_hash(carried) == snapshot_hash(snapshot(whole, as_of=as_of))
        before, as_of = as_of, as_of + timedelta(days=step)
        book = book.write(full(known_by(tables, as_of)), added=full(known_by(tables, as_of, after=before)))
    assert len(builds) == 1


def test_a_past_that_changed_is_not_built_upon(tmp_path):
    tables, as_of = portfolio(3), day(150)
    book = written(tmp_path / "book", **known_by(tables, as_of))
    snapshot_by_state(book, as_of=as_of, folder=tmp_path / "state")
    forgotten = tables["payments"][0] | {"payment_id": "P-new", "known_on": day(100), "paid_on": day(100)}
    later = as_of + timedelta(days=1)
    grown = known_by(tables, later)
    news = known_by(tables, later, after=as_of)
    for rows in (grown, news):
        rows["payments"] = [*rows["payments"], forgotten]
    book = book.write(full(grown), added=full(news))
    carried = snapshot_by_state(book, as_of=later, folder=tmp_path / "state").snapshot
    pd.testing.assert_frame_equal(carried, snapshot(book, as_of=later), check_exact=True)


def test_a_state_that_was_cut_short_is_built_anew(tmp_path):
    book, as_of, state = written(tmp_path / "book", **portfolio(4)), day(150), tmp_path / "state"
    snapshot_by_state(book, as_of=as_of, folder=state)
    totals = state / f"day-{as_of}" / "totals.npy"
    totals.write_bytes(totals.read_bytes()[:-8])
    later = as_of + timedelta(days=1)
    carried = snapshot_by_state(book, as_of=later, folder=state).snapshot
    pd.testing.assert_frame_equal(carried, snapshot(book, as_of=later), check_exact=True)
