"""How well a scenario model foretells the outcomes of requests, and whether it may answer."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm

from creditscore import validation
from creditscore.advice import ASKED
from creditscore.models import ScenarioModel
from creditscore.scoring import GateResult
from creditscore_training.scenarios.recipe import ScenarioGates
from creditscore_training.scenarios.requests import BASE
from creditscore_training.splits import TEST

TENTH = 0.1


def scored(rows: pd.DataFrame, model: ScenarioModel) -> pd.DataFrame:
    """Add what the model and the base alone say of each request: ``log_odds``, ``pd_scenario`` and ``pd_base``."""
    log_odds = model.log_odds(rows[list(ASKED)], base_log_odds=rows[BASE])
    return rows.assign(log_odds=log_odds, pd_scenario=expit(log_odds), pd_base=expit(rows[BASE]))


def measure(rows: pd.DataFrame, model: ScenarioModel) -> dict[str, float]:
    """Return the metrics of the model and of the base alone on the requests of the test.

    Rows of one customer are taken for independent: few customers ask twice within a test.

    Parameters
    ----------
    rows
        Requests with ``split``, from :func:`scored`.
    model
        The model, whose rise with what is asked is measured.
    """
    test = rows[rows["split"] == TEST]
    flag = test["default_flag"].to_numpy()
    losses = {name: _losses(flag, test[f"pd_{name}"].to_numpy()) for name in ("scenario", "base")}
    gain = losses["base"] - losses["scenario"]
    error = float(gain.std(ddof=1) / np.sqrt(len(gain)))
    metrics: dict[str, float] = {
        "row_count_test": len(test),
        "default_count_test": flag.sum(),
        "log_loss_test": losses["scenario"].mean(),
        "log_loss_test_base": losses["base"].mean(),
        "log_loss_gain": gain.mean(),
        "log_loss_gain_p": float(norm.cdf(gain.mean() / error)) if error > 0 else 1.0,
        "rise_test": rise(model, test),
    }
    for name in ("scenario", "base"):
        probability = test[f"pd_{name}"].to_numpy()
        line = validation.calibration_line(flag, probability)
        metrics |= {
            f"auc_test_{name}": validation.auc(flag, probability).value,
            f"calibration_slope_test_{name}": line.slope.value,
            f"calibration_in_the_large_test_{name}": line.in_the_large.value,
        }
    return {name: float(value) for name, value in metrics.items()}


def rise(model: ScenarioModel, rows: pd.DataFrame) -> float:
    """Return the mean rise in log-odds from the lowest tenth of what is asked to the highest, of the same customers."""
    low, high = (np.tile(np.quantile(rows[list(ASKED)], share, axis=0), (len(rows), 1)) for share in (TENTH, 1 - TENTH))
    answers = [model.log_odds(asked, base_log_odds=rows[BASE]) for asked in (low, high)]
    return float((answers[1] - answers[0]).mean())


def judge(gates: ScenarioGates, metrics: Mapping[str, float]) -> tuple[GateResult, ...]:
    """Hold the metrics of the out-of-time test against every gate.

    Examples
    --------
    >>> found = {"default_count_test": 60.0, "log_loss_test": 0.17, "log_loss_test_base": 0.18, "log_loss_gain_p": 0.98,
    ...          "calibration_slope_test_scenario": 0.9, "rise_test": 0.02}
    >>> for result in judge(ScenarioGates(), found):
    ...     print(result.name, result.passed)
    enough_defaults True
    no_worse_than_base True
    calibrated True
    tells_sizes_apart False
    """
    defaults, slope = int(metrics["default_count_test"]), metrics["calibration_slope_test_scenario"]
    low, high = gates.calibration_slope
    ours, base, p_value = metrics["log_loss_test"], metrics["log_loss_test_base"], metrics["log_loss_gain_p"]
    return (
        GateResult(
            "enough_defaults",
            defaults >= gates.min_defaults,
            f"The requests of the test have {defaults:,} defaults; at least {gates.min_defaults:,} are asked for.",
        ),
        GateResult(
            "no_worse_than_base",
            p_value >= gates.significance,
            f"The log loss out of time is {ours:.4f} against {base:.4f} of the base alone (one-sided p = {p_value:.3f} "
            "that it is no worse); it must not be significantly higher.",
        ),
        GateResult(
            "calibrated",
            low <= slope <= high,
            f"The calibration slope out of time is {slope:.2f}; {low:.2f} to {high:.2f} is asked for.",
        ),
        GateResult(
            "tells_sizes_apart",
            metrics["rise_test"] >= gates.min_rise,
            f"From small requests to large ones the log-odds rise by {metrics['rise_test']:.2f}; at least "
            f"{gates.min_rise:.2f} is asked for.",
        ),
    )


def _losses(flag: np.ndarray, probability: np.ndarray) -> np.ndarray:
    return -np.where(flag == 1, np.log(probability), np.log1p(-probability))
