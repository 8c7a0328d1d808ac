"""Labels computed by hand.

The invoice of most tests falls due on 2024-01-01, so that its 90th day past due is 2024-03-31
(31 - 1 days of January, 29 of February, 31 of March).
"""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.book import Book
from creditscore.errors import ContractError, ParameterError
from creditscore.outcomes import DefaultDefinition, outcomes

DUE = date(2024, 1, 1)
DAY_90 = date(2024, 3, 31)
LATE = date(2025, 12, 31)
LEDGER = DefaultDefinition(version="test", days_past_due=90, material_amount=100, events=(), horizon_months=12)
EVENTS = DefaultDefinition(version="test", days_past_due=None, events=("default", "write_off", "insolvency"))


def flags(book, observations, definition=LEDGER, observed_until=LATE):
    return outcomes(book, observations, definition=definition, observed_until=observed_until)


def test_a_customer_enters_default_on_the_ninetieth_day_past_due(ledger, observed):
    book = ledger.invoice("C1", due_on=DUE, amount=100).book()
    found = flags(book, observed(date(2023, 3, 30), date(2023, 3, 31), date(2024, 3, 30), DAY_90))
    assert found["default_flag"].tolist() == [0, 1, 1, 0]
    assert found["in_default_flag"].tolist() == [False, False, False, True]
    assert found["default_on"].tolist()[1:3] == [pd.Timestamp(DAY_90)] * 2
    assert found["default_on"].isna().tolist() == [True, False, False, True]


def test_an_invoice_paid_on_the_ninetieth_day_is_no_default(ledger, observed):
    book = (
        ledger.invoice("C1", due_on=DUE, amount=100, invoice_id="I1").payment("I1", paid_on=DAY_90, amount=100).book()
    )
    assert flags(book, observed(date(2024, 3, 30)))["default_flag"].tolist() == [0]


def test_a_payment_on_the_day_after_comes_too_late_but_ends_the_default(ledger, observed):
    ledger.invoice("C1", due_on=DUE, amount=100, invoice_id="I1").payment("I1", paid_on=date(2024, 4, 1), amount=100)
    found = flags(ledger.book(), observed(date(2024, 3, 30), DAY_90, date(2024, 4, 1)))
    assert found["default_flag"].tolist() == [1, 0, 0]
    assert found["in_default_flag"].tolist() == [False, True, False]


@pytest.mark.parametrize(("part", "label"), [(0, 1), (200, 1), (201, 0)])
def test_a_partial_payment_counts_by_what_it_leaves_open(ledger, observed, part, label):
    ledger.invoice("C1", due_on=DUE, amount=300, invoice_id="I1")
    if part:
        ledger.payment("I1", paid_on=date(2024, 2, 1), amount=part)
    assert flags(ledger.book(), observed(date(2024, 3, 30)))["default_flag"].tolist() == [label]


def test_small_invoices_are_material_together(ledger, observed):
    ledger.invoice("C1", due_on=DUE, amount=60).invoice("C1", due_on=date(2024, 1, 11), amount=40)
    found = flags(ledger.book(), observed(date(2024, 3, 30), DAY_90))
    assert found["default_flag"].tolist() == [1, 1]
    assert set(found["default_on"]) == {pd.Timestamp(2024, 4, 10)}


def test_invoices_that_are_late_one_after_the_other_are_not_material_together(ledger, observed):
    ledger.invoice("C1", due_on=DUE, amount=60, invoice_id="I1").payment("I1", paid_on=date(2024, 4, 5), amount=60)
    ledger.invoice("C1", due_on=date(2024, 1, 11), amount=60)
    assert flags(ledger.book(), observed(date(2024, 3, 30)))["default_flag"].tolist() == [0]


def test_an_overpaid_invoice_does_not_hide_another_one(ledger, observed):
    ledger.invoice("C1", due_on=DUE, amount=50, invoice_id="I1").payment("I1", paid_on=date(2024, 4, 5), amount=500)
    ledger.invoice("C1", due_on=date(2024, 1, 11), amount=100)
    found = flags(ledger.book(), observed(date(2024, 3, 30)))
    assert found["default_on"].tolist() == [pd.Timestamp(2024, 4, 10)]


