import io
from datetime import datetime

import numpy as np
import openpyxl
import pandas as pd
import pytest

from creditscore.domain import Verdict
from creditscore.reporting import (
    Report,
    Section,
    Sheet,
    accuracy_report,
    drift_report,
    render_workbook,
    sheets_of,
)
from creditscore.reporting.sheets import sheet_name

NAME_LENGTH = 31


def written(report):
    return render_workbook(sheets_of(report), title=report.title, currency=report.currency)


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def page_of(table, *, currency=None):
    """Head and rows of a sheet that holds this table alone."""
    sheet = Sheet(name="A", title="All", parts=(table,))
    page = opened(render_workbook([sheet], title="T", currency=currency))["A"]
    return page, [[cell.value for cell in row] for row in page.iter_rows(min_row=2, max_col=table.shape[1])]


@pytest.fixture(scope="module")
def accuracy(bundle, policy, scored, decided):
    return accuracy_report(bundle, policy=policy, scored=scored, decided=decided, currency="CNY")


@pytest.fixture(scope="module")
def workbook(accuracy):
    return opened(written(accuracy))


def head_of(page):
    """The row of a sheet whose first cell is a table's head."""
    return int(page.freeze_panes[1:]) - 1


def test_a_workbook_opens_with_the_answers_in_brief(workbook, accuracy):
    page = workbook["In brief"]
    assert workbook.sheetnames[0] == "In brief"
    assert page["A1"].value == accuracy.title
    below = page.iter_rows(min_row=head_of(page) + 1, max_col=3, values_only=True)
    rows = [row for row in below if any(row)]
    assert rows == [(one.question, str(one.verdict).capitalize(), one.answer) for one in accuracy.sections]


def test_each_section_has_a_sheet_with_answer_method_and_every_number_of_its_table(workbook, accuracy):
    for place, section in enumerate(accuracy.sections, start=1):
        page = workbook[workbook.sheetnames[place]]
        texts = [row[0].value for row in page.iter_rows() if isinstance(row[0].value, str)]
        assert texts[0] == section.question
        assert f"{str(section.verdict).capitalize()}. {section.answer}" in texts
        assert f"Method: {section.method}" in texts
        if section.table is None:
            continue
        first = head_of(page) + 1
        for column, name in enumerate(section.table.select_dtypes("float64").columns):
            where = list(section.table.columns).index(name) + 1
            cells = [page.cell(first + row, where).value for row in range(len(section.table))]
            wanted = section.table[name].to_numpy() / (100 if name.endswith("_amount") else 1)
            np.testing.assert_allclose(np.array(cells, dtype=float), wanted, rtol=1e-15, err_msg=f"{column} {name}")


def test_names_of_sheets_are_short_unique_and_lead_back_from_the_brief(workbook):
    names = workbook.sheetnames
    assert len({name.lower() for name in names}) == len(names)
    assert max(map(len, names)) <= NAME_LENGTH
    page = workbook["In brief"]
    links = [cell.hyperlink.location for cell in page["D"] if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in names[1:-1]]


def test_a_drift_report_is_a_workbook_too(bundle, comparison, policy):
    report = drift_report(bundle, comparison, policy=policy)
    assert len(opened(written(report)).sheetnames) == len(report.sections) + 2


def test_the_same_report_gives_the_same_bytes(accuracy, monkeypatch):
    first = written(accuracy)
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert written(accuracy) == first
    assert opened(first).properties.created == datetime(1980, 1, 1)  # noqa: DTZ001 - openpyxl knows no zone


