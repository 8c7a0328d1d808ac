import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.policy import decide, log_odds


def test_three_customers_get_three_decisions(policy):
    decisions = decide(policy, log_odds=log_odds([0.03, 0.15, 0.2]), exposure_amount=[100_000, 100_000, 100_000])
    assert decisions.score[:2].tolist() == [80, 60]
    assert decisions.grade.tolist() == ["C2", "D3", "E1"]
    assert decisions.colour.tolist() == ["green", "yellow", "red"]
    assert decisions.reserve_rate.tolist() == [0.03, 0.08, 0.15]
    assert decisions.reserve_amount.tolist() == [3_000, 8_000, 15_000]
    assert decisions.action.tolist() == ["trade_normally", "reduce_limit_and_term", "suspend_and_preserve"]


def test_nobody_gives_no_decisions(policy):
    decisions = decide(policy, log_odds=[], exposure_amount=[])
    assert len(decisions.score) == len(decisions.grade) == len(decisions.reserve_amount) == 0


@pytest.mark.parametrize(
    ("risk", "exposure", "named"),
    [
        ([0.0, 1.0], [1], "decide"),
        (0.0, 1, "decide"),
        ([np.nan], [1], "log_odds"),
        ([0.0], [1.5], "exposure_amount"),
    ],
)
def test_what_cannot_be_decided_is_refused(policy, risk, exposure, named):
    with pytest.raises(ParameterError, match=named):
        decide(policy, log_odds=risk, exposure_amount=exposure)


def test_a_million_customers_are_decided_at_once_as_one_by_one(policy):
    draws = np.random.default_rng(11)
    risk, exposure = draws.normal(-3, 2, 1_000_000), draws.integers(-(10**6), 10**9, 1_000_000)
    together = decide(policy, log_odds=risk, exposure_amount=exposure)
    for place in range(0, 1_000_000, 99_991):
        alone = decide(policy, log_odds=risk[place : place + 1], exposure_amount=exposure[place : place + 1])
        for name in ("score", "grade", "colour", "reserve_rate", "reserve_amount", "action"):
            assert getattr(alone, name)[0] == getattr(together, name)[place]
