"""Accounts equal a slow reading of their definitions, on a simulated book and on ledgers full of corrections."""

import tempfile
from datetime import date, timedelta
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditscore.accounts import (
    affiliations,
    ageing,
    histories,
    limits_in_force,
    open_receivables,
    sales_between,
    segments,
)
from creditscore.book import TABLES, Book

KINDS = ("owns", "controls", "affiliated", "guarantees")
FIRST = date(2023, 1, 1)


def held(book, name, as_of):
    """Return the rows of a table that were known last on a day."""
    frame = book.read(name).to_pandas(date_as_object=False)
    known = frame[frame["known_on"] <= as_of].sort_values("known_on", kind="stable")
    return known.drop_duplicates(list(TABLES[name].key), keep="last")


def bills(book, as_of):
    """Return invoices with what was paid on them."""
    invoices = held(book, "invoices", as_of)
    paid = held(book, "payments", as_of).groupby("invoice_id")["amount"].sum()
    invoices["paid"] = paid.reindex(invoices["invoice_id"], fill_value=0).to_numpy()
    invoices["rest"] = (invoices["amount"] - invoices["paid"]).clip(lower=0)
    return invoices[invoices["amount"] > 0]


def open_by_hand(book, as_of):
    owed = bills(book, as_of).query("rest > 0").sort_values("invoice_id")
    term = (owed["due_on"] - owed["issued_on"]).dt.days
    elapsed = (as_of - owed["issued_on"]).dt.days.clip(lower=0)
    late = (as_of - owed["due_on"]).dt.days
    at_once = (late >= 0).astype(float)
    return pd.DataFrame(
        {
            "invoice_id": owed["invoice_id"],
            "customer_id": owed["customer_id"],
            "open_amount": owed["rest"],
            "days_past_due": late.clip(lower=0),
            "term_elapsed_ratio": np.where(term > 0, elapsed / term.where(term > 0, 1), at_once),
            "paid_ratio": owed["paid"] / owed["amount"],
            "disputed_flag": owed["disputed_flag"] == True,  # noqa: E712 - missing is no dispute
        }
    )


def ageing_by_hand(book, as_of):
    owed = open_by_hand(book, as_of)
    owed["bucket"] = np.digitize(owed["days_past_due"], [1, 31, 61, 91])
    return owed.groupby(["customer_id", "bucket"], as_index=False)["open_amount"].sum()


def histories_by_hand(book, as_of):
    invoices = bills(book, as_of)
    tables = [held(book, name, as_of) for name in ("customers", "invoices", "facilities")]
    every = [book.read(name).to_pandas(date_as_object=False) for name in ("customers", "invoices", "facilities")]
    names = sorted({name for frame in every for name in frame.loc[frame["known_on"] <= as_of, "customer_id"]})
    started = invoices[invoices["issued_on"] <= as_of].groupby("customer_id")["issued_on"].min()
    begun = tables[0].set_index("customer_id")["onboarded_on"].reindex(names).fillna(started)
    due = invoices[invoices["due_on"] <= as_of]
    back = due[["amount", "paid"]].min(axis=1).groupby(due["customer_id"]).sum()
    ratio = back / due.groupby("customer_id")["amount"].sum()
    return pd.DataFrame(
        {
            "customer_id": names,
            "cooperation_years": (as_of - begun).dt.days.to_numpy() / 365.25,
            "payback_ratio": ratio.reindex(names).to_numpy(),
        }
    )


def sales_by_hand(book, as_of, *, after, until):
    invoices = bills(book, as_of)
    sold = invoices[(invoices["issued_on"] > after) & (invoices["issued_on"] <= until)]
    summed = sold.groupby("customer_id", as_index=False)[["amount", "rest"]].sum()
    return summed.set_axis(["customer_id", "sales_amount", "unpaid_amount"], axis=1)


def limits_by_hand(book, as_of):
    known = held(book, "facilities", as_of)
    lasting = known[(known["purpose"] == "standard") & (known["granted_on"] <= as_of) & ~(known["expires_on"] < as_of)]
    last = lasting["granted_on"] == lasting.groupby("customer_id")["granted_on"].transform("max")
    return lasting[last].groupby("customer_id", as_index=False).agg({"limit_amount": "sum", "term_days": "max"})


