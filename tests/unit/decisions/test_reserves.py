from datetime import date

import pandas as pd
import pytest

from creditscore.decisions import CLOSING_COLUMNS, HOLDING_COLUMNS, MOVEMENT_COLUMNS, closings, settle_book
from creditscore.errors import ContractError

FIRST, SECOND = date(2024, 3, 19), date(2024, 3, 20)


def book(rows, *, since=FIRST):
    frame = pd.DataFrame(rows, columns=["customer_id", "exposure_amount", "governed_colour"])
    return frame.astype({"customer_id": "str", "exposure_amount": "Int64"}).assign(governed_since=since)


@pytest.fixture(scope="module")
def first(policy):
    rows = [("C3", 1_000, "red"), ("C1", 2_000, "green"), ("C2", None, "green")]
    return settle_book(policy.reserve, None, book(rows), as_of=FIRST, previous_as_of=None)


@pytest.fixture(scope="module")
def second(policy, first):
    rows = [("C4", 500, "yellow"), ("C1", 3_000, "yellow"), ("C2", None, "red")]
    return settle_book(policy.reserve, first.holdings, book(rows), as_of=SECOND, previous_as_of=FIRST)


@pytest.fixture(scope="module")
def segments():
    return pd.DataFrame(
        {
            "customer_id": ["C1", "C2", "C3", "C4"],
            "industry": ["food", "food", "steel", None],
            "region": ["north", "south", "north", "south"],
        }
    )


def test_holdings_stand_in_the_order_of_the_day(first, second):
    assert list(second.holdings) == list(HOLDING_COLUMNS)
    assert first.holdings["customer_id"].tolist() == ["C3", "C1", "C2"]
    assert second.holdings["held_amount"].tolist() == [40, 240, 0]


def test_what_is_unknown_is_missing_and_never_zero(first):
    unknown = first.holdings.set_index("customer_id").loc["C2"]
    assert unknown[["exposure_amount", "required_amount"]].isna().all()
    assert unknown["held_amount"] == 0


def test_movements_are_sorted_by_customer_and_kind_and_hold_no_zeros(first, second):
    assert list(first.movements) == list(MOVEMENT_COLUMNS)
    assert first.movements.to_numpy().tolist() == [["C1", "opening", 60], ["C3", "opening", 150]]
    assert second.movements.to_numpy().tolist() == [
        ["C1", "exposure", 30],
        ["C1", "top_up", 150],
        ["C3", "closing", -150],
        ["C4", "opening", 40],
    ]


def test_nobody_gives_an_empty_ledger(policy):
    found = settle_book(policy.reserve, None, book([]), as_of=FIRST, previous_as_of=None)
    assert found.holdings.empty
    assert found.movements.empty
    segments = pd.DataFrame({"customer_id": [], "region": []})
    figures = closings(found.holdings, found.movements, segments)
    assert figures["dimension"].tolist() == ["total"]
    assert (figures[["opening_amount", "closing_amount", "customer_count"]] == 0).all(axis=None)


def test_days_may_be_dates_or_timestamps(policy, first):
    rows = book([("C1", 2_000, "green")])
    moments = rows.assign(governed_since=pd.to_datetime(rows["governed_since"]))
    found = [
        settle_book(policy.reserve, first.holdings, one, as_of=SECOND, previous_as_of=FIRST) for one in (rows, moments)
    ]
    pd.testing.assert_frame_equal(found[0].holdings, found[1].holdings)


def test_closings_sum_the_book_and_each_segment(second, segments):
    found = closings(second.holdings, second.movements, segments)
    assert list(found) == list(CLOSING_COLUMNS)
    keys = found[["dimension", "value"]].to_numpy().tolist()
    assert keys == [
        ["total", ""],
        ["industry", "food"],
        ["industry", "steel"],
        ["industry", "unknown"],
        ["region", "north"],
        ["region", "south"],
    ]
    total = found.iloc[0]
    assert (total["opening_amount"], total["closing_amount"]) == (210, 280)
    assert (total["opening_movement_amount"], total["closing_movement_amount"]) == (40, -150)
    assert (total["customer_count"], total["unknown_count"]) == (3, 1)
    assert (total["exposure_amount"], total["required_amount"]) == (3_500, 280)


def test_who_left_counts_in_its_segment_until_the_end(second, segments):
    steel = closings(second.holdings, second.movements, segments).set_index("value").loc["steel"]
    assert (steel["opening_amount"], steel["closing_movement_amount"], steel["closing_amount"]) == (150, -150, 0)
    assert steel["customer_count"] == 0


def test_who_has_no_segment_counts_as_unknown(second, segments):
    few = segments[segments["customer_id"] != "C1"]
    regions = closings(second.holdings, second.movements, few).set_index(["dimension", "value"])
    assert regions.loc[("region", "unknown"), "closing_amount"] == 240


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda frame: frame.drop(columns="governed_colour"), "governed_colour missing"),
        (lambda frame: pd.concat([frame, frame]), "C1 stand more than once"),
        (lambda frame: frame.assign(governed_colour="blue"), "1 of 1 are no colour"),
        (lambda frame: frame.assign(governed_since=pd.NaT), "1 of 1 are missing"),
    ],
)
def test_a_day_that_cannot_be_read_is_refused(policy, change, named):
    with pytest.raises(ContractError, match=named):
        settle_book(policy.reserve, None, change(book([("C1", 1, "red")])), as_of=FIRST, previous_as_of=None)
