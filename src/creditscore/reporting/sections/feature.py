"""One feature: how its values are spread, whether defaults follow it, and whether they do so as declared."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.domain import Risk, Unit, Verdict
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Points, Tone
from creditscore.reporting.document import Report, Section
from creditscore.reporting.formats import MINOR_DIGITS, amount, percent
from creditscore.reporting.sections.wording import counted, with_interval
from creditscore.validation import Estimate, ValueBin

if TYPE_CHECKING:  # a study reports itself with these sections
    from creditscore.reporting.feature_study import FeatureStudy

COLUMNS = 24  # of a histogram
OUTER = (0.01, 0.99)  # quantiles between which a histogram is drawn, so that one outlier does not flatten the rest
MOST_MISSING = 0.5  # a feature that is missing more often asks for a look
CHANCE = 0.5  # the AUC of a coin
NO_OUTCOME = "No outcome is known on these days: the outcome windows have not ended."
ONCE_A_DAY = "On several days a customer counts once a day, so the intervals of the bins are too narrow."
WORDS = {Risk.RISES: "risk rises with it", Risk.FALLS: "risk falls with it"}


def feature_report(study: "FeatureStudy") -> Report:
    """Return a study as a report of one feature."""
    feature = study.feature
    sections = (spread_section(study), follow_section(study), direction_section(study))
    days = study.days
    when = f"{days[-1]}" if len(days) == 1 else f"{len(days)} days to {days[-1]}"
    return Report(
        title=f"{feature.name} on {when}",
        subtitle=feature.description.splitlines()[0],
        facts={
            "Family": str(feature.family),
            "Unit": str(feature.unit),
            "Declared": WORDS.get(feature.risk, "either way"),
            "Made from": feature.relation.__name__,
            "Definition of default": study.definition.version if study.definition else "none given",
        },
        sections=sections if study.definition else sections[:1],
        currency=study.currency,
    )


def spread_section(study: "FeatureStudy") -> Section:
    """Answer how the values are spread."""
    summary = study.summary
    different, missing = int(summary["different_count"]), study.missing_share
    return Section(
        question="How are its values spread?",
        verdict=_spread_verdict(different, missing),
        answer=(
            f"{counted(len(study.rows), 'observation')} of {counted(study.rows['customer_id'].nunique(), 'customer')} "
            f"have {counted(different, 'different value')}; {percent(missing)} are missing."
        ),
        table=_spread_table(study),
        method=f"The histogram leaves out the outermost {percent(OUTER[0])} on either side.",
        figure=_spread_figure(study) if different else None,
    )


def follow_section(study: "FeatureStudy") -> Section:
    """Answer whether defaults follow the feature."""
    return Section(
        question="Do defaults follow it?",
        verdict=_follow_verdict(study.area),
        answer=_follow_answer(study),
        table=_rates_table(study) if study.bins else None,
        method=(
            "Equally filled bins, equal values together; Jeffreys' intervals. AUC with DeLong's interval, rows of one "
            "customer taken as a cluster (Obuchowski 1997). Customers in default already are left out."
        ),
        figure=_rates_figure(study) if study.bins else None,
        note=ONCE_A_DAY if study.bins and len(study.days) > 1 else "",
    )


def direction_section(study: "FeatureStudy") -> Section:
    """Answer whether risk moves as the feature declares."""
    return Section(
        question="Does risk move as declared?",
        verdict=study.agreement,
        answer=_direction_answer(study),
        method=(
            "As declared where the interval of the AUC lies on that side of 0.5; a review where the rates of two "
            "neighboring bins go the other way and their intervals do not meet."
        ),
    )


def _follow_verdict(area: Estimate | None) -> Verdict:
    if area is None or not area.known:
        return Verdict.UNKNOWN
    return Verdict.REVIEW if area.low <= CHANCE <= area.high else Verdict.PASS


def _follow_answer(study: "FeatureStudy") -> str:
    known = study.judged
    if known.empty:
        return NO_OUTCOME
    defaults = counted(int(known["default_flag"].sum()), "default")
    seen = f"{counted(len(known), 'observation')} with {defaults}"
    if study.area is None:
        return f"{seen}: an AUC needs defaults and others that have a value."
    return f"By itself it has an AUC of {with_interval(study.area)} on {seen}."


def _direction_answer(study: "FeatureStudy") -> str:
    area, risk = study.area, study.feature.risk
    if area is None or not area.known:
        return "Without a default and a customer that did not default, nobody can say."
    if risk is Risk.EITHER:
        return f"No direction is declared; here risk {'rises' if area.value > CHANCE else 'falls'} with it."
    steps = [f"{_label(lower, study)} and {_label(upper, study)}" for lower, upper in study.against]
    found = {
        Verdict.FAIL: "Surely it is the other way round.",
        Verdict.UNKNOWN: "Too few defaults, or too weak a feature, to say.",
        Verdict.REVIEW: f"On the whole it does, but not between {' or '.join(steps)}.",
        Verdict.PASS: "So it does, and no step from bin to bin surely goes the other way.",
    }[study.agreement]
    return f"Declared: {WORDS[risk]}. {found}"


def _spread_verdict(different: int, missing: float) -> Verdict:
    if not different:
        return Verdict.UNKNOWN
    return Verdict.REVIEW if different == 1 or missing > MOST_MISSING else Verdict.PASS


def _spread_table(study: "FeatureStudy") -> pd.DataFrame:
    counted_and_shared = ("observation_count", "different_count", "missing_share")
    values = {
        str(name): value if name in counted_and_shared else _written(value, study)
        for name, value in study.summary.items()
    }
    return pd.DataFrame([values])


def _rates_table(study: "FeatureStudy") -> pd.DataFrame:
    table = study.rates.rename(columns={"rate_low": "low_rate", "rate_high": "high_rate"})
    labels = [_label(one, study) for one in study.bins]
    return table.drop(columns=["low_value", "high_value"]).assign(value=labels)[
        ["value", "customer_count", "default_count", "default_rate", "low_rate", "high_rate"]
    ]


def _spread_figure(study: "FeatureStudy") -> Figure:
    values, unit = _scaled(study)
    low, high = np.quantile(values, OUTER)
    count, edges = np.histogram(values[(values >= low) & (values <= high)], bins=COLUMNS)
    width = float(edges[1] - edges[0])
    bars = Bars(x=(edges[:-1] + width / 2).tolist(), height=(count / len(study.rows)).tolist(), width=0.94 * width)
    chart = Chart(
        title="Distribution",
        description=f"Share of the observations by the value of {study.feature.name}.",
        x=Axis(label=f"{study.feature.name}, {unit}", percent=study.feature.unit is Unit.RATIO),
        y=Axis(label="Share of the observations", percent=True, low=0),
        layers=(bars,),
    )
    return Figure(charts=(chart,))


def _scaled(study: "FeatureStudy") -> tuple[npt.NDArray[np.float64], str]:
    """Return the values that are there and what they are measured in; amounts in thousands of the currency."""
    values = study.rows["value"].dropna().to_numpy(np.float64)
    if study.feature.unit is not Unit.AMOUNT:
        return values, str(study.feature.unit)
    return values / (1000 * 10 ** MINOR_DIGITS.get(study.currency, 2)), f"thousand {study.currency}"


def _rates_figure(study: "FeatureStudy") -> Figure:
    places = list(range(len(study.bins)))
    rates = [one.default_rate for one in study.bins]
    tones = [Tone.QUIET if one.missing_flag else Tone.MAIN for one in study.bins]
    intervals = Points(
        x=rates,
        y=places,
        low=[one.rate_low for one in study.bins],
        high=[one.rate_high for one in study.bins],
        along="x",
        tone=Tone.INK,
    )
    chart = Chart(
        title="Default rate along the values",
        description=f"Default rate with its interval by bins of {study.feature.name}, missing values apart.",
        x=Axis(label="Share that defaulted, with its 95 % interval", percent=True, low=0),
        y=Axis(label=study.feature.name, ticks=[_label(one, study) for one in study.bins]),
        layers=(Bars(x=places, height=rates, along="x", tones=tones), intervals),
    )
    return Figure(charts=(chart,))


def _label(one: ValueBin, study: "FeatureStudy") -> str:
    if one.missing_flag:
        return "missing"
    low, high = _written(one.low_value, study), _written(one.high_value, study)
    return low if low == high else f"{low} to {high}"


def _written(value: float, study: "FeatureStudy") -> str:
    """Write a value of the feature in its unit."""
    if np.isnan(value):
        return "–"
    unit = study.feature.unit
    if unit is Unit.RATIO:
        return percent(value)
    return amount(value, study.currency) if unit is Unit.AMOUNT else f"{value:,.4g}"