def test_numbers_are_numbers_with_the_format_that_their_column_asks_for():
    table = pd.DataFrame(
        {
            "segment": ["a"],
            "default_rate": [0.0312],
            "p_value": [1e-6],
            "reserve_amount": pd.array([123456], dtype="Int64"),
            "customer_count": [1234],
            "auc": [0.8125],
            "first_on": pd.to_datetime(["2024-01-31"]),
            "alarm_flag": [True],
        }
    )
    page, (head, row) = page_of(table, currency="CNY")
    assert head == ["segment", "default rate", "p value", "reserve, CNY", "customers", "AUC", "first", "alarm flag"]
    assert row == ["a", 0.0312, 1e-6, 1234.56, 1234, 0.8125, datetime(2024, 1, 31), True]  # noqa: DTZ001 - as above
    formats = [cell.number_format for cell in page[3]][:8]
    share, probability, whole = "0.00%", '[<0.001]"< 0.001";0.000', "#,##0"
    assert formats == ["General", share, probability, whole, whole, "0.000", "yyyy-mm-dd", "General"]


def test_what_is_missing_is_an_empty_cell():
    table = pd.DataFrame({"name": ["a"], "auc": [np.nan], "p_value": [np.inf], "x_count": pd.array([None], "Int64")})
    _, (_, row) = page_of(table)
    assert row == ["a", None, None, None]


def test_text_that_looks_like_a_formula_or_a_link_stays_text():
    page, (_, row) = page_of(pd.DataFrame({"name": ["=1+1"], "page": ["https://example.org"], "number": ["007"]}))
    assert row == ["=1+1", "https://example.org", "007"]
    assert [cell.data_type for cell in page[3][:3]] == ["s", "s", "s"]
    assert page["B3"].hyperlink is None
    sheet = Sheet(name="A", title="=A1", parts=("=SUM(1)", "A note."))
    page = opened(render_workbook([sheet], title="T"))["A"]
    assert [page[cell].data_type for cell in ("A1", "A2")] == ["s", "s"]


def test_the_head_of_a_single_table_stays_in_sight_and_of_several_none():
    table = pd.DataFrame({"auc": [0.5]})
    for parts, frozen in ((("Answer.", table, "Method."), "A5"), ((table, table), None)):
        page = opened(render_workbook([Sheet(name="A", title="T", parts=parts)], title="T"))["A"]
        assert page.freeze_panes == frozen


def test_headings_that_would_read_alike_are_told_apart():
    _, (head, _) = page_of(pd.DataFrame({"low_rate": [0.1], "low": [0.2], "high": [0.3]}))
    assert head == ["low rate", "low", "to"]


def test_a_column_is_as_wide_as_its_longest_cell_up_to_a_limit():
    page, _ = page_of(pd.DataFrame({"name": ["x" * 30], "text": ["y" * 500], "auc": [0.5]}))
    assert [round(page.column_dimensions[letter].width) for letter in "ABC"] == [33, 71, 11]


def test_the_name_of_a_sheet_holds_nothing_that_excel_refuses():
    assert sheet_name("Is [a/b]: 'c'* or \\d?", 3) == "3 Is a b c or d"
    assert sheet_name("x" * 50, 4) == "4 " + "x" * 29


@pytest.mark.parametrize("length", [28, 29, 30, 31, 32])
def test_a_chinese_question_of_any_length_names_its_sheet(length):
    assert sheet_name("问" * length, 7) == "7 " + "问" * min(length, 29)


def test_a_report_without_sections_is_a_workbook_without_answers():
    book = opened(written(Report(title="T", subtitle="", facts={}, sections=())))
    assert book.sheetnames == ["In brief", "What was examined"]


def test_a_verdict_in_a_table_is_a_word_on_a_colour():
    page, (_, row) = page_of(pd.DataFrame({"grade": ["A1"], "verdict": ["fail"]}))
    assert row == ["A1", "Fail"]
    assert page["B3"].fill.fgColor.rgb == "FFF8D7D4"


def test_a_section_without_a_table_is_told_by_its_texts():
    section = Section(question="Why?", verdict=Verdict.UNKNOWN, answer="Nobody knows.", method="M.", note="N.")
    page = opened(written(Report(title="T", subtitle="", facts={}, sections=(section,))))["1 Why"]
    texts = [row[0] for row in page.iter_rows(max_col=1, values_only=True)]
    assert texts == ["Why?", "Unknown. Nobody knows.", "Note: N.", "Method: M."]
