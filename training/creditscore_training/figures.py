"""Figures of a training run, as matplotlib figures that belong to no window."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from creditscore import validation

WIDTH, HEIGHT = 6.4, 4.8
LEADING = 20
SCORE_BINS = np.linspace(0, 100, 41)


def roc_figure(default_flag: np.ndarray, probabilities: Mapping[str, np.ndarray]) -> Figure:
    """Draw the ROC curve of each model, with its AUC in the legend."""
    figure, axes = _blank("Out of time: who ranks best?", "share of non-defaults alarmed", "share of defaults caught")
    for name, probability in probabilities.items():
        curve = validation.roc_curve(default_flag, probability)
        axes.plot(curve.x, curve.y, label=f"{name}, AUC {validation.auc(default_flag, probability).value:.3f}")
    axes.plot([0, 1], [0, 1], color="0.7", linestyle=":")
    axes.legend(loc="lower right")
    return figure


def calibration_figure(default_flag: np.ndarray, probability: np.ndarray) -> Figure:
    """Draw the default rate of ten equally filled bins, with its interval, against the mean probability."""
    figure, axes = _blank("Out of time: do the probabilities hold?", "mean predicted probability", "default rate")
    bins = validation.calibration_table(default_flag, probability)
    mean = np.array([one.mean_default_probability for one in bins])
    rate = np.array([one.default_rate for one in bins])
    low, high = np.array([one.rate_low for one in bins]), np.array([one.rate_high for one in bins])
    # The interval holds the Bayesian median, not always the rate itself: at the edge an arm has no length, never less.
    arms = np.maximum([rate - low, high - rate], 0)
    axes.errorbar(mean, rate, yerr=arms, fmt="o", capsize=3)
    top = float(max(mean.max(), high.max()))
    axes.plot([0, top], [0, top], color="0.7", linestyle=":")
    return figure


def score_figure(score: np.ndarray, default_flag: np.ndarray) -> Figure:
    """Draw how the scores of later defaulters and of the others are spread."""
    figure, axes = _blank("Out of time: how are the scores spread?", "score", "share of the group per point")
    for label, wanted in (("no default", 0), ("default", 1)):
        axes.hist(score[default_flag == wanted], bins=SCORE_BINS, density=True, alpha=0.6, label=label)
    axes.legend(loc="upper left")
    return figure


def importance_figure(importances: pd.DataFrame) -> Figure:
    """Draw the leading features by their mean absolute push on the log odds."""
    leading = importances.head(LEADING).iloc[::-1]
    figure, axes = _blank("What moves the probabilities?", "mean absolute contribution", "")
    axes.barh(leading["feature"], leading["mean_contribution"])
    return figure


def _blank(title: str, x_label: str, y_label: str) -> tuple[Figure, Any]:
    figure = Figure(figsize=(WIDTH, HEIGHT), layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=x_label, ylabel=y_label)
    return figure, axes
