"""How the model treats customers of different regions and industries: who is told what, and whether it is true.

A report, no gate: segments may differ in risk, and a model that says so is right. What it must not do is to say of one
segment what is not so.
"""

import math
from collections.abc import Iterator, Mapping

import pandas as pd

from creditscore import validation
from creditscore.domain import Colour, pd_column
from creditscore_training.splits import TEST

SEGMENTS: Mapping[str, str] = {"region": "region", "industry": "industry_code"}
NOT_STATED = "not stated"
FEWEST_FOR_AUC = 10  # defaults, and others, without which a segment's AUC says nothing
COLUMNS = (
    *("kind", "segment", "customer_count", "default_count", "mean_pd", "default_rate", "default_rate_low"),
    *("default_rate_high", "auc", "auc_low", "auc_high", *(f"{colour}_share" for colour in Colour)),
)


def fairness_table(evaluation: pd.DataFrame, *, horizon_months: int) -> pd.DataFrame:
    """Return one row a region and one an industry, the largest first, on the out-of-time test.

    Each customer counts once, when first observed in the test, so that the intervals hold: outcome windows of one
    customer overlap.

    Parameters
    ----------
    evaluation
        What :func:`creditscore_training.evaluation.evaluation_frame` gives.
    horizon_months
        Horizon that the probabilities speak of.

    Returns
    -------
    pandas.DataFrame
        Counts, the mean PD beside the observed default rate with its 95 % Jeffreys interval, the AUC with its interval
        where at least ten defaulted and as many did not, and the share of each colour.
    """
    test = evaluation[evaluation["split"] == TEST].sort_values(["as_of", "customer_id"])
    once = test.drop_duplicates("customer_id")
    column = pd_column(horizon_months)
    return pd.DataFrame([row for kind in SEGMENTS for row in _rows(once, kind, column)], columns=list(COLUMNS))


def fairness_metrics(table: pd.DataFrame) -> dict[str, float]:
    """Return in numbers how differently segments are treated.

    For regions and for industries: how many there are, in how many the default rate lies surely above the mean PD
    (``understated``) and surely below it (``overstated``), and the smallest and largest AUC where one is told.

    Parameters
    ----------
    table
        What :func:`fairness_table` gives.
    """
    metrics: dict[str, float] = {}
    for kind in SEGMENTS:
        own = table[table["kind"] == kind]
        metrics |= {
            f"fairness_{kind}_count": len(own),
            f"fairness_{kind}_understated_count": int((own["default_rate_low"] > own["mean_pd"]).sum()),
            f"fairness_{kind}_overstated_count": int((own["default_rate_high"] < own["mean_pd"]).sum()),
            f"fairness_{kind}_auc_smallest": own["auc"].min(),
            f"fairness_{kind}_auc_largest": own["auc"].max(),
        }
    return {name: float(value) for name, value in metrics.items()}


def _rows(once: pd.DataFrame, kind: str, column: str) -> Iterator[dict[str, object]]:
    named = once[SEGMENTS[kind]].astype("string").fillna(NOT_STATED)
    sizes = named.value_counts().rename_axis("segment").reset_index(name="size")
    for segment in sizes.sort_values(["size", "segment"], ascending=[False, True])["segment"]:
        yield {"kind": kind, "segment": segment, **_treatment(once[named == segment], column)}


def _treatment(own: pd.DataFrame, column: str) -> dict[str, float]:
    count, defaults = len(own), int(own["default_flag"].sum())
    low, high = validation.jeffreys_interval([count], [defaults])
    area = _auc(own, column, defaults)
    shares = own["colour"].value_counts(normalize=True)
    return {
        "customer_count": count,
        "default_count": defaults,
        "mean_pd": float(own[column].mean()),
        "default_rate": defaults / count,
        "default_rate_low": float(low[0]),
        "default_rate_high": float(high[0]),
        "auc": area.value,
        "auc_low": area.low,
        "auc_high": area.high,
        **{f"{colour}_share": float(shares.get(str(colour), 0.0)) for colour in Colour},
    }


def _auc(own: pd.DataFrame, column: str, defaults: int) -> validation.Estimate:
    if min(defaults, len(own) - defaults) < FEWEST_FOR_AUC:
        return validation.Estimate(math.nan, math.nan, math.nan)
    return validation.auc(own["default_flag"], own[column])
