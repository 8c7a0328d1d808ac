"""Each rule holds for a row that keeps it and fails for one that breaks it."""

import inspect
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from creditscore.book import TABLES
from creditscore.book.intake.checking import first_broken_rules
from creditscore.book.rules import ROW, RULES

DAY, LATER = date(2020, 1, 1), date(2020, 2, 1)
FINE = {
    "customers": {"customer_id": "A", "known_on": DAY},
    "invoices": {
        "invoice_id": "1",
        "customer_id": "A",
        "issued_on": DAY,
        "due_on": DAY,
        "amount": 1,
        "currency": "USD",
        "known_on": DAY,
    },
    "payments": {"payment_id": "1-1", "invoice_id": "1", "paid_on": DAY, "amount": 1, "known_on": DAY},
    "facilities": {"facility_id": "f", "customer_id": "A", "purpose": "standard", "known_on": DAY},
    "events": {"event_id": "e", "customer_id": "A", "occurred_on": DAY, "kind": "default", "known_on": DAY},
    "links": {"source_id": "A", "target_id": "B", "kind": "owns", "since_on": LATER, "known_on": DAY},
    "statements": {"customer_id": "A", "period_end_on": DAY, "item": "assets", "value": 1.0, "known_on": DAY},
    "macro": {"series": "cpi", "period_end_on": DAY, "value": 1.0, "known_on": DAY},
    "industry": {"industry_code": "72", "series": "return", "period_end_on": DAY, "value": 1.0, "known_on": DAY},
}
BROKEN = [
    ("customers", {"known_on": None}, "each_required_value_is_there"),
    ("macro", {"value": float("inf")}, "each_number_is_finite"),
    ("customers", {"founded_on": LATER}, "no_company_is_founded_after_it_is_known"),
    ("customers", {"registered_capital_amount": -1}, "no_capital_is_negative"),
    ("invoices", {"customer_id": "Z"}, "each_invoice_has_a_known_customer"),
    ("invoices", {"amount": 0}, "no_invoice_is_zero"),
    ("invoices", {"due_on": date(2019, 12, 31)}, "no_invoice_is_due_before_it_is_issued"),
    ("invoices", {"issued_on": LATER, "due_on": LATER}, "no_invoice_is_known_before_it_is_issued"),
    ("payments", {"amount": -1}, "each_payment_is_positive"),
    ("payments", {"invoice_id": "9"}, "each_payment_has_a_known_invoice"),
    ("payments", {"paid_on": date(2019, 12, 31)}, "nothing_is_paid_before_it_is_issued"),
    ("payments", {"paid_on": LATER}, "no_payment_is_known_before_it_is_made"),
    ("facilities", {"customer_id": "Z"}, "each_facility_has_a_known_customer"),
    ("facilities", {"purpose": "gift"}, "each_purpose_is_one_of_the_three"),
    ("facilities", {"granted_on": DAY, "expires_on": date(2019, 1, 1)}, "no_facility_expires_before_it_is_granted"),
    ("facilities", {"granted_on": LATER}, "no_facility_is_known_before_it_is_granted"),
    ("facilities", {"limit_amount": 5, "term_days": -1}, "no_limit_or_term_is_negative"),
    ("events", {"customer_id": "Z"}, "each_event_has_a_known_customer"),
    ("events", {"occurred_on": LATER}, "no_event_is_known_before_it_happens"),
    ("events", {"severity": 1.1}, "each_severity_lies_between_0_and_1"),
    ("links", {"kind": "likes"}, "each_link_is_of_a_known_kind"),
    ("links", {"target_id": "A"}, "no_company_is_linked_to_itself"),
    ("links", {"share_ratio": 51.0}, "each_share_lies_between_0_and_1"),
    ("links", {"until_on": DAY}, "no_link_ends_before_it_begins"),
    ("statements", {"customer_id": "Z"}, "each_statement_has_a_known_customer"),
    ("statements", {"period_end_on": LATER}, "no_period_is_known_before_it_ends"),
    ("industry", {"period_end_on": LATER}, "no_period_is_known_before_it_ends"),
]


def rows(table, *values):
    contract = TABLES[table]
    filled = [{name: value.get(name) for name in contract.schema.names} for value in values]
    return pa.Table.from_pylist(filled, contract.schema)


def judged(table, *values):
    candidates = rows(table, *values).append_column(ROW, pa.array(np.arange(len(values))))
    return first_broken_rules(candidates, TABLES[table], lambda name: rows(name, FINE[name])).tolist()


@pytest.mark.parametrize(("table", "change", "rule"), BROKEN)
def test_a_row_that_breaks_a_rule_is_told_from_one_that_keeps_it(table, change, rule):
    assert judged(table, FINE[table], FINE[table] | change) == ["", rule]


def test_every_rule_of_every_table_is_broken_by_some_row_above():
    stated = {rule.__name__ for rules in RULES.values() for rule in rules}
    assert stated <= {rule for _, _, rule in BROKEN}
    assert set(RULES) == set(TABLES)


def test_a_rule_reads_only_tables_of_the_book():
    wanted = {
        name for rules in RULES.values() for rule in rules for name in list(inspect.signature(rule).parameters)[1:]
    }
    assert wanted <= set(TABLES)


def test_a_facility_with_nothing_but_its_request_breaks_no_rule():
    assert judged("facilities", FINE["facilities"]) == [""]