def test_a_credit_note_neither_defaults_nor_nets_an_invoice(ledger, observed):
    ledger.invoice("C1", due_on=DUE, amount=-500).invoice("C1", due_on=DUE, amount=100)
    assert flags(ledger.book(), observed(date(2024, 3, 30)))["default_flag"].tolist() == [1]


def test_with_no_material_amount_one_cent_is_a_default_and_nothing_is_none(ledger, observed):
    definition = DefaultDefinition(version="test", events=())
    ledger.customer("C2").invoice("C1", due_on=DUE, amount=1)
    rows = pd.concat([observed(date(2024, 3, 30)), observed(date(2024, 3, 30), customer_id="C2")])
    assert flags(ledger.book(), rows, definition)["default_flag"].tolist() == [1, 0]


def test_a_window_that_has_not_ended_has_no_label_even_where_a_default_was_seen(ledger, observed):
    book = ledger.invoice("C1", due_on=DUE, amount=100).book()
    rows = observed(date(2024, 3, 15), date(2024, 3, 16))
    found = flags(book, rows, observed_until=date(2025, 3, 15))
    assert found["default_flag"].tolist()[0] == 1
    assert np.isnan(found["default_flag"].tolist()[1])
    assert found["default_on"].isna().tolist() == [False, True]


def test_a_window_from_a_month_end_ends_on_a_month_end(ledger, observed):
    definition = DefaultDefinition(version="test", days_past_due=0, events=(), horizon_months=12)
    book = ledger.invoice("C1", due_on=date(2024, 2, 29), amount=1).book()
    assert flags(book, observed(date(2023, 2, 27), date(2023, 2, 28)), definition)["default_flag"].tolist() == [0, 1]


def test_by_default_the_book_is_observed_until_its_last_invoice_became_known(ledger, observed):
    ledger.invoice("C1", due_on=DUE, amount=100)
    book = ledger.invoice("C1", due_on=LATE, amount=1, known_on=date(2025, 3, 1)).book()
    found = outcomes(book, observed(date(2024, 3, 1), date(2024, 3, 2)), definition=LEDGER)
    assert found["default_flag"].isna().tolist() == [False, True]


def test_a_corrected_invoice_counts_as_corrected(ledger, observed):
    ledger.invoice("C1", due_on=DUE, amount=100, invoice_id="I1", known_on=date(2023, 12, 1))
    ledger.invoice("C1", due_on=DUE, amount=99, invoice_id="I1", known_on=date(2025, 6, 1))
    book = ledger.book()
    rows = observed(date(2024, 3, 30))
    assert flags(book, rows, observed_until=date(2025, 5, 31))["default_flag"].tolist() == [1]
    assert flags(book, rows, observed_until=date(2025, 6, 1))["default_flag"].tolist() == [0]


def test_a_back_dated_payment_counts_from_its_own_day_once_it_is_known(ledger, observed):
    ledger.invoice("C1", due_on=DUE, amount=100, invoice_id="I1")
    ledger.payment("I1", paid_on=date(2024, 3, 1), amount=100, known_on=date(2025, 6, 1))
    book = ledger.book()
    rows = observed(date(2024, 3, 30))
    assert flags(book, rows, observed_until=date(2025, 5, 31))["default_flag"].tolist() == [1]
    assert flags(book, rows, observed_until=date(2025, 6, 1))["default_flag"].tolist() == [0]


def test_an_event_is_a_default_on_its_day_and_keeps_the_customer_in_default_for_the_cure(ledger, observed):
    book = ledger.event("C1", "default", occurred_on=date(2022, 5, 31)).book()
    days = (date(2022, 5, 30), date(2022, 5, 31), date(2023, 5, 30), date(2023, 5, 31))
    found = flags(book, observed(*days), EVENTS)
    assert found["default_flag"].tolist() == [1, 0, 0, 0]
    assert found["in_default_flag"].tolist() == [False, True, True, False]


