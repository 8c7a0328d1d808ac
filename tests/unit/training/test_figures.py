"""Figures show what was measured."""

import numpy as np
import pandas as pd
import pytest

from creditscore import validation
from creditscore_training.figures import calibration_figure, importance_figure, roc_figure, score_figure


@pytest.fixture
def outcome():
    rng = np.random.default_rng(1)
    probability = rng.uniform(0.01, 0.5, 500)
    return (rng.random(500) < probability).astype(float), probability


def test_the_roc_figure_names_each_model_with_its_auc(outcome):
    flag, probability = outcome
    (axes,) = roc_figure(flag, {"forest": probability, "coin": np.full(500, 0.1)}).axes
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == [f"forest, AUC {validation.auc(flag, probability).value:.3f}", "coin, AUC 0.500"]


def test_the_calibration_figure_shows_the_rate_of_each_bin(outcome):
    flag, probability = outcome
    (axes,) = calibration_figure(flag, probability).axes
    points = axes.containers[0][0].get_xydata()
    bins = validation.calibration_table(flag, probability)
    assert points[:, 1].tolist() == [one.default_rate for one in bins]


def test_the_calibration_figure_survives_bins_in_which_nobody_or_everybody_defaults():
    probability = np.repeat([0.01, 0.99], 50)
    figure = calibration_figure((probability > 0.5).astype(float), probability)
    assert len(figure.axes[0].containers) == 1


def test_the_score_figure_has_a_histogram_for_defaulters_and_one_for_the_others(outcome):
    flag, probability = outcome
    (axes,) = score_figure(100 * (1 - probability), flag).axes
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["no default", "default"]


def test_the_importance_figure_puts_the_leading_feature_on_top():
    table = pd.DataFrame({"feature": [f"f{index}" for index in range(30)], "mean_contribution": np.linspace(1, 0, 30)})
    (axes,) = importance_figure(table).axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert labels[-1] == "f0"
    assert len(labels) == 20
