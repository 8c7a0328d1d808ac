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
            "amount": draw(st.sampled_from([-40, 0, 10, 100, 10**13])),
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
    customers = [{"customer_id": name, "known_on": FIRST, "industry_code": "A"} for name in CUSTOMERS]
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


def ledger(customer, as_of, bills, paid):
    """Return what is known of a customer's invoices, one by one."""
    mine = [bill for bill in held(bills, "invoice_id", as_of) if bill["customer_id"] == customer]
    return [known(bill, held(paid, "payment_id", as_of), as_of) for bill in mine]


def known(bill, paid, as_of):
    mine = [one for one in paid if one["invoice_id"] == bill["invoice_id"]]
    amount = max(bill["amount"], 0)
    rest = max(amount - sum(one["amount"] for one in mine), 0)
    last = max((one["paid_on"] for one in mine), default=None)
    timely = sum(one["amount"] for one in mine if one["paid_on"] <= bill["due_on"])
    return {
        "amount": amount,
        "rest": rest,
        "timely": min(timely, amount),
        "issued": (as_of - bill["issued_on"]).days,
        "due": (as_of - bill["due_on"]).days,
        "paid": None if last is None else (as_of - last).days,
        "delay": None if rest or not amount else (last - bill["due_on"]).days,
    }


def settled(rows, days):
    return [row for row in rows if row["delay"] is not None and 0 <= row["paid"] < days]


def open_before(rows, days):
    later = {id(row) for row in settled(rows, days)}
    return [row for row in rows if row["issued"] >= days and (row["rest"] or id(row) in later)]


def amounts(rows, column="amount"):
    return sum(row[column] for row in rows)


def payback(rows):
    fell_due = [row for row in rows if 1 <= row["due"] <= 365]
    return ratio(amounts(fell_due, "timely"), amounts(fell_due))


def overdue_share(rows):
    return ratio(amounts((row for row in rows if row["due"] > 0), "rest"), amounts(rows, "rest"))


def delays(rows):
    return [row["delay"] for row in settled(rows, 365)]


def beyond_terms(rows):
    late = settled(rows, 90)
    return ratio(sum(row["amount"] * max(row["delay"], 0) for row in late), amounts(late))


def rolled(rows):
    then = [row for row in open_before(rows, 30) if 31 <= row["due"] <= 60]
    return ratio(amounts(row for row in then if row["rest"]), amounts(then))


def grown(rows):
    return less(ratio(amounts(row for row in rows if row["rest"]), amounts(open_before(rows, 90))), 1)


def silence(days):
    past = [one for one in days if one is not None and one >= 0]
    return ratio(min(past) * (len(past) - 1), max(past) - min(past)) if past else None


def order_silence(rows):
    return silence([row["issued"] for row in rows if row["amount"]])


def payment_silence(rows):
    return silence([row["paid"] for row in rows]) if amounts(rows, "rest") else 0


def less(one, other):
    return None if one is None or other is None else one - other


# Each definition as a slow reading of a customer's invoices; a gap is what it says less what it says of the peers.
READINGS = {
    "open_amount": lambda rows: amounts(rows, "rest"),
    "overdue_ratio": overdue_share,
    "delay_mean_365d_days": lambda rows: mean(delays(rows)),
    "payback_365d_ratio": payback,
    "delay_volatility_365d_days": lambda rows: deviation(delays(rows)),
    "beyond_terms_90d_days": beyond_terms,
    "roll_1_30d_ratio": rolled,
    "open_growth_90d_ratio": grown,
    "order_silence_ratio": order_silence,
    "payment_silence_ratio": payment_silence,
}
GAPS = {
    "overdue_gap_ratio": overdue_share,
    "delay_gap_days": lambda rows: mean(delays(rows)),
    "payback_gap_ratio": payback,
}
NAMES = (*READINGS, *GAPS)
FEATURES = tuple(named(name) for name in NAMES)


def reference(customer, as_of, bills, paid):
    """Read the definitions one invoice at a time; the two customers are each other's only peer."""
    mine = ledger(customer, as_of, bills, paid)
    theirs = [row for name in CUSTOMERS if name != customer for row in ledger(name, as_of, bills, paid)]
    gaps = [less(read(mine), read(theirs)) for read in GAPS.values()]
    return [*(read(mine) for read in READINGS.values()), *gaps]


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
