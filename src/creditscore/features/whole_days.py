"""Whole days: the ledger's features are read for all customers and days at once, the others query by query."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.book import Relations, prepared_receivables
from creditscore.domain import Progress
from creditscore.features.definition import Feature
from creditscore.features.evaluation import KnownTotals, Values, evaluate, facts_of
from creditscore.features.ledger.columns import TooWide
from creditscore.features.ledger.plan import LEDGER, Plan, features_of_ledger
from creditscore.features.ledger.reading import Answer, read_ledger
from creditscore.features.memory import hand_back
from creditscore.features.observations import STORED, customers_by_day
from creditscore.features.relations import Peers, Position, Relation, peers, position
from creditscore.features.relations.totals import Totals

# Relations that set totals of several others side by side.
OF_SEVERAL: dict[type[Relation], Totals] = {Position: position.TOTALS, Peers: peers.TOTALS}


@dataclass(frozen=True, slots=True)
class LedgerPlan:
    """What of the wanted features is read from the ledger.

    Parameters
    ----------
    plan
        The plan of the features and of the totals that positions and peers need.
    features
        Names of the features that it gives.
    positions
        Totals of positions and peers that it gives, by relation: their own name and that of the plan's total.
    """

    plan: Plan
    features: frozenset[str]
    positions: dict[type[Relation], dict[str, str]]

    def position_totals(self, answers: dict[str, npt.NDArray[np.int64]]) -> KnownTotals:
        """Return the totals of positions and peers from the totals of the plan."""
        return {kind: {own: answers[total] for own, total in names.items()} for kind, names in self.positions.items()}


def plan_ledger(features: Sequence[Feature], *, has: Callable[..., bool]) -> LedgerPlan:
    """Plan what is read from the ledger.

    Parameters
    ----------
    features
        Features wanted.
    has
        Tells whether the book has all the tables named.
    """
    read = tuple(one for one in features if one.relation in LEDGER or one.relation in OF_SEVERAL)
    return _planned(read, tuple(kind for kind in LEDGER if has(*kind.needs)))


@lru_cache(maxsize=8)
def _planned(features: tuple[Feature, ...], kinds: tuple[type[Relation], ...]) -> LedgerPlan:
    """Plan the features of the ledger, of positions and of peers, from the relations whose tables the book has."""
    own = {name: one for name, one in features_of_ledger(features).items() if one[0] in kinds}
    placed = {
        (kind, name): (kind, function)
        for several, totals in OF_SEVERAL.items()
        if any(feature.relation is several for feature in features)
        for kind, functions in totals.items()
        if kind in kinds
        for name, function in functions.items()
    }
    plan, unread = Plan.of(own | {f"{kind.__name__}.{name}": one for (kind, name), one in placed.items()})
    positions: dict[type[Relation], dict[str, str]] = {}
    for kind, name in placed:
        total = plan.total_of(f"{kind.__name__}.{name}")
        if total is not None:
            positions.setdefault(kind, {})[name] = total
    given = frozenset(own) - set(unread)
    return LedgerPlan(plan.only(given), given, positions)


def evaluate_days(
    relations: Relations, known: pd.Series, days: Sequence[date], *, features: Sequence[Feature], progress: Progress
) -> Values:
    """Return the values of features for every customer on each of the days on which it is known.

    Parameters
    ----------
    relations
        The open book.
    known
        The day on which each customer became known, by customer, sorted.
    days
        Days of observation, ascending.
    features
        Features wanted.
    progress
        Told after each part.
    """
    pairs = customers_by_day(known, days=days, book=relations.book)
    planned = plan_ledger(features, has=lambda *names: all(map(relations.book.has, names)))
    values: Values = {}
    totals: KnownTotals = {}
    if planned.plan.totals:
        # A book that cannot be prepared, or amounts beyond 64 bits: the general way does it.
        with suppress(OSError, TooWide):
            path = prepared_receivables(relations.book)
            answers = read_ledger(path, planned.plan, customers=known.index, days=days)
            alive = known.to_numpy()[:, None] <= np.array(days, STORED)[None, :]
            values, found = _gathered(answers, planned, alive, progress=progress)
            totals = planned.position_totals(found)
        hand_back()  # what the ledger's slices left behind is not there twice when the queries take their own
    rest = [feature for feature in features if feature.name not in values]
    if rest and len(pairs):
        values |= evaluate(facts_of(relations, pairs), pairs, rest, totals=totals, progress=progress)
    return values


def _gathered(
    answers: Iterable[Answer], planned: LedgerPlan, alive: npt.NDArray[np.bool_], *, progress: Progress
) -> tuple[Values, dict[str, npt.NDArray[np.int64]]]:
    """Put the slices of customers together, for the customers and days on which they are known."""
    rows = int(alive.sum())
    wanted = {total for names in planned.positions.values() for total in names.values()}
    values = {name: np.empty(rows) for name in planned.features}
    totals = {name: np.empty(rows, np.int64) for name in wanted}
    start = 0
    for answer in answers:
        mine = alive[answer.customers]
        place = slice(start, start := start + int(mine.sum()))
        for name, column in values.items():
            column[place] = answer.features[name][mine]
        for name, whole in totals.items():
            whole[place] = answer.totals[name][mine]
        progress("ledger", answer.customers.stop, len(alive))
    return values, totals
