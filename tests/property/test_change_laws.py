"""Laws of the parts of a change: they add up, whatever moved between two days."""

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
from creditscore.scoring.changes.steps import Standing, parts_between

OTHERS = ("overdue_ratio", "macro_pmi_level", "macro_output_gap_change_12m", "industry_orders_level", "delay_gap_days")
NAMES = ("overdue_oldest_days", "payback_365d_ratio", "orders_365d_count", "cooperation_years", *OTHERS)
VALUES = st.floats(-200, 200) | st.just(math.nan)
ROWS = st.fixed_dictionaries(dict.fromkeys(NAMES, VALUES) | {IN_DEFAULT: st.sampled_from([0.0, 0.0, 1.0])})
SHIPPED = load_policy()
PROBABILITIES = st.tuples(st.floats(0.001, 0.05), st.floats(0.06, 0.5))


def scale(anchors):
    safer, riskier = (Anchor(score=score, default_probability=pd) for score, pd in zip((80, 60), anchors, strict=True))
    return replace(SHIPPED, version=str(anchors), scale=ScoreScale(safer=safer, riskier=riskier))


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
