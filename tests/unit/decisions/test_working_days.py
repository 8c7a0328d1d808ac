"""Deadlines across the holidays of 2024 to 2026, as the State Council announced them.

2024: Spring Festival off 10-17 February, worked 4 and 18 February; National Day off 1-7 October, worked 29 September
and 12 October. 2026: Spring Festival off 15-23 February, worked 14 and 28 February; National Day off 1-7 October,
worked 20 September and 10 October.
"""

from datetime import date

import pytest

from creditscore.decisions import working_day_after
from creditscore.errors import ParameterError, PolicyError


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2024, 6, 3), 1, date(2024, 6, 4)),  # Monday
        (date(2024, 6, 21), 1, date(2024, 6, 24)),  # Friday to Monday
        (date(2024, 6, 22), 1, date(2024, 6, 24)),  # from a Saturday
        (date(2024, 2, 2), 1, date(2024, 2, 4)),  # the Sunday before the Spring Festival is worked
        (date(2024, 2, 9), 1, date(2024, 2, 18)),  # and the Sunday after it
        (date(2024, 2, 8), 3, date(2024, 2, 19)),
        (date(2024, 9, 30), 1, date(2024, 10, 8)),  # over National Day
        (date(2024, 9, 27), 2, date(2024, 9, 30)),  # the Sunday before it is worked
        (date(2024, 10, 11), 1, date(2024, 10, 12)),  # and a Saturday after it
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 14), 1, date(2026, 2, 24)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),  # 8, 9, and the worked Saturday
    ],
)
def test_holidays_are_skipped_and_working_weekends_count(day, count, expected):
    found = working_day_after(day, count, calendar="CN")
    assert found.day == expected
    assert found.announced


@pytest.mark.parametrize(
    ("day", "announced"),
    [
        (date(2026, 12, 23), True),
        (date(2026, 12, 24), False),  # the announcement of 2027 may still move the last week of 2026
        (date(2026, 12, 31), False),
        (date(2003, 12, 30), False),
    ],
)
def test_a_deadline_that_an_announcement_may_move_says_so(day, announced):
    assert working_day_after(day, 1, calendar="CN").announced == announced


def test_where_nothing_is_announced_weekends_alone_are_counted():
    assert working_day_after(date(2099, 10, 2), 1, calendar="CN").day == date(2099, 10, 5)  # Friday to Monday


def test_counting_no_day_and_counting_by_an_unknown_calendar_are_refused():
    with pytest.raises(ParameterError, match="count is 0"):
        working_day_after(date(2024, 6, 3), 0, calendar="CN")
    with pytest.raises(PolicyError, match=r"approval\.calendar: The working days of 'DE' are unknown"):
        working_day_after(date(2024, 6, 3), 1, calendar="DE")
