"""The engine equals a slow reading of the definitions, and its three entrances agree."""

from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from creditscore.book import TABLES, Book
from creditscore.features import OpenReceivables, Orders, Receivables, catalogue, named, observe, panel, snapshot

FIRST = date(2024, 1, 1)
CUSTOMERS = ("C1", "C2")
NAMES = ("open_amount", "overdue_ratio", "delay_mean_365d_days", "payback_365d_ratio", "delay_volatility_365d_days")
FEATURES = tuple(named(name) for name in NAMES)
LEDGER_FEATURES = tuple(one for one in catalogue() if one.relation in (Receivables, OpenReceivables, Orders))
OFFSETS = st.integers(0, 120)
DAYS = st.lists(st.integers(0, 150), min_size=1, max_size=3, unique=True)


def day(offset):
    return FIRST + timedelta(days=offset)


@st.composite
def invoices(draw):
    versions = {}
    for _ in range(draw(st.integers(1, 6))):
        issued, known = draw(OFFSETS), draw(OFFSETS)
        row = {
            "invoice_id": draw(st.sampled_from(["I1", "I2", "I3"])),
            "customer_id": draw(st.sampled_from(CUSTOMERS)),
            "issued_on": day(issued),
            "due_on": day(issued + draw(st.integers(0, 40))),
            "amount": draw(st.sampled_from([-40, 10, 100, 10**13])),
            "currency": "CNY",
            "known_on": day(known),
        }
        versions[row["invoice_id"], known] = row
    return list(versions.values())


@st.composite
def payments(draw):
    versions = {}
    for _ in range(draw(st.integers(0, 6))):
        known = draw(OFFSETS)
        row = {
            "payment_id": draw(st.sampled_from(["P1", "P2", "P3", "P4"])),
            "invoice_id": draw(st.sampled_from(["I1", "I2", "I3", "I4"])),
            "paid_on": day(draw(OFFSETS)),
            "amount": draw(st.sampled_from([5, 60, 100, 10**13])),
            "known_on": day(known),
        }
        versions[row["payment_id"], known] = row
    return list(versions.values())


def written(folder, **tables):
    customers = [{"customer_id": name, "known_on": FIRST} for name in CUSTOMERS]
    anchor = {"facility_id": "F", "customer_id": "C0", "purpose": "standard", "known_on": FIRST}
    tables = {"customers": customers, "facilities": [anchor], **tables}
    full = {
        name: pa.Table.from_pylist(
            [dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema
        )
        for name, rows in tables.items()
    }
    return Book.create(folder, currency="CNY").write(full)


def held(rows, key, as_of):
    """Return the version of each fact that was known last."""
    known = sorted((row for row in rows if row["known_on"] <= as_of), key=lambda row: row["known_on"])
    return list({row[key]: row for row in known}.values())


def mean(values):
    return sum(values) / len(values) if values else None


def ratio(part, whole):
    return part / whole if whole else None


def deviation(values):
    count = len(values)
    if count < 2:
        return None
    return ((count * sum(x * x for x in values) - sum(values) ** 2) / (count * (count - 1))) ** 0.5


def reference(customer, as_of, bills, paid):
    """Read the five definitions one invoice at a time."""
    owed = overdue = due = by_due = 0
    delays = []
    for bill in held(bills, "invoice_id", as_of):
        if bill["customer_id"] != customer or bill["amount"] < 0:
            continue
        mine = [one for one in held(paid, "payment_id", as_of) if one["invoice_id"] == bill["invoice_id"]]
        rest = bill["amount"] - sum(one["amount"] for one in mine)
        owed += max(rest, 0)
        overdue += max(rest, 0) if bill["due_on"] < as_of else 0
        if 1 <= (as_of - bill["due_on"]).days <= 365:
            due += bill["amount"]
            timely = sum(one["amount"] for one in mine if one["paid_on"] <= bill["due_on"])
            by_due += min(timely, bill["amount"])
        if rest <= 0:
            last = max(one["paid_on"] for one in mine)
            delays += [(last - bill["due_on"]).days] if 0 <= (as_of - last).days < 365 else []
    return [owed, ratio(overdue, owed), mean(delays), ratio(by_due, due), deviation(delays)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bills=invoices(), paid=payments(), offsets=DAYS)
def test_the_engine_equals_a_slow_reading_of_the_definitions(tmp_path_factory, bills, paid, offsets):
    book = written(tmp_path_factory.mktemp("book"), invoices=bills, payments=paid)
    days = sorted(day(offset) for offset in offsets)
    frame = panel(book, days=days, features=FEATURES)
    expected = [reference(customer, as_of, bills, paid) for customer in CUSTOMERS for as_of in days]
    assert frame[list(NAMES)].isna().to_numpy().tolist() == [[value is None for value in row] for row in expected]
    for found, row in zip(frame[list(NAMES)].to_numpy().tolist(), expected, strict=True):
        for value, told in zip(found, row, strict=True):
            assert told is None or value == pytest.approx(told, rel=1e-14)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(bills=invoices(), paid=payments(), offsets=DAYS)
def test_panel_snapshots_and_observations_agree(tmp_path_factory, bills, paid, offsets):
    book = written(tmp_path_factory.mktemp("book"), invoices=bills, payments=paid)
    days = [day(offset) for offset in offsets]
    whole = panel(book, days=days, features=LEDGER_FEATURES)
    stacked = pd.concat([snapshot(book, as_of=one, features=LEDGER_FEATURES) for one in days])
    stacked = stacked.sort_values(["customer_id", "as_of"], ignore_index=True)
    pd.testing.assert_frame_equal(whole, stacked, check_exact=True)
    # Observations are answered by DuckDB's own sums, whole days by the ledger's engine: the bits are the same.
    observed = observe(book, whole[["customer_id", "as_of"]], features=LEDGER_FEATURES)
    pd.testing.assert_frame_equal(observed, whole, check_exact=True)
