import io
import math

import numpy as np
import openpyxl
import pandas as pd
import pytest
from scipy import stats

from creditscore.errors import ParameterError
from creditscore.reporting import EcbInputs, Migrations, ecb_sheets, render_workbook
from creditscore.reporting.ecb.performance import auc_table, jeffreys_table
from creditscore.reporting.ecb.stability import (
    bandwidth_table,
    concentration_table,
    migration_table,
    neighbour_tables,
    shares_table,
)

MATRIX = np.array([[90, 6, 1, 2, 0, 1], [8, 150, 12, 5, 0, 3], [1, 9, 60, 20, 0, 4]])


def population(customers=(400, 300, 100), defaults=(8, 21, 25)):
    return pd.DataFrame(
        {
            "grade": ["A", "B", "C"],
            "mean_pd": [0.01, 0.05, 0.2],
            "customer_count": customers,
            "default_count": defaults,
            "exposure_amount": pd.array([1000, None, 500], dtype="Int64"),
        }
    )


def inputs(**changes):
    settings = {
        "overview": {"Model": "m"},
        "current": population(),
        "initial": population((120, 150, 110), (1, 2, 3)),
        "initial_auc": 0.78,
        "migrations": Migrations(counts=MATRIX, period="2023-12-31 to 2024-12-31"),
    }
    return EcbInputs(**settings | changes)


def test_the_sheets_stand_in_the_order_of_the_instructions():
    assert [sheet.name for sheet in ecb_sheets(inputs())] == [
        "1 Overview",
        "2.5.3 Predictive ability",
        "2.5.4 Discriminatory power",
        "2.5.5.1 Customer migrations",
        "2.5.5.2 Migration matrix",
        "2.5.5.3 Concentration",
    ]


@pytest.mark.parametrize("gone", [{}, {"initial": "no start.", "initial_auc": "no start.", "migrations": "no days."}])
def test_every_row_of_every_table_names_its_section(gone):
    for sheet in ecb_sheets(inputs(**gone)):
        number = "2.5" if sheet.name == "1 Overview" else sheet.name.split()[0]
        for table in sheet.tables:
            assert set(table["source"]) == {f"ECB 2019, {number}"}


def test_what_data_lack_is_told_in_each_sheet_and_left_out_of_none():
    sheets = ecb_sheets(inputs(initial="no start.", initial_auc="no start.", migrations="no days."))
    assert len(sheets) == 6
    for sheet, why in zip(sheets[2:], ("no start.", "no days.", "no days.", "no start."), strict=True):
        assert sheet.tables[0]["reason"].tolist() == [f"Not available: {why}"]


def test_the_same_inputs_give_the_same_bytes():
    first, second = (render_workbook(ecb_sheets(inputs()), title="T", currency="CNY") for _ in range(2))
    assert first == second


def test_the_portfolio_is_tested_with_the_mean_pd_of_its_customers():
    row = jeffreys_table(population()).set_index("grade").loc["portfolio"]
    mean = (400 * 0.01 + 300 * 0.05 + 100 * 0.2) / 800
    assert row["mean_pd"] == pytest.approx(mean)
    assert row["p_value"] == pytest.approx(stats.beta.cdf(mean, 54.5, 746.5))
    assert row["exposure_amount"] == 1500


def test_a_grade_without_customers_says_so_and_has_no_p_value():
    row = jeffreys_table(population((400, 0, 100), (8, 0, 25))).set_index("grade").loc["B"]
    assert math.isnan(row["p_value"])
    assert row["reason"] == "Not available: no customer held this grade."


def test_without_any_customer_the_tests_say_that_they_are_not_available():
    nobody = inputs(current=population((0, 0, 0), (0, 0, 0)))
    assert jeffreys_table(nobody.current)["p_value"].isna().all()
    assert auc_table(nobody)["reason"].iloc[0].startswith("Not available: A grade has more defaults than customers")
    assert concentration_table(nobody)["reason"].tolist() == ["Not available: All grades are empty."]
    assert shares_table(nobody)["current_share"].isna().all()


def test_without_an_initial_auc_the_current_one_is_told_all_the_same():
    row = auc_table(inputs(initial_auc="no start.")).iloc[0]
    assert row["current_auc"] == pytest.approx(0.755684639)
    assert math.isnan(row["p_value"])


def test_the_matrix_keeps_every_customer_with_defaults_moved_and_ended_at_its_end():
    table = migration_table(inputs())
    assert table.columns[-5:].tolist() == [
        "defaults_count",
        "moved_customers_count",
        "ended_relations_count",
        "all_customers_count",
        "source",
    ]
    assert table["all_customers_count"].tolist() == MATRIX.sum(axis=1).tolist()
    assert bandwidth_table(inputs())["customer_count"].tolist() == [MATRIX.sum()]


def test_neighbours_count_the_whole_row_and_undefined_cells_are_empty():
    statistic, p_value = neighbour_tables(inputs())
    p, q, size = 1 / 100, 6 / 100, 100
    z = (q - p) / math.sqrt((p * (1 - p) + q * (1 - q) + 2 * p * q) / size)
    assert statistic.loc[0, "to_C_z"] == pytest.approx(z)
    assert p_value.loc[0, "to_C_p_value"] == pytest.approx(stats.norm.cdf(z))
    page = openpyxl.load_workbook(io.BytesIO(render_workbook(ecb_sheets(inputs()), title="T")))[
        "2.5.5.2 Migration matrix"
    ]
    head = next(row[0].row for row in page.iter_rows() if row[1].value == "to A z")
    assert [page.cell(head + 1 + place, 2 + place).value for place in range(3)] == [None, None, None]


def test_the_variation_told_is_the_one_behind_the_index():
    share = np.array([400, 300, 100]) / 800
    row = concentration_table(inputs()).iloc[0]
    assert row["current_cv"] == pytest.approx(math.sqrt(3 * ((share - 1 / 3) ** 2).sum()))
    assert row["rating_grade_count"] == 3


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"current": population().drop(columns="mean_pd")}, "It lacks mean_pd"),
        ({"initial": population().iloc[:2]}, "not those of the current population"),
        ({"migrations": Migrations(counts=MATRIX[:, :3], period="")}, r"shape is \(3, 3\) instead of \(3, 6\)"),
    ],
)
def test_inputs_that_do_not_fit_together_are_refused(changes, found):
    with pytest.raises(ParameterError, match=found):
        inputs(**changes)
