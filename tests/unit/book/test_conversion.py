import pytest

from creditscore.book.conversion import factor_to_book


@pytest.mark.parametrize(
    ("currency", "book", "minor", "factor"),
    [
        ("USD", "USD", False, 100),
        ("USD", "USD", True, 1),
        ("JPY", "JPY", False, 1),
        ("BHD", "BHD", False, 1000),
        ("EUR", "USD", False, 125),
        ("EUR", "USD", True, 1.25),
        ("EUR", "JPY", True, 0.0125),
    ],
)
def test_a_factor_leads_to_minor_units_of_the_books_currency(currency, book, minor, factor):
    assert factor_to_book(currency, book=book, rates={"EUR": 1.25}, minor=minor) == pytest.approx(factor, rel=1e-15)


def test_a_currency_without_a_rate_has_no_factor():
    assert factor_to_book("EUR", book="USD", rates={}) is None
