"""The small portfolio with scenario models that answer, and one question that needs no book."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from creditscore.advice import ScenarioContents, set_scenario, write_scenario
from creditscore.models import ScenarioModel, Support
from creditscore.scoring import open_champion

ROWS = 3_000


def requests_drawn():
    """Requests of sizes 0 to 4 months and terms 0 to 60 days longer, and what became of them."""
    draws = np.random.default_rng(4)
    base = draws.normal(-2.5, 1.5, ROWS)
    X = np.column_stack([draws.uniform(0, 4, ROWS), draws.integers(0, 61, ROWS)])
    y = (draws.random(ROWS) < expit(base + 0.5 * X[:, 0] + 0.02 * X[:, 1])).astype(float)
    return X, y, base


@pytest.fixture(scope="session")
def learned():
    """A model that has learned that both cost, and what it has seen."""
    X, y, base = requests_drawn()
    model = ScenarioModel().fit(X, y, base_log_odds=base)
    return SimpleNamespace(model=model, support=Support(base, X, fewest=20, width=1.0), min_history_days=30)


@pytest.fixture
def scenario_contents(bundle, learned, policy):
    """Return a function that makes the contents of a scenario bundle on the champion."""

    def make(purpose, **changes):
        given = {
            "purpose": purpose,
            "model": learned.model,
            "support": learned.support,
            "base_bundle_hash": bundle.hash,
            "horizon_months": bundle.horizon_months,
            "min_history_days": learned.min_history_days,
            "policy_hash": policy.hash,
            "training": {"learned_until": "2022-12-31"},
            "metrics": {"log_loss_test": 0.2},
            "evaluation": pd.DataFrame({"customer_id": ["C1"], "default_flag": [0.0]}),
        }
        return ScenarioContents(**(given | changes))

    return make


@pytest.fixture
def advised(workspace, scenario_contents):
    """Return the portfolio with a scenario model of each purpose that answers."""
    assert open_champion(workspace).hash == scenario_contents("bulk_purchase").base_bundle_hash
    for purpose in ("bulk_purchase", "term_extension"):
        set_scenario(workspace, write_scenario(workspace, scenario_contents(purpose)))
    return workspace
