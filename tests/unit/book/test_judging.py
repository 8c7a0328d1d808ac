"""Facts without a mapping are judged as ingest judges them: the same rules, the same fates of versions."""

from datetime import date

import pyarrow as pa

from creditscore.book import TABLES, judged

DAY, LATER = date(2020, 1, 1), date(2020, 2, 1)
CUSTOMER = {"customer_id": "A", "known_on": DAY}
BILL = {"customer_id": "A", "issued_on": DAY, "due_on": LATER, "amount": 5, "currency": "USD", "known_on": DAY}
PAID = {"invoice_id": "1", "paid_on": DAY, "amount": 5, "known_on": DAY}


def judged_rows(**tables):
    return judged(
        {
            name: pa.Table.from_pylist(
                [dict.fromkeys(TABLES[name].schema.names) | row for row in rows], TABLES[name].schema
            )
            for name, rows in tables.items()
        }
    )


def test_a_broken_row_is_named_by_table_place_rule_and_column():
    found = judged_rows(
        customers=[CUSTOMER],
        invoices=[BILL | {"invoice_id": "1"}, BILL | {"invoice_id": "2", "due_on": date(2019, 1, 1)}],
        payments=[PAID | {"payment_id": "a"}, PAID | {"payment_id": "b", "amount": 0}],
    )
    assert [(one.table, one.row, one.rule, one.column) for one in found.broken] == [
        ("invoices", 1, "no_invoice_is_due_before_it_is_issued", None),
        ("payments", 1, "each_payment_is_positive", "amount"),
    ]
    assert {name: mask.tolist() for name, mask in found.kept.items()} == {
        "customers": [True],
        "invoices": [True, False],
        "payments": [True, False],
    }


def test_what_rests_on_a_broken_row_is_broken_too():
    found = judged_rows(
        customers=[CUSTOMER], invoices=[BILL | {"invoice_id": "1", "amount": 0}], payments=[PAID | {"payment_id": "a"}]
    )
    assert [(one.table, one.rule) for one in found.broken] == [
        ("invoices", "no_invoice_is_zero"),
        ("payments", "each_payment_has_a_known_invoice"),
    ]


def test_a_fact_has_one_version_a_day_and_one_that_says_the_same_again_is_none():
    again, changed = {"known_on": LATER}, {"known_on": LATER, "amount": 7}
    versions = [{"invoice_id": "1"}, {"invoice_id": "1"} | again, {"invoice_id": "2"}, {"invoice_id": "2"} | changed]
    twice = [{"invoice_id": "3"}, {"invoice_id": "3", "amount": 9}]
    found = judged_rows(customers=[CUSTOMER], invoices=[BILL | one for one in (*versions, *twice)])
    assert found.kept["invoices"].tolist() == [True, False, True, True, True, False]
    assert [(one.row, one.rule) for one in found.broken] == [(5, "each_fact_appears_once_per_knowledge_day")]
