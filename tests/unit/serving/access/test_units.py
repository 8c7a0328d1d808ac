import numpy as np
import pandas as pd
import pytest

from creditscore.accounts import segments
from creditscore.book import Book
from creditscore.errors import ParameterError
from creditscore_serving.access import EVERYBODY, Caller, Units, UnitTable, visible, visible_segments

ROWS = pd.DataFrame(
    {
        "customer_id": ["C3", "C1", "C4", "C2"],
        "region": ["North East", "North East", None, "West"],
        "industry_code": ["C39", "F51", "C39", "C39"],
    }
)
EAST = Caller("erp", units=Units.parse(["region=North East"]))
BOTH = Caller("erp", units=Units.parse(["region=North East", "region=West", "industry_code=C39"]))
NOWHERE = Caller("erp", units=Units.of({"region": []}))


@pytest.mark.parametrize(
    ("caller", "expected"), [(EVERYBODY, "C1 C2 C3 C4"), (EAST, "C1 C3"), (BOTH, "C2 C3"), (NOWHERE, "")]
)
def test_a_caller_sees_the_customers_within_every_dimension_that_its_units_name(caller, expected):
    table = UnitTable(ROWS)
    ids = ["C1", "C2", "C3", "C4"]
    assert [one for one in ids if table.sees(caller, one)] == expected.split()
    assert np.array(ids)[table.visible(caller, ids)].tolist() == expected.split()
    assert sorted(ROWS.loc[visible(caller, ROWS), "customer_id"]) == expected.split()
    rows = ROWS.to_dict("records")
    held = [row["customer_id"] for row in rows if caller.units is None or caller.units.hold(row)]
    assert sorted(held) == expected.split()


@pytest.mark.parametrize("stranger", ["", "C0", "C9", "C11", "zzzzzzzzzzzz", "\ud800", "客户"])
def test_a_limited_caller_never_sees_whom_the_table_does_not_know(stranger):
    table = UnitTable(ROWS)
    assert not table.sees(EAST, stranger)
    assert not table.visible(EAST, [stranger, stranger]).any()
    assert table.sees(EVERYBODY, stranger)


def test_an_empty_book_shows_a_limited_caller_nobody():
    table = UnitTable(ROWS[:0])
    assert not table.sees(EAST, "C1")
    assert table.visible(EAST, ["C1"]).tolist() == [False]


def test_the_table_of_a_day_agrees_with_the_book(template):
    as_of = pd.Timestamp("2023-02-28").date()
    rows = segments(Book.open(template.book), as_of)
    caller = Caller("erp", units=Units.of({"region": [rows["region"].iloc[0]]}))
    table = UnitTable.on(template, as_of)
    expected = rows.loc[rows["region"] == rows["region"].iloc[0], "customer_id"].tolist()
    ids = rows["customer_id"].tolist()
    assert 0 < len(expected) < len(ids)
    assert np.array(ids)[table.visible(caller, ids)].tolist() == expected


def test_of_a_ledger_by_segment_a_limited_caller_sees_its_own_segments_alone():
    rows = [
        {"dimension": "total", "value": "total", "closing_amount": 9},
        {"dimension": "region", "value": "North East", "closing_amount": 4},
        {"dimension": "region", "value": "West", "closing_amount": 5},
        {"dimension": "industry_code", "value": "C39", "closing_amount": 5},
    ]
    assert visible_segments(EVERYBODY, rows) == rows
    assert visible_segments(EAST, rows) == [rows[1]]
    assert visible_segments(BOTH, rows) == []
    assert visible_segments(NOWHERE, rows) == []


@pytest.mark.parametrize("text", ["colour=red", "region", "region=", "=East"])
def test_a_unit_that_is_none_is_refused(text):
    with pytest.raises(ParameterError, match="region=NAME"):
        Units.parse([text])


def test_units_are_equal_however_they_are_written_and_can_be_a_key():
    one, other = Units.parse(["region=A", "industry_code=B"]), Units.parse(["industry_code=B", "region=A"])
    assert one == other
    assert hash(one) == hash(other)
    assert one.as_text() == other.as_text()
