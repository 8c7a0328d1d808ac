from datetime import date

import pandas as pd
import pytest

from creditscore.accounts import ageing
from creditscore.book import Book
from creditscore.decisions import ROLL_BOUNDS, observed_rolls, roll_rates
from creditscore.errors import ParameterError


@pytest.fixture(scope="module")
def book(template):
    return Book.open(template.book)


def test_the_last_full_months_are_observed(book):
    middle, end = (observed_rolls(book, day, months=6) for day in (date(2023, 2, 15), date(2023, 1, 31)))
    assert middle == end
    assert end.month_count == 6


def test_each_month_end_is_seen_as_it_was_known_then(book):
    ends = [date(2022, 12, 31), date(2023, 1, 31)]
    plain = roll_rates([ageing(book, end, bounds=ROLL_BOUNDS) for end in ends])
    assert observed_rolls(book, date(2023, 2, 28), months=2).ratios[1:] != plain.ratios[1:]
    assert observed_rolls(book, date(2023, 1, 31), months=1).ratios[1:] == pytest.approx(plain.ratios[1:], nan_ok=True)


def test_rolls_are_shares(book):
    assert pd.Series(observed_rolls(book, date(2023, 1, 31)).ratios).dropna().between(0, 1).all()


def test_no_month_is_too_few(book):
    with pytest.raises(ParameterError, match="0 month ends"):
        observed_rolls(book, date(2023, 1, 31), months=0)
