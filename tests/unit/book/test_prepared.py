"""What is prepared of a book keeps money in whole units, however much it is."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq

from creditscore.book import SPAN_COLUMNS, TABLES, Book, prepared_receivables
from creditscore.book.spans import SPAN_SCHEMA

ODD = 2**53 + 1  # the smallest amount that a float does not keep
DAY = date(2024, 1, 1)
BILL = {"invoice_id": "I1", "customer_id": "C1", "issued_on": DAY, "due_on": DAY, "amount": ODD, "currency": "CNY"}
SETTLED = {"payment_id": "P1", "invoice_id": "I1", "paid_on": DAY, "amount": ODD}


def table(name, row):
    whole = dict.fromkeys(TABLES[name].schema.names) | row | {"known_on": DAY}
    return pa.Table.from_pylist([whole], TABLES[name].schema)


def test_an_invoice_that_is_paid_is_paid_to_the_last_unit(tmp_path):
    tables = {"invoices": table("invoices", BILL), "payments": table("payments", SETTLED)}
    book = Book.create(tmp_path, currency="CNY").write(tables)
    (span,) = pq.read_table(prepared_receivables(book)).to_pylist()
    assert span["paid_amount"] == span["amount"] == ODD
    assert span["payment_count"] == 1


def test_the_prepared_file_has_the_schema_that_every_engine_reads(tmp_path):
    book = Book.create(tmp_path, currency="CNY").write({"invoices": table("invoices", BILL)})
    schema = pq.read_schema(prepared_receivables(book))
    assert tuple(schema.names) == SPAN_COLUMNS
    assert schema.types == SPAN_SCHEMA.types
