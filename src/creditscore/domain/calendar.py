"""Days and months: every duration of the book is in whole days, every horizon in whole months."""

import calendar
from datetime import date, timedelta


def add_months(day: date, months: int) -> date:
    """Return the same day ``months`` later, or the last day of that month where it has no such day.

    The last day of a month stays the last day of a month, so that month ends are a closed set.

    >>> add_months(date(2023, 2, 28), 12)
    datetime.date(2024, 2, 29)
    >>> add_months(date(2024, 1, 15), -1)
    datetime.date(2023, 12, 15)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = calendar.monthrange(year, month)[1]
    return date(year, month, last if is_month_end(day) else min(day.day, last))


def is_month_end(day: date) -> bool:
    """Tell whether ``day`` is the last day of its month."""
    return day.day == calendar.monthrange(day.year, day.month)[1]


def month_ends(first: date, last: date) -> list[date]:
    """Return the month ends in ``[first, last]``, ascending.

    >>> month_ends(date(2024, 1, 10), date(2024, 3, 30))
    [datetime.date(2024, 1, 31), datetime.date(2024, 2, 29)]
    """
    day = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    ends = []
    while day <= last:
        ends.append(day)
        day = add_months(day, 1)
    return ends


def days_between(first: date, last: date) -> list[date]:
    """Return every day in ``[first, last]``, ascending."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def pd_column(horizon_months: int) -> str:
    """Return the name of the column that holds a probability of default, with its horizon in the name.

    >>> pd_column(12)
    'pd_12m'
    """
    return f"pd_{horizon_months}m"
