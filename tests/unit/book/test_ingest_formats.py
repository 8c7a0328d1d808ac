"""Sources in somebody else's formats, as small made-up extracts."""

import gzip
import sqlite3
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

INVOICE = "1,A,{0},{1},{2},No,"


def amounts(desk):
    return [row["amount"] for row in desk.rows("invoices")]


def test_a_day_first_file_with_decimal_commas_is_read_as_declared(desk, mapping_of_ledger):
    path = desk.ledger(
        "1;A;03/04/2013;03.05.2013;1.234,50;Nein;",
        "2;A;03/04/2013;03.05.2013;12.5;Ja;",
        header="invoiceNumber;customerID;InvoiceDate;DueDate;InvoiceAmount;Disputed;SettledDate",
    )
    formats = {"delimiter": ";", "dates": ["%d/%m/%Y", "%d.%m.%Y"], "decimal": ",", "thousands": "."}
    desk.ingest(path, mapping_of_ledger(**formats, true_words=["ja"], false_words=["nein"]))
    (row,) = desk.rows("invoices")
    assert (row["issued_on"], row["due_on"], row["amount"]) == (date(2013, 4, 3), date(2013, 5, 3), 123450)
    assert row["disputed_flag"] is False
    assert desk.broken_rules() == {("invoices", "each_amount_is_a_number", "2", 3)}


def test_of_several_date_formats_the_first_that_fits_holds(desk, mapping_of_ledger):
    path = desk.ledger(INVOICE.format("2013-01-02", "5/2/2013", "1"))
    desk.ingest(path, mapping_of_ledger(dates=["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y"]))
    assert desk.rows("invoices")[0]["due_on"] == date(2013, 2, 5)


def test_a_gbk_ledger_of_vat_invoices_leaves_void_ones_out_and_takes_negative_ones(desk):
    text = (
        "企业代号,发票号码,开票日期,购方单位代号,价税合计,发票状态\n"
        "E1,11,2017/8/4,B1,11000.0,有效发票\nE1,12,2017/8/9,B2,-2680.0,有效发票\nE1,13,2017/8/9,B2,90,作废发票\n"
    )
    mapping = {
        "currency": "CNY",
        "sources": {"sold": {"file": "*.csv.gz", "encoding": "gbk", "dates": "%Y/%m/%d"}},
        "tables": {
            "customers": {
                "from": "sold",
                "one_row_per": "购方单位代号",
                "columns": {"customer_id": "购方单位代号", "known_on": {"group_min": "开票日期"}},
            },
            "invoices": {
                "from": "sold",
                "where": {"发票状态": {"one_of": "有效发票"}},
                "columns": {
                    "invoice_id": {"template": "{企业代号}-{发票号码}"},
                    "customer_id": "购方单位代号",
                    "issued_on": "开票日期",
                    "due_on": {"column": "开票日期", "plus_days": 30},
                    "amount": "价税合计",
                    "known_on": "开票日期",
                },
            },
        },
    }
    summary = desk.ingest(desk.receive("sold.csv.gz", gzip.compress(text.encode("gbk"))), mapping)
    assert summary.of("invoices").rows_left_out == 1
    assert [(row["invoice_id"], row["amount"], row["due_on"]) for row in desk.rows("invoices")] == [
        ("E1-11", 1100000, date(2017, 9, 3)),
        ("E1-12", -268000, date(2017, 9, 8)),
    ]


def test_an_sql_database_gives_the_same_book_as_a_file(desk, mapping_of_ledger):
    from_file = desk.ingest(desk.ledger("1,A,1/2/2013,2/1/2013,55.94,No,1/15/2013")).fingerprint
    database = desk.root / "ledger.db"
    with sqlite3.connect(database) as connection:
        connection.execute(
            "create table ledger (invoiceNumber int, customerID text, InvoiceDate text, DueDate text, "
            "InvoiceAmount real, Disputed text, SettledDate text)"
        )
        connection.execute("insert into ledger values (1, 'A', '2013-01-02', '2013-02-01', 55.94, 'No', '2013-01-15')")
    connection.close()
    mapping = mapping_of_ledger()
    for origin in ({"table": "ledger"}, {"table": "main.ledger"}, {"query": "select * from ledger"}):
        mapping["sources"]["ledger"] = origin
        assert desk.ingest(f"sqlite:///{database}", mapping).fingerprint == from_file


