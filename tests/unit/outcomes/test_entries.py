from datetime import date

import pandas as pd
import pytest

from creditscore.book import Book
from creditscore.errors import ContractError
from creditscore.outcomes import DefaultDefinition, default_entries, outcomes

DUE, DAY_90 = date(2024, 1, 1), date(2024, 3, 31)
BOTH = DefaultDefinition(version="test", material_amount=100)


def told(book, **kwargs):
    found = default_entries(book, definition=BOTH, **kwargs)
    return [(row.customer_id, row.default_on.date()) for row in found.itertuples()]


def test_every_entry_is_told_by_customer_and_day(ledger):
    ledger.invoice("C2", due_on=DUE, amount=100)
    ledger.event("C1", "default", occurred_on=date(2024, 9, 1)).event("C1", "default", occurred_on=date(2024, 2, 1))
    found = told(ledger.book(), observed_until=date(2024, 12, 31))
    assert found == [("C1", date(2024, 2, 1)), ("C1", date(2024, 9, 1)), ("C2", DAY_90)]


def test_an_entry_after_the_last_day_of_observation_is_not_told(ledger):
    book = ledger.invoice("C1", due_on=DUE, amount=100).book()
    assert told(book, observed_until=date(2024, 3, 30)) == []
    assert told(book, observed_until=DAY_90) == [("C1", DAY_90)]


def test_who_was_in_default_before_has_not_entered_it_after_that_day(ledger):
    ledger.invoice("C1", due_on=DUE, amount=100, invoice_id="I1").payment("I1", paid_on=date(2024, 5, 1), amount=1)
    ledger.invoice("C2", due_on=DUE, amount=100)
    book = ledger.invoice("C1", due_on=date(2024, 6, 1), amount=50).book()
    told_of = {
        after: told(book, observed_until=date(2024, 12, 31), after=after) for after in (DAY_90, date(2024, 3, 30))
    }
    assert told_of[date(2024, 3, 30)] == [("C1", DAY_90), ("C1", date(2024, 8, 30)), ("C2", DAY_90)]
    assert told_of[DAY_90] == [("C1", date(2024, 8, 30))]


def test_a_day_after_the_last_day_of_observation_has_no_entries_after_it(ledger):
    book = ledger.invoice("C1", due_on=DUE, amount=100).book()
    assert told(book, observed_until=DAY_90, after=date(2024, 6, 30)) == []


def test_an_event_that_became_known_later_is_not_told(ledger):
    ledger.invoice("C1", due_on=DUE, amount=1)
    book = ledger.event("C1", "insolvency", occurred_on=DUE, known_on=date(2024, 6, 1)).book()
    assert told(book, observed_until=date(2024, 5, 31)) == []
    assert told(book, observed_until=date(2024, 6, 1)) == [("C1", DUE)]


def test_an_entry_is_the_default_that_a_label_tells(ledger):
    book = ledger.invoice("C1", due_on=DUE, amount=100).book()
    observed = pd.DataFrame({"customer_id": ["C1"], "as_of": [pd.Timestamp("2024-01-31")]})
    label = outcomes(book, observed, definition=BOTH, observed_until=date(2025, 12, 31))
    assert told(book, observed_until=date(2025, 12, 31)) == [("C1", label["default_on"].iloc[0].date())]


def test_nobody_in_default_is_an_empty_table_of_the_same_columns(ledger):
    found = default_entries(ledger.invoice("C1", due_on=DUE, amount=99).book(), definition=BOTH)
    assert list(found) == ["customer_id", "default_on"]
    assert [str(dtype) for dtype in found.dtypes] == ["str", "datetime64[ms]"]
    assert found.empty


def test_a_book_without_payments_cannot_tell_of_arrears(tmp_path, ledger):
    whole = ledger.invoice("C1", due_on=DUE, amount=100).book()
    book = Book.create(tmp_path / "unpaid", currency="USD").write({"invoices": whole.read("invoices")})
    with pytest.raises(ContractError, match="no payments"):
        default_entries(book, definition=BOTH)
