"""The metrics of validation reproduce the signed-off tables beside this file."""

import csv
from pathlib import Path

import pytest

from creditscore.validation import (
    concentration,
    correlated_binomial_critical,
    current_against_initial_auc,
    jeffreys,
    migration_bandwidth,
    normal_test,
    psi_categorical,
)

CUSTOMERS, DEFAULTS = [400, 300, 100], [8, 21, 25]
MIGRATIONS = [[90, 6, 1], [8, 150, 12], [1, 9, 60]]
CURRENT, INITIAL = [105, 185, 87], [120, 150, 110]
YEARLY_RATES = [0.012, 0.009, 0.015, 0.011, 0.020]


def signed_off(table):
    lines = (Path(__file__).parent / table).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("row", signed_off("validation_jeffreys.csv"))
def test_jeffreys_p_values_match_the_signed_off_table(row):
    found = jeffreys(float(row["default_probability"]), int(row["customer_count"]), int(row["default_count"]))
    assert float(found) == pytest.approx(float(row["p_value"]), abs=5e-7)


@pytest.mark.parametrize("row", signed_off("validation_correlated_binomial.csv"))
def test_correlated_binomial_critical_values_match_the_signed_off_table(row):
    probability, count = float(row["default_probability"]), int(row["customer_count"])
    found = correlated_binomial_critical(probability, count, correlation=float(row["correlation"]))
    assert found == int(row["critical"])


@pytest.fixture(scope="module")
def tests_on_grades():
    auc = current_against_initial_auc(CUSTOMERS, DEFAULTS, initial_auc=0.78)
    bandwidth = migration_bandwidth(MIGRATIONS)
    crowded = concentration(CURRENT, INITIAL)
    return {
        "current_auc": auc.current,
        "current_auc_variance": auc.variance,
        "auc_statistic": auc.statistic,
        "auc_p_value": auc.p_value,
        "bandwidth_upper": bandwidth.upper,
        "bandwidth_lower": bandwidth.lower,
        "concentration_current": crowded.current,
        "concentration_initial": crowded.initial,
        "concentration_statistic": crowded.statistic,
        "concentration_p_value": crowded.p_value,
        "normal_test_z": normal_test(YEARLY_RATES, default_probability=0.01).statistic,
    }


@pytest.mark.parametrize("row", signed_off("validation_grades.csv"), ids=lambda row: row["quantity"])
def test_tests_on_grades_match_the_signed_off_table(row, tests_on_grades):
    decimals = len(row["value"].split(".")[1])
    assert tests_on_grades[row["quantity"]] == pytest.approx(float(row["value"]), abs=0.5 * 10**-decimals)


@pytest.mark.parametrize("row", signed_off("validation_psi.csv"), ids=lambda row: row["reference"])
def test_stability_indices_match_the_signed_off_table(row):
    reference, current = ([int(count) for count in row[side].split()] for side in ("reference", "current"))
    found = psi_categorical(reference, current)
    assert found.value == pytest.approx(float(row["psi"]), abs=5e-7)
    assert found.expected == pytest.approx(float(row["expected"]), abs=5e-7)
