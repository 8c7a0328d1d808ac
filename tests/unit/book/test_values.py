from datetime import date

import pyarrow as pa
import pytest

from creditscore.book import Kind
from creditscore.book.intake.values import parse, text_of
from creditscore.book.mapping import SourceMapping

CONTINENTAL = SourceMapping(file="*", decimal=",", thousands=".", missing=["", "k.A.", "-99.99"])
PLAIN = SourceMapping(file="*", dates=["%d/%m/%Y", "%Y%m"], missing=["", "-99.99"])


def read(values, kind, formats=PLAIN):
    parsed = parse(pa.array(values), kind, formats=formats)
    broken = {rule: rows.nonzero()[0].tolist() for rule, rows in parsed.broken.items()}
    return parsed.values.to_pylist(), broken


@pytest.mark.parametrize(
    ("written", "number"),
    [("1.234.567,5", 1234567.5), ("12", 12), ("-3,", -3), (",5", 0.5), ("(7,5)", -7.5), ("1,5e3", 1500), ("+2", 2)],
)
def test_a_number_is_read_in_the_declared_writing(written, number):
    assert read([written], Kind.REAL, CONTINENTAL) == ([number], {})


@pytest.mark.parametrize("written", ["12.5", "1.23.456", "1,2,3", "abc", "12 000", "0x10", "nan", "inf", "1e999"])
def test_what_is_no_number_in_the_declared_writing_is_broken_and_never_guessed(written):
    assert read([written, "1"], Kind.REAL, CONTINENTAL) == ([None, 1], {"each_value_is_a_number": [0]})


def test_a_missing_marker_is_missing_in_text_and_in_typed_columns():
    assert read([" k.A. ", "", None], Kind.REAL, CONTINENTAL) == ([None, None, None], {})
    assert read([-99.99, float("nan"), 1.0], Kind.REAL) == ([None, None, 1.0], {})


def test_an_infinite_typed_number_is_broken():
    assert read([float("inf"), 2.0], Kind.MONEY) == ([None, 2.0], {"each_amount_is_a_number": [0]})


def test_days_are_tried_in_the_order_of_their_formats_and_impossible_ones_are_broken():
    days = ["3/4/2013", "201302", "30/2/2013", "29/2/2012", None]
    expected = [date(2013, 4, 3), date(2013, 2, 1), None, date(2012, 2, 29), None]
    assert read(days, Kind.DAY) == (expected, {"each_date_exists": [2]})


def test_typed_days_need_no_format():
    assert read([date(2013, 2, 1), None], Kind.DAY) == ([date(2013, 2, 1), None], {})


def test_a_count_must_be_whole():
    assert read(["30", "30.0", "30.5"], Kind.WHOLE) == ([30, 30, None], {"each_count_is_whole": [2]})


def test_flags_are_read_by_words_whatever_their_case():
    values, broken = read(["YES", "no", "是", "否", "maybe", None], Kind.FLAG)
    assert values == [True, False, True, False, None, None]
    assert broken == {"each_flag_is_one_of_the_declared_words": [4]}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (pa.array([722511.0, 0.5, None]), ["722511", "0.5", None]),
        (pa.array([True, False]), ["true", "false"]),
        (pa.array(["a ", "b"]).dictionary_encode(), ["a", "b"]),
        (pa.array([date(2013, 2, 1)]), ["2013-02-01"]),
        (pa.array([0], pa.timestamp("us")), ["1970-01-01 00:00:00"]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_an_id_is_the_same_text_whatever_type_a_source_gives_it(column, text):
    assert text_of(column, PLAIN).to_pylist() == text
