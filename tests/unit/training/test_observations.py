"""Who is observed when."""

from datetime import date

import pandas as pd
import pytest

from creditscore.errors import ParameterError
from creditscore.features import catalogue
from creditscore_training.observations import ApplicationDates, MonthEnds


def test_a_customer_is_observed_on_each_month_end_from_the_day_it_is_known(ledger_book):
    pairs = MonthEnds(first=date(2022, 5, 1), last=date(2022, 7, 31)).pairs(ledger_book)
    seen = [(row.customer_id, f"{row.as_of:%m-%d}") for row in pairs.itertuples()]
    both = ["05-31", "06-30", "07-31"]
    assert seen == [*[("A", day) for day in both], *[("B", day) for day in both], ("C", "06-30"), ("C", "07-31")]


def test_a_later_version_of_a_customer_is_no_second_customer(ledger_book):
    pairs = MonthEnds().pairs(ledger_book)
    assert not pairs.duplicated().any()


@pytest.mark.parametrize(("history_months", "first"), [(0, date(2022, 1, 31)), (3, date(2022, 4, 30))])
def test_month_ends_span_what_the_book_knows_after_some_months_of_history(ledger_book, history_months, first):
    days = MonthEnds(history_months=history_months).days(ledger_book)
    assert (days[0], days[-1]) == (first, date(2023, 5, 31))


def test_the_ledger_begins_with_its_first_invoice_and_not_with_an_older_facility(ledger_book, table):
    old = [{"facility_id": "F1", "customer_id": "A", "purpose": "standard", "known_on": date(2020, 3, 1)}]
    book = ledger_book.write({"facilities": table("facilities", old)})
    assert MonthEnds().days(book)[0] == date(2022, 4, 30)


def test_a_book_without_invoices_begins_with_its_first_facility(ledger_book, table):
    facilities = [
        {"facility_id": name, "customer_id": "A", "purpose": "standard", "known_on": day}
        for name, day in (("F1", date(2020, 3, 1)), ("F2", date(2020, 9, 1)))
    ]
    book = ledger_book.write(
        {name: table(name, []) for name in ("invoices", "payments")} | {"facilities": table("facilities", facilities)}
    )
    days = MonthEnds(history_months=0).days(book)
    assert (days[0], days[-1]) == (date(2020, 3, 31), date(2020, 8, 31))


def test_a_negative_history_is_refused():
    with pytest.raises(ParameterError, match="history_months: It is -1"):
        MonthEnds(history_months=-1)


def test_bounds_without_a_month_end_are_refused(ledger_book):
    with pytest.raises(ParameterError, match="no month end between 2022-05-02 and 2022-05-20"):
        MonthEnds(first=date(2022, 5, 2), last=date(2022, 5, 20)).days(ledger_book)


def test_an_application_is_the_first_version_of_a_facility(ledger_book, table):
    facilities = [
        {"facility_id": "F1", "customer_id": "A", "purpose": "standard", "known_on": date(2022, 3, 1)},
        {"facility_id": "F1", "customer_id": "A", "purpose": "standard", "known_on": date(2022, 4, 1)},
        {"facility_id": "F2", "customer_id": "A", "purpose": "standard", "known_on": date(2022, 3, 1)},
        {"facility_id": "F3", "customer_id": "B", "purpose": "standard", "known_on": date(2022, 2, 1)},
    ]
    book = ledger_book.write({"facilities": table("facilities", facilities)})
    pairs = ApplicationDates().pairs(book)
    assert [(row.customer_id, row.as_of) for row in pairs.itertuples()] == [
        ("A", pd.Timestamp("2022-03-01")),
        ("B", pd.Timestamp("2022-02-01")),
    ]


def test_applications_in_a_table_that_holds_none_are_refused():
    with pytest.raises(ParameterError, match="'macro' holds no applications"):
        ApplicationDates(table="macro")


def test_features_come_back_for_the_pairs_asked_for_and_no_others(ledger_book):
    plan = MonthEnds(first=date(2022, 7, 1), last=date(2022, 8, 31))
    pairs = plan.pairs(ledger_book).query("customer_id != 'B'")
    wanted = [one for one in catalogue() if one.name == "open_amount"]
    frame = plan.features(ledger_book, pairs, features=wanted)
    assert frame["customer_id"].tolist() == ["A", "A", "C", "C"]
    assert frame["open_amount"].tolist() == [500_000.0] * 4


def test_features_on_application_dates_are_those_of_their_own_day(ledger_book, table):
    facilities = [
        {"facility_id": "F1", "customer_id": "A", "purpose": "standard", "known_on": date(2022, 3, 14)},
        {"facility_id": "F2", "customer_id": "A", "purpose": "standard", "known_on": date(2022, 3, 16)},
    ]
    book = ledger_book.write({"facilities": table("facilities", facilities)})
    plan, told = ApplicationDates(), []
    wanted = [one for one in catalogue() if one.name == "open_amount"]
    frame = plan.features(book, plan.pairs(book), features=wanted, progress=lambda *step: told.append(step))
    assert frame["open_amount"].tolist() == [0.0, 500_000.0]
    assert told[-1] == ("features", 2, 2)
