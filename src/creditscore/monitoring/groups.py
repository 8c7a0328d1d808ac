"""Alarms that share a source are one to a person: who fixes the source has fixed them all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from creditscore.domain import Text, several, text
from creditscore.monitoring.alarms import Alarm, Change, Level
from creditscore.monitoring.checks import WHOLE
from creditscore.monitoring.signs import Sign, place, points, words

MODEL = "what the model says"  # source of score, grades and colours


class Direction(StrEnum):
    """What the alarms of a group do to the score."""

    RAISES = "raises"
    LOWERS = "lowers"
    LEAVES = "leaves"  # nothing that anybody could see


DIRECTIONS = {1: Direction.RAISES, -1: Direction.LOWERS, 0: Direction.LEAVES}
SOONEST = (Change.OPENED, Change.RAISED, Change.STANDS, Change.CLOSED)


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What the alarms of a group have in common; it follows from the signs of the day."""

    source: str
    reference: str
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmGroup:
    """The alarms of a day that share source, reference and direction, the one with the strongest effect first."""

    key: Key
    alarms: tuple[Alarm, ...]

    @property
    def level(self) -> Level:
        """An alarm where any of its alarms is one."""
        return Level.ALARM if any(one.level == Level.ALARM for one in self.alarms) else Level.NOTICE

    @property
    def change(self) -> Change:
        """The newest of what became of its alarms; closed where all are."""
        found = {one.change for one in self.alarms}
        return next(change for change in SOONEST if change in found)

    @property
    def told(self) -> Sign:
        """The sign that tells the effect of all: one of today, or where all are quiet the strongest of their last."""
        own = [one for one in self.alarms if one.quiet_days == 0] or list(self.alarms)
        return max((one.sign for one in own), key=lambda sign: abs(sign.group_effect_points or 0.0))

    @property
    def effect_points(self) -> float | None:
        """Change of the mean score that goes back to all its features together; missing for what the model says."""
        return self.told.group_effect_points

    @property
    def sentence(self) -> Text:
        """One line for a person; it names no customer."""
        return text(
            "{source}: {names} moved against {reference}{effect}.",
            source=self.key.source,
            names=several(dict.fromkeys(one.sign.name for one in self.alarms)),
            reference=words(self.key.reference),
            effect=self._effect,
        )

    @property
    def _effect(self) -> str:
        sign = self.told
        if sign.group_effect_points is None:
            return ""
        where, effect = (
            place(sign.group_dimension or WHOLE, sign.group_segment or WHOLE),
            points(sign.group_effect_points),
        )
        if len({one.sign.subject for one in self.alarms}) > 1:
            return text("; effect on the score together {points} {place}", points=effect, place=where)
        return text("; effect on the score {points} {place}", points=effect, place=where)


def grouped(alarms: Iterable[Alarm]) -> tuple[AlarmGroup, ...]:
    """Return a day's alarms as groups: alarms before notices, the strongest effect first.

    Alarms without a sign of today are grouped among themselves, so that what was said some days ago does not turn the
    direction of what is seen today.
    """
    found: dict[Key, list[Alarm]] = defaultdict(list)
    all_of_them = list(alarms)
    for quiet in (False, True):
        own = [alarm for alarm in all_of_them if (alarm.quiet_days > 0) == quiet]
        for alarm, key in zip(own, keys([alarm.sign for alarm in own]), strict=True):
            found[key].append(alarm)
    groups = [AlarmGroup(key=key, alarms=tuple(sorted(own, key=_strongest))) for key, own in found.items()]
    return tuple(
        sorted(groups, key=lambda group: (group.level == Level.NOTICE, -abs(group.effect_points or 0.0), group.key))
    )


def keys(signs: Sequence[Sign]) -> list[Key]:
    """Return the group of each sign of a day.

    A sign without an effect that could be seen goes along with the strongest one of its source and reference.
    """
    leaders: dict[tuple[str, str], Sign] = {}
    for sign in sorted(signs, key=_weight):
        leaders.setdefault((sign.source or MODEL, sign.reference), sign)
    return [_key(sign, leaders[sign.source or MODEL, sign.reference]) for sign in signs]


def _key(sign: Sign, leader: Sign) -> Key:
    return Key(sign.source or MODEL, sign.reference, DIRECTIONS[sign.push or leader.push])


def _weight(sign: Sign) -> tuple[bool, float, str, str]:
    """Sort signs by whether they have a direction, then by effect, the strongest first."""
    return sign.push == 0, -abs(sign.effect_points or 0.0), sign.subject, sign.kind


def _strongest(alarm: Alarm) -> tuple[bool, float, str, str]:
    return _weight(alarm.sign)
