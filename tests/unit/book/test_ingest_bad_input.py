"""Bad input: a broken row is quarantined with its rule and key, a broken table is refused in words."""

import json

import pytest

from creditscore.errors import ContractError, StoreError

GOOD = "1,A,1/2/2013,2/1/2013,55.94,No,1/15/2013"


@pytest.mark.parametrize("content", [b"", b"\n \n"])
def test_an_empty_file_is_refused(desk, content):
    with pytest.raises(ContractError, match=r"'ledger.csv': It is empty\. Export it again"):
        desk.ingest(desk.receive("ledger.csv", content))
    assert not (desk.root / "book").exists()


def test_a_file_with_only_a_header_changes_nothing(desk):
    summary = desk.ingest(desk.ledger())
    assert [table.rows_in for table in summary.tables] == [0, 0, 0]


def test_a_missing_column_is_refused_by_name(desk):
    path = desk.receive("ledger.csv", "invoiceNumber,customerID\n1,A\n")
    with pytest.raises(
        ContractError, match=r"lacks the column Disputed, DueDate, InvoiceAmount and 2 more; it has invoice"
    ):
        desk.ingest(path)


def test_a_file_that_is_no_parquet_is_refused(desk, mapping_of_ledger):
    path = desk.receive("ledger.parquet", "not parquet")
    with pytest.raises(ContractError, match="empty or no Parquet"):
        desk.ingest(path, mapping_of_ledger(file="*.parquet"))


def test_a_truncated_gzip_is_refused(desk, mapping_of_ledger):
    path = desk.receive("ledger.csv.gz", b"\x1f\x8b\x08\x00")
    with pytest.raises(ContractError, match="cannot be read"):
        desk.ingest(path, mapping_of_ledger(file="*.gz"))


def test_a_column_named_twice_is_refused(desk):
    with pytest.raises(ContractError, match="names a twice"):
        desk.ingest(desk.receive("ledger.csv", "a,a\n1,2\n"))


def test_a_source_that_is_not_there_is_refused(desk):
    with pytest.raises(ContractError, match=r"There is no 'nowhere.csv'"):
        desk.ingest(desk.root / "nowhere.csv")


def test_a_folder_without_the_mapped_file_is_refused_unless_it_is_optional(desk, mapping_of_ledger):
    folder = desk.receive("other.txt", "x").parent
    with pytest.raises(ContractError, match=r"No file matches '\*.csv'"):
        desk.ingest(folder)
    with pytest.raises(ContractError, match="None of the mapping's sources is there"):
        desk.ingest(folder, mapping_of_ledger(optional=True))


def test_a_table_that_the_database_lacks_is_refused(desk, mapping_of_ledger):
    mapping = mapping_of_ledger()
    mapping["sources"]["ledger"] = {"table": "ledger"}
    with pytest.raises(StoreError, match="cannot be read"):
        desk.ingest(f"sqlite:///{desk.root / 'empty.db'}", mapping)


def test_another_currency_than_the_books_is_refused(desk, mapping_of_ledger):
    path = desk.ledger(GOOD)
    desk.ingest(path)
    with pytest.raises(ContractError, match="kept in USD, not in EUR"):
        desk.ingest(path, {**mapping_of_ledger(), "currency": "EUR"})


def test_a_table_of_one_row_is_enough(desk):
    desk.ingest(desk.ledger(GOOD))
    assert len(desk.rows("customers")) == len(desk.rows("invoices")) == len(desk.rows("payments")) == 1


def test_of_duplicate_ids_the_first_is_kept(desk):
    summary = desk.ingest(desk.ledger(GOOD, "1,A,1/2/2013,2/1/2013,99,No,", GOOD))
    assert [row["amount"] for row in desk.rows("invoices")] == [5594]
    assert summary.of("invoices").quarantined == {"each_fact_appears_once_per_knowledge_day": 2}
    assert {(row["key"], row["row_number"]) for row in desk.held() if row["table"] == "invoices"} == {
        ("1", 3),
        ("1", 4),
    }


def test_the_same_rows_in_two_overlapping_files_are_no_duplicates(desk):
    desk.ledger(GOOD, name="january.csv")
    folder = desk.ledger(GOOD, "2,A,1/3/2013,2/1/2013,1,No,", name="to_date.csv").parent
    summary = desk.ingest(folder)
    assert summary.of("invoices").rows_unchanged == 1
    assert desk.held() == []


def test_a_payment_before_its_invoice_is_quarantined(desk):
    desk.ingest(desk.ledger("1,A,1/2/2013,2/1/2013,10,No,12/31/2012"))
    assert desk.broken_rules() == {("payments", "nothing_is_paid_before_it_is_issued", "1-1", 2)}


def test_a_payment_without_an_invoice_is_quarantined_and_one_for_an_invoice_in_the_book_is_not(desk, mapping_of_ledger):
    desk.ingest(desk.ledger("1,A,1/2/2013,2/1/2013,10,No,"))
    mapping = mapping_of_ledger()
    mapping["tables"] = {"payments": mapping["tables"]["payments"]}
    later = desk.receive("paid.csv", "invoiceNumber,InvoiceAmount,SettledDate\n1,10,1/9/2013\n7,10,1/9/2013\n")
    desk.ingest(later, mapping)
    assert [row["payment_id"] for row in desk.rows("payments")] == ["1-1"]
    assert desk.broken_rules() == {("payments", "each_payment_has_a_known_invoice", "7-1", 3)}


