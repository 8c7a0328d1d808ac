"""What the models say about every row of the three periods, and how well they say it."""

import math

import numpy as np
import pandas as pd

from creditscore import validation
from creditscore.domain import pd_column
from creditscore.policy import Policy, decide
from creditscore_training.fitting import Candidates
from creditscore_training.observations import DAY, KEYS
from creditscore_training.recipe import EXPOSURE
from creditscore_training.splits import DEVELOPMENT, TEST

REFERENCE_ROWS = 5_000
TESTED_ROWS = 20_000
DAYS_IN_YEAR = 365.25
BESIDE = "pd_"  # what stands before the name of a baseline or rival in the column of its probabilities


def evaluation_frame(
    rows: pd.DataFrame, candidates: Candidates, *, policy: Policy, horizon_months: int
) -> pd.DataFrame:
    """Return every labelled row with what the models and the policy say about it.

    Parameters
    ----------
    rows
        Labelled observations with ``split``, ``unseen_flag``, ``industry_code``, ``region``, ``onboarded_on``,
        ``default_on`` and the features.
    candidates
        The fitted models and what they say of each row.
    policy
        Gives score, grade and colour.
    horizon_months
        Horizon that the probabilities speak of.
    """
    exposure = exposure_amount(rows)
    decisions = decide(policy, log_odds=candidates.log_odds, exposure_amount=exposure.fillna(0).to_numpy(np.int64))
    return pd.DataFrame(
        {
            "customer_id": rows["customer_id"],
            "as_of": rows["as_of"],
            "split": rows["split"],
            "unseen_flag": rows["unseen_flag"],
            "default_flag": rows["default_flag"],
            "default_on": rows["default_on"],
            pd_column(horizon_months): candidates.default_probability,
            "log_odds": candidates.log_odds,
            "score": decisions.score,
            "grade": decisions.grade,
            "colour": decisions.colour,
            "exposure_amount": exposure,
            **{f"{BESIDE}{name}": values for name, values in candidates.baselines.items()},
            "industry_code": rows["industry_code"],
            "region": rows["region"],
            "cooperation_years": (rows["as_of"] - rows["onboarded_on"]).dt.days / DAYS_IN_YEAR,
        }
    )


def first_tested(rows: pd.DataFrame, *, features: list[str], seed: int) -> pd.DataFrame:
    """Return the features of each out-of-time customer when first observed.

    An accuracy report looks among them for whom the model fails and why, and asks an earlier champion about them. Of a
    large portfolio 20,000 customers are drawn (``drawn_flag``), and those who defaulted are kept beside them.
    """
    test = rows[rows["split"] == TEST].sort_values(["as_of", "customer_id"])
    first = test.drop_duplicates("customer_id").reset_index(drop=True)
    drawn = first.sample(min(len(first), TESTED_ROWS), random_state=seed).index
    kept = first.assign(drawn_flag=first.index.isin(drawn))
    kept = kept.loc[kept["drawn_flag"] | (kept["default_flag"] == 1), [*KEYS, "drawn_flag", *features]]
    return kept.sort_values(KEYS, ignore_index=True)


def reference_frame(rows: pd.DataFrame, evaluation: pd.DataFrame, *, features: list[str], seed: int) -> pd.DataFrame:
    """Return at most 5,000 development rows of features with score and grade, against which drift is measured."""
    development = evaluation["split"] == DEVELOPMENT
    known = pd.concat(
        [rows.loc[development, [*KEYS, *features]], evaluation.loc[development, ["score", "grade"]]], axis=1
    )
    if len(known) <= REFERENCE_ROWS:
        return known.reset_index(drop=True)
    return known.sample(REFERENCE_ROWS, random_state=seed).sort_values(KEYS, ignore_index=True)


def exposure_amount(rows: pd.DataFrame) -> pd.Series:
    """Return the exposures in whole minor units, missing where nothing is known of what is open."""
    return rows[EXPOSURE].round().astype("Int64")


