"""What the book learned of the ledger between two days."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

import duckdb
import pandas as pd
import pyarrow as pa

from creditscore.features.daily.ledger_facts import BILL, PAYMENT, bill_arrays, numbered, plain
from creditscore.features.daily.shelf import Arrays, latest, nothing_of

ROWS_AT_ONCE = 500_000
KEY = "md5_number_lower({0}) AS {1}_low, md5_number_upper({0}) AS {1}_high"
SELECTED = {
    "invoices": f"{KEY.format('invoice_id', 'key')}, customer_id, known_on, issued_on, due_on, amount, disputed_flag",
    "payments": f"{KEY.format('payment_id', 'key')}, {KEY.format('invoice_id', 'bill')}, known_on, paid_on, amount",
}


@dataclass(frozen=True, slots=True)
class News:
    """The latest versions of the facts of which something became known.

    Parameters
    ----------
    customers
        Ids of all customers by number, new ones at the end.
    bills
        Invoices, of whose payments nothing is said yet.
    payments
        Payments.
    """

    customers: pd.Index
    bills: Arrays
    payments: Arrays

    @classmethod
    def of(cls, files: Mapping[str, Sequence[Path]], customers: pd.Index, *, after: date, until: date) -> Self:
        """Read what became known in ``(after, until]``.

        Parameters
        ----------
        files
            The files of invoices and of payments in which to look.
        customers
            Customers known so far.
        after, until
            The days.
        """
        window = {"after": after, "until": until}
        bills, payments = nothing_of(BILL), nothing_of(PAYMENT)
        invoices = list(facts_of(files["invoices"], "invoices", **window))
        if invoices:
            table = pa.concat_tables(invoices)
            customers, numbers = numbered(table["customer_id"], customers)
            bills = bill_arrays(table, numbers)
        paid = list(facts_of(files["payments"], "payments", **window))
        if paid:
            payments = payments_of(pa.concat_tables(paid))
        return cls(customers, latest(bills), latest(payments))


def facts_of(files: Sequence[Path], name: str, *, after: date, until: date) -> Iterator[pa.Table]:
    """Give facts that became known in ``(after, until]``, piece by piece, with the halves of the MD5 of their ids."""
    if not files:
        return
    days = f"known_on > DATE '{after}' AND known_on <= DATE '{until}'"
    query = f"SELECT {SELECTED[name]} FROM read_parquet(?) WHERE {days}"  # noqa: S608 - own names and days
    with duckdb.connect() as connection:
        reader = connection.sql(query, params=[[str(path) for path in files]]).to_arrow_reader(ROWS_AT_ONCE)
        for batch in reader:
            yield pa.Table.from_batches([batch])


def payments_of(table: pa.Table) -> Arrays:
    """Return payments as arrays."""
    return {name: plain(table[name]) for name in PAYMENT}
