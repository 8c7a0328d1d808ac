"""A book of three customers, small enough to follow by eye."""

from datetime import date, timedelta

import pyarrow as pa
import pytest

from creditscore.book import TABLES, Book


@pytest.fixture
def table():
    """Return a function that makes a table of the book from rows, columns not given missing."""

    def make(name, rows):
        schema = TABLES[name].schema
        return pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema=schema)

    return make


@pytest.fixture
def ledger_book(tmp_path, table):
    """A and B are known from January 2022, C from June; B pays nothing from July 2022 on; invoices end in June 2023."""
    customers = [
        {"customer_id": "A", "industry_code": "I1", "region": "N", "known_on": date(2022, 1, 10)},
        {"customer_id": "A", "industry_code": "I2", "region": "N", "known_on": date(2022, 9, 10)},
        {"customer_id": "B", "industry_code": "I1", "region": "S", "known_on": date(2022, 1, 10)},
        {"customer_id": "C", "industry_code": "I2", "region": "S", "known_on": date(2022, 6, 15)},
    ]
    months = [date(2022 + index // 12, index % 12 + 1, 15) for index in range(18)]
    owed = [(customer, day) for customer in "ABC" for day in months if customer != "C" or day >= date(2022, 6, 15)]
    invoices = [
        {
            "invoice_id": f"{customer}{day:%y%m}",
            "customer_id": customer,
            "issued_on": day,
            "due_on": day + timedelta(days=30),
            "amount": 500_000,
            "currency": "EUR",
            "known_on": day,
        }
        for customer, day in owed
    ]
    payments = [
        {
            "payment_id": f"P{customer}{day:%y%m}",
            "invoice_id": f"{customer}{day:%y%m}",
            "paid_on": day + timedelta(days=25),
            "amount": 500_000,
            "known_on": day + timedelta(days=25),
        }
        for customer, day in owed
        if customer != "B" or day < date(2022, 7, 1)
    ]
    book = Book.create(tmp_path / "book", currency="EUR")
    return book.write(
        {
            "customers": table("customers", customers),
            "invoices": table("invoices", invoices),
            "payments": table("payments", payments),
        }
    )
