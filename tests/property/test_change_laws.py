"""Laws of the parts of a change: they add up, whatever moved between two days."""

import itertools
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creditscore.policy import Anchor, ScoreScale, load_policy
from creditscore.scoring import IN_DEFAULT, Cause, score_rows, write_bundle
from creditscore.scoring.changes.shares import shares_of_moves
from creditscore.scoring.changes.steps import Standing, parts_between

OTHERS = ("overdue_ratio", "macro_pmi_level", "macro_output_gap_change_12m", "industry_orders_level", "delay_gap_days")
NAMES = ("overdue_oldest_days", "payback_365d_ratio", "orders_365d_count", "cooperation_years", *OTHERS)
VALUES = st.floats(-200, 200) | st.just(math.nan)
ROWS = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES) | {IN_DEFAULT: st.sampled_from([0.0, 0.0, 1.0])})
SHIPPED = load_policy()
PROBABILITIES = st.tuples(st.floats(0.001, 0.05), st.floats(0.06, 0.5))


def scale(anchors):
    safer, riskier = (Anchor(score=score, default_probability=pd) for score, pd in zip((80, 60), anchors, strict=True))
    return replace(SHIPPED, scale=ScoreScale(safer=safer, riskier=riskier))


POLICIES = st.just(SHIPPED) | PROBABILITIES.map(scale)


@pytest.fixture(scope="module")
def bundles(tmp_path_factory, contents):
    """Two bundles of the same features, and one that shares a single feature with them."""
    folder = tmp_path_factory.mktemp("bundles")
    made = {"a": contents(3), "b": contents(4), "c": contents(3, OTHERS)}
    return [write_bundle(folder / name, contents=one) for name, one in made.items()]


def standing(bundle, policy, values):
    row = pd.DataFrame([{"customer_id": "C1", "as_of": pd.Timestamp(date(2024, 1, 31)), **values}])
    scored = score_rows(bundle, policy, row).iloc[0]
    return Standing(bundle=bundle, policy=policy, row=row, log_odds=scored["log_odds"], score=scored["score"])


DAYS = st.tuples(st.integers(0, 2), POLICIES, ROWS)


@settings(max_examples=150, deadline=None)
@given(first=DAYS, last=DAYS)
def test_the_parts_add_up_to_the_change_of_the_score_and_of_the_log_odds(bundles, first, last):
    before, after = (standing(bundles[place], policy, row) for place, policy, row in (first, last))
    parts = parts_between(before, after, news={})
    assert math.fsum(part.score for part in parts) == pytest.approx(after.score - before.score, abs=1e-9)
    assert math.fsum(part.log_odds for part in parts) == pytest.approx(after.log_odds - before.log_odds, abs=1e-9)


@settings(max_examples=50, deadline=None)
@given(place=st.integers(0, 2), policy=POLICIES, first=ROWS, last=ROWS)
def test_the_same_model_and_policy_have_no_part_in_a_change(bundles, place, policy, first, last):
    before, after = (standing(bundles[place], policy, row) for row in (first, last))
    causes = {part.cause for part in parts_between(before, after, news={})}
    assert not causes & {Cause.MODEL, Cause.CALIBRATION, Cause.POLICY}
    if first[IN_DEFAULT] == last[IN_DEFAULT] == 0:
        assert Cause.DEFAULT not in causes


@settings(max_examples=50, deadline=None)
@given(places=st.tuples(st.integers(0, 2), st.integers(0, 2)), policies=st.tuples(POLICIES, POLICIES), row=ROWS)
def test_the_same_row_has_no_part_in_a_change(bundles, places, policies, row):
    before, after = (standing(bundles[place], policy, row) for place, policy in zip(places, policies, strict=True))
    causes = {part.cause for part in parts_between(before, after, news={})}
    assert not causes & {Cause.DATA, Cause.MACRO, Cause.INDUSTRY}


@settings(max_examples=50, deadline=None)
@given(first=ROWS, last=ROWS)
def test_going_back_undoes_a_change_of_the_data_part_by_part(bundles, first, last):
    before, after = (standing(bundles[2], SHIPPED, row) for row in (first, last))
    there, back = (
        {part.feature.name: part.score for part in parts if part.feature}
        for parts in (parts_between(before, after, news={}), parts_between(after, before, news={}))
    )
    assert there.keys() == back.keys()
    assert np.allclose([there[name] for name in there], [-back[name] for name in there], rtol=0, atol=1e-9)


@settings(max_examples=100, deadline=None)
@given(place=st.integers(0, 2), first=ROWS, last=ROWS)
def test_a_feature_that_moved_toward_risk_never_raises_a_score(bundles, place, first, last):
    before, after = (standing(bundles[place], SHIPPED, row) for row in (first, last))
    signs = {entry.name: entry.risk.monotone for entry in bundles[place].contract}
    for part in parts_between(before, after, news={}):
        rise = part.feature.after - part.feature.before if part.feature else math.nan
        if not math.isnan(rise):  # a missing value counts as one that the model chose, see its stand-ins
            assert part.score * signs[part.feature.name] * rise <= 1e-9


@settings(max_examples=50, deadline=None)
@given(place=st.integers(0, 2), first=ROWS, last=ROWS)
def test_a_feature_whose_value_stayed_has_no_part(bundles, place, first, last):
    name = bundles[place].feature_names[0]
    before, after = (standing(bundles[place], SHIPPED, row) for row in (first, last | {name: first[name]}))
    assert name not in {part.feature.name for part in parts_between(before, after, news={}) if part.feature}


TABLES = st.lists(st.floats(-5, 5), min_size=8, max_size=8)


@given(table=TABLES, kept=st.floats(-1, 1))
def test_of_three_features_that_moved_the_shares_are_the_shapley_values(table, kept):
    cube = np.array(table).reshape(2, 2, 2)

    def forecast(rows):
        return cube[tuple(rows[:, :3].astype(int).T)] + rows[:, 3]

    def joined(members, feature):
        with_it, without = ([float(one in chosen) for one in range(3)] for chosen in (members | {feature}, members))
        return cube[tuple(map(int, with_it))] - cube[tuple(map(int, without))]

    expected = [
        np.mean([joined(set(order[: order.index(feature)]), feature) for order in itertools.permutations(range(3))])
        for feature in range(3)
    ]
    found = shares_of_moves(forecast, np.array([0.0, 0, 0, kept]), np.array([1.0, 1, 1, kept]))
    assert found == pytest.approx([*expected, 0], abs=1e-9)