@pytest.mark.parametrize("kind", ["insolvency", "write_off"])
def test_insolvency_and_write_off_last(ledger, observed, kind):
    ledger.event("C1", kind, occurred_on=date(2021, 1, 10)).event("C1", "default", occurred_on=date(2021, 3, 1))
    found = flags(ledger.book(), observed(date(2021, 1, 9), date(2024, 6, 30)), EVENTS)
    assert found["in_default_flag"].tolist() == [False, True]


def test_an_event_that_is_not_listed_is_no_default(ledger, observed):
    book = ledger.event("C1", "litigation", occurred_on=date(2022, 5, 31)).book()
    assert flags(book, observed(date(2022, 5, 30)), EVENTS)["default_flag"].tolist() == [0]


def test_without_days_past_due_the_ledger_does_not_count(ledger, observed):
    book = ledger.invoice("C1", due_on=DUE, amount=10_000).book()
    assert flags(book, observed(date(2024, 3, 30)), EVENTS)["default_flag"].tolist() == [0]


def test_labels_come_sorted_with_their_types(ledger):
    book = ledger.customer("C0").book()
    rows = pd.DataFrame(
        {"customer_id": ["C1", "C0", "C1"], "as_of": pd.to_datetime(["2024-02-01"] * 2 + ["2024-01-01"])}
    )
    found = flags(book, rows)
    assert found["customer_id"].tolist() == ["C0", "C1", "C1"]
    assert found["as_of"].is_monotonic_increasing is False
    assert {name: str(kind) for name, kind in found.dtypes.items()} == {
        "customer_id": "str",
        "as_of": "datetime64[ms]",
        "in_default_flag": "bool",
        "default_flag": "float64",
        "default_on": "datetime64[ms]",
    }


def test_no_observation_gives_no_label(ledger):
    rows = pd.DataFrame({"customer_id": pd.Series([], dtype="str"), "as_of": pd.Series([], dtype="datetime64[ms]")})
    found = flags(ledger.book(), rows)
    assert found.empty
    assert str(found["default_flag"].dtype) == "float64"


def test_a_customer_that_the_book_does_not_know_is_refused(ledger, observed):
    with pytest.raises(ContractError, match="1 customers are not in the book, such as C9"):
        flags(ledger.book(), observed(DUE, customer_id="C9"))


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ({"customer_id": ["C1"]}, "Column as_of is missing"),
        ({"customer_id": ["C1"], "as_of": [pd.NaT]}, "1 rows lack a customer or a day"),
        ({"customer_id": [None], "as_of": [pd.Timestamp(2024, 1, 1)]}, "1 rows lack a customer or a day"),
        ({"customer_id": ["C1"], "as_of": [pd.Timestamp(2024, 1, 1, 9)]}, "as_of holds a time of day"),
    ],
)
def test_observations_without_a_customer_or_a_day_are_refused(ledger, rows, found):
    with pytest.raises(ParameterError, match=found):
        flags(ledger.book(), pd.DataFrame(rows))


def test_without_payments_no_invoice_can_be_told_to_be_unpaid(tmp_path, ledger, observed):
    whole = ledger.invoice("C1", due_on=date(2021, 1, 1), amount=100).book()
    book = Book.create(tmp_path / "unpaid", currency="USD").write(
        {name: whole.read(name) for name in ("customers", "invoices")}
    )
    days = observed(date(2021, 3, 31))
    with pytest.raises(ContractError, match="invoices but no payments"):
        outcomes(book, days, definition=DefaultDefinition(version="t"), observed_until=date(2023, 1, 1))
    by_events = DefaultDefinition(version="t", days_past_due=None)
    assert outcomes(book, days, definition=by_events, observed_until=date(2023, 1, 1))["default_flag"].tolist() == [0.0]
