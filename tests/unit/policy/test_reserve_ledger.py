from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.policy import MOVEMENT_KINDS, Holding, ReserveDay, reserve_amounts, settle_reserves

GREEN, YELLOW, RED = 0, 1, 2


def day(as_of):
    return (as_of - date(1970, 1, 1)).days


def holding(*, exposure=100_000, points=300, opened=True):
    exposures, rates = np.array([exposure]), np.array([points])
    held = reserve_amounts(exposures, basis_points=rates)
    return Holding(opened=np.array([opened]), exposure_amount=exposures, held_basis_points=rates, held_amount=held)


def today(*, rank, held_days=0, exposure=100_000, known=True, on=date(2024, 3, 20), previous=date(2024, 3, 19)):
    return ReserveDay(
        on=day(on),
        previous_on=None if previous is None else day(previous),
        in_book=np.array([True]),
        known=np.array([known]),
        exposure_amount=np.array([exposure]),
        colour_rank=np.array([rank]),
        colour_since=np.array([day(on) - held_days]),
    )


def moved(settlement):
    return {kind: int(amount[0]) for kind, amount in settlement.movements.items() if amount[0]}


@pytest.mark.parametrize(
    ("held_days", "expected"), [(0, {}), (29, {}), (30, {"release": -12_000}), (31, {"release": -12_000})]
)
def test_a_better_colour_releases_on_the_day_on_which_it_has_held_30_days(policy, held_days, expected):
    assert (
        moved(settle_reserves(policy.reserve, holding(points=1500), today(rank=GREEN, held_days=held_days))) == expected
    )


def test_release_after_0_days_is_at_once(policy):
    rates = replace(policy.reserve, release_after_days=0)
    assert moved(settle_reserves(rates, holding(points=800), today(rank=GREEN))) == {"release": -5_000}


def test_a_downgrade_is_topped_up_at_once(policy):
    assert moved(settle_reserves(policy.reserve, holding(), today(rank=RED))) == {"top_up": 12_000}


@pytest.mark.parametrize(
    ("previous", "on", "expected"),
    [
        (date(2024, 3, 28), date(2024, 3, 31), {}),
        (date(2024, 3, 31), date(2024, 4, 1), {"top_up": 5_000}),
        (date(2024, 3, 28), date(2024, 4, 3), {"top_up": 5_000}),
        (date(2024, 4, 1), date(2024, 4, 2), {}),
        (date(2023, 4, 1), date(2024, 4, 2), {"top_up": 5_000}),
    ],
)
def test_a_policy_without_top_up_on_downgrade_tops_up_on_the_first_run_of_a_month(policy, previous, on, expected):
    rates = replace(policy.reserve, top_up_on_downgrade=False)
    found = settle_reserves(rates, holding(), today(rank=YELLOW, on=on, previous=previous))
    assert moved(found) == expected
    assert found.required_amount.tolist() == [8_000]


def test_the_exposure_moves_at_the_old_rate_before_the_rate_moves(policy):
    found = settle_reserves(policy.reserve, holding(), today(rank=YELLOW, exposure=200_000))
    assert moved(found) == {"exposure": 3_000, "top_up": 10_000}


def test_a_rate_that_a_new_policy_raised_tops_up_without_a_downgrade(policy):
    rates = replace(policy.reserve, green=0.04)
    assert moved(settle_reserves(rates, holding(), today(rank=GREEN, held_days=400))) == {"top_up": 1_000}


def test_of_an_unknown_exposure_the_holding_stands_and_nothing_is_required(policy):
    found = settle_reserves(policy.reserve, holding(), today(rank=RED, exposure=7, known=False))
    assert moved(found) == {}
    assert not found.required_known[0]
    assert (found.holding.held_amount[0], found.holding.exposure_amount[0]) == (3_000, 100_000)


def test_a_customer_opens_when_its_exposure_is_first_known(policy):
    nothing = holding(exposure=0, opened=False)
    waiting = settle_reserves(policy.reserve, nothing, today(rank=YELLOW, known=False))
    assert moved(waiting) == {}
    assert not waiting.holding.opened[0]
    assert moved(settle_reserves(policy.reserve, waiting.holding, today(rank=YELLOW))) == {"opening": 8_000}


def test_what_is_not_opened_or_not_in_the_book_does_not_count(policy):
    strange = holding(exposure=123, points=77, opened=False)
    gone = replace(today(rank=99, held_days=-5), in_book=np.array([False]))
    found = settle_reserves(policy.reserve, strange, gone)
    assert moved(found) == {}
    assert (found.holding.held_amount[0], found.holding.held_basis_points[0]) == (0, 0)


def test_a_customer_that_leaves_the_book_closes(policy):
    found = settle_reserves(policy.reserve, holding(), replace(today(rank=RED), in_book=np.array([False])))
    assert moved(found) == {"closing": -3_000}
    assert not found.holding.opened[0]


def test_movements_come_in_the_order_of_their_kinds(policy):
    assert tuple(settle_reserves(policy.reserve, holding(), today(rank=GREEN)).movements) == MOVEMENT_KINDS


@pytest.mark.parametrize(
    ("held", "now", "named"),
    [
        (holding(), replace(today(rank=GREEN), known=np.array([True, False])), "one length"),
        (holding(), replace(today(rank=GREEN), exposure_amount=np.array([1.5])), "exposure_amount: It holds float64"),
        (holding(), today(rank=3), "1 of 1 are no rank"),
        (holding(), today(rank=-1), "1 of 1 are no rank"),
        (holding(), today(rank=GREEN, held_days=-1), "1 colours hold since a later day"),
        (holding(), today(rank=GREEN, previous=date(2024, 3, 20)), "previous day is not before"),
        (holding(points=10_001), today(rank=GREEN), "1 of 1 holdings"),
        (replace(holding(), held_amount=np.array([2_999])), today(rank=GREEN), "1 of 1 holdings"),
    ],
)
def test_what_cannot_be_settled_is_refused(policy, held, now, named):
    with pytest.raises(ParameterError, match=named):
        settle_reserves(policy.reserve, held, now)


def test_a_million_customers_are_settled_at_once_as_one_by_one(policy):
    draws, count = np.random.default_rng(3), 1_000_000
    exposure, points = draws.integers(-(10**6), 10**9, count), draws.choice([300, 800, 1500], count)
    many = holding_of(exposure, points, opened=draws.random(count) < 0.9)
    on = ReserveDay(
        on=20_000,
        previous_on=19_999,
        in_book=draws.random(count) < 0.9,
        known=draws.random(count) < 0.9,
        exposure_amount=draws.integers(-(10**6), 10**9, count),
        colour_rank=draws.integers(0, 3, count),
        colour_since=draws.integers(19_950, 20_001, count),
    )
    together = settle_reserves(policy.reserve, many, on)
    for place in range(0, count, 99_991):
        one = slice(place, place + 1)
        alone = settle_reserves(policy.reserve, cut(many, one), cut(on, one))
        assert alone.holding.held_amount[0] == together.holding.held_amount[place]
        assert moved(alone) == {kind: amount[place] for kind, amount in together.movements.items() if amount[place]}


def holding_of(exposure, points, *, opened):
    held = reserve_amounts(exposure, basis_points=points)
    return Holding(opened=opened, exposure_amount=exposure, held_basis_points=points, held_amount=held)


def cut(arrays, rows):
    names = [name for name in arrays.__slots__ if isinstance(getattr(arrays, name), np.ndarray)]
    return replace(arrays, **{name: getattr(arrays, name)[rows] for name in names})
