"""Prudent default rates reproduce the published example."""

import csv
from pathlib import Path

import numpy as np
import pytest

from creditscore.models import LowDefaultCalibration, most_prudent_rates

CUSTOMERS = [100, 400, 300]


def published():
    lines = Path(__file__).with_name("pluto_tasche.csv").read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("row", published())
def test_most_prudent_rates_match_the_published_table(row):
    defaults = [int(row[f"defaults_{grade}"]) for grade in "abc"]
    found = most_prudent_rates(CUSTOMERS, defaults, confidence=float(row["level"]))
    assert [f"{100 * rate:.2f}" for rate in found] == [row[f"rate_{grade}"] for grade in "abc"]


def test_most_prudent_rates_match_those_of_the_r_package_ldpd():
    # Example of PTOnePeriodPD, LDPD 1.1.2 on CRAN, worst grade first there; its root finder stops at 1.2e-4.
    found = most_prudent_rates([10, 40, 30, 20, 10], [0, 0, 0, 2, 1], confidence=0.5)
    assert found == pytest.approx([0.03330381, 0.03659702, 0.06086968, 0.12106991, 0.16226172], abs=1.2e-4)


def test_a_calibration_gives_the_published_rates_to_grades_of_its_own():
    # From each of eight equal grades on there are 800, 700, ..., 100 customers; from the published A, B and C on 800,
    # 700 and 300.
    rates = np.repeat(np.linspace(0.01, 0.08, 8), 100)
    found = LowDefaultCalibration(grades=8, confidence=0.95).fit(rates, np.zeros(800))
    pd_12m = 1 / (1 + np.exp(-found.curve_.values))
    assert [f"{100 * pd_12m[grade]:.2f}" for grade in (0, 1, 5)] == ["0.37", "0.43", "0.99"]
