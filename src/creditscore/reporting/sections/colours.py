"""How each colour did, and what the policy's reserve would have held for it."""

import numpy as np
import pandas as pd

from creditscore.domain import Colour, Text, Verdict, joined, text
from creditscore.policy import Policy, reserve_amounts
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Points, Tone
from creditscore.reporting.document import Section
from creditscore.reporting.evidence import Evidence
from creditscore.reporting.formats import percent
from creditscore.reporting.sections.wording import ONCE
from creditscore.validation import jeffreys_interval

TONES = {Colour.GREEN: Tone.GREEN, Colour.YELLOW: Tone.YELLOW, Colour.RED: Tone.RED}


def colours_section(evidence: Evidence, *, policy: Policy) -> Section:
    """Answer how each colour did: default rate, exposure, reserve."""
    table = colour_table(evidence, policy=policy)
    held = table[table["customer_count"] > 0]
    rates = [
        text("{colour} {rate}", colour=colour, rate=percent(rate))
        for colour, rate in zip(held["colour"], held["default_rate"], strict=True)
    ]
    told = text("Default rates: {rates}.", rates=joined(rates, ", ") or "no customer")
    return Section(
        question="How did each colour do?",
        verdict=_verdict(table, evidence),
        answer=joined([told, _covered(table)]),
        table=table,
        method=text(
            "Colour as given when scored; the reserve applies the policy's rates to the exposure of that day; {once}",
            once=Text(f"{ONCE[0].lower()}{ONCE[1:]}", template=ONCE.template, values=ONCE.values),
        ),
        figure=_figure(table),
        note=(
            "Bands and reserve rates are policy. The exposure that defaulted is the whole exposure on the day of the "
            "score, before any recovery. Passes where a worse colour defaults more often."
        ),
    )


def colour_table(evidence: Evidence, *, policy: Policy) -> pd.DataFrame:
    """Return one row a colour, best first, with counts, rates and amounts in minor units."""
    rows = [_row(evidence.cohort, colour, evidence=evidence, policy=policy) for colour in Colour]
    return pd.DataFrame(rows)


def _covered(table: pd.DataFrame) -> str:
    reserve, lost = table["reserve_amount"].sum(), table["defaulted_amount"].sum()
    if not lost:
        return ""
    return text("The reserve equals {share} of the exposure that defaulted.", share=percent(reserve / lost))


def _row(cohort: pd.DataFrame, colour: Colour, *, evidence: Evidence, policy: Policy) -> dict[str, object]:
    own = cohort[cohort["colour"] == str(colour)]
    exposure = own["exposure_amount"].fillna(0).to_numpy(dtype=np.int64)
    points = np.full(exposure.shape, round(policy.reserve.of(colour) * 10_000), dtype=np.int64)
    defaults = own["default_flag"].to_numpy(dtype=np.float64) == 1
    low, high = jeffreys_interval([max(len(own), 1)], [defaults.sum()], level=evidence.lights.level)
    known = len(own) > 0
    return {
        "colour": str(colour),
        "customer_count": len(own),
        "default_count": int(defaults.sum()),
        "default_rate": float(defaults.mean()) if known else np.nan,
        "low_rate": float(low[0]) if known else np.nan,
        "high_rate": float(high[0]) if known else np.nan,
        "mean_pd": float(own[evidence.pd_name].mean()) if known else np.nan,
        "exposure_amount": int(exposure.sum()),
        "defaulted_amount": int(exposure[defaults].sum()),
        "reserve_rate": policy.reserve.of(colour),
        "reserve_amount": int(reserve_amounts(exposure, basis_points=points).sum()),
    }


def _verdict(table: pd.DataFrame, evidence: Evidence) -> Verdict:
    rates = table["default_rate"].dropna()
    if not evidence.speaks or len(rates) < 2:  # noqa: PLR2004 - an order needs two
        return Verdict.UNKNOWN
    return Verdict.PASS if (rates.diff().dropna() > 0).all() else Verdict.REVIEW


def _figure(table: pd.DataFrame) -> Figure:
    places = [float(place) for place in range(len(table))]
    tones = [TONES[Colour(name)] for name in table["colour"]]
    names = Axis(label="Colour", ticks=table["colour"].tolist())
    rates = Chart(
        title="Default rate of each colour",
        description="Default rate with its interval and mean PD of green, yellow and red customers.",
        x=names,
        y=Axis(label="Share of customers", percent=True, low=0),
        layers=(
            Bars(x=places, height=table["default_rate"].tolist(), width=0.55, tones=tones),
            Points(
                x=places,
                y=table["default_rate"].tolist(),
                low=table["low_rate"].tolist(),
                high=table["high_rate"].tolist(),
                label="default rate, with interval",
                tone=Tone.INK,
            ),
            Points(x=places, y=table["mean_pd"].tolist(), label="mean PD", tone=Tone.MAIN, hollow=True),
        ),
    )
    total = max(int(table["exposure_amount"].sum()), 1)
    shares = [amount / total for amount in table["exposure_amount"]]
    exposure = Chart(
        title="Share of the exposure",
        description="Share of the exposure that each colour holds.",
        x=names,
        y=Axis(label="Share of the exposure", percent=True, low=0),
        layers=(Bars(x=places, height=shares, width=0.55, tones=tones),),
    )
    return Figure(charts=(rates, exposure))
