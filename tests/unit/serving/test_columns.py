"""The scores of a day in memory say what the store says."""

from datetime import date

import pytest

from creditscore_serving.served.columns import ServedScores

NAMES = ("customer_id", "as_of", "score", "exposure_amount", "grade", "frozen_by", "pd_12m")
ROWS = [
    ("C2", date(2023, 2, 28), 61.5, 2**62 + 1, "B", None, 0.1),
    ("公司", date(2023, 2, 28), None, None, "A", "C2", 0.2),
    ("C10", date(2023, 2, 28), 7.25, 0, "B", None, 1.0),
]


@pytest.fixture
def scores():
    return ServedScores(NAMES, [ROWS[:2], ROWS[2:]])


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_what_was_added(scores, row):
    assert scores.row(row[0]) == dict(zip(NAMES, row, strict=True))


@pytest.mark.parametrize("stranger", ["C1", "", "C2\0", "C100", "zzzz", "\ud800"])
def test_a_stranger_has_no_row(scores, stranger):
    assert scores.row(stranger) is None


def test_those_with_a_value_are_listed(scores):
    assert scores.where_present("frozen_by") == ["公司"]
    assert scores.where_present("exposure_amount") == ["C10", "C2"]


def test_a_day_without_customers_has_no_row():
    assert len(ServedScores(NAMES, [])) == 0
    assert ServedScores(NAMES, []).row("C1") is None


def test_more_different_values_than_a_byte_counts_are_kept_apart():
    rows = [(f"C{place:04}", f"reason {place % 300}") for place in range(600)]
    scores = ServedScores(("customer_id", "reason_1"), [rows])
    assert [scores.row(one)["reason_1"] for one, _ in rows] == [reason for _, reason in rows]
