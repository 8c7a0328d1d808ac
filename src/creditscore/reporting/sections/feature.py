"""One feature: how its values are spread, whether defaults follow it, and whether they do so as declared."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from creditscore.domain import Reason, Risk, Text, Unit, Verdict, joined, text
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Points, Tone
from creditscore.reporting.document import Report, Section
from creditscore.reporting.formats import MINOR_DIGITS, amount, percent
from creditscore.reporting.sections.wording import counted, listed, span, with_interval
from creditscore.validation import Estimate, ValueBin

if TYPE_CHECKING:  # a study reports itself with these sections
    from creditscore.reporting.feature_study import FeatureStudy

COLUMNS = 24  # of a histogram
OUTER = (0.01, 0.99)  # quantiles between which a histogram is drawn, so that one outlier does not flatten the rest
MOST_MISSING = 0.5  # a feature that is missing more often asks for a look
CHANCE = 0.5  # the AUC of a coin
NO_OUTCOME = text("No outcome is known on these days: the outcome windows have not ended.")
ONCE_A_DAY = "On several days a customer counts once a day, so the intervals of the bins are too narrow."
WORDS = {Risk.RISES: "risk rises with it", Risk.FALLS: "risk falls with it"}


def feature_report(study: "FeatureStudy") -> Report:
    """Return a study as a report of one feature."""
    feature = study.feature
    sections = (spread_section(study), follow_section(study), direction_section(study))
    return Report(
        title=_title(study),
        subtitle=_described(study),
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


def _title(study: "FeatureStudy") -> Text:
    name, days = study.feature.name, study.days
    if len(days) == 1:
        return text("{feature} on {day}", feature=name, day=days[-1])
    return text("{feature} on {count} days to {day}", feature=name, count=len(days), day=days[-1])


def _described(study: "FeatureStudy") -> Text:
    """Return the first line of the description, and in other languages the reason, which features have in each."""
    feature = study.feature
    told = Reason(feature.reason.code, en=feature.description.splitlines()[0], zh=feature.reason.zh)
    return text("{what_it_is}", what_it_is=told)


def spread_section(study: "FeatureStudy") -> Section:
    """Answer how the values are spread."""
    summary = study.summary
    different, missing = int(summary["different_count"]), study.missing_share
    return Section(
        question="How are its values spread?",
        verdict=_spread_verdict(different, missing),
        answer=text(
            "{observations} of {customers} have {values}; {missing} are missing.",
            observations=counted(len(study.rows), "observation"),
            customers=counted(study.rows["customer_id"].nunique(), "customer"),
            values=counted(different, "different value"),
            missing=percent(missing),
        ),
        table=_spread_table(study),
        method=text("The histogram leaves out the outermost {share} on either side.", share=percent(OUTER[0])),
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


def _follow_answer(study: "FeatureStudy") -> Text:
    known = study.judged
    if known.empty:
        return NO_OUTCOME
    seen = {
        "observations": counted(len(known), "observation"),
        "defaults": counted(int(known["default_flag"].sum()), "default"),
    }
    if study.area is None:
        return text("{observations} with {defaults}: an AUC needs defaults and others that have a value.", **seen)
    area = with_interval(study.area)
    return text("By itself it has an AUC of {area} on {observations} with {defaults}.", area=area, **seen)


def _direction_answer(study: "FeatureStudy") -> Text:
    area, risk = study.area, study.feature.risk
    if area is None or not area.known:
        return text("Without a default and a customer that did not default, nobody can say.")
    if risk is Risk.EITHER:
        found = Risk.RISES if area.value > CHANCE else Risk.FALLS
        return text("No direction is declared; here {found}.", found=WORDS[found])
    return joined([text("Declared: {direction}.", direction=WORDS[risk]), _agreement(study)])


def _agreement(study: "FeatureStudy") -> Text:
    steps = [listed([_label(lower, study), _label(upper, study)]) for lower, upper in study.against]
    return {
        Verdict.FAIL: text("Surely it is the other way round."),
        Verdict.UNKNOWN: text("Too few defaults, or too weak a feature, to say."),
        Verdict.REVIEW: text("On the whole it does, but not between {steps}.", steps=joined(steps, " or ")),
        Verdict.PASS: text("So it does, and no step from bin to bin surely goes the other way."),
    }[study.agreement]


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
    labels = pd.Series([_label(one, study) for one in study.bins], dtype=object)
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
        description=text("Share of the observations by the value of {feature}.", feature=study.feature.name),
        x=Axis(
            label=text("{feature}, {unit}", feature=study.feature.name, unit=unit),
            percent=study.feature.unit is Unit.RATIO,
        ),
        y=Axis(label="Share of the observations", percent=True, low=0),
        layers=(bars,),
    )
    return Figure(charts=(chart,))


def _scaled(study: "FeatureStudy") -> tuple[npt.NDArray[np.float64], str]:
    """Return the values that are there and what they are measured in; amounts in thousands of the currency."""
    values = study.rows["value"].dropna().to_numpy(np.float64)
    if study.feature.unit is not Unit.AMOUNT:
        return values, str(study.feature.unit)
    thousands = values / (1000 * 10 ** MINOR_DIGITS.get(study.currency, 2))
    return thousands, text("thousand {currency}", currency=study.currency)


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
        description=text(
            "Default rate with its interval by bins of {feature}, missing values apart.", feature=study.feature.name
        ),
        x=Axis(label="Share that defaulted, with its 95 % interval", percent=True, low=0),
        y=Axis(label=study.feature.name, ticks=[_label(one, study) for one in study.bins]),
        layers=(Bars(x=places, height=rates, along="x", tones=tones), intervals),
    )
    return Figure(charts=(chart,))


def _label(one: ValueBin, study: "FeatureStudy") -> Text:
    if one.missing_flag:
        return text("missing")
    low, high = _written(one.low_value, study), _written(one.high_value, study)
    return span([low, high])


def _written(value: float, study: "FeatureStudy") -> str:
    """Write a value of the feature in its unit."""
    if np.isnan(value):
        return "–"
    unit = study.feature.unit
    if unit is Unit.RATIO:
        return percent(value)
    return amount(value, study.currency) if unit is Unit.AMOUNT else f"{value:,.4g}"
