"""Laws of ingest: nothing is lost, nothing is duplicated, nothing comes in that breaks a rule."""

import tempfile
from datetime import date
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

from creditscore.book import TABLES, Book, ingest, read_quarantine
from creditscore.book.mapping import parse_mapping

DAYS = st.sampled_from(["2013-01-02", "2013-01-05", "2013-02-30", "", "soon"])
LINES = st.lists(
    st.builds(
        lambda *values: ",".join(values),
        st.sampled_from(["1", "2", "3", ""]),
        st.sampled_from(["A", "B"]),
        DAYS,
        DAYS,
        st.sampled_from(["10", "-10", "0", "ten", "1e300"]),
        st.sampled_from(["", "2013-01-01", "2013-01-09", "2013-13-01"]),
        st.sampled_from(["2013-01-05", "2013-01-06", "2013-01-02"]),
    )
    | st.sampled_from(["too,few", "", "a,b,c,d,e,f,g,h"]),
    max_size=8,
)
MAPPING = parse_mapping(
    {
        "currency": "USD",
        "sources": {"ledger": {"file": "*.csv"}},
        "tables": {
            "customers": {
                "from": "ledger",
                "one_row_per": "who",
                "columns": {"customer_id": "who", "known_on": {"group_min": "known"}},
            },
            "invoices": {
                "from": "ledger",
                "columns": {
                    "invoice_id": "id",
                    "customer_id": "who",
                    "issued_on": "issued",
                    "due_on": "due",
                    "amount": "amount",
                    "known_on": "known",
                },
            },
            "payments": {
                "from": "ledger",
                "where": {"paid": {"present": True}},
                "columns": {
                    "payment_id": {"template": "{id}-1"},
                    "invoice_id": "id",
                    "paid_on": "paid",
                    "amount": "amount",
                    "known_on": "paid",
                },
            },
        },
    }
)
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def ingested(folder, lines, *, received_on):
    path = folder / "ledger.csv"
    path.write_text("\n".join(["id,who,issued,due,amount,paid,known", *lines]) + "\n")
    return ingest(path, MAPPING, book=folder / "book", quarantine=folder / "quarantine", received_on=received_on)


@pytest.mark.parametrize("files", [1, 2])
@FEW
@given(data=st.data())
def test_every_row_is_accepted_unchanged_or_quarantined_and_no_fact_is_there_twice(files, data):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [data.draw(LINES) for _ in range(files)]
        for number, lines in enumerate(sources):
            summary = ingested(folder, lines, received_on=date(2014, 1, 1 + number))
            for table in summary.tables:
                assert table.rows_in == table.rows_accepted + table.rows_unchanged + table.rows_quarantined
        before, listed = summary.fingerprint, read_quarantine(folder / "quarantine")
        for number, lines in enumerate(sources):
            again = ingested(folder, lines, received_on=date(2015, 1, 1 + number))
            if files == 1:
                assert not any(table.rows_accepted for table in again.tables)
                assert again.fingerprint == before
                assert read_quarantine(folder / "quarantine").equals(listed)
        book = Book.open(folder / "book")
        for contract in TABLES.values():
            rows = book.read(contract.name).select([*contract.key, "known_on"]).to_pylist()
            assert len({tuple(row.values()) for row in rows}) == len(rows)
        assert {row["invoice_id"] for row in book.read("payments").to_pylist()} <= {
            row["invoice_id"] for row in book.read("invoices").to_pylist()
        }
