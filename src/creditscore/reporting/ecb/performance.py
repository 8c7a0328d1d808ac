"""Whether each PD is high enough and the grades rank: sections 2.5.3 and 2.5.4 of the instructions."""

import math

import pandas as pd

from creditscore.domain import text
from creditscore.errors import ParameterError
from creditscore.reporting.ecb.inputs import EcbInputs
from creditscore.reporting.sheets import Sheet
from creditscore.validation import current_against_initial_auc, jeffreys

PORTFOLIO = "portfolio"
PREDICTIVE, DISCRIMINATORY = "ECB 2019, 2.5.3", "ECB 2019, 2.5.4"
JEFFREYS = (
    "p = BetaCDF(PD; D + 1/2, N - D + 1/2), one-sided: the hypothesis is that the applied PD is not too low. A small "
    "p-value says that risk is understated."
)
AREAS = (
    "AUC on grades, ties count one half. S = (AUC initial - AUC current) / s and p = 1 - Phi(S), where s is the "
    "standard error of the current AUC (DeLong; annex 3.1 of the instructions) and the initial AUC is taken as "
    "certain. A small p-value says that the grades rank worse than they did."
)
NOBODY = "Not available: no customer held this grade."


def predictive_sheet(inputs: EcbInputs) -> Sheet:
    """Return the Jeffreys test of each grade and of the portfolio."""
    return Sheet(
        name="2.5.3 Predictive ability",
        title="2.5.3 Predictive ability: Jeffreys test",
        parts=(JEFFREYS, jeffreys_table(inputs.current)),
    )


def jeffreys_table(current: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each grade, best first, and one for the portfolio, with the p-value of its PD."""
    table = pd.concat([current, _portfolio(current)], ignore_index=True)
    filled = table["customer_count"] > 0
    counted = [table.loc[filled, name] for name in ("mean_pd", "customer_count", "default_count")]
    table["default_rate"] = table["default_count"] / table["customer_count"].where(filled)
    table["p_value"] = pd.Series(jeffreys(*counted), index=table.index[filled]).reindex(table.index)
    table["reason"] = [None if known else NOBODY for known in filled]
    table["source"] = PREDICTIVE
    last = ["default_rate", "p_value", "reason", "source"]
    return table[["grade", "mean_pd", "customer_count", "exposure_amount", "default_count", *last]]


def discriminatory_sheet(inputs: EcbInputs) -> Sheet:
    """Return the current AUC on grades against the one of the initial validation."""
    return Sheet(
        name="2.5.4 Discriminatory power",
        title="2.5.4 Discriminatory power: current against initial AUC",
        parts=(AREAS, auc_table(inputs)),
    )


def auc_table(inputs: EcbInputs) -> pd.DataFrame:
    """Return one row: both AUC, variance, S and p-value; where they cannot be computed, why."""
    missing = isinstance(inputs.initial_auc, str)
    known = math.nan if isinstance(inputs.initial_auc, str) else inputs.initial_auc
    reason = text("Not available: {why}", why=inputs.initial_auc) if missing else None
    current = inputs.current
    row: dict[str, object] = {"current_auc": math.nan, "initial_auc": known, "variance": math.nan}
    row |= {"standard_error": math.nan, "statistic": math.nan, "p_value": math.nan}
    try:
        # Without an initial AUC the current one is still told; any value serves to compute it.
        counts = current["customer_count"], current["default_count"]
        found = current_against_initial_auc(*counts, initial_auc=0.5 if missing else known)
        row |= {"current_auc": found.current, "variance": found.variance, "standard_error": math.sqrt(found.variance)}
        row |= {} if missing else {"statistic": found.statistic, "p_value": found.p_value}
    except ParameterError as error:
        reason = text("Not available: {why}", why=error.found)
    sums = {name: int(current[name].sum()) for name in ("customer_count", "default_count")}
    table = pd.DataFrame([{**row, **sums}])
    return table.assign(reason=pd.Series([reason], dtype=object), source=DISCRIMINATORY)


def _portfolio(current: pd.DataFrame) -> pd.DataFrame:
    """Return the whole portfolio as one more grade, whose PD is the mean over its customers."""
    count = current["customer_count"].sum()
    expected = float((current["mean_pd"].fillna(0.0) * current["customer_count"]).sum())
    row = {
        "grade": PORTFOLIO,
        "mean_pd": expected / count if count else math.nan,
        "customer_count": count,
        "default_count": current["default_count"].sum(),
        "exposure_amount": current["exposure_amount"].sum(min_count=1),
    }
    return pd.DataFrame([row])
