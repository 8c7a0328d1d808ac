"""A stand-in that gives a small book a first fact, so that it knows every day and every table of the whole book."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from creditscore.book import TABLES, Book
from creditscore.scoring.customer_facts import Tables

NAME = "~keeper"
FIRST_DAY = date(1900, 1, 1)


def kept(book: Book, tables: Tables) -> dict[str, pa.Table]:
    """Return those tables that the book has, with the stand-in among its customers, invoices and facilities."""
    days = dict.fromkeys(("issued_on", "due_on", "known_on"), FIRST_DAY)
    added = {
        "customers": {"customer_id": NAME, "known_on": FIRST_DAY},
        "invoices": {"invoice_id": NAME, "customer_id": NAME, "amount": 1, "currency": book.currency, **days},
        "facilities": {"facility_id": NAME, "customer_id": NAME, "purpose": "standard", "known_on": FIRST_DAY},
    }
    whole = dict(tables)
    for name, row in added.items():
        whole[name] = pa.concat_tables([tables.get(name, TABLES[name].schema.empty_table()), rows_of(name, [row])])
    return {name: table for name, table in whole.items() if book.has(name)}


def rows_of(name: str, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return rows in the columns of a table of the book; what a row leaves out is missing."""
    schema = TABLES[name].schema
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | dict(row) for row in rows], schema)
