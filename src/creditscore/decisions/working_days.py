"""Working days by the calendar of a country: deadlines count those, with holidays and working weekends.

The days come from the library ``chinesecalendar``, which carries what China's State Council announced since 2004:
public holidays, the days taken off beside them, and the weekends worked in return. It was chosen over ``holidays``
because it brings no other package along (the present releases of ``holidays`` hold ``python-dateutil`` below 3, and
those before have days of 2019 wrong), and because it refuses a year that was not announced instead of guessing it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from creditscore.errors import ParameterError, PolicyError

COUNTRY = "CN"
SATURDAY = 5
ONE_DAY = timedelta(days=1)
NEW_YEAR = timedelta(days=7)  # an announcement may still move the last days of the year before


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A working day that was counted to.

    Parameters
    ----------
    day
        The day.
    announced
        Whether the holidays of all days up to it are announced. If not, weekends alone were counted where they are
        not, and the day may move.
    """

    day: date
    announced: bool


def working_day_after(day: date, count: int, *, calendar: str) -> WorkingDay:
    """Return the ``count``-th working day after a day, which itself does not count.

    Parameters
    ----------
    day
        The day from which is counted; it need not be a working day.
    count
        Number of working days, 1 or more.
    calendar
        ISO 3166 code of the country whose calendar holds; only ``CN`` is known.

    Raises
    ------
    ParameterError
        If ``count`` is below 1.
    PolicyError
        If the calendar is unknown.

    Examples
    --------
    Before the Spring Festival of 2024 (10 to 17 February) a Sunday was worked, the 4th, and after it the 18th:

    >>> working_day_after(date(2024, 2, 2), 1, calendar="CN")
    WorkingDay(day=datetime.date(2024, 2, 4), announced=True)
    >>> working_day_after(date(2024, 2, 9), 1, calendar="CN").day
    datetime.date(2024, 2, 18)
    """
    if count < 1:
        raise ParameterError(where="working_day_after", found=f"count is {count}.", fix="Give 1 or more.")
    if calendar != COUNTRY:
        raise PolicyError(
            where="approval.calendar",
            found=f"The working days of {calendar!r} are unknown.",
            fix=f"Give {COUNTRY}.",
        )
    found = day
    for _ in range(count):
        found = _next_working_day(found)
    return WorkingDay(found, announced=_is_announced(day) and _is_announced(found + NEW_YEAR))


def _next_working_day(day: date) -> date:
    found = day + ONE_DAY
    while not _is_working_day(found):
        found += ONE_DAY
    return found


def _is_working_day(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # of a year that is not announced
        return day.weekday() < SATURDAY


def _is_announced(day: date) -> bool:
    try:
        chinese_calendar.is_workday(day)
    except NotImplementedError:
        return False
    return True
