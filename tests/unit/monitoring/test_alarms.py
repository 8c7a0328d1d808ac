"""Alarms of one day and their life: worked by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.errors import ParameterError
from creditscore.monitoring import (
    AlarmBudget,
    Change,
    Direction,
    Effects,
    Floors,
    Level,
    Reference,
    Sign,
    Watched,
    checks,
    follow,
    grouped,
    signs,
)
from creditscore.monitoring.normal_scores import NormalScores
from creditscore.monitoring.shift import Rows, shift

FIRST, SECOND, THIRD = date(2024, 3, 1), date(2024, 3, 2), date(2024, 3, 3)


def sign(subject="steady", **changed):
    stated = {
        "subject": subject,
        "kind": "values",
        "family": "behaviour",
        "reference": "last_month",
        "dimension": "industry_code",
        "segment": "C25",
        "difference": 0.4,
    }
    return Sign(**stated | changed)


def test_the_statistic_is_the_self_normalized_sum_of_the_changes_less_the_floor():
    who = np.arange(3)
    before, after = np.array([[0.0], [2.0], [5.0]]), np.array([[1.0], [2.0], [7.0]])
    found = shift(Rows(after, who), Rows(before, who), floors=np.array([0.5]))
    changes = np.array([1.0, 0.0, 2.0]) - 0.5
    assert found.difference[0] == pytest.approx(1.0)
    assert found.statistic[0] == pytest.approx(changes.sum() / np.sqrt((changes**2).sum()))


def test_a_customer_with_several_rows_counts_once():
    then = Rows(np.array([[0.0], [1.0]]), np.array([0, 1]))
    once = shift(Rows(np.array([[1.0], [3.0]]), np.array([0, 1])), then, floors=np.zeros(1))
    twice = shift(Rows(np.array([[1.0], [3.0]] * 2), np.array([0, 1] * 2)), then, floors=np.zeros(1))
    assert twice.statistic[0] == pytest.approx(once.statistic[0])
    assert twice.customers.tolist() == [2]


def test_a_change_below_the_floor_has_no_statistic():
    who = np.arange(500)
    then = Rows(np.zeros((500, 1)), who)
    assert shift(Rows(np.full((500, 1), 0.09), who), then, floors=np.array([0.1])).statistic.tolist() == [0.0]


def test_a_floor_never_makes_an_alarm():
    draws = np.random.default_rng(0)
    who = np.arange(60)
    for _ in range(200):
        then, now = Rows(draws.normal(size=(60, 1)), who), Rows(draws.normal(0.8, 1, size=(60, 1)), who)
        bare, floored = (shift(now, then, floors=np.array([floor])).statistic[0] for floor in (0.0, 0.2))
        assert floored <= bare


def test_a_side_without_a_value_is_not_compared():
    who = np.arange(2)
    found = shift(Rows(np.full((2, 1), np.nan), who), Rows(np.zeros((2, 1)), who), floors=np.zeros(1))
    assert np.isnan(found.difference[0])
    assert found.statistic.tolist() == [0.0]
    assert found.customers.tolist() == [0]


def test_a_reference_without_a_value_gives_scores_of_zero():
    assert NormalScores.of(pd.Series([np.nan]))(pd.Series([3.0])).tolist() == [0.0]


def test_the_budget_is_spread_evenly_over_the_checks_and_days_of_a_month():
    assert AlarmBudget(false_alarms_per_month=3.1).level(100) == pytest.approx(0.001)
    assert AlarmBudget().threshold(0) > 0


def test_a_floor_below_zero_is_refused():
    with pytest.raises(ParameterError, match="Floors"):
        Floors(value=-1, share=0, score=0)


def test_the_alarm_names_the_industry_that_moved_most(portfolio, named_features):
    features = named_features("steady", "other")
    before = portfolio(1).assign(customer_id=[str(number) for number in range(1500)])
    before["industry_code"] = np.where(np.arange(1500) % 3 == 0, "C25", "F51")
    moved = before["steady"] + np.where(before["industry_code"] == "C25", 1.0, 0.0)
    table = checks(
        before.assign(steady=moved),
        {Reference.LAST_MONTH: before},
        watched=Watched.of(before, features=features),
        budget=AlarmBudget(),
    )
    (found,) = signs(table)
    assert (found.subject, found.kind, found.dimension, found.segment) == ("steady", "values", "industry_code", "C25")
    assert found.difference > 0.5
    assert len(set(table["threshold"])) == 1


def test_small_segments_are_not_watched(portfolio, named_features):
    before = portfolio(1, size=150).assign(customer_id=[str(number) for number in range(150)])
    before["region"] = np.where(np.arange(150) < 120, "north", "south")
    watched = Watched.of(before, features=named_features("steady"))
    table = checks(before, {Reference.LAST_MONTH: before}, watched=watched, budget=AlarmBudget())
    assert set(table["segment"]) == {"book", "north"}


def test_an_alarm_opens_once_stands_and_closes_after_quiet_days():
    opened = follow([sign()], (), as_of=FIRST, quiet_days=2)
    stands = follow([sign(difference=0.5)], opened, as_of=SECOND, quiet_days=2)
    quiet = follow([], stands, as_of=THIRD, quiet_days=2)
    closed = follow([], quiet, as_of=date(2024, 3, 4), quiet_days=2)
    days = (opened, stands, quiet, closed)
    assert [one[0].change for one in days] == [Change.OPENED, Change.STANDS, Change.STANDS, Change.CLOSED]
    assert len({one[0].alarm_id for one in days}) == 1
    assert quiet[0].sign.difference == 0.5
    assert follow([], closed, as_of=date(2024, 3, 5), quiet_days=2) == ()
    again = follow([sign()], closed, as_of=date(2024, 3, 5), quiet_days=2)
    assert again[0].change == Change.OPENED
    assert again[0].alarm_id != opened[0].alarm_id


def of_source(subject, points, source="events", **changed):
    return sign(subject, source=source, reason_code="E1", effect_points=points, group_effect_points=points, **changed)


def opened(*found, least_points=0.5):
    return follow(found, (), as_of=FIRST, quiet_days=2, least_points=least_points)


def test_alarms_of_one_source_reference_and_direction_are_one_group_the_strongest_first():
    found = grouped(
        opened(
            of_source("count", -0.3),
            of_source("amount", -0.9),
            of_source("calm", 0.4),
            of_source("older", -0.2, reference="development"),
            of_source("orders", -0.6, source="invoices"),
        )
    )
    assert [[one.sign.subject for one in group.alarms] for group in found] == [
        ["amount", "count"],
        ["orders"],
        ["calm"],
        ["older"],
    ]
    assert [group.key.direction for group in found] == [
        *(Direction.LOWERS, Direction.LOWERS, Direction.RAISES, Direction.LOWERS)
    ]


def test_what_leaves_the_score_goes_along_with_the_strongest_of_its_source():
    (led,) = grouped(opened(of_source("count", -0.3), of_source("since", 0.001)))
    assert (led.key.direction, len(led.alarms)) == (Direction.LOWERS, 2)
    (alone,) = grouped(opened(of_source("since", 0.001), of_source("kind", -0.02)))
    assert alone.key.direction == Direction.LEAVES


def test_a_group_below_the_least_effect_is_a_notice_and_at_it_an_alarm():
    small, large = grouped(opened(of_source("a", 0.49)))[0], grouped(opened(of_source("a", -0.5)))[0]
    assert (small.level, large.level) == (Level.NOTICE, Level.ALARM)
    assert "effect on the score -0.5 points" in large.sentence


@pytest.mark.parametrize(
    ("subject", "kind", "measure", "difference", "direction"),
    [
        ("score", "score", "score", -3.0, Direction.LOWERS),
        ("grade", "values", "grade", 0.4, Direction.LOWERS),
        ("grade", "values", "grade", -0.4, Direction.RAISES),
        ("colour", "share", "colour red", 0.1, Direction.LOWERS),
        ("colour", "share", "colour green", 0.1, Direction.RAISES),
        ("colour", "share", "colour yellow", 0.1, Direction.LEAVES),
    ],
)
def test_what_the_model_says_is_an_alarm_at_any_threshold(subject, kind, measure, difference, direction):
    said = sign(subject, kind=kind, measure=measure, family="output", difference=difference)
    (group,) = grouped(opened(said, least_points=100.0))
    assert (group.level, group.key.source, group.key.direction) == (Level.ALARM, "what the model says", direction)
    assert group.effect_points is None


def test_score_grade_and_colour_that_fall_together_are_one_group():
    said = [
        sign("score", kind="score", family="output", difference=-3.0),
        sign("grade", measure="grade", family="output", difference=0.4),
        sign("colour", kind="share", measure="colour yellow", family="output", difference=0.1),
    ]
    (group,) = grouped(opened(*said))
    assert len(group.alarms) == 3
    assert "colour yellow" in group.sentence


def test_a_notice_is_raised_once_and_stays_an_alarm_until_it_is_closed():
    first = opened(of_source("a", 0.2))
    second = follow([of_source("a", 0.8)], first, as_of=SECOND, quiet_days=2, least_points=0.5)
    third = follow([of_source("a", 0.2)], second, as_of=THIRD, quiet_days=2, least_points=0.5)
    days = [one[0] for one in (first, second, third)]
    assert [one.change for one in days] == [Change.OPENED, Change.RAISED, Change.STANDS]
    assert [one.level for one in days] == [Level.NOTICE, Level.ALARM, Level.ALARM]
    assert [one.raised_on for one in days] == [None, SECOND, SECOND]


def test_a_quiet_alarm_does_not_turn_the_direction_of_what_is_seen_today():
    first = opened(of_source("old", -2.0))
    second = follow([of_source("new", 0.01)], first, as_of=SECOND, quiet_days=3, least_points=0.5)
    found = {group.alarms[0].sign.subject: group for group in grouped(second)}
    assert found["new"].key.direction == Direction.LEAVES
    assert found["new"].level == Level.NOTICE
    assert found["old"].level == Level.ALARM


def test_the_effect_of_a_group_is_that_of_all_its_features_together_where_it_is_largest(portfolio):
    then = portfolio(1).assign(region=np.where(np.arange(1500) % 3 == 0, "north", "south"))
    north = np.where(then["region"] == "north", 1.0, 0.0)
    now = then.assign(steady=then["steady"] + north, other=then["other"] + north)
    effects = Effects(
        now=now,
        references={Reference.LAST_MONTH: then},
        score=lambda frame: 70 - 4 * np.minimum(frame["steady"].to_numpy(), frame["other"].to_numpy()),
    )
    place = {"dimension": "region", "segment": "north"}
    told = effects.told([sign("steady", source="events", **place), sign("other", source="events", **place)])
    alone, together = [one.effect_points for one in told], {one.group_effect_points for one in told}
    (found,) = together
    assert found == pytest.approx(-4.0, abs=0.1)  # both rose by one for every customer there
    assert sum(alone) != pytest.approx(found, abs=0.5)  # the effects of each alone do not add up to it
    assert {(one.group_dimension, one.group_segment) for one in told} == {("region", "north")}
    assert alone[0] < told[0].book_effect_points < 0  # only one in three is there


def test_a_least_effect_below_zero_is_refused():
    with pytest.raises(ParameterError, match="least effect is -1"):
        AlarmBudget(least_effect_points=-1)


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({}, "steady: moved by +0.40 standard deviations in industry C25 against last month."),
        (
            {
                "kind": "missing",
                "difference": 0.1,
                "effect_points": -1.25,
                "source": "Receivables",
                "reason_code": "B1",
            },
            "; effect on the score there -1.2 points; look at Receivables (B1).",
        ),
        (
            {"kind": "missing", "difference": 0.1},
            "share of missing values moved by +10.0 percentage points in industry",
        ),
        ({"kind": "score", "difference": -3, "dimension": "book", "segment": "book"}, "-3.00 points in the whole book"),
    ],
)
def test_an_alarm_is_one_sentence(stated, words):
    assert words in sign(**stated).sentence
