"""How the score does within bands: of size, of years as a customer, and within each colour."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from creditscore.domain import Colour, Text, joined, text
from creditscore.policy import Policy
from creditscore.reporting.document import Section
from creditscore.reporting.evidence import Evidence
from creditscore.reporting.formats import number
from creditscore.reporting.sections.segments import (
    METHOD,
    found_among_segments,
    ranked_worse,
    segment_figure,
    segment_rows,
    segment_verdict,
)
from creditscore.reporting.sections.wording import counted, money

QUESTION = "How does it do by size, tenure and colour?"
SIZE, TENURE, COLOUR = "size", "tenure", "colour"
QUARTERS = (0.25, 0.5, 0.75)
NOTHING_OPEN, NOT_KNOWN = "nothing open", "not known"
YEARS = "cooperation_years"
ALIKE = "Within one colour all PD are alike, so that its AUC is lower by construction; it is shown and not judged."


def bands_section(evidence: Evidence, *, policy: Policy, currency: str | None) -> Section:
    """Answer how the score does for small and large, new and old, safe and risky customers."""
    table = band_table(evidence, policy=policy, currency=currency)
    too_low = table[table["p_value"] < evidence.lights.review_p_value / max(len(table), 1)]
    weak = ranked_worse(table[table["by"] != COLOUR], evidence)
    named = table.assign(segment=_named(table))
    found = found_among_segments(named.loc[too_low.index], named.loc[weak.index])
    return Section(
        question=QUESTION,
        verdict=segment_verdict(too_low, weak, evidence),
        answer=joined([text("{segments}: {found}", segments=counted(len(table), "band"), found=found), _spread(table)]),
        table=table.rename(columns={"segment": "band"}),
        method=joined([METHOD, "Size: quarters of the exposures above 0. The bounds of tenure and colour are policy."]),
        figure=segment_figure(named, evidence, "band"),
        note=joined(
            [
                ALIKE,
                _of_older_bundles(evidence),
            ]
        ),
    )


def band_table(evidence: Evidence, *, policy: Policy, currency: str | None) -> pd.DataFrame:
    """Return one row for each band that holds a customer: by size, by tenure, by colour."""
    labels = {
        SIZE: _sizes(evidence.cohort, currency),
        TENURE: _tenures(evidence.cohort, policy),
        COLOUR: (evidence.cohort[COLOUR], [str(colour) for colour in Colour]),
    }
    parts = []
    for by, (label, order) in labels.items():
        held = [name for name in order if (label == name).any()]
        parts.append(segment_rows(evidence, label, held).assign(by=by))
    table = pd.concat(parts, ignore_index=True)
    return table[["by", *table.columns.drop("by")]]


def _named(table: pd.DataFrame) -> "pd.Series[Any]":
    named = [text("{by}: {band}", by=by, band=band) for by, band in zip(table["by"], table["segment"], strict=True)]
    return pd.Series(named, index=table.index, dtype=object)


def _sizes(cohort: pd.DataFrame, currency: str | None) -> tuple[pd.Series, list[str]]:
    """Return the band of each customer's exposure, and the bands from small to large."""
    exposure = cohort["exposure_amount"].astype("float64")
    owed = exposure[exposure > 0]
    # An observed value as a bound, so that it reads as money.
    bounds = np.quantile(owed, QUARTERS, method="inverted_cdf").tolist() if len(owed) else [0.0, 0.0, 0.0]
    names = list(_quarters(bounds, currency))
    quarter = np.array(names)[np.searchsorted(bounds, exposure.fillna(0))]
    known = np.where(exposure > 0, quarter, NOTHING_OPEN)
    return pd.Series(np.where(exposure.isna(), NOT_KNOWN, known), index=cohort.index), [NOTHING_OPEN, *names, NOT_KNOWN]


def _quarters(bounds: list[float], currency: str | None) -> Iterator[Text]:
    low, middle, high = (money(bound, currency) for bound in bounds)
    yield text("1st quarter, up to {amount}", amount=low)
    yield text("2nd quarter, up to {amount}", amount=middle)
    yield text("3rd quarter, up to {amount}", amount=high)
    yield text("4th quarter, above {amount}", amount=high)


def _tenures(cohort: pd.DataFrame, policy: Policy) -> tuple[pd.Series, list[str]]:
    """Return the band of each customer's years of cooperation, and the bands from new to old."""
    bounds = policy.approval.cooperation_years
    short, long = bounds.high_risk_below, bounds.low_risk_above
    # From the rank of risk: low risk is long known.
    names = [
        text("more than {years}", years=_years(long)),
        text("{first} to {last}", first=f"{short:g}", last=_years(long)),
        text("less than {years}", years=_years(short)),
    ]
    years = cohort[YEARS].astype("float64") if YEARS in cohort.columns else pd.Series(np.nan, index=cohort.index)
    band = np.where(years.isna(), NOT_KNOWN, np.array(names)[bounds.ranks(years.to_numpy())])
    return pd.Series(band, index=cohort.index), [*names[::-1], NOT_KNOWN]


def _years(count: float) -> Text:
    return text("{count:g} year", count=count) if count == 1 else text("{count:g} years", count=count)


def _spread(table: pd.DataFrame) -> str:
    """Say between what the AUC lies in bands of size and tenure."""
    ranked = table.assign(named=_named(table))[(table["by"] != COLOUR) & table["auc"].notna()]
    if ranked.empty:
        return ""
    ordered = ranked.sort_values("auc").to_dict("records")
    low, high = ordered[0], ordered[-1]
    return text(
        "AUC from {low} ({lowest}) to {high} ({highest}).",
        low=number(low["auc"]),
        lowest=low["named"],
        high=number(high["auc"]),
        highest=high["named"],
    )


def _of_older_bundles(evidence: Evidence) -> str:
    if YEARS in evidence.frame.columns:
        return ""
    return "This bundle was trained before tenure was kept, so that it is not known; train it again to see it."
