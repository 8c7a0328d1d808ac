"""The state that is carried from day to day, and how new facts and the passing of days move it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.features.daily.ledger_facts import MASKED, filled_days, rows_lasting, rows_of, unpaid, with_payments
from creditscore.features.daily.news import News
from creditscore.features.daily.shelf import HIGH, LOW, Arrays, Flags, Shelf, joined, latest
from creditscore.features.ledger.columns import bounded, largest
from creditscore.features.ledger.kernels import NOTHING, Whole
from creditscore.features.ledger.plan import Kind, Plan, Total
from creditscore.features.ledger.reading import day_numbers
from creditscore.features.ledger.times import EARLIEST, LATEST, Days
from creditscore.features.ledger.totals import Adder, nothing, totals_of

Sums = dict[str, Whole]  # by name, one value a customer


@dataclass(frozen=True, slots=True)
class LedgerState:
    """Every total of the ledger as of one day, and the facts that they are made of.

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
    bills
        Invoices as they stand, with what was paid on them.
    payments
        Payments as they stand.
    """

    as_of: date
    plan: Plan
    customers: pd.Index
    totals: Sums
    bills: Shelf
    payments: Shelf

    def advanced(self, news: News, until: date) -> "LedgerState":
        """Return the state as of a later day, moved by what became known and by the windows that opened and closed.

        Sums take what enters and give what leaves. A largest value whose bill may have left is looked for again among
        the bills of its customer. All is done in whole numbers, so the result is that of a new state, to the bit.

        Parameters
        ----------
        news
            The latest versions of all facts that became known after the state's day, until the later one.
        until
            The later day.

        Raises
        ------
        TooWide
            If a sum might not fit into 64 bits.
        """
        before, after, payments = self._changed(news)
        untouched = self.bills.without(after[LOW], after[HIGH])
        days = day_numbers([self.as_of, until])
        pieces = [*_turned(before, after, days), *_turning(untouched, self.plan, days)]
        totals, looked_for = {}, {}
        for total in self.plan.totals:
            at = nothing(total, (len(news.customers), 2))
            for piece in pieces:
                piece.take(total, at)
            old, new = at.T
            kept = _lengthened(self.totals[total.name], total, len(news.customers))
            totals[total.name], unsure = _moved(total, kept, old, new)
            if unsure.any():
                looked_for[total.name] = unsure
        moved = LedgerState(until, self.plan, news.customers, totals, untouched.added(after), payments)
        return replace(moved, totals=totals | _found_again(moved, looked_for))

    def of(self, places: npt.NDArray[np.intp]) -> Sums:
        """Return the totals of customers, told by number; of a negative number those over nothing."""
        # The number -1 finds the value over nothing at the end.
        return {total.name: np.append(self.totals[total.name], nothing(total, 1))[places] for total in self.plan.totals}

    def open_bills(self) -> Iterator[Arrays]:
        """Give the bills of which something is owed."""
        for part in self.bills.parts:
            yield part.taken(part.living & unpaid(part.arrays))

    def arrears(self, days_past_due: int) -> pd.Series | None:
        """Return the open amount that is at least ``days_past_due`` days past due, by customer who has any.

        Returns
        -------
        pandas.Series or None
            Minor units by customer; ``None`` where a known payment is dated after the day, for then the bills do not
            tell what had been paid by it.
        """
        today = int(day_numbers([self.as_of])[0])
        owed = np.zeros(len(self.customers), np.int64)
        for part in self.bills.parts:
            late = part.arrays["due_on"] <= today - days_past_due
            bills = part.taken(part.living & late & (part.arrays["amount"] > 0))
            if (bills["last_paid_on_known"] & (bills["last_paid_on"] > today)).any():
                return None
            np.add.at(owed, bills["customer"], np.maximum(bills["amount"] - bills["paid_amount"], 0))
        return pd.Series(owed, index=self.customers)[owed > 0]

    def _changed(self, news: News) -> tuple[Arrays, Arrays, Shelf]:
        """Return the bills that news concern as they were and as they are now, and the payments as they stand now."""
        replaced = self.payments.standing(news.payments[LOW], news.payments[HIGH])
        rest = self.payments.without(news.payments[LOW], news.payments[HIGH])
        payments = rest.added(news.payments)
        several = [(news.bills[LOW], news.bills[HIGH], news.bills["known_on"])]
        several += [(one["bill_low"], one["bill_high"], one["known_on"]) for one in (replaced, news.payments)]
        concerned = {
            name: np.concatenate(columns)
            for name, columns in zip((LOW, HIGH, "known_on"), zip(*several, strict=True), strict=True)
        }
        concerned = latest(concerned)
        before = self.bills.standing(concerned[LOW], concerned[HIGH])
        now = latest(joined([before, news.bills]))
        held = [part.taken(part.pointing_at(now[LOW], now[HIGH], field="bill")) for part in payments.parts]
        return before, with_payments(now, joined(held)), payments


def _turned(before: Arrays, after: Arrays, days: Days) -> Iterator[Adder]:
    """Give the bills of which something became known: as they were on the first day, as they are on the last."""
    was, now = len(before[LOW]), len(after[LOW])
    turn = days[0] + 1
    yield Adder(rows_of(before, known_on=filled_days(EARLIEST, was), superseded_on=filled_days(turn, was)), days)
    yield Adder(rows_of(after, known_on=filled_days(turn, now), superseded_on=filled_days(LATEST, now)), days)


def _turning(bills: Shelf, plan: Plan, days: Days) -> Iterator[Adder]:
    """Give the other bills of which a window opens or closes between the days."""
    tables = _turning_tables(plan.boundaries, days)
    for part in bills.parts:
        yield Adder(rows_lasting(part.taken(part.turning(tables))), days)


def _found_again(state: LedgerState, looked_for: Mapping[str, Flags]) -> Sums:
    """Look for the largest values whose bill may have left, among all bills of the customers concerned."""
    if not looked_for:
        return {}
    concerned = np.logical_or.reduce(list(looked_for.values()))
    bills = joined([part.taken(part.of_customers(concerned)) for part in state.bills.parts])
    again = {}
    for total in state.plan.totals:
        if total.name in looked_for:
            unsure = looked_for[total.name]
            again[total.name] = state.totals[total.name].copy()
            again[total.name][unsure] = _largest_again(total, bills, unsure, day_numbers([state.as_of]))
    return again


def _largest_again(total: Total, bills: Arrays, unsure: Flags, days: Days) -> Whole:
    """Return one largest value of each customer concerned; mostly few are, so others' bills are not worked through."""
    plan = Plan((total,))
    mine = unsure[bills["customer"]]
    needed = {*plan.columns, *(f"{name}_known" for name in MASKED), LOW}
    numbers = np.cumsum(unsure, dtype=np.int32) - 1
    chosen = {name: values[mine] if name in needed else values[:0] for name, values in bills.items()}
    rows = rows_lasting(chosen | {"customer": numbers[bills["customer"][mine]]})
    return totals_of(plan, [rows], customers=int(unsure.sum()), days=days)[total.name][:, 0]


def _moved(total: Total, before: Whole, old: Whole, new: Whole) -> tuple[Whole, Flags]:
    """Move one total; and tell where it has to be looked for again."""
    if total.kind is Kind.SUM:
        after = before + (new - old)
        bounded(largest(after))
        return after, np.zeros(len(after), np.bool_)
    left = (old == before) & (before > NOTHING) & (new < before)
    return np.maximum(before, new), left


def _turning_tables(boundaries: Mapping[str, set[int]], days: Days) -> dict[str, tuple[int, Flags]]:
    """Return on which days of a bill one of its windows opens or closes after the first day, until the last."""
    start, end = (int(day) for day in days)
    tables = {}
    for name, ages in boundaries.items():
        first, last = start + 1 - max(ages), end - min(ages)
        table = np.zeros(last - first + 1, np.bool_)
        for age in ages:
            table[start + 1 - age - first : end - age - first + 1] = True
        tables[name] = first, table
    return tables


def _lengthened(values: Whole, total: Total, customers: int) -> Whole:
    if len(values) == customers:
        return values
    return np.concatenate([values, nothing(total, customers - len(values))])
