import numpy as np
import pytest

from creditscore.book.rules import LINK_KINDS as KINDS_OF_THE_BOOK
from creditscore.errors import ParameterError
from creditscore.policy import ALERT_LEVELS, alert_levels, load_policy
from creditscore.policy.alerts import LINK_KINDS


@pytest.fixture(scope="module")
def level_of():
    def ask(elapsed, paid, late):
        alerts = load_policy().alerts
        level = alert_levels(alerts, term_elapsed_ratio=elapsed, paid_ratio=paid, days_past_due=late)
        return ALERT_LEVELS[int(level)]

    return ask


def test_exactly_30_days_past_due_are_not_red_and_31_are(level_of):
    assert [level_of(2.0, 0.9, late) for late in (29, 30, 31)] == ["none", "none", "red"]


def test_exactly_half_of_the_term_has_passed_and_is_yellow(level_of):
    assert [level_of(elapsed, 0.0, 0) for elapsed in (np.nextafter(0.5, 0), 0.5, 0.51)] == ["none", "yellow", "yellow"]


def test_exactly_80_percent_paid_are_not_less(level_of):
    assert [level_of(0.6, paid, 0) for paid in (np.nextafter(0.8, 0), 0.8, 0.81)] == ["yellow", "none", "none"]


def test_what_is_yellow_and_red_is_red(level_of):
    assert level_of(2.0, 0.0, 31) == "red"


def test_a_receivable_long_past_due_is_red_however_much_is_paid(level_of):
    assert level_of(2.0, 0.999, 31) == "red"


@pytest.mark.parametrize("whole", [80, 100, 12_345, 2**53 // 100])
def test_four_fifths_in_whole_amounts_are_exactly_80_percent(level_of, whole):
    assert level_of(0.5, (4 * whole) / (5 * whole), 0) == "none"
    assert level_of(0.5, (4 * whole - 1) / (5 * whole), 0) == "yellow"


def test_levels_are_small_whole_numbers_of_the_shape_given():
    levels = alert_levels(
        load_policy().alerts,
        term_elapsed_ratio=np.zeros((2, 3)),
        paid_ratio=np.ones((2, 3)),
        days_past_due=[[0] * 3] * 2,
    )
    assert levels.dtype == np.int8
    assert levels.shape == (2, 3)


def test_no_receivable_has_no_alert():
    levels = alert_levels(load_policy().alerts, term_elapsed_ratio=[], paid_ratio=[], days_past_due=[])
    assert levels.tolist() == []


def test_numbers_of_different_length_are_refused():
    with pytest.raises(ParameterError, match=r"paid_ratio \(1,\)"):
        alert_levels(load_policy().alerts, term_elapsed_ratio=[0.5, 1], paid_ratio=[0.5], days_past_due=[0, 0])


@pytest.mark.parametrize("missing", ["term_elapsed_ratio", "paid_ratio", "days_past_due"])
def test_a_missing_number_is_refused_by_name_and_is_no_alert_by_omission(missing):
    told = {"term_elapsed_ratio": [0.5, 0.5], "paid_ratio": [0.0, 0.0], "days_past_due": [0.0, 0.0]}
    told[missing] = [0.5, float("nan")]
    with pytest.raises(ParameterError, match=f"{missing}: 1 of 2 are missing"):
        alert_levels(load_policy().alerts, **told)


def test_the_kinds_of_links_that_a_policy_may_name_are_those_of_the_book():
    assert set(LINK_KINDS) == set(KINDS_OF_THE_BOOK)
