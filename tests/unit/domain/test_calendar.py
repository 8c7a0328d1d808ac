from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditscore.domain import add_months, is_month_end, month_ends

DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2023, 2, 28), 1, date(2023, 3, 31)),
        (date(2024, 5, 15), -5, date(2023, 12, 15)),
        (date(2024, 1, 30), 1, date(2024, 2, 29)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day, months, later):
    assert add_months(day, months) == later


@given(day=DAYS, months=st.integers(-240, 240))
def test_month_ends_stay_month_ends(day, months):
    if is_month_end(day):
        assert is_month_end(add_months(day, months))


@given(day=DAYS, months=st.integers(0, 240))
def test_later_months_are_never_earlier_days(day, months):
    assert add_months(day, months + 1) > add_months(day, months)


def test_month_ends_are_bounded_by_both_days():
    ends = month_ends(date(2023, 12, 31), date(2024, 2, 29))
    assert ends == [date(2023, 12, 31), date(2024, 1, 31), date(2024, 2, 29)]
    assert month_ends(date(2024, 2, 1), date(2024, 2, 28)) == []
