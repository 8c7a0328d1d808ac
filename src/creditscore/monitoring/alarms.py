"""Alarms: one for each cause, opened once, standing while there are signs, closed after enough quiet days."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import pandas as pd

from creditscore.monitoring.checks import WHOLE
from creditscore.monitoring.watched import Kind

NAMES = {"industry_code": "industry", "region": "region"}
UNITS = {Kind.VALUES: "standard deviations", Kind.SCORE: "points", Kind.MISSING: "", Kind.SHARE: ""}


class Change(StrEnum):
    """What became of an alarm on a day."""

    OPENED = "opened"
    STANDS = "stands"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What a day's checks say of one cause.

    Parameters
    ----------
    subject, kind, family
        The cause: a feature or an output of the model, and what of it moved.
    reference
        The comparison that says so most surely.
    dimension, segment
        Where it moved most among the segments that are sure; the whole book where no segment is.
    difference
        Change there: standard deviations, a share, or points.
    effect_points, book_effect_points
        Change of the mean score that goes back to it, there and in the whole book; missing where it is no feature.
    reason_code, source
        The feature's reason, and where its facts come from; what to look at first.
    """

    subject: str
    kind: str
    family: str
    reference: str
    dimension: str
    segment: str
    difference: float
    effect_points: float | None = None
    book_effect_points: float | None = None
    reason_code: str | None = None
    source: str | None = None

    @property
    def sentence(self) -> str:
        """One line for a person; it names no customer."""
        where = "in the whole book" if self.dimension == WHOLE else f"in {NAMES[self.dimension]} {self.segment}"
        effect = "" if self.effect_points is None else f"; effect on the score there {self.effect_points:+.1f} points"
        look = "" if self.source is None else f"; look at {self.source} ({self.reason_code})"
        than = self.reference.replace("_", " ")
        return f"{self.subject}: {self._moved} {where} against {than}{effect}{look}."

    @property
    def _moved(self) -> str:
        if self.kind in {Kind.MISSING, Kind.SHARE}:
            what = "share of missing values" if self.kind == Kind.MISSING else "share"
            return f"{what} moved by {100 * self.difference:+.1f} percentage points"
        return f"moved by {self.difference:+.2f} {UNITS[Kind(self.kind)]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm as it is on one day: its sign (of today, or the last one), since when, and what became of it."""

    alarm_id: str
    as_of: date
    change: Change
    opened_on: date
    quiet_days: int
    sign: Sign


def signs(table: pd.DataFrame) -> tuple[Sign, ...]:
    """Return one sign for each cause that any check is sure of, in the order of their names."""
    sure = table[table["alarm_flag"].astype(bool)]
    return tuple(_sign(own) for _, own in sure.groupby(["subject", "kind"], sort=True))


def follow(found: Sequence[Sign], before: Iterable[Alarm], *, as_of: date, quiet_days: int) -> tuple[Alarm, ...]:
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

    Returns
    -------
    tuple of Alarm
        Every alarm that opened, stands or closed on the day, by cause.
    """
    standing = {_cause(alarm.sign): alarm for alarm in before if alarm.change != Change.CLOSED}
    today = {_cause(sign): sign for sign in found}
    return tuple(
        _carried(standing[cause], today.get(cause), as_of=as_of, quiet_days=quiet_days)
        if cause in standing
        else _opened(today[cause], as_of)
        for cause in sorted(standing.keys() | today.keys())
    )


def _opened(sign: Sign, as_of: date) -> Alarm:
    key = hashlib.sha256(f"{sign.subject}|{sign.kind}|{as_of}".encode()).hexdigest()[:16]
    return Alarm(alarm_id=key, as_of=as_of, change=Change.OPENED, opened_on=as_of, quiet_days=0, sign=sign)


def _carried(alarm: Alarm, sign: Sign | None, *, as_of: date, quiet_days: int) -> Alarm:
    if sign is not None:
        return replace(alarm, as_of=as_of, change=Change.STANDS, quiet_days=0, sign=sign)
    quiet = alarm.quiet_days + 1
    change = Change.CLOSED if quiet >= quiet_days else Change.STANDS
    return replace(alarm, as_of=as_of, change=change, quiet_days=quiet)


def _cause(sign: Sign) -> tuple[str, str]:
    return sign.subject, sign.kind


def _sign(own: pd.DataFrame) -> Sign:
    """Return the sign of a cause: its surest comparison, and there the segment that moved most."""
    surest = own.sort_values("statistic", ascending=False).iloc[0]
    beside = own[(own["reference"] == surest["reference"]) & (own["dimension"] != WHOLE)]
    most = surest if beside.empty else beside.sort_values("difference", key=abs, ascending=False).iloc[0]
    return Sign(
        subject=str(most["subject"]),
        kind=str(most["kind"]),
        family=str(most["family"]),
        reference=str(most["reference"]),
        dimension=str(most["dimension"]),
        segment=str(most["segment"]),
        difference=float(most["difference"]),
    )
