"""A payment that is posted late, and a correction, change the features of the day they arrive and of none before."""

from datetime import date

import pandas as pd
import pytest

from creditscore.features import named, snapshot, snapshot_hash

LEDGER = [
    "number,customer,issued,due,amount",
    "I1,C1,2024-01-05,2024-02-04,100.00",
    "I2,C1,2024-02-05,2024-03-06,60.00",
]
CORRECTED = [LEDGER[0], "I1,C1,2024-01-05,2024-02-04,100.00", "I2,C1,2024-02-05,2024-03-06,25.00"]
PAYMENTS = ["payment,invoice,paid,amount", "P1,I1,2024-01-30,100.00"]
ISSUED, POSTED, CORRECTED_ON = date(2024, 2, 5), date(2024, 4, 2), date(2024, 4, 9)
EVE_OF_POSTING, EVE_OF_CORRECTION = date(2024, 4, 1), date(2024, 4, 8)

RECEIPTS = {  # no known_on: a payment is known from the day its file came, however long ago it was made
    "currency": "USD",
    "sources": {"receipts": {"file": "*.csv"}},
    "tables": {
        "payments": {
            "from": "receipts",
            "columns": {"payment_id": "payment", "invoice_id": "invoice", "paid_on": "paid", "amount": "amount"},
        },
    },
}
FIRST_CENT = ["payment,invoice,paid,amount", "P0,I1,2024-01-06,0.01"]


@pytest.fixture
def post(post_office, sales):
    """A ledger, and a first cent paid, so that the book knows of payments."""
    post = post_office()
    post.receive(LEDGER, sales, on=ISSUED)
    post.receive(FIRST_CENT, RECEIPTS, on=date(2024, 2, 6))
    return post


def seen(book, day, *names):
    frame = snapshot(book, as_of=day, features=[named(name) for name in names])
    return [float(frame[name].iloc[0]) for name in names]


def test_a_payment_made_long_ago_and_posted_now_leaves_every_earlier_day_as_it_was(post, sales):
    days = [date(2024, 2, 29), date(2024, 3, 31), EVE_OF_POSTING]
    before = [snapshot_hash(snapshot(post.receive(LEDGER, sales, on=ISSUED), as_of=day)) for day in days]
    book = post.receive(PAYMENTS, RECEIPTS, on=POSTED)
    assert [snapshot_hash(snapshot(book, as_of=day)) for day in days] == before


def test_from_the_day_it_is_posted_it_counts_with_the_day_it_was_made(post):
    book = post.receive(PAYMENTS, RECEIPTS, on=POSTED)
    names = ("open_amount", "overdue_oldest_days", "delay_mean_365d_days", "payback_365d_ratio")
    open_amount, oldest, delay, payback = seen(book, EVE_OF_POSTING, *names)
    assert (open_amount, oldest) == (15_999, 57)  # the first invoice was due on 4 February
    assert pd.isna(delay)
    assert payback == 1 / 16_000
    open_amount, oldest, delay, payback = seen(book, POSTED, *names)
    assert (open_amount, oldest) == (6_000, 27)  # only the second is open, due on 6 March
    assert delay == -5  # paid on 30 January, five days early
    assert payback == 10_000 / 16_000


def test_a_corrected_invoice_has_its_old_amount_until_the_correction_arrives(post, sales):
    before = snapshot_hash(snapshot(post.receive(PAYMENTS, RECEIPTS, on=POSTED), as_of=EVE_OF_CORRECTION))
    book = post.receive(CORRECTED, sales, on=CORRECTED_ON)
    assert snapshot_hash(snapshot(book, as_of=EVE_OF_CORRECTION)) == before
    assert seen(book, EVE_OF_CORRECTION, "open_amount") == [6_000]
    assert seen(book, CORRECTED_ON, "open_amount") == [2_500]


def test_the_old_file_after_the_correction_changes_nothing(post, sales):
    corrected = post.receive(CORRECTED, sales, on=CORRECTED_ON)
    again = post.receive(LEDGER, sales, on=date(2024, 5, 2))
    assert again.fingerprint == corrected.fingerprint
    assert seen(again, date(2024, 5, 2), "orders_365d_count", "open_amount") == [2, 12_499]
