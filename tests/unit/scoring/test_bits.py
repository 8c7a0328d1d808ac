import numpy as np
import pandas as pd
import pytest

from creditscore.scoring.bits import ONLY_AGAIN, ONLY_RECORDED, differences, same_bits

ONE = pd.Series([0.1, np.nan, 0.0, 3.0])


def test_the_next_float_is_another_one():
    other = ONE.copy()
    other[0] = np.nextafter(0.1, 1)
    assert same_bits(ONE, other).tolist() == [False, True, True, True]


def test_missing_equals_missing_and_nothing_else():
    assert same_bits(pd.Series([np.nan, np.nan, 1.0]), pd.Series([np.nan, 0.0, np.nan])).tolist() == [
        True,
        False,
        False,
    ]
    assert same_bits(pd.Series([None, ""], dtype=object), pd.Series([None, None], dtype="str")).tolist() == [
        True,
        False,
    ]


def test_a_zero_has_no_sign():
    assert same_bits(pd.Series([-0.0]), pd.Series([0.0])).all()


@pytest.mark.parametrize(
    ("recorded", "again"),
    [
        (pd.Series([2**53 + 1, None], dtype=object), pd.Series([2**53 + 1, None], dtype="Int64")),
        (pd.Series(["2024-01-31", None], dtype=object), pd.Series(pd.to_datetime(["2024-01-31", None]))),
        (pd.Series([3, None], dtype=object), pd.Series([3.0, np.nan])),
        (pd.Series(["green", None], dtype=object), pd.Series(["green", None], dtype="str")),
    ],
)
def test_values_of_a_database_are_taken_as_what_they_are_compared_with(recorded, again):
    assert same_bits(recorded, again).all()
    assert same_bits(again, recorded).all()
    assert not same_bits(recorded.iloc[::-1].reset_index(drop=True), again).any()


def test_whole_numbers_beyond_the_floats_are_told_apart():
    big = pd.Series([2**53, 2**53 + 1], dtype="Int64")
    assert same_bits(big, pd.Series([2**53, 2**53], dtype="Int64")).tolist() == [True, False]


def test_what_is_not_of_its_columns_kind_differs():
    assert not same_bits(pd.Series(["soon"], dtype=object), pd.Series([1.0])).any()
    assert not same_bits(pd.Series(["soon"], dtype=object), pd.Series([1], dtype="Int64")).any()


def test_rows_are_matched_by_key_in_any_order_and_three_examples_are_named():
    recorded = pd.DataFrame({"customer_id": list("abcdef"), "score": [1.0, 2, 3, 4, 5, 6]})
    again = recorded.iloc[::-1].assign(score=lambda frame: frame["score"].where(frame["customer_id"] < "c", 0.5))
    again["customer_id"] = again["customer_id"].replace("f", "g")
    found = differences("scores", recorded, again, keys=["customer_id"], columns=["score"])
    assert [(one.column, one.row_count) for one in found] == [(ONLY_RECORDED, 1), (ONLY_AGAIN, 1), ("score", 3)]
    assert [one.examples for one in found] == [("f",), ("g",), ("e", "d", "c")]


def test_keys_of_several_columns_name_a_row():
    recorded = pd.DataFrame({"dimension": ["total", "region"], "value": ["", "north"], "amount": [3, 3]})
    again = recorded.assign(amount=[3, 4])
    (found,) = differences("ledger", recorded, again, keys=["dimension", "value"], columns=["amount"])
    assert found.examples == ("region north",)


def test_tables_without_rows_are_equal():
    nothing = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "score": pd.Series(dtype="float64")})
    assert differences("scores", nothing, nothing.astype(object), keys=["customer_id"], columns=["score"]) == []
