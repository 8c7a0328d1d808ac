"""Laws of advice: the exact inverse, and an order that nothing breaks."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from creditscore.advice import History, largest
from creditscore.advice.question import Question
from creditscore.advice.request import Request
from creditscore.models import ScenarioModel, Support
from creditscore.policy import load_policy

ROWS = 2_000
POLICY = load_policy()
AMOUNTS = st.integers(1, 10_000_000)
DAYS = st.integers(0, 150)
BASES = st.floats(-7, 3)


def learned():
    draws = np.random.default_rng(8)
    base = draws.normal(-2.5, 1.5, ROWS)
    X = np.column_stack([draws.uniform(0, 5, ROWS), draws.integers(0, 91, ROWS)])
    y = (draws.random(ROWS) < expit(base + 0.4 * X[:, 0] + 0.01 * X[:, 1])).astype(float)
    model = ScenarioModel(leaves=4).fit(X, y, base_log_odds=base).calibrate(X, y, base_log_odds=base)
    return SimpleNamespace(model=model, support=Support(base, X, fewest=10, width=1.0), min_history_days=30)


SCENARIO = learned()


def question(base, amount, term_days, most, monthly=1_234_567.8):
    return Question(
        customer_id="C1",
        request=Request(purpose="bulk_purchase", amount=amount, term_days=term_days, max_default_probability=most),
        history=History(monthly_amount=monthly, usual_term_days=45),
        amount=amount,
        term_days=term_days,
        base_log_odds=base,
        base_reasons=(),
        open_amount=0,
        scenario=SCENARIO,
        policy=POLICY,
        provenance=None,
    )


@given(bound=st.integers(-5, 2_000), least=st.integers(-3, 1_000), width=st.integers(0, 1_000))
def test_the_inverse_is_what_counting_finds(bound, least, width):
    numbers = [number for number in range(least, least + width + 1) if number <= bound]
    found = largest(lambda number: number <= bound, least=least, most=least + width)
    assert found == (numbers[-1] if numbers else None)


@settings(max_examples=40, deadline=None)
@given(base=BASES, term=DAYS, most=st.one_of(st.none(), st.floats(0.001, 0.999)), monthly=st.floats(1.0, 1e9))
def test_the_largest_amount_keeps_and_one_more_does_not(base, term, most, monthly):
    asked = question(base, 1, term, most, monthly)
    found = asked.largest_amount()
    if found.value is None:
        assert found.ended_by == "policy" or asked.broken_by(1, term) == found.ended_by
        return
    assert asked.broken_by(found.value, term) is None
    assert asked.broken_by(found.value + 1, term) == found.ended_by


@settings(max_examples=40, deadline=None)
@given(base=BASES, amount=AMOUNTS, most=st.one_of(st.none(), st.floats(0.001, 0.999)))
def test_the_longest_term_keeps_and_one_day_more_does_not(base, amount, most):
    asked = question(base, amount, 0, most)
    found = asked.longest_term_days()
    if found.value is None:
        return
    assert asked.broken_by(amount, found.value) is None
    assert found.ended_by == "policy" or asked.broken_by(amount, found.value + 1) == found.ended_by


@settings(max_examples=100, deadline=None)
@given(base=BASES, amounts=st.tuples(AMOUNTS, AMOUNTS), days=st.tuples(DAYS, DAYS))
def test_who_asks_for_more_never_has_the_better_answer_or_the_better_support(base, amounts, days):
    less, more = (question(base, pick(amounts), pick(days), None) for pick in (min, max))
    assert less.log_odds(less.amount, less.term_days) <= more.log_odds(more.amount, more.term_days)
    assert less.comparable(less.amount, less.term_days) >= more.comparable(more.amount, more.term_days)
    assert less.log_odds(less.amount, less.term_days) >= base


@pytest.mark.parametrize("leaves", [2, 3, 8])
def test_a_model_of_any_size_keeps_the_order_on_a_fine_grid(leaves):
    draws = np.random.default_rng(leaves)
    X = draws.uniform(0, 5, (1_500, 2))
    y = (draws.random(1_500) < 0.2).astype(float)
    model = ScenarioModel(leaves=leaves, min_leaf=5, ridge=0.0).fit(X, y, base_log_odds=np.full(1_500, -1.4))
    grid = np.linspace(-1, 6, 400)
    for place in (0, 1):
        asked = np.full((400, 2), 2.5)
        asked[:, place] = grid
        assert (np.diff(model.log_odds(asked, base_log_odds=np.full(400, -1.4))) >= 0).all()
