"""Ingest: from a source in somebody else's names and formats to the tables of the book."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from creditscore.book.intake.candidates import Candidates, candidates_for
from creditscore.book.intake.checking import first_broken_rules
from creditscore.book.intake.conforming import Problems
from creditscore.book.intake.merging import Arrivals, Fate, merged
from creditscore.book.intake.reading import Origin, chosen, needed_columns
from creditscore.book.intake.rows import Rows
from creditscore.book.intake.shaping import shaped
from creditscore.book.intake.summary import IngestSummary, TableSummary
from creditscore.book.mapping import Mapping
from creditscore.book.quarantine import Quarantined, put_in_quarantine
from creditscore.book.rules import ROW
from creditscore.book.store import Book
from creditscore.book.tables import TABLES
from creditscore.domain import Progress, silent


def ingest(
    source: str | Path,
    mapping: Mapping,
    *,
    book: Path,
    quarantine: Path,
    received_on: date,
    progress: Progress = silent,
) -> IngestSummary:
    """Read a source as its mapping says, check the contracts, and merge what keeps them into the book.

    A fact is named by its key and dated by ``known_on``: ingesting a source again changes nothing, and corrected or
    additional sources add versions or facts. Rows that break a rule go to quarantine. The book is replaced in one step
    at the end, so a refused source or a killed run changes nothing.

    Parameters
    ----------
    source
        A file, a folder, or the SQLAlchemy URL of a database.
    mapping
        How the source becomes tables, see :func:`~creditscore.book.mapping.load_mapping`.
    book, quarantine
        Folders, made where there are none.
    received_on
        Day the source reached us: the ``known_on`` of facts whose mapping gives none, and of corrections.
    progress
        Listener.

    Returns
    -------
    IngestSummary
        Counts by table, never a name or an amount.

    Raises
    ------
    ContractError
        If a table as a whole is broken: an empty or unreadable file, a missing column, another currency.
    StoreError
        If a database cannot be read.
    """
    origin = Origin.of(source)
    names = chosen(origin, mapping)
    sources: dict[str, Rows] = {}
    for done, name in enumerate(names):
        progress("read", done, len(names))
        rows = origin.read(mapping.sources[name], needed=needed_columns(mapping, name))
        sources[name] = shaped(rows, mapping.sources[name])
    progress("read", len(names), len(names))
    desk = _Desk(Book.create(book, currency=mapping.currency), mapping, sources, received_on)
    tables = [name for name in TABLES if any(feed.source in sources for feed in mapping.tables.get(name, ()))]
    outcomes = []
    for done, name in enumerate(tables):
        progress("check", done, len(tables))
        outcomes.append(desk.take_in(name))
    progress("check", len(tables), len(tables))
    put_in_quarantine(quarantine, [row for outcome in outcomes for row in outcome.quarantined])
    accepted = [one for one in outcomes if one.summary.rows_accepted]
    kept = desk.book.write(
        {one.summary.table: one.table for one in accepted},
        added={one.summary.table: one.added for one in accepted},
    )
    return IngestSummary(tuple(outcome.summary for outcome in outcomes), kept.fingerprint, quarantine)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of the candidates of one table."""

    table: pa.Table
    summary: TableSummary
    quarantined: list[Quarantined]
    added: pa.Table


@dataclass(frozen=True, slots=True)
class _Desk:
    """Takes in one table after the other; those that the rules of others look at come first."""

    book: Book
    mapping: Mapping
    sources: dict[str, Rows]
    received_on: date
    tables: dict[str, pa.Table] = field(default_factory=dict)

    def facts(self, name: str) -> pa.Table:
        """Return a table with what was taken in so far."""
        if name not in self.tables:
            self.tables[name] = self.book.read(name)
        return self.tables[name]

    def take_in(self, name: str) -> _Outcome:
        """Check the candidates of a table and merge those that keep its rules."""
        contract = TABLES[name]
        candidates = candidates_for(contract, self.sources, mapping=self.mapping, received_on=self.received_on)
        table, fates = candidates.table, candidates.problems
        fine = fates == ""
        fates[fine] = first_broken_rules(table.filter(pa.array(fine)), contract, self.facts)
        fine = fates == ""
        arrivals = Arrivals(
            table.filter(pa.array(fine)).drop_columns([ROW]),
            files=candidates.files[fine],
            derived=candidates.derived[fine],
            received_on=self.received_on,
        )
        stored = len(self.facts(name))
        self.tables[name], fates[fine] = merged(self.facts(name), arrivals, contract)
        added = self.tables[name].slice(stored)
        rules = ~np.isin(fates, list(Fate))
        listed = candidates.quarantined(fates, rules, received_on=self.received_on)
        return _Outcome(self.tables[name], _summary(candidates, fates, listed), listed, added)


def _summary(candidates: Candidates, fates: Problems, listed: list[Quarantined]) -> TableSummary:
    counts = Counter(fates.tolist())
    return TableSummary(
        table=candidates.contract.name,
        rows_in=len(fates) + len(candidates.broken),
        rows_left_out=candidates.left_out,
        facts_new=counts[Fate.NEW],
        versions_new=counts[Fate.VERSION],
        corrections=counts[Fate.CORRECTION],
        rows_unchanged=counts[Fate.UNCHANGED],
        quarantined=dict(sorted(Counter(row.rule for row in listed).items())),
    )
