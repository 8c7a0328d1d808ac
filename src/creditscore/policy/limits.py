"""Limits: how much more a customer may owe and for how long, and the rule and the number that say so."""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from creditscore.errors import ParameterError, PolicyError
from creditscore.policy.actions import Actions
from creditscore.policy.colours import BEST_FIRST
from creditscore.policy.exact import BoolArray, IntArray, floor_share, in_basis_points
from creditscore.policy.scale import FloatArray

RANKS = len(BEST_FIRST)
FROZEN = RANKS  # place of the freeze behind the colours
LIMIT_KEY, LONGEST_KEY, EXTRA_KEY = "limit_factor", "max_term_days", "extra_term_days"
# Keys of the policy, or the quantity itself that decides; the first is that of what is not known.
RULES = (
    *("", "limit_amount", "agreed_term_days", "group_limit.limit_factor", "alerts.red.days_past_due_above"),
    *(f"actions.{colour}.{key}" for key in (LIMIT_KEY, LONGEST_KEY, EXTRA_KEY) for colour in BEST_FIRST),
)
NO_RULE, OWN_RULE, AGREED_RULE, GROUP_RULE, FREEZE_RULE = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLimit:
    """What customers that belong together may owe together.

    Parameters
    ----------
    links
        Kinds of links that make a group, beside a common ``group_id``.
    limit_factor
        Share of the sum of its members' limits that a group may owe, 0 to 1, in whole basis points.
    """

    links: tuple[str, ...]
    limit_factor: float

    def __post_init__(self) -> None:
        if len(set(self.links)) < len(self.links):
            raise PolicyError(where="GroupLimit", found="links repeats a kind.", fix="Name each kind once.")
        if not 0 <= self.limit_factor <= 1:
            raise PolicyError(
                where="GroupLimit", found=f"limit_factor is {self.limit_factor:g}.", fix="Give a share from 0 to 1."
            )
        in_basis_points("GroupLimit", self.limit_factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where each customer stands; arrays of one length. Amounts are in minor units.

    Parameters
    ----------
    rank
        Its governed colour: 0 green, 1 yellow, 2 red.
    frozen
        Whether its credit is frozen by a red alert that reaches it.
    granted_amount, granted
        The limit that it was granted, and whether it was granted any.
    agreed_days, agreed
        The term that was agreed, and whether one was.
    exposure_amount, known
        What it owes, and whether that is known; a negative amount, which the company owes itself, uses no limit.
    group
        Whole number that customers of one group share, from 0.
    """

    rank: npt.NDArray[np.integer]
    frozen: BoolArray
    granted_amount: IntArray
    granted: BoolArray
    agreed_days: IntArray
    agreed: BoolArray
    exposure_amount: IntArray
    known: BoolArray
    group: IntArray

    def __post_init__(self) -> None:
        shapes = {getattr(self, field.name).shape for field in fields(self)}
        if len(shapes) > 1:
            raise ParameterError(
                where="Position", found=f"The shapes are {sorted(shapes)}.", fix="Give arrays of one length."
            )
        if (self.granted_amount < 0).any() or (self.agreed_days < 0).any():
            raise ParameterError(
                where="Position", found="A limit or a term is negative.", fix="Give 0 or more, or mark it as missing."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """A quantity of each customer, and what it comes from.

    Parameters
    ----------
    value
        The quantity; it does not count where it is not known.
    known
        Whether it is known.
    rule
        Place in ``RULES`` of what decides: a key of the policy, such as ``actions.yellow.limit_factor``, or a quantity
        itself; 0, an empty text, where the quantity is not known.
    number
        The number that stands there.
    """

    value: IntArray
    known: BoolArray
    rule: npt.NDArray[np.integer]
    number: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What each customer may owe.

    Parameters
    ----------
    action
        What to do: 0, 1 and 2 the actions of green, yellow and red, 3 that of a freeze.
    limit
        Most that it may owe in minor units.
    headroom
        How much more it may owe now in minor units: what its own limit or its group's leaves, whichever is less.
    term
        Longest payment term in days.
    """

    action: npt.NDArray[np.integer]
    limit: Ruled
    headroom: Ruled
    term: Ruled


def set_limits(actions: Actions, group_limit: GroupLimit, position: Position, *, freeze_days: int) -> Limits:
    """Set what each customer may owe by its governed colour, its freeze, and its group.

    The limit is the granted one times the factor of the colour, rounded down. A group of two or more may owe its
    members' limits together times the group's factor; a red or frozen member adds nothing while its debt still counts.
    The term is the agreed one, relaxed by the days that the colour allows, and no longer than the colour's longest.

    Parameters
    ----------
    actions, group_limit
        Of the policy.
    position
        Where each customer stands.
    freeze_days
        The number of days past due beyond which a receivable freezes credit, which explains a freeze.
    """
    place = np.where(position.frozen & (position.rank < RANKS - 1), FROZEN, position.rank)  # red stays suspended
    limit = _limit(actions, position, place, freeze_days=freeze_days)
    return Limits(
        action=place,
        limit=limit,
        headroom=_headroom(group_limit, position, limit),
        term=_term(actions, position, place, freeze_days=freeze_days),
    )


def _rules(key: str) -> npt.NDArray[np.int8]:
    """Return the rules of green, yellow, red and the freeze."""
    return np.array([*(RULES.index(f"actions.{colour}.{key}") for colour in BEST_FIRST), FREEZE_RULE], dtype=np.int8)


def _limit(actions: Actions, position: Position, place: npt.NDArray[np.integer], *, freeze_days: int) -> Ruled:
    factors = np.array([action.limit_factor for action in actions.every])
    points = np.array([action.limit_basis_points for action in actions.every])[place]
    known = position.granted | (points == 0)  # nothing is nothing, whatever was granted
    return Ruled(
        value=floor_share(np.where(known, position.granted_amount, 0), basis_points=points),
        known=known,
        rule=np.where(known, _rules(LIMIT_KEY)[place], NO_RULE),
        number=np.array([*factors[:RANKS], freeze_days])[place],
    )


def _headroom(group_limit: GroupLimit, position: Position, limit: Ruled) -> Ruled:
    owed = np.where(position.known, np.maximum(position.exposure_amount, 0), 0)
    allowed = np.where(limit.known, limit.value, 0)
    own = np.maximum(allowed - owed, 0)
    of_group, shared = _group_headroom(group_limit, position.group, allowed=allowed, owed=owed)
    held_back = shared & (of_group < own)
    known = limit.known & (position.known | (allowed == 0))
    return Ruled(
        value=np.where(held_back, of_group, own),
        known=known,
        rule=np.where(known, np.where(held_back, GROUP_RULE, OWN_RULE), NO_RULE),
        number=np.where(held_back, group_limit.limit_factor, allowed),
    )


def _group_headroom(
    group_limit: GroupLimit, group: IntArray, *, allowed: IntArray, owed: IntArray
) -> tuple[IntArray, BoolArray]:
    """Return what each customer's group may owe beyond what it does, and whether the group has other members."""
    members = np.bincount(group)
    sums = np.zeros((2, len(members)), dtype=np.int64)  # bincount would add as floats
    np.add.at(sums[0], group, allowed)
    np.add.at(sums[1], group, owed)
    points = np.full(len(members), in_basis_points("GroupLimit", group_limit.limit_factor))
    rest = np.maximum(floor_share(sums[0], basis_points=points) - sums[1], 0)
    return rest[group], (members > 1)[group]


def _term(actions: Actions, position: Position, place: npt.NDArray[np.integer], *, freeze_days: int) -> Ruled:
    every = actions.every
    extra = np.array([action.extra_term_days for action in every])[place]
    longest = np.array([action.longest_term for action in every])[place]
    relaxed = np.where(position.agreed, position.agreed_days + extra, np.inf)
    days = np.minimum(relaxed, longest)
    known, cut = np.isfinite(days), longest < relaxed
    uncut = np.where(extra > 0, _rules(EXTRA_KEY)[place], AGREED_RULE)
    rule = np.where(cut, _rules(LONGEST_KEY)[place], uncut)
    told = np.where(cut, longest, np.where(extra > 0, extra, position.agreed_days))
    return Ruled(
        value=np.where(known, days, 0).astype(np.int64),
        known=known,
        rule=np.where(known, rule, NO_RULE),
        number=np.where(place == FROZEN, freeze_days, np.where(known, told, 0)),
    )
