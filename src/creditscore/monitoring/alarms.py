"""Alarms: one for each cause, opened once, standing while there are signs, closed after enough quiet days."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from creditscore.monitoring.signs import Sign


class Change(StrEnum):
    """What became of an alarm on a day."""

    OPENED = "opened"
    RAISED = "raised"  # it stood as a notice, and matters from this day on
    STANDS = "stands"
    CLOSED = "closed"


NEWS = (Change.OPENED, Change.RAISED)


class Level(StrEnum):
    """Whether anybody should be called: a notice is written, shown and reported, and does nothing else."""

    NOTICE = "notice"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm as it is on one day: its sign (of today, or the last one), since when, and what became of it.

    ``raised_on`` is the day from which on it mattered; missing while it is a notice. What once was an alarm stays one
    until it is closed, so that nobody is called again and again by what lies at the threshold.
    """

    alarm_id: str
    as_of: date
    change: Change
    opened_on: date
    quiet_days: int
    sign: Sign
    raised_on: date | None

    @property
    def level(self) -> Level:
        """Whether it is an alarm, or only a notice."""
        return Level.NOTICE if self.raised_on is None else Level.ALARM

    @property
    def is_open(self) -> bool:
        """Whether it opened or stands."""
        return self.change != Change.CLOSED


def follow(
    found: Sequence[Sign], before: Iterable[Alarm], *, as_of: date, quiet_days: int, least_points: float = 0.0
) -> tuple[Alarm, ...]:
    """Carry the alarms of the day before on to a day.

    Parameters
    ----------
    found
        The day's signs, one a cause.
    before
        The alarms of the last day that was watched; closed ones are over.
    as_of
        The day.
    quiet_days
        Days without a sign after which an alarm is closed.
    least_points
        Effect of its group on the score from which on a sign is an alarm and not only a notice.

    Returns
    -------
    tuple of Alarm
        Every alarm that opened, stands or closed on the day, by cause.
    """
    standing = {_cause(alarm.sign): alarm for alarm in before if alarm.is_open}
    today = {_cause(sign): sign for sign in found}
    followed = [
        _carried(standing[cause], today.get(cause), as_of=as_of, quiet_days=quiet_days)
        if cause in standing
        else _opened(today[cause], as_of)
        for cause in sorted(standing.keys() | today.keys())
    ]
    return tuple(_raised(alarm, least_points) for alarm in followed)


def _opened(sign: Sign, as_of: date) -> Alarm:
    key = hashlib.sha256(f"{sign.subject}|{sign.kind}|{as_of}".encode()).hexdigest()[:16]
    return Alarm(
        alarm_id=key, as_of=as_of, change=Change.OPENED, opened_on=as_of, quiet_days=0, sign=sign, raised_on=None
    )


def _carried(alarm: Alarm, sign: Sign | None, *, as_of: date, quiet_days: int) -> Alarm:
    if sign is not None:
        return replace(alarm, as_of=as_of, change=Change.STANDS, quiet_days=0, sign=sign)
    quiet = alarm.quiet_days + 1
    change = Change.CLOSED if quiet >= quiet_days else Change.STANDS
    return replace(alarm, as_of=as_of, change=change, quiet_days=quiet)


def _raised(alarm: Alarm, least_points: float) -> Alarm:
    """Make an alarm of a notice whose sign of today matters."""
    if alarm.raised_on is not None or alarm.quiet_days or not alarm.sign.matters(least_points):
        return alarm
    change = Change.RAISED if alarm.change == Change.STANDS else alarm.change
    return replace(alarm, change=change, raised_on=alarm.as_of)


def _cause(sign: Sign) -> tuple[str, str]:
    return sign.subject, sign.kind
