"""The state that is carried from day to day, and how new facts and the passing of days move it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.book import Relations
from creditscore.features.daily.changes import changed_spans, fields_of
from creditscore.features.daily.standing import Flags, Part, Places, joined
from creditscore.features.ledger.columns import bounded, largest
from creditscore.features.ledger.kernels import NOTHING, Whole
from creditscore.features.ledger.plan import Kind, Plan, Total
from creditscore.features.ledger.reading import day_numbers
from creditscore.features.ledger.rows import Rows
from creditscore.features.ledger.totals import Adder, nothing, totals_of

Sums = dict[str, Whole]  # by name, one value a customer


@dataclass(frozen=True, slots=True)
class LedgerState:
    """Every total of the ledger as of one day, and the rows that they are made of.

    Parameters
    ----------
    as_of
        The day.
    plan
        The totals that are kept.
    customers
        Ids of the customers, by number; new ones are added at the end.
    totals
        The totals, one value a customer.
    base
        Rows as of the day on which the state was built.
    base_order
        Rows of the base in the order of the lower half of their keys.
    tail
        Rows that came or changed since.
    """

    as_of: date
    plan: Plan
    customers: pd.Index
    totals: Sums
    base: Part
    base_order: Places
    tail: Part

    def advanced(self, relations: Relations, until: date) -> "LedgerState":
        """Return the state as of a later day, moved by what became known and by the windows that opened and closed.

        Sums take what enters and give what leaves. A largest value whose row may have left is looked for again among
        the rows of its customer. All is done in whole numbers, so the result is that of a new state, to the bit.

        Raises
        ------
        TooWide
            If a sum might not fit into 64 bits.
        """
        step = self._with_facts(relations, until)
        moved = step.state
        days = day_numbers([self.as_of, until])
        pieces = [Adder(rows, days) for rows in (*step.turning, step.news) if len(rows)]
        looked_for: dict[str, Flags] = {}
        totals = {}
        for total in self.plan.totals:
            before_after = nothing(total, (len(moved.customers), 2))
            for piece in pieces:
                piece.take(total, before_after)
            old, new = before_after.T
            totals[total.name], unsure = _moved(total, moved.totals[total.name], old, new)
            if unsure.any():
                looked_for[total.name] = unsure
        moved = replace(moved, totals=totals, as_of=until)
        return replace(moved, totals=totals | _found_again(moved, looked_for))

    def of(self, places: npt.NDArray[np.intp]) -> Sums:
        """Return the totals of customers, told by number; of a negative number those over nothing."""
        # The number -1 finds the value over nothing at the end.
        return {total.name: np.append(self.totals[total.name], nothing(total, 1))[places] for total in self.plan.totals}

    def open_rows(self) -> Iterator[Rows]:
        """Give the rows of which something is owed."""
        for part in (self.base, self.tail):
            owed = part.living() & (part.arrays["amount"] > part.arrays["paid_amount"])
            yield part.rows(owed)

    def arrears(self, days_past_due: int) -> pd.Series | None:
        """Return the open amount that is at least ``days_past_due`` days past due, by customer who has any.

        Returns
        -------
        pandas.Series or None
            Minor units by customer; ``None`` where a known payment is dated after the day, for then the rows do not
            tell what had been paid by it.
        """
        today = int(day_numbers([self.as_of])[0])
        owed = np.zeros(len(self.customers), np.int64)
        for part in (self.base, self.tail):
            late = part.arrays["due_on"] <= today - days_past_due
            rows = part.kept(part.living() & late & (part.arrays["amount"] > 0))
            if (rows["last_paid_on_known"] & (rows["last_paid_on"] > today)).any():
                return None
            np.add.at(owed, rows["customer"], np.maximum(rows["amount"] - rows["paid_amount"], 0))
        return pd.Series(owed, index=self.customers)[owed > 0]

    def _with_facts(self, relations: Relations, until: date) -> "_Step":
        """Put the rows that changed in the place of the old ones; tell what has to be looked at."""
        table = changed_spans(relations, after=self.as_of, until=until)
        known = _with_new(self.customers, table["customer_id"].unique().to_pandas())
        news = Rows.of(table, known)
        fields = fields_of(table, news)
        low, high = fields["key_low"], fields["key_high"]
        base = self.base.without(self.base.found(low, high, order=self.base_order))
        tail_order = np.argsort(self.tail.arrays["key_low"], kind="stable")
        tail = self.tail.without(self.tail.found(low, high, order=tail_order))
        tables = _turning_tables(self.plan.boundaries, after=self.as_of, until=until)
        turning = [part.rows(part.turning(tables)) for part in (base, tail)]
        current = news.superseded_on > day_numbers([until])[0]
        fresh = {name: values[current] for name, values in fields.items()}
        grown = Part.of(joined(iter([tail.kept(tail.living()), fresh])))
        totals = {total.name: _lengthened(self.totals[total.name], total, len(known)) for total in self.plan.totals}
        state = replace(self, customers=known, totals=totals, base=base, tail=grown)
        return _Step(state, turning, news)


@dataclass(frozen=True, slots=True)
class _Step:
    """A state with its rows replaced, the rows in which something turns, and the rows that changed."""

    state: LedgerState
    turning: Sequence[Rows]
    news: Rows


def _moved(total: Total, before: Whole, old: Whole, new: Whole) -> tuple[Whole, Flags]:
    """Move one total; and tell where it has to be looked for again."""
    if total.kind is Kind.SUM:
        after = before + (new - old)
        bounded(largest(after))
        return after, np.zeros(len(after), np.bool_)
    left = (old == before) & (before > NOTHING) & (new < before)
    return np.maximum(before, new), left


def _found_again(state: LedgerState, looked_for: Mapping[str, Flags]) -> Sums:
    """Look for the largest values whose row may have left, among all rows of the customers concerned."""
    if not looked_for:
        return {}
    concerned = np.logical_or.reduce(list(looked_for.values()))
    numbers = np.cumsum(concerned, dtype=np.int32) - 1
    pieces = []
    for part in (state.base, state.tail):
        rows = part.rows(part.of_customers(concerned))
        pieces.append(replace(rows, customer=numbers[rows.customer]))
    wanted = Plan(tuple(total for total in state.plan.totals if total.name in looked_for))
    days = day_numbers([state.as_of])
    found = totals_of(wanted, pieces, customers=int(concerned.sum()), days=days)
    again = {}
    for name, unsure in looked_for.items():
        again[name] = state.totals[name].copy()
        again[name][unsure] = found[name][numbers[unsure], 0]
    return again


def _turning_tables(
    boundaries: Mapping[str, set[int]], *, after: date, until: date
) -> dict[str, tuple[int, npt.NDArray[np.bool_]]]:
    """Return the days of a row on which one of its windows opens or closes in ``(after, until]``, by day column."""
    start, end = (int(day) for day in day_numbers([after, until]))
    tables = {}
    for name, ages in boundaries.items():
        first, last = start + 1 - max(ages), end - min(ages)
        table = np.zeros(last - first + 1, np.bool_)
        for age in ages:
            table[start + 1 - age - first : end - age - first + 1] = True
        tables[name] = first, table
    return tables


def _with_new(customers: pd.Index, told: pd.Series) -> pd.Index:
    new = pd.Index(told, dtype="str").difference(customers)
    return customers.append(new) if len(new) else customers


def _lengthened(values: Whole, total: Total, customers: int) -> Whole:
    return np.concatenate([values, nothing(total, customers - len(values))])