def test_a_parquet_source_with_typed_columns_is_read_without_formats(desk):
    path = desk.root / "loans.parquet"
    loans = {
        "row": [7, 8],
        "naics": [722511.0, float("nan")],
        "approved": [date(1998, 8, 31), date(1999, 1, 5)],
        "months": [6, 240],
        "gross": [166000, 117000],
        "status": ["CHGOFF", "PIF"],
        "charged_off": [date(2001, 2, 3), None],
        "lost": [1000.5, 0.0],
    }
    pq.write_table(pa.table(loans), path)
    mapping = {
        "currency": "USD",
        "sources": {"loans": {"file": "*.parquet"}},
        "tables": {
            "customers": {
                "from": "loans",
                "columns": {
                    "customer_id": {"template": "B{row}"},
                    "industry_code": {"column": "naics", "characters": 2, "if_missing": "00"},
                    "known_on": "approved",
                },
            },
            "facilities": {
                "from": "loans",
                "columns": {
                    "facility_id": "row",
                    "customer_id": {"template": "B{row}"},
                    "granted_on": "approved",
                    "expires_on": {"column": "approved", "plus_months": "months"},
                    "limit_amount": "gross",
                    "term_days": {"column": "months", "scale": 30},
                    "purpose": {"constant": "standard"},
                    "known_on": "approved",
                },
            },
            "events": {
                "from": "loans",
                "where": {"charged_off": {"present": True}},
                "columns": {
                    "event_id": {"template": "{row}-charge-off"},
                    "customer_id": {"template": "B{row}"},
                    "occurred_on": "charged_off",
                    "kind": {"column": "status", "values": {"CHGOFF": "write_off"}},
                    "amount": "lost",
                    "known_on": "charged_off",
                },
            },
        },
    }
    desk.ingest(path, mapping)
    assert [row["industry_code"] for row in desk.rows("customers")] == ["72", "00"]
    assert [(row["expires_on"], row["term_days"], row["limit_amount"]) for row in desk.rows("facilities")] == [
        (date(1999, 2, 28), 180, 16_600_000),
        (date(2019, 1, 5), 7200, 11_700_000),
    ]
    assert [(row["event_id"], row["kind"], row["amount"]) for row in desk.rows("events")] == [
        ("7-charge-off", "write_off", 100_050)
    ]


def test_a_value_outside_the_value_map_is_quarantined_unless_there_is_an_otherwise(desk, mapping_of_ledger):
    mapping = mapping_of_ledger()
    disputed = {"column": "Disputed", "values": {"contested": "yes"}}
    mapping["tables"]["invoices"]["columns"]["disputed_flag"] = disputed
    path = desk.ledger("1,A,1/2/2013,2/1/2013,1,contested,", "2,A,1/2/2013,2/1/2013,1,settled,")
    desk.ingest(path, mapping)
    assert desk.broken_rules() == {("invoices", "each_value_is_in_the_value_map", "2", 3)}
    mapping["tables"]["invoices"]["columns"]["disputed_flag"] = {**disputed, "otherwise": "no"}
    desk.ingest(path, mapping)
    assert [row["disputed_flag"] for row in desk.rows("invoices")] == [True, False]


def test_amounts_are_converted_to_minor_units_of_the_books_currency_and_rounded_half_to_even(desk, mapping_of_ledger):
    mapping = mapping_of_ledger()
    mapping["rates"] = {"JPY": 0.005, "BHD": 2.5}
    mapping["tables"]["invoices"]["currency"] = {"column": "Currency"}
    lines = [
        f"{number},A,1/2/2013,2/1/2013,{amount},No,,{code}"
        for number, (amount, code) in enumerate(
            [("100.25", "USD"), ("1001", "JPY"), ("1003", "jpy"), ("1.234", "BHD"), ("5", "XYZ"), ("7", "")]
        )
    ]
    desk.ingest(
        desk.ledger(
            *lines, header="invoiceNumber,customerID,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate,Currency"
        ),
        mapping,
    )
    assert amounts(desk) == [10025, 500, 502, 308]
    assert {row["currency"] for row in desk.rows("invoices")} == {"USD"}
    assert desk.broken_rules() == {
        ("invoices", "each_currency_has_a_rate", "4", 6),
        ("invoices", "each_currency_has_a_rate", "5", 7),
    }


@pytest.mark.parametrize(("currency", "expected"), [("USD", 5594), ("JPY", 559400)])
def test_amounts_in_minor_units_are_taken_as_they_are(desk, mapping_of_ledger, currency, expected):
    mapping = mapping_of_ledger()
    mapping["rates"] = {"JPY": 1}
    mapping["tables"]["invoices"] |= {"currency": currency, "amounts": "minor"}
    desk.ingest(desk.ledger(INVOICE.format("1/2/2013", "2/1/2013", "5594")), mapping)
    assert amounts(desk) == [expected]


def test_an_amount_too_large_to_be_exact_is_quarantined(desk):
    desk.ingest(desk.ledger(INVOICE.format("1/2/2013", "2/1/2013", "1e15")))
    assert {rule for _, rule, _, _ in desk.broken_rules()} == {"each_amount_is_small_enough_to_be_exact"}