def affiliations_by_hand(book, as_of):
    known = held(book, "links", as_of)
    lasting = known[known["kind"].isin(KINDS) & (known["since_on"] <= as_of) & ~(known["until_on"] < as_of)]
    ends = ["source_id", "target_id", "kind"]
    return lasting[ends].drop_duplicates().sort_values(ends)


def segments_by_hand(book, as_of):
    customers = held(book, "customers", as_of).set_index("customer_id")
    names = histories_by_hand(book, as_of)["customer_id"]
    return customers.reindex(names)[["industry_code", "region"]].reset_index()


def same(found, expected):
    columns = list(expected.columns)
    pd.testing.assert_frame_equal(
        found[columns], expected.reset_index(drop=True), check_dtype=False, check_exact=True, check_index_type=False
    )


def agree_on_the_ledger(book, day):
    as_of = pd.Timestamp(day)
    after, until = day - timedelta(days=200), day - timedelta(days=10)
    same(open_receivables(book, day), open_by_hand(book, as_of))
    same(ageing(book, day), ageing_by_hand(book, as_of))
    same(histories(book, day), histories_by_hand(book, as_of))
    by_hand = sales_by_hand(book, as_of, after=pd.Timestamp(after), until=pd.Timestamp(until))
    same(sales_between(book, day, after=after, until=until), by_hand)


@pytest.mark.parametrize("day", [date(2022, 9, 30), date(2023, 1, 15), date(2023, 2, 28)])
def test_accounts_of_a_simulated_book_equal_a_slow_reading(template, day):
    book, as_of = Book.open(template.book), pd.Timestamp(day)
    agree_on_the_ledger(book, day)
    same(limits_in_force(book, day), limits_by_hand(book, as_of))
    same(affiliations(book, day, kinds=KINDS), affiliations_by_hand(book, as_of))
    same(segments(book, day), segments_by_hand(book, as_of))


def facts(random, count, numbers, known):
    """Return that many rows of keys and days on which they were known, each pair once."""
    pairs = {(random.randrange(numbers), random.randrange(known)) for _ in range(count)}
    return [(number, FIRST + timedelta(days=day)) for number, day in sorted(pairs)]


def ledger(random):
    """Return invoices and payments of which many are corrected: moved, made void, or booked elsewhere."""
    customers, amounts = ("C1", "C2", "C3"), (-40, 0, 10, 100, 2**53 + 1)
    invoices = [
        {"invoice_id": f"I{number}", "customer_id": random.choice(customers), "amount": random.choice(amounts),
         "issued_on": (issued := FIRST + timedelta(days=random.randrange(300))), "currency": "CNY",
         "due_on": issued + timedelta(days=random.choice((0, 7, 30, 90))), "known_on": known,
         "disputed_flag": random.choice((None, False, True))}
        for number, known in facts(random, 40, 20, 300)
    ]  # fmt: skip
    payments = [
        {"payment_id": f"P{number}", "invoice_id": f"I{random.randrange(22)}", "amount": random.choice((5, 60, 2**53)),
         "paid_on": known, "known_on": known}
        for number, known in facts(random, 40, 25, 300)
    ]  # fmt: skip
    people = [{"customer_id": "C1", "known_on": FIRST}, {"customer_id": "C2", "known_on": FIRST, "onboarded_on": FIRST}]
    return {"customers": people, "invoices": invoices, "payments": payments}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), offset=st.integers(0, 320))
def test_accounts_of_a_ledger_full_of_corrections_equal_a_slow_reading(seed, offset):
    tables = ledger(Random(seed))  # noqa: S311 - a test ledger, not a secret
    with tempfile.TemporaryDirectory() as folder:
        book = Book.create(Path(folder) / "book", currency="CNY").write(
            {name: pa.Table.from_pylist(rows, schema=TABLES[name].schema) for name, rows in tables.items()}
        )
        agree_on_the_ledger(book, FIRST + timedelta(days=offset))
