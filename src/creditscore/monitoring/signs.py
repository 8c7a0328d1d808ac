"""Signs: what a day's checks say of one cause, where it moved most, and what that does to the score."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from creditscore.domain import Colour, Text, joined, kept, text
from creditscore.monitoring.checks import WHOLE
from creditscore.monitoring.watched import OUTPUT, Kind

NAMES = {"industry_code": "industry", "region": "region"}
SEEN_POINTS = 0.05  # what rounds to 0.1 points; a smaller effect has a sign by chance
BETTER = {"score": 1, "grade": -1, f"colour {Colour.GREEN}": 1, f"colour {Colour.RED}": -1}  # of what rises


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What a day's checks say of one cause.

    Parameters
    ----------
    subject, kind, family
        The cause: a feature or an output of the model, and what of it moved.
    measure
        The number that moved: the subject, with the colour where it is a share.
    reference
        The comparison that says so most surely.
    dimension, segment
        Where it moved most among the segments that are sure; the whole book where no segment is.
    difference
        Change there: standard deviations, a share, or points.
    effect_points, book_effect_points
        Change of the mean score that goes back to it, there and in the whole book; missing where it is no feature.
    reason_code, source
        The feature's reason, and the tables or columns of the book that it rests on; what to look at first.
    group_effect_points, group_dimension, group_segment
        Change of the mean score that goes back to all features of its group together, where that is largest; missing
        where it is no feature.
    """

    subject: str
    kind: str
    family: str
    reference: str
    dimension: str
    segment: str
    difference: float
    measure: str = ""
    effect_points: float | None = None
    book_effect_points: float | None = None
    reason_code: str | None = None
    source: str | None = None
    group_effect_points: float | None = None
    group_dimension: str | None = None
    group_segment: str | None = None

    @property
    def sentence(self) -> Text:
        """One line for a person; it names no customer."""
        told = text(
            "{name}: {moved} {place} against {reference}",
            name=self.name,
            moved=self.moved,
            place=place(self.dimension, self.segment),
            reference=words(self.reference),
        )
        return text("{clauses}.", clauses=joined([told, self._effect, self._look], "; "))

    @property
    def name(self) -> str:
        """What moved, as a person reads it."""
        measure = self.measure or self.subject
        what, _, colour = measure.partition(" ")
        return text("colour {colour}", colour=colour) if what == "colour" and colour else measure

    @property
    def push(self) -> int:
        """Return 1 where it is for the better, -1 where it is for the worse, and 0 where it is neither to be seen."""
        if self.family == OUTPUT:
            return BETTER.get(self.measure or self.subject, 0) * int(np.sign(self.difference))
        effect = self.effect_points or 0.0
        return int(np.sign(effect)) if abs(effect) >= SEEN_POINTS else 0

    def matters(self, least_points: float) -> bool:
        """Tell whether its group moves the score by at least so many points; what the model says always matters."""
        return self.group_effect_points is None or abs(self.group_effect_points) >= least_points

    @property
    def moved(self) -> Text:
        """How far it moved, in words."""
        match Kind(self.kind):
            case Kind.MISSING:
                percent = 100 * self.difference
                return text("share of missing values moved by {percent:+.1f} percentage points", percent=percent)
            case Kind.SHARE:
                return text("share moved by {percent:+.1f} percentage points", percent=100 * self.difference)
            case Kind.SCORE:
                return text("moved by {points:+.2f} points", points=self.difference)
            case Kind.VALUES:
                return text("moved by {deviations:+.2f} standard deviations", deviations=self.difference)

    @property
    def _effect(self) -> str:
        if self.effect_points is None:
            return ""
        return text("effect on the score there {points}", points=points(self.effect_points))

    @property
    def _look(self) -> str:
        if self.source is None:
            return ""
        return text("look at {source} ({code})", source=kept(self.source), code=self.reason_code)


def signs(table: pd.DataFrame) -> tuple[Sign, ...]:
    """Return one sign for each cause that any check is sure of, in the order of their names."""
    sure = table[table["alarm_flag"].astype(bool)]
    return tuple(_sign(own) for _, own in sure.groupby(["subject", "kind"], sort=True))


def place(dimension: str, segment: str) -> Text:
    """Say where in the book something is.

    >>> place("region", "Hebei"), place("book", "book")
    ('in region Hebei', 'in the whole book')
    """
    if dimension == WHOLE:
        return text("in the whole book")
    return text("in {dimension} {segment}", dimension=NAMES[dimension], segment=kept(segment))


def points(value: float) -> Text:
    """Write an effect on the score; one that rounds to nothing has no sign.

    >>> points(-1.25), points(-0.01)
    ('-1.2 points', '0.0 points')
    """
    rounded = f"{value:+.1f}"
    return text("{rounded} points", rounded="0.0" if float(rounded) == 0 else rounded)


def words(reference: str) -> str:
    """Write a reference as words.

    >>> words("last_month")
    'last month'
    """
    return reference.replace("_", " ")


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
        measure=str(most["measure"]),
    )