def test_a_wide_file_of_monthly_series_becomes_long_and_its_transform_codes_stay_out(desk):
    text = "sasdate,INDPRO,UNRATE\nTransform:,5,2\n1/1/1959,22.0,6\n2/1/1959,,5.9\n,,\n"
    mapping = {
        "currency": "USD",
        "sources": {
            "fred": {
                "file": "fred*.csv",
                "dates": "%m/%d/%Y",
                "where": {"sasdate": {"not_one_of": "Transform:"}},
                "melt": {"keep": "sasdate", "names_to": "series", "values_to": "value"},
            }
        },
        "tables": {
            "macro": {
                "from": "fred",
                "columns": {
                    "series": "series",
                    "period_end_on": {"column": "sasdate", "month_end": True},
                    "value": "value",
                    "known_on": {"column": "sasdate", "month_end": True, "plus_days": 30},
                },
            }
        },
    }
    desk.ingest(desk.receive("fred.csv", text), mapping)
    assert [tuple(row.values()) for row in desk.rows("macro")] == [
        ("INDPRO", date(1959, 1, 31), 22.0, date(1959, 3, 2)),
        ("UNRATE", date(1959, 1, 31), 6.0, date(1959, 3, 2)),
        ("UNRATE", date(1959, 2, 28), 5.9, date(1959, 3, 30)),
    ]


def test_a_block_of_industry_returns_is_cut_out_of_its_file(desk):
    text = (
        "Some preamble\n\nDate,Agric,Food \n192607,   2.64, -99.99\n198501,   0.37,   3.95\n\n Annual returns\nx,y,z\n"
    )
    mapping = {
        "currency": "USD",
        "sources": {
            "ff": {
                "file": "*.CSV",
                "skip_lines": 2,
                "stop_at": "",
                "dates": "%Y%m",
                "missing": ["-99.99"],
                "where": {"Date": {"since": "1926-01-01", "before": "2000-01-01"}},
                "melt": {"keep": "Date", "names_to": "industry", "values_to": "return"},
            }
        },
        "tables": {
            "industry": {
                "from": "ff",
                "columns": {
                    "industry_code": "industry",
                    "series": {"constant": "return"},
                    "period_end_on": {"column": "Date", "month_end": True},
                    "value": {"column": "return", "scale": 0.01},
                    "known_on": {"column": "Date", "month_end": True, "plus_days": 1},
                },
            }
        },
    }
    desk.ingest(desk.receive("FF.CSV", text), mapping)
    assert [(row["industry_code"], row["period_end_on"], row["value"]) for row in desk.rows("industry")] == [
        ("Agric", date(1926, 7, 31), pytest.approx(0.0264)),
        ("Agric", date(1985, 1, 31), pytest.approx(0.0037)),
        ("Food", date(1985, 1, 31), pytest.approx(0.0395)),
    ]


def test_a_file_without_a_header_takes_its_names_from_the_mapping(desk, mapping_of_ledger):
    names = "invoiceNumber,customerID,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate"
    path = desk.receive("ledger.csv", "1,A,1/2/2013,2/1/2013,0,No,\n")
    desk.ingest(path, mapping_of_ledger(header=names.split(",")))
    assert desk.broken_rules() == {("invoices", "no_invoice_is_zero", "1", 1)}


def test_the_later_of_two_days_can_be_the_day_of_knowledge(desk, mapping_of_ledger):
    mapping = mapping_of_ledger()
    mapping["tables"]["payments"]["columns"]["known_on"] = {"latest_of": ["SettledDate", "DueDate"], "plus_days": 1}
    desk.ingest(desk.ledger("1,A,1/2/2013,2/1/2013,1,No,1/9/2013"), mapping)
    assert [row["known_on"] for row in desk.rows("payments")] == [date(2013, 2, 2)]


def test_a_shift_that_is_no_number_is_quarantined(desk, mapping_of_ledger):
    mapping = mapping_of_ledger()
    mapping["tables"]["invoices"]["columns"]["due_on"] = {"column": "InvoiceDate", "plus_days": "Term"}
    lines = ["1,A,1/2/2013,30,1,No,", "2,A,1/2/2013,thirty,1,No,"]
    header = "invoiceNumber,customerID,InvoiceDate,Term,InvoiceAmount,Disputed,SettledDate"
    desk.ingest(desk.ledger(*lines, header=header), mapping)
    assert [row["due_on"] for row in desk.rows("invoices")] == [date(2013, 2, 1)]
    assert desk.broken_rules() == {("invoices", "each_value_is_a_number", "2", 3)}


def test_a_value_with_a_comma_and_a_line_break_in_quotes_is_one_value(desk):
    desk.ingest(desk.ledger('1,"A, and\nsons",1/2/2013,2/1/2013,0,No,'))
    assert desk.broken_rules() == {("invoices", "no_invoice_is_zero", "1", 2)}
    assert [row["customer_id"] for row in desk.rows("customers")] == ["A, and\nsons"]
