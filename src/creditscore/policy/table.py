"""The table of all 81 gradings: three levels of risk in three dimensions, and three colours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from creditscore.domain import Colour
from creditscore.errors import PolicyError, some
from creditscore.policy.colours import BEST_FIRST
from creditscore.policy.grading import LOWEST_FIRST, RiskLevel
from creditscore.policy.routes import ApprovalRule, Route

if TYPE_CHECKING:
    from creditscore.policy.policy import Policy

RuleArray = npt.NDArray[np.intp]
AXES = (LOWEST_FIRST, LOWEST_FIRST, LOWEST_FIRST, BEST_FIRST)
NAMES = ("industry", "cooperation", "payback", "colour")
UNCOVERED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingRow:
    """One of the 81 rows: the grading and what it leads to.

    Parameters
    ----------
    industry, cooperation, payback, colour
        The grading.
    rule
        Place of the rule that decides, from 0.
    code, route, levels, conditions
        What that rule says.
    """

    industry: RiskLevel
    cooperation: RiskLevel
    payback: RiskLevel
    colour: Colour
    rule: int
    code: str
    route: Route
    levels: tuple[str, ...]
    conditions: tuple[str, ...]


def approval_table(policy: "Policy") -> tuple[GradingRow, ...]:
    """Return the whole table of a policy: 81 rows, from the lowest risk to the highest, colours together.

    Examples
    --------
    >>> from creditscore.policy import load_policy
    >>> rows = approval_table(load_policy())
    >>> len(rows), str(rows[0].route), str(rows[-1].route)
    (81, 'green_channel', 'committee')
    """
    rules = policy.approval.rules
    first = first_rules(rules)
    return tuple(_row(rules, int(first[place]), place) for place in sorted(_cells(), key=lambda cell: (cell[3], cell)))


def approval_page(policy: "Policy") -> str:
    """Return the whole table as Markdown, one line a row."""
    head = ("colour", "industry", "cooperation", "payback", "route", "who approves", "conditions", "rule")
    lines = [head, ("---",) * len(head), *map(_told, approval_table(policy))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def first_rules(rules: Sequence[ApprovalRule]) -> RuleArray:
    """Return the place of the rule that decides each grading; -1 where none covers it.

    Returns
    -------
    numpy.ndarray
        Shape 3 x 3 x 3 x 3: ranks of industry, cooperation and payback (0 low to 2 high), and of the colour (0 green
        to 2 red).
    """
    first = np.full((3, 3, 3, 3), UNCOVERED, dtype=np.intp)
    for place in reversed(range(len(rules))):
        ranks = [[axis.index(value) for value in one] for axis, one in zip(AXES, rules[place].covered, strict=True)]
        first[np.ix_(*ranks)] = place
    return first


def check_table(rules: Sequence[ApprovalRule]) -> None:
    """Refuse rules that leave a hole, say what never counts, or are easier on more risk.

    Raises
    ------
    PolicyError
        Which names the grading and the rule; ``where`` is the rule's place in the list.
    """
    first = first_rules(rules)
    _check_holes(first)
    _check_reached(rules, first)
    for axis in range(len(AXES)):
        _check_rising(rules, first, axis=axis)


def _check_holes(first: RuleArray) -> None:
    holes = [_named(cell) for cell in _cells() if first[cell] == UNCOVERED]
    if holes:
        raise PolicyError(
            where="rules",
            found=f"No rule covers {holes[0]}; {len(holes)} of 81 combinations are open.",
            fix="Add a rule for it, or widen one.",
        )


def _check_reached(rules: Sequence[ApprovalRule], first: RuleArray) -> None:
    for place in sorted(set(range(len(rules))) - set(first.ravel().tolist())):
        ranks = [[axis.index(value) for value in one] for axis, one in zip(AXES, rules[place].covered, strict=True)]
        before = [f"rules[{other}]" for other in np.unique(first[np.ix_(*ranks)]).tolist()]
        raise PolicyError(
            where=f"rules[{place}]",
            found=f"It is never reached: {some(before)} decide all that it covers.",
            fix="Remove it, or move it before them.",
        )


def _check_rising(rules: Sequence[ApprovalRule], first: RuleArray, *, axis: int) -> None:
    hardest_last = sorted({rule.strictness for rule in rules})
    hardness = np.array([hardest_last.index(rule.strictness) for rule in rules])[first]
    falls = np.argwhere(np.diff(hardness, axis=axis) < 0)
    if len(falls):
        better = tuple(int(rank) for rank in falls[0])
        worse = tuple(rank + (place == axis) for place, rank in enumerate(better))
        easy, hard = int(first[worse]), int(first[better])
        raise PolicyError(
            where=f"rules[{easy}]",
            found=f"It is easier on {_named(worse)} ({_way(rules[easy])}) than rules[{hard}] is on {_named(better)} "
            f"({_way(rules[hard])}), though the {NAMES[axis]} is worse.",
            fix="Give the worse one at least the same route and as many levels.",
        )


def _cells() -> Iterator[tuple[int, ...]]:
    return product(range(3), repeat=len(AXES))


def _row(rules: Sequence[ApprovalRule], place: int, cell: tuple[int, ...]) -> GradingRow:
    rule = rules[place]
    industry, cooperation, payback = (LOWEST_FIRST[rank] for rank in cell[:3])
    return GradingRow(
        industry=industry,
        cooperation=cooperation,
        payback=payback,
        colour=BEST_FIRST[cell[3]],
        rule=place,
        code=rule.code,
        route=rule.route,
        levels=rule.levels,
        conditions=rule.conditions,
    )


def _told(row: GradingRow) -> tuple[str, ...]:
    return (
        row.colour,
        row.industry,
        row.cooperation,
        row.payback,
        row.route,
        ", ".join(row.levels) or "nobody",
        ", ".join(row.conditions) or "none",
        f"{row.rule} {row.code}",
    )


def _named(cell: tuple[int, ...]) -> str:
    return ", ".join(f"{name} {axis[rank]}" for name, axis, rank in zip(NAMES, AXES, cell, strict=True))


def _way(rule: ApprovalRule) -> str:
    return f"{rule.route}, {len(rule.levels)} levels"
