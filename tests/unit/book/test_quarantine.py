from datetime import date

from creditscore.book import read_quarantine
from creditscore.book.quarantine import Quarantined, put_in_quarantine


def broken(row="{}", table="invoices", day=date(2020, 1, 1)):
    return Quarantined(table, "no_invoice_is_zero", "1", "ledger.csv", 2, day, row)


def test_an_empty_quarantine_is_a_table_without_rows(tmp_path):
    assert read_quarantine(tmp_path / "none").num_rows == 0


def test_a_row_is_listed_once_with_the_day_it_came_first(tmp_path):
    put_in_quarantine(tmp_path, [broken()])
    put_in_quarantine(tmp_path, [broken(day=date(2021, 1, 1))])
    assert read_quarantine(tmp_path)["received_on"].to_pylist() == [date(2020, 1, 1)]


def test_a_row_that_stands_twice_in_a_source_is_listed_twice_however_often_it_comes(tmp_path):
    for _ in range(3):
        put_in_quarantine(tmp_path, [broken(), broken()])
    assert read_quarantine(tmp_path).num_rows == 2


def test_tables_lie_apart_and_nothing_else_is_left_in_the_folder(tmp_path):
    put_in_quarantine(tmp_path, [broken(), broken(table="payments")])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["invoices.parquet", "payments.parquet"]
