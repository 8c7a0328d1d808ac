"""Every kind of column can be altered, and an altered value is another one of the same kind."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from creditscore.book import Column, Kind
from creditscore.features.leakage.altering import other_values, some_of

SAMPLES = {
    Kind.KEY: ["C1", "C2", "C3"],
    Kind.TEXT: ["north", "south"],
    Kind.MONEY: [0, 1, -40, 10**15],
    Kind.WHOLE: [30, 60, 1],
    Kind.REAL: [0.0, 0.25, 1.0, -7.5, 1e9],
    Kind.FLAG: [True, False],
}


def altered(kind, values, *, required=True, pool=None, seed=0):
    column = Column("x", kind, "a column", required=required)
    array = pa.array(values * 50, kind.arrow)
    words = pa.array(sorted(set(values) - {None}) if pool is None else pool, kind.arrow)
    return array, other_values(column, array, words, draws=np.random.default_rng(seed))


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_value_becomes_another_one_of_its_kind(kind):
    before, after = altered(kind, SAMPLES[kind])
    assert after.type == kind.arrow
    assert after.null_count == 0
    assert all(new != old for old, new in zip(before.to_pylist(), after.to_pylist(), strict=True))


def test_days_are_left_to_the_row_that_they_belong_to():
    before, after = altered(Kind.DAY, [date(2024, 1, 31)])
    assert after.equals(before)


def test_a_share_stays_a_share_and_a_credit_note_a_credit_note():
    _, shares = altered(Kind.REAL, [0.0, 0.4, 1.0])
    assert all(0 <= value <= 1 for value in shares.to_pylist())
    _, notes = altered(Kind.MONEY, [-1000])
    assert all(value < 0 for value in notes.to_pylist())


def test_an_amount_that_no_float_can_hold_stays_a_whole_number():
    _, after = altered(Kind.MONEY, [2**53 + 1])
    assert all(isinstance(value, int) for value in after.to_pylist())


@pytest.mark.parametrize("kind", [*SAMPLES, Kind.DAY])
def test_a_missing_value_is_filled_where_the_column_has_any(kind):
    pool = SAMPLES.get(kind, [date(2024, 1, 31)])
    _, after = altered(kind, [None], pool=sorted(pool))
    assert after.null_count == 0
    _, empty = altered(kind, [None], pool=[])
    assert empty.null_count == len(empty)


def test_a_value_that_a_row_may_lack_is_sometimes_lacking():
    _, after = altered(Kind.TEXT, ["north", "south"], required=False)
    assert 0 < after.null_count < len(after) / 4


def test_equal_seeds_alter_equally_and_others_otherwise():
    assert altered(Kind.REAL, [3.5], seed=1)[1].equals(altered(Kind.REAL, [3.5], seed=1)[1])
    assert not altered(Kind.REAL, [3.5], seed=1)[1].equals(altered(Kind.REAL, [3.5], seed=2)[1])


def test_some_are_new_and_the_others_old():
    mixed = some_of(pa.array(["old"] * 100), pa.array(["new"] * 100), 0.3, np.random.default_rng(0)).to_pylist()
    assert 20 <= mixed.count("new") <= 40
    assert mixed.count("old") == 100 - mixed.count("new")
