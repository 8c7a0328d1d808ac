"""What an ingest did, in counts."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TableSummary:
    """Counts of one table; rows read = rows accepted + rows unchanged + rows quarantined.

    Parameters
    ----------
    table
        Name of the table.
    rows_in
        Rows offered to the table, after the mapping's ``where``, ``melt`` and ``one_row_per``.
    rows_left_out
        Rows that ``where`` left out, or that had no value in the column of ``one_row_per``.
    facts_new
        Facts whose key the book did not have.
    versions_new
        Versions of known facts that became known later.
    corrections
        Versions of known facts dated back by the source, and stored with the day of receipt.
    rows_unchanged
        Rows that told nothing new.
    quarantined
        Count of rows by the rule that they broke.
    """

    table: str
    rows_in: int
    rows_left_out: int
    facts_new: int
    versions_new: int
    corrections: int
    rows_unchanged: int
    quarantined: Mapping[str, int]

    @property
    def rows_accepted(self) -> int:
        """Rows that the book took in."""
        return self.facts_new + self.versions_new + self.corrections

    @property
    def rows_quarantined(self) -> int:
        """Rows that broke a rule."""
        return sum(self.quarantined.values())


@dataclass(frozen=True, slots=True)
class IngestSummary:
    """Counts of every table that was fed, the fingerprint of the book after it, and where the quarantine lies."""

    tables: tuple[TableSummary, ...]
    fingerprint: str
    quarantine: Path

    def of(self, table: str) -> TableSummary:
        """Return the counts of one table."""
        return next(one for one in self.tables if one.table == table)