def test_an_invoice_of_an_unknown_customer_is_quarantined(desk, mapping_of_ledger):
    mapping = mapping_of_ledger()
    del mapping["tables"]["customers"]
    desk.ingest(desk.ledger(GOOD), mapping)
    assert {rule for _, rule, _, _ in desk.broken_rules()} == {
        "each_invoice_has_a_known_customer",
        "each_payment_has_a_known_invoice",
    }


def test_a_customer_with_no_invoice_is_accepted(desk):
    mapping = {
        "currency": "USD",
        "sources": {"list": {"file": "customers.csv"}},
        "tables": {"customers": {"from": "list", "columns": {"customer_id": "id"}}},
    }
    desk.ingest(desk.receive("customers.csv", "id\nA\n"), mapping)
    assert [row["customer_id"] for row in desk.rows("customers")] == ["A"]


def test_a_negative_invoice_is_a_credit_note_but_a_zero_one_and_payments_that_bring_nothing_are_quarantined(desk):
    desk.ingest(
        desk.ledger(
            "1,A,1/2/2013,2/1/2013,-10,No,",
            "2,A,1/2/2013,2/1/2013,0,No,",
            "3,A,1/2/2013,2/1/2013,(12.50),No,1/3/2013",
        )
    )
    assert {row["invoice_id"]: row["amount"] for row in desk.rows("invoices")} == {"1": -1000, "3": -1250}
    assert desk.broken_rules() == {
        ("invoices", "no_invoice_is_zero", "2", 3),
        ("payments", "each_payment_is_positive", "3-1", 4),
    }


def test_a_day_or_an_amount_that_does_not_exist_is_quarantined_with_its_key_and_raw_row(desk):
    desk.ingest(
        desk.ledger("1,A,2/30/2013,3/30/2013,10,No,", "2,A,1/2/2013,2/1/2013,abc,No,", "3,A,1/2/2013,2/1/2013,1,?,")
    )
    assert desk.broken_rules() == {
        ("invoices", "each_date_exists", "1", 2),
        ("invoices", "each_amount_is_a_number", "2", 3),
        ("invoices", "each_flag_is_one_of_the_declared_words", "3", 4),
    }
    first = json.loads(desk.held()[0]["row"])
    assert (first["InvoiceDate"], first["InvoiceAmount"]) == ("2/30/2013", "10")


def test_a_missing_value_is_quarantined(desk):
    desk.ingest(desk.ledger("1,A,1/2/2013,,10,No,", ",A,1/2/2013,2/1/2013,10,No,"))
    assert desk.broken_rules() == {
        ("invoices", "each_required_value_is_there", "1", 2),
        ("invoices", "each_required_value_is_there", None, 3),
    }


def test_a_customer_without_any_readable_day_is_quarantined(desk):
    desk.ingest(desk.ledger("1,B,2/30/2013,3/30/2013,10,No,", "2,A,2/30/2013,3/30/2013,10,No,", GOOD))
    assert [row["customer_id"] for row in desk.rows("customers")] == ["A"]
    assert ("customers", "each_date_exists", "B", 2) in desk.broken_rules()


def test_a_line_in_another_encoding_is_quarantined_and_the_others_are_read(desk):
    lines = ["1,Zürich,1/2/2013,2/1/2013,10,No,".encode(), "2,Genève,1/2/2013,2/1/2013,10,No,".encode("latin-1")]
    header = b"invoiceNumber,customerID,InvoiceDate,DueDate,InvoiceAmount,Disputed,SettledDate"
    summary = desk.ingest(desk.receive("ledger.csv", b"\n".join([header, *lines, b"3,B,1/2/2013,2/1/2013,10,No,"])))
    assert {row["customer_id"] for row in desk.rows("invoices")} == {"Zürich", "B"}
    assert desk.broken_rules() == {("invoices", "each_line_is_in_the_declared_encoding", None, 3)}
    assert summary.of("invoices").rows_in == 3
    assert json.loads(desk.held()[0]["row"])["line"].startswith(r"2,Gen\xe8ve")


def test_a_line_with_too_few_values_is_quarantined_and_numbered_as_in_the_file(desk):
    desk.ingest(desk.ledger("", "1,A,1/2/2013", "", "2,A,1/2/2013,2/1/2013,0,No,"))
    assert desk.broken_rules() == {
        ("invoices", "each_line_has_as_many_values_as_the_header", None, 3),
        ("invoices", "no_invoice_is_zero", "2", 5),
    }


def test_no_message_tells_an_amount_or_a_name(desk, mapping_of_ledger):
    path = desk.receive("ledger.csv", '"Secret Ltd",123456\n"unclosed,1\n')
    with pytest.raises(ContractError) as refused:
        desk.ingest(path, mapping_of_ledger())
    assert "123456" not in refused.value.found.split("it has")[0]
