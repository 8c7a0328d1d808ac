"""A development period of which the truth is known, and a recipe that learns it in a moment."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.domain import month_ends
from creditscore.features import catalogue
from creditscore.models import LogisticCalibration, MonotoneForest
from creditscore.outcomes import DefaultDefinition
from creditscore_training.folds import FoldPlan
from creditscore_training.gates import Gates
from creditscore_training.recipes.trade_credit import RECIPE
from creditscore_training.tuning.plan import Tuning
from creditscore_training.tuning.space import Between

CUSTOMERS = 240


@pytest.fixture(scope="session")
def recipe():
    """Three features of different directions and a forest of few trees."""
    chosen = {1: None, -1: None, 0: None}
    for feature in catalogue():
        chosen[feature.monotone] = chosen[feature.monotone] or feature
    return replace(
        RECIPE,
        name="tiny",
        features=tuple(chosen.values()),
        definition=DefaultDefinition(version="tiny-1", horizon_months=2),
        estimator=MonotoneForest(trees=8, leaves=8, depth=3, min_leaf=20),
        calibration=LogisticCalibration(),
        gates=Gates(calibration_slope=(0.1, 10.0)),
        tuning=Tuning(
            trials=4,
            folds=FoldPlan(folds=2),
            space={"min_leaf": Between(10, 60), "feature_share": Between(0.3, 1.0)},
            most_shift=2.0,
        ),
        seed=4,
    )


@pytest.fixture(scope="session")
def rows(recipe):
    """Risk rises with the first feature and falls with the second."""
    rng = np.random.default_rng(2)
    days = pd.to_datetime(month_ends(date(2022, 1, 1), date(2022, 10, 31)))
    frame = pd.MultiIndex.from_product(
        [[f"C{number:03}" for number in range(CUSTOMERS)], days], names=["customer_id", "as_of"]
    ).to_frame(index=False)
    X = rng.normal(size=(len(frame), 3))
    risk = 1 / (1 + np.exp(-(-1.5 + 1.5 * X[:, 0] - X[:, 1])))
    return frame.assign(
        as_of=frame["as_of"].astype("datetime64[ms]"),
        default_flag=(rng.random(len(frame)) < risk).astype(float),
        **dict(zip(recipe.feature_names, X.T, strict=True)),
    )


@pytest.fixture
def storage(tmp_path):
    return f"sqlite:///{tmp_path / 'mlruns' / 'optuna.db'}"
