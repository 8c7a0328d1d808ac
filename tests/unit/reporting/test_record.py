import json

import numpy as np
import pandas as pd
import pytest

from creditscore.domain import Verdict
from creditscore.errors import ParameterError
from creditscore.reporting import Report, Section, accuracy_report, drift_report, render_json


def report(table):
    section = Section(question="Why?", verdict=Verdict.PASS, answer="So.", method="M.", note="N.", table=table)
    return Report(title="T", subtitle="S", facts={"Model": "m"}, sections=(section,), currency="JPY")


@pytest.fixture(scope="module")
def accuracy(bundle, policy, scored, decided):
    return accuracy_report(bundle, policy=policy, scored=scored, decided=decided, currency="CNY")


def test_every_section_of_a_report_stands_in_the_document_in_its_order(accuracy):
    written = json.loads(render_json(accuracy))
    assert written["schema_version"] == 1
    assert written["facts"] == dict(accuracy.facts)
    assert written["verdict"] == str(accuracy.verdict)
    assert [one["anchor"] for one in written["sections"]] == [one.anchor for one in accuracy.sections]
    for one, section in zip(written["sections"], accuracy.sections, strict=True):
        said = (section.question, str(section.verdict), section.answer, section.note, section.method)
        assert tuple(one[name] for name in ("question", "verdict", "answer", "note", "method")) == said


def test_numbers_come_back_to_the_last_bit(accuracy):
    for one, section in zip(json.loads(render_json(accuracy))["sections"], accuracy.sections, strict=True):
        if section.table is None:
            assert one["table"] is None
            continue
        for name in section.table.select_dtypes("float64"):
            back = np.array([record[name] for record in one["table"]], dtype=float)
            np.testing.assert_array_equal(back, section.table[name].to_numpy())


def test_the_same_report_gives_the_same_text(bundle, policy, comparison):
    first, second = (render_json(drift_report(bundle, comparison, policy=policy)) for _ in range(2))
    assert first == second


def test_a_cell_is_text_truth_number_or_day_and_what_is_missing_is_null():
    table = pd.DataFrame(
        {
            "name": ["华东", None],
            "customer_count": pd.array([3, None], dtype="Int64"),
            "default_rate": [0.1 + 0.2, np.nan],
            "p_value": [np.inf, 1e-300],
            "first_on": pd.to_datetime(["2024-01-31", None]),
            "alarm_flag": [np.True_, np.False_],
        }
    )
    (section,) = json.loads(render_json(report(table)))["sections"]
    assert section["table"] == [
        {
            "name": "华东",
            "customer_count": 3,
            "default_rate": 0.30000000000000004,
            "p_value": None,
            "first_on": "2024-01-31",
            "alarm_flag": True,
        },
        {
            "name": None,
            "customer_count": None,
            "default_rate": None,
            "p_value": 1e-300,
            "first_on": None,
            "alarm_flag": False,
        },
    ]


def test_a_table_without_rows_still_names_its_columns():
    (section,) = json.loads(render_json(report(pd.DataFrame(columns=["grade", "p_value"]))))["sections"]
    assert (section["columns"], section["table"]) == (["grade", "p_value"], [])


def test_amounts_stay_minor_units_and_the_document_says_how_many_digits_these_are():
    written = json.loads(render_json(report(pd.DataFrame({"reserve_amount": [123456]}))))
    assert (written["currency"], written["minor_digits"]) == ("JPY", 0)
    assert written["sections"][0]["table"] == [{"reserve_amount": 123456}]


def test_a_table_that_names_two_columns_alike_is_refused():
    with pytest.raises(ParameterError, match="Two columns of its table have one name"):
        report(pd.DataFrame([[1, 2]], columns=["a", "a"]))
