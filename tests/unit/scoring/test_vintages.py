"""What was new in a published figure between two days, in a book written by hand."""

from datetime import date

import pyarrow as pa
import pytest

from creditscore.book import TABLES, Book
from creditscore.features import named, to_record
from creditscore.scoring import FeatureContract, News
from creditscore.scoring.changes.vintages import news_between

MARCH, APRIL, MAY = date(2024, 3, 31), date(2024, 4, 30), date(2024, 5, 31)
BEFORE, AFTER = date(2024, 5, 20), date(2024, 6, 20)
CONTRACT = [
    FeatureContract.of(to_record(named(name)))
    for name in (
        "macro_pmi_level",
        "macro_pmi_surprise_12m",
        "industry_orders_level",
        "overdue_ratio",
        "delay_gap_days",
    )
]
PMI = {"macro_pmi_level", "macro_pmi_surprise_12m"}


def pmi(period_end_on, known_on):
    return {"series": "pmi", "period_end_on": period_end_on, "value": 50.0, "known_on": known_on}


def orders(industry_code, period_end_on, known_on):
    figure = {"series": "orders", "period_end_on": period_end_on, "value": 100.0, "known_on": known_on}
    return {"industry_code": industry_code, **figure}


def of_industry(industry_code, known_on=date(2024, 1, 1)):
    return {"customer_id": "C1", "industry_code": industry_code, "known_on": known_on}


@pytest.fixture
def news(tmp_path):
    """Write a book and tell what was new of C1's series between the two days."""

    def tell(days=(BEFORE, AFTER), **tables):
        tables = {"customers": [of_industry("A")]} | tables
        arrow = {
            name: pa.Table.from_pylist(
                [dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema
            )
            for name, rows in tables.items()
        }
        book = Book.create(tmp_path / "book", currency="CNY").write(arrow)
        return news_between(book, CONTRACT, customer_id="C1", days=days)

    return tell


def test_a_figure_of_a_later_period_is_a_new_period(news):
    assert news(macro=[pmi(APRIL, BEFORE), pmi(MAY, AFTER)]) == dict.fromkeys(PMI, News.NEW_PERIOD)


def test_the_first_figure_of_a_series_is_a_new_period(news):
    assert news(macro=[pmi(MAY, AFTER)]) == dict.fromkeys(PMI, News.NEW_PERIOD)


def test_another_figure_of_known_periods_is_a_revision(news):
    found = news(macro=[pmi(MARCH, BEFORE), pmi(APRIL, BEFORE), pmi(MARCH, AFTER)])
    assert found == dict.fromkeys(PMI, News.REVISION)


def test_figures_that_both_days_or_neither_knew_are_no_news(news):
    assert news(macro=[pmi(APRIL, BEFORE), pmi(MAY, date(2024, 6, 21))]) == {}


def test_the_order_of_the_days_does_not_matter(news):
    assert news(days=(AFTER, BEFORE), macro=[pmi(APRIL, BEFORE), pmi(MAY, AFTER)]) == dict.fromkeys(
        PMI, News.NEW_PERIOD
    )


def test_only_the_customers_own_industry_is_news(news):
    assert news(industry=[orders("B", MAY, AFTER)]) == {}
    assert news(industry=[orders("A", MAY, AFTER)]) == {"industry_orders_level": News.NEW_PERIOD}


def test_moving_to_another_industry_is_no_news_of_it(news):
    moved = [of_industry("A"), of_industry("B", known_on=date(2024, 6, 1))]
    assert news(customers=moved, industry=[orders("A", MAY, AFTER), orders("B", MAY, AFTER)]) == {}
