"""The signed-off numbers of the ECB's tests come out of the workbook when their counts are put in."""

import csv
import io
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from creditscore.reporting import EcbInputs, Migrations, ecb_sheets, render_workbook

GRADES = ["A", "B", "C"]


def signed_off(table):
    lines = (Path(__file__).parent / table).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def by_grade(**columns):
    return pd.DataFrame({"grade": GRADES, "exposure_amount": pd.array([None] * 3, dtype="Int64"), **columns})


def workbook(current, *, initial=(120, 150, 110), migrations=((90, 6, 1), (8, 150, 12), (1, 9, 60))):
    counts = np.hstack([np.array(migrations), np.zeros((3, 3), dtype=np.int64)])
    inputs = EcbInputs(
        overview={"Model": "m"},
        current=current,
        initial=by_grade(customer_count=list(initial), default_count=[1, 2, 3]),
        initial_auc=0.78,
        migrations=Migrations(counts=counts, period="2023-12-31 to 2024-12-31"),
    )
    return openpyxl.load_workbook(io.BytesIO(render_workbook(ecb_sheets(inputs), title="T")))


def rows_under(page, heading):
    """Rows of the table of a sheet whose head holds a heading, each by its headings."""
    table = [[cell.value for cell in row] for row in page.iter_rows()]
    (head,) = (number for number, row in enumerate(table) if heading in row)
    names = table[head]
    found = []
    for row in table[head + 1 :]:
        if not any(value is not None for value in row):
            break
        found.append(dict(zip(names, row, strict=True)))
    return found


@pytest.fixture(scope="module")
def found():
    by_auc = by_grade(mean_pd=[0.02, 0.07, 0.25], customer_count=[400, 300, 100], default_count=[8, 21, 25])
    crowded = by_grade(mean_pd=[0.02, 0.07, 0.25], customer_count=[105, 185, 87], default_count=[2, 5, 9])
    book = workbook(by_auc)
    (area,) = rows_under(book["2.5.4 Discriminatory power"], "current AUC")
    (width,) = rows_under(book["2.5.5.1 Customer migrations"], "upper bandwidth")
    (index,) = rows_under(workbook(crowded)["2.5.5.3 Concentration"], "current HI")
    return {
        "current_auc": area["current AUC"],
        "current_auc_variance": area["variance"],
        "auc_statistic": area["statistic"],
        "auc_p_value": area["p value"],
        "bandwidth_upper": width["upper bandwidth"],
        "bandwidth_lower": width["lower bandwidth"],
        "concentration_current": index["current HI"],
        "concentration_initial": index["initial HI"],
        "concentration_statistic": index["statistic"],
        "concentration_p_value": index["p value"],
    }


@pytest.mark.parametrize(
    "row",
    [row for row in signed_off("validation_grades.csv") if row["quantity"] != "normal_test_z"],
    ids=lambda row: row["quantity"],
)
def test_the_workbook_holds_the_signed_off_number(row, found):
    decimals = len(row["value"].split(".")[1])
    assert found[row["quantity"]] == pytest.approx(float(row["value"]), abs=0.5 * 10**-decimals)


def test_each_grade_has_the_signed_off_jeffreys_p_value():
    signed = signed_off("validation_jeffreys.csv")
    current = by_grade(
        mean_pd=[float(row["default_probability"]) for row in signed],
        customer_count=[int(row["customer_count"]) for row in signed],
        default_count=[int(row["default_count"]) for row in signed],
    )
    rows = rows_under(workbook(current)["2.5.3 Predictive ability"], "mean PD")
    assert [row["grade"] for row in rows] == [*GRADES, "portfolio"]
    assert [row["p value"] for row in rows[:3]] == pytest.approx([float(row["p_value"]) for row in signed], abs=5e-7)
    assert {row["source"] for row in rows} == {"ECB 2019, 2.5.3"}