def with_segments(rows: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """Add industry, region and first day of cooperation of each customer as they were known on the day of the row.

    Parameters
    ----------
    rows
        Observations with ``customer_id`` and ``as_of``.
    customers
        All versions of the customers, with ``known_on``.
    """
    columns = ["customer_id", "known_on", "industry_code", "region", "onboarded_on"]
    versions = customers[columns].astype({"known_on": DAY, "onboarded_on": DAY})
    joined = pd.merge_asof(
        rows.sort_values(["as_of", "customer_id"]),
        versions.sort_values(["known_on", "customer_id"]),
        left_on="as_of",
        right_on="known_on",
        by="customer_id",
    )
    return joined.drop(columns="known_on").sort_values(KEYS, ignore_index=True)


def measure(evaluation: pd.DataFrame, *, horizon_months: int) -> dict[str, float]:
    """Return the metrics of the model, its baselines and rivals, with 95 % intervals where there are any.

    Metrics of the model have plain names (``auc_test`` with ``auc_test_low`` and ``auc_test_high``), those of a
    baseline or rival carry its name (``auc_test_logistic``). ``auc_test_unseen`` is the AUC on test rows of customers
    without a row in development or calibration, missing where they are of one class. ``score_psi_test`` is the
    population stability index of the score from development to test, ``score_psi_expected_test`` what sampling alone
    would give.

    The intervals and p-values of AUC and Gini know that the rows of one customer hang together. Those of the other
    metrics take rows for independent, so they are too narrow on a panel of month ends.

    Parameters
    ----------
    evaluation
        What :func:`evaluation_frame` gives.
    horizon_months
        Horizon that the probabilities speak of.
    """
    test = evaluation[evaluation["split"] == TEST]
    development = evaluation[evaluation["split"] == DEVELOPMENT]
    column = pd_column(horizon_months)
    moved = validation.psi(development["score"], test["score"])
    metrics = {
        "row_count_test": len(test),
        "default_count_test": test["default_flag"].sum(),
        **_quality(test, column, named="test"),
        **_interval("auc_test_unseen", _auc_or_missing(test[test["unseen_flag"]], column)),
        **_interval("auc_development", _auc_or_missing(development, column)),
        "score_psi_test": moved.value,
        "score_psi_expected_test": moved.expected,
        "score_psi_p_test": moved.p_value,
    }
    for name in compared_with(evaluation, horizon_months=horizon_months):
        metrics |= _quality(test, f"{BESIDE}{name}", named=f"test_{name}")
        compared = validation.paired_delong(
            test["default_flag"], test[column], test[f"{BESIDE}{name}"], customers=test["customer_id"]
        )
        metrics |= {f"auc_gain_over_{name}": compared.difference, f"delong_p_{name}": compared.p_value}
    return {name: float(value) for name, value in metrics.items()}


def compared_with(evaluation: pd.DataFrame, *, horizon_months: int) -> list[str]:
    """Return the names of the baselines and rivals that an evaluation holds."""
    beside = [name for name in evaluation.columns.astype(str) if name.startswith(BESIDE)]
    return [name.removeprefix(BESIDE) for name in beside if name != pd_column(horizon_months)]


def _quality(test: pd.DataFrame, column: str, *, named: str) -> dict[str, float]:
    flag, probability = test["default_flag"].to_numpy(), test[column].to_numpy()
    customers = test["customer_id"]
    line = validation.calibration_line(flag, probability)
    return {
        **_interval(f"auc_{named}", validation.auc(flag, probability, customers=customers)),
        **_interval(f"gini_{named}", validation.gini(flag, probability, customers=customers)),
        **_interval(f"ks_{named}", validation.ks(flag, probability)),
        **_interval(f"brier_{named}", validation.brier(flag, probability)),
        **_interval(f"log_loss_{named}", validation.log_loss(flag, probability)),
        **_interval(f"calibration_slope_{named}", line.slope),
        **_interval(f"calibration_in_the_large_{named}", line.in_the_large),
        f"ece_{named}": validation.expected_calibration_error(flag, probability),
    }


def _auc_or_missing(rows: pd.DataFrame, column: str) -> validation.Estimate:
    if rows["default_flag"].nunique() < 2:  # noqa: PLR2004 - both classes
        return validation.Estimate(math.nan, math.nan, math.nan)
    return validation.auc(rows["default_flag"], rows[column], customers=rows["customer_id"])


def _interval(name: str, estimate: validation.Estimate) -> dict[str, float]:
    return {name: estimate.value, f"{name}_low": estimate.low, f"{name}_high": estimate.high}
