"""A year's VAT invoices of Chinese firms, as the tax office exports them; nobody here wrote them."""

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("CREDITSCORE_DATA", Path(__file__).parents[4] / "shared" / "data"))
FILE = DATA / "cumcm2020c" / "att1_output_invoices.csv.gz"


@pytest.mark.slow
@pytest.mark.skipif(not FILE.exists(), reason="set CREDITSCORE_DATA to the folder of the real data sets")
def test_every_vat_invoice_is_accepted_left_out_or_quarantined_and_none_twice(desk):
    mapping = {
        "currency": "CNY",
        "sources": {"sold": {"file": FILE.name, "dates": "%Y/%m/%d"}},
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
    first = desk.ingest(FILE, mapping)
    invoices = first.of("invoices")
    # 162,484 invoices, of which 11,206 void; 4,093 valid ones repeat the number of another one of their firm and day.
    assert (invoices.rows_in, invoices.rows_left_out, invoices.facts_new) == (151_278, 11_206, 147_185)
    assert invoices.quarantined == {"each_fact_appears_once_per_knowledge_day": 4_093}
    assert min(row["amount"] for row in desk.rows("invoices")) < 0
    assert desk.ingest(FILE, mapping).fingerprint == first.fingerprint
