"""The snapshot of a day from the state that is carried from day to day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import numpy as np
import pandas as pd
import pyarrow as pa

from creditscore.book import Book, Relations
from creditscore.domain import Progress, silent
from creditscore.features.catalogue import catalogue, distinct
from creditscore.features.daily.disk import let_go
from creditscore.features.daily.folder import StateFolder
from creditscore.features.daily.ledger_facts import COLUMNS, MASKED
from creditscore.features.daily.shelf import Arrays
from creditscore.features.daily.state import LedgerState
from creditscore.features.definition import Feature
from creditscore.features.evaluation import Values, evaluate
from creditscore.features.ledger.finish import finished
from creditscore.features.ledger.kernels import Whole
from creditscore.features.ledger.plan import rows_table
from creditscore.features.ledger.reading import day_numbers
from creditscore.features.observations import customers_by_day, first_known
from creditscore.features.relations import Facts, OpenReceivables
from creditscore.features.whole_days import LedgerPlan, plan_ledger

CUSTOMERS_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Day:
    """A day's snapshot, and the state that it was made from.

    Parameters
    ----------
    snapshot
        The frame that :func:`creditscore.features.snapshot` returns for the day, to the bit.
    state
        The state.
    """

    snapshot: pd.DataFrame
    state: LedgerState


def serves(book: Book, features: Sequence[Feature]) -> bool:
    """Tell whether a state serves: the book has invoices, and no feature asks an open receivable for its id.

    The state keeps of an id only what tells one invoice from another.
    """
    open_ones = [one for one in features if issubclass(one.relation, OpenReceivables)]
    reads = {field.name for one in open_ones for field in one(one.relation(rows_table())).op().find(ops.Field)}
    return book.has("invoices") and not reads & {"invoice_id", "known_on"}


def snapshot_by_state(
    book: Book, *, as_of: date, folder: Path, features: Sequence[Feature] | None = None, progress: Progress = silent
) -> Day:
    """Return the snapshot of a day by advancing the state kept in ``folder``, so that it costs a day and not history.

    Where the folder holds no state that can be advanced, one is built from the book, which costs about two snapshots.

    Parameters
    ----------
    book
        The book, with invoices and customers.
    as_of
        Last day whose information may be used.
    folder
        Where the states of the last days are kept; made where there is none.
    features
        Features wanted; the whole catalogue by default.
    progress
        Told after each part.

    Raises
    ------
    ParameterError
        If ``as_of`` lies before the book's first fact.
    OSError
        If the folder cannot be written.
    TooWide
        If amounts are so large that a sum might not fit into 64 bits.
    """
    wanted = catalogue() if features is None else distinct(features)
    planned = plan_ledger(wanted, has=lambda *names: all(map(book.has, names)))
    with book.relations() as relations:
        known = first_known(relations)
        pairs = customers_by_day(known, days=[as_of], book=book)
        progress("state", 0, 1)
        state = StateFolder(folder).state_of(book, planned.plan, as_of)
        progress("state", 1, 1)
        values, totals = _read(state, planned, pd.Index(pairs["customer_id"]), as_of)
        rest = [feature for feature in wanted if feature.name not in values]
        facts = StandingFacts(relations, as_of, state)
        found = planned.position_totals(totals)
        values |= evaluate(facts, pairs, rest, totals=found, progress=progress)
    columns = {feature.name: values[feature.name] for feature in wanted}
    return Day(pd.DataFrame({"customer_id": pairs["customer_id"], "as_of": pairs["as_of"], **columns}), state)


def _read(state: LedgerState, planned: LedgerPlan, customers: pd.Index, as_of: date) -> tuple[Values, dict[str, Whole]]:
    """Read features and the totals of positions for some customers."""
    places = state.customers.get_indexer(customers)
    values: Values = {name: np.empty(len(customers)) for name in planned.plan.finals}
    for start in range(0, len(customers), CUSTOMERS_AT_ONCE):
        chosen = slice(start, start + CUSTOMERS_AT_ONCE)
        totals = {name: column[:, None] for name, column in state.of(places[chosen]).items()}
        for name, found in finished(planned.plan, totals, days=day_numbers([as_of])).items():
            values[name][chosen] = found[:, 0]
    return values, state.of(places)


class StandingFacts(Facts):
    """The facts of one day, whose open receivables are those of the state.

    Parameters
    ----------
    relations
        The open book.
    as_of
        The day.
    state
        Its state.
    """

    def __init__(self, relations: Relations, as_of: date, state: LedgerState) -> None:
        super().__init__(relations, as_of, as_of)
        self._state = state

    @cached_property
    def open_receivables(self) -> ir.Table:
        """The open receivables, without a look at the ledger."""
        tables = [_table(bills, self._state.customers) for bills in self._state.open_bills()]
        let_go(self._state.bills)
        return self.keep("open_receivables", ibis.memtable(pa.concat_tables(tables)))


def _table(bills: Arrays, customers: pd.Index) -> pa.Table:
    columns: dict[str, pa.Array] = {
        "customer_id": pa.array(customers.to_numpy()[bills["customer"]], pa.string()),
        "superseded_on": pa.nulls(len(bills["customer"]), pa.date32()),
    }
    for name in ("known_on", *COLUMNS):
        missing = ~bills[f"{name}_known"] if name in MASKED else None
        column = pa.array(bills[name], mask=missing)
        columns[name] = column.cast(pa.date32()) if name.endswith("_on") else column
    return pa.table(columns)
