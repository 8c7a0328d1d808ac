"""Twins: the facts of customers under names of their own, in a small book with all that is around them.

A twin meets neither another twin nor the customer that the book has under its id, so many questions share a book.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book import TABLES, Book
from creditscore.scoring.customer_facts import ENDS, Tables

SERIES = ("macro", "industry")
IDS = {
    "customers": ("customer_id",),
    "invoices": ("invoice_id", "customer_id"),
    "payments": ("payment_id", "invoice_id"),
    "facilities": ("facility_id", "customer_id"),
    "events": ("event_id", "customer_id"),
    "statements": ("customer_id",),
}


@dataclass(frozen=True, slots=True)
class Twin:
    """A customer under a name of its own.

    Parameters
    ----------
    customer_id
        The customer.
    place
        Tells it from its other twins and from those of others.
    own
        For each table its rows, under the customer's own ids.
    """

    customer_id: str
    place: int
    own: Tables

    @property
    def name(self) -> str:
        """Its name in the small book."""
        return f"{self.customer_id}~{self.place}"

    def renamed(self, name: str) -> pa.Table:
        """Return its rows of a table under its name; every id of its own is marked alike."""
        table = self.own.get(name)
        if table is None:
            return TABLES[name].schema.empty_table()
        for column in IDS.get(name, ()):
            table = _replaced(table, column, pc.binary_join_element_wise(table[column], str(self.place), "~"))
        for column in ENDS if name == "links" else ():
            own = pc.equal(table[column], self.customer_id)
            table = _replaced(table, column, pc.if_else(own, self.name, table[column]))
        return table


def tables_of(twins: Sequence[Twin], around: Tables) -> dict[str, pa.Table]:
    """Return the tables of a book of twins and of what is around them."""
    names = {*around, *(name for twin in twins for name in twin.own)}
    return {
        name: pa.concat_tables(
            [around.get(name, TABLES[name].schema.empty_table()), *(twin.renamed(name) for twin in twins)]
        )
        for name in names
    }


@contextmanager
def small_book(whole: Book, tables: Mapping[str, pa.Table]) -> Iterator[Book]:
    """Open a book of some tables, and of the series that the whole book has; it is gone with the end of the block."""
    with TemporaryDirectory(prefix="creditscore-") as folder:
        small = Book.create(Path(folder) / "book", currency=whole.currency).write(tables)
        series = {name: whole.files[name] for name in SERIES if whole.has(name)}
        for file in series.values():
            (small.folder / file).symlink_to((whole.folder / file).resolve())
        yield replace(small, files={**small.files, **series})


def _replaced(table: pa.Table, column: str, values: pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(column), table.schema.field(column), values)
