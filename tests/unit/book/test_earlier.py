from datetime import date, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from creditscore.book import TABLES, Book, TableFate, book_as_seen, fates_since, prepared_receivables

DAY, LATER = date(2024, 3, 31), date(2024, 4, 1)
BILL = {"issued_on": date(2024, 1, 5), "due_on": date(2024, 2, 5), "amount": 100, "currency": "CNY"}


def table(name, *rows):
    blank = dict.fromkeys(TABLES[name].schema.names)
    return pa.Table.from_pylist([blank | row for row in rows], TABLES[name].schema)


def invoices(*numbers, known_on=DAY, **other):
    return table(
        "invoices",
        *(BILL | {"invoice_id": number, "customer_id": "C1", "known_on": known_on} | other for number in numbers),
    )


@pytest.fixture
def book(tmp_path):
    customers = table("customers", {"customer_id": "C1", "known_on": date(2024, 1, 1)})
    payments = table("payments", {"payment_id": "P1", "invoice_id": "I1", "amount": 5, "known_on": DAY})
    made = Book.create(tmp_path / "book", currency="CNY")
    return made.write({"customers": customers, "payments": payments, "invoices": invoices("I1", "I2")})


def grown(book, rows, name="invoices"):
    return book.write({name: pa.concat_tables([book.read(name), rows])}, added={name: rows})


def content(book):
    return {name: book.read(name).sort_by("known_on").to_pylist() for name in book.files}


def test_facts_that_are_known_later_leave_a_table_as_it_stood(book):
    later = grown(book, invoices("I3", known_on=LATER))
    assert set(fates_since(later, book.files, as_of=DAY).values()) == {TableFate.STANDS}
    with book_as_seen(later, book.files, as_of=DAY) as then:
        assert then is later


def test_facts_that_claim_to_have_been_known_are_taken_out_again(book):
    before = content(book)
    later = grown(grown(book, invoices("I3")), invoices("I1", known_on=date(2024, 2, 1), amount=7))
    later = grown(later, invoices("I4", known_on=LATER))
    assert fates_since(later, book.files, as_of=DAY)["invoices"] is TableFate.GREW
    with book_as_seen(later, book.files, as_of=DAY) as then:
        assert content(then) == before
        assert then.files == book.files  # the very bytes, for names hold the hash of the content
    assert later.read("invoices").num_rows == 5


def test_what_was_added_before_the_book_was_seen_stays(book):
    seen = grown(book, invoices("I3"))
    later = grown(seen, invoices("I4"))
    with book_as_seen(later, seen.files, as_of=DAY) as then:
        assert sorted(then.read("invoices")["invoice_id"].to_pylist()) == ["I1", "I2", "I3"]


def test_a_table_that_was_not_there_is_left_out(book):
    event = {"event_id": "E1", "customer_id": "C1", "occurred_on": DAY, "kind": "default", "known_on": DAY}
    later = book.write({"events": table("events", event)})
    assert fates_since(later, book.files, as_of=DAY)["events"] is TableFate.NEW
    with book_as_seen(later, book.files, as_of=DAY) as then:
        assert not then.has("events")


@pytest.mark.parametrize("how", ["removed", "altered", "known on another day"])
def test_a_past_that_does_not_stand_is_told(book, how):
    rows = book.read("invoices")
    changed = {
        "removed": rows.filter(pc.field("invoice_id") == "I1"),
        "altered": invoices("I1", "I2", amount=101),
        "known on another day": invoices("I1", "I2", known_on=DAY - timedelta(days=1)),
    }[how]
    later = book.write({"invoices": changed})
    assert fates_since(later, book.files, as_of=DAY)["invoices"] is TableFate.ALTERED
    with book_as_seen(later, book.files, as_of=DAY) as then:
        assert then.read("invoices").equals(later.read("invoices"))


def test_a_table_that_is_gone_is_told(book):
    files = {**book.files, "events": "events-0.parquet"}
    assert fates_since(book, files, as_of=DAY)["events"] is TableFate.GONE


def test_receivables_are_prepared_once_where_the_ledger_stands_and_anew_where_it_grew(book):
    made = prepared_receivables(book)
    more = grown(book, table("customers", {"customer_id": "C2", "known_on": DAY}), "customers")
    with book_as_seen(more, book.files, as_of=DAY) as then:
        assert prepared_receivables(then).resolve() == made.resolve()
    ledger = grown(more, invoices("I3"))
    with book_as_seen(ledger, book.files, as_of=DAY) as then:
        found = prepared_receivables(then)
        assert found.name == made.name
        assert found.read_bytes() == made.read_bytes()
        assert found.resolve() != made.resolve()
