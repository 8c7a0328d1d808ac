"""Whether the probabilities mean what they say: on the whole, along their range, and grade by grade."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from creditscore.domain import Text, Verdict, joined, text
from creditscore.policy import Policy
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Line, Points, Tone
from creditscore.reporting.document import Section, gravest
from creditscore.reporting.evidence import Evidence, Lights, flags, values
from creditscore.reporting.formats import percent
from creditscore.reporting.sections.wording import ONCE, counted, with_interval
from creditscore.validation import (
    BrierDecomposition,
    CalibrationBin,
    CalibrationLine,
    asset_correlation,
    brier_decomposition,
    calibration_line,
    calibration_table,
    correlated_binomial_critical,
    jeffreys,
    jeffreys_interval,
)

BINS = 10
CRITICAL_LEVEL, CRITICAL = 0.99, "99 %"
FLOORED = "Where nobody defaulted, the rate is drawn at the foot of the logarithmic scale."


def level_section(evidence: Evidence) -> Section:
    """Answer whether the level of the probabilities holds."""
    question = "Does the level of the PD hold?"
    method = text(
        "Ten equally filled bins with Jeffreys intervals (Brown, Cai, DasGupta 2001); Cox's calibration line (1958); "
        "Brier score with Murphy's decomposition (1973) over the same bins. {once}",
        once=ONCE,
    )
    if not evidence.speaks:
        return Section(question=question, verdict=Verdict.UNKNOWN, answer=evidence.silence, method=method)
    flag, probability = flags(evidence.cohort), values(evidence.cohort, evidence.pd_name)
    line = calibration_line(flag, probability, level=evidence.lights.level)
    table = pd.DataFrame([_bin(row) for row in calibration_table(flag, probability, bins=BINS)])
    ratio = float(flag.mean() / probability.mean())
    return Section(
        question=question,
        verdict=_level_verdict(line, ratio, evidence),
        answer=text(
            "{observed} of the customers defaulted where the mean PD said {expected}, a ratio of {ratio:.2f}. "
            "Calibration slope {slope} and level {level} in log-odds; 1 and 0 are right.",
            observed=percent(float(flag.mean())),
            expected=percent(float(probability.mean())),
            ratio=ratio,
            slope=with_interval(line.slope),
            level=with_interval(line.in_the_large),
        ),
        table=table,
        method=method,
        figure=_level_figure(table),
        note=_brier_note(brier_decomposition(flag, probability, bins=BINS)),
    )


def grades_section(evidence: Evidence, *, policy: Policy) -> Section:
    """Answer whether any grade defaults more often than its probability says."""
    table = grade_table(evidence, policy=policy)
    too_low = table[table["verdict"] != str(Verdict.PASS)]
    beyond = table[_beyond(table)]
    return Section(
        question="Does any grade default more often than its PD says?",
        verdict=_grades_verdict(table, evidence),
        answer=text(
            "{low_count} of {grades} understate risk with p below {limit:g} ({low}); chance alone would give about "
            "{chance:.1f}. {beyond_count} of them ({beyond}) hold more defaults than a year that hits all customers at "
            "once explains at {level}.",
            low_count=len(too_low),
            grades=counted(len(table), "grade"),
            limit=evidence.lights.review_p_value,
            low=_grades(too_low),
            chance=evidence.lights.review_p_value * len(table),
            beyond_count=len(beyond),
            beyond=_grades(beyond),
            level=CRITICAL,
        ),
        table=table,
        method=text(
            "One-sided Jeffreys test per grade on its mean PD (ECB 2019, 2.5.3). Beside it the correlated binomial "
            "test (Basel Committee, Working Paper 14, 2005): the fewest defaults that refute the PD at "
            "{level} if defaults hang together by Basel's asset correlation of corporate borrowers "
            "(CRE31.5, 12 to 24 %). {once}",
            level=CRITICAL,
            once=ONCE,
        ),
        figure=_grades_figure(table),
        note=_grades_note(evidence.lights),
    )


def _grades_note(lights: Lights) -> Text:
    return text(
        "The ECB sets no thresholds; the lights are a convention of this report: a grade with a default is to "
        "review below p {review:g} and fails below {fail:g}; the "
        "section fails where a grade does so after division by the number of grades (Bonferroni). The critical "
        "number allows for a bad year, so a grade that reaches it is to review whatever its p. The level of "
        "{level}, the choice of the correlation and the bounds of the grades are policy.",
        review=lights.review_p_value,
        fail=lights.fail_p_value,
        level=CRITICAL,
    )


def grade_table(evidence: Evidence, *, policy: Policy) -> pd.DataFrame:
    """Return one row for each grade that holds a customer of the cohort, best grade first."""
    lights = evidence.lights
    grouped = evidence.cohort.groupby("grade", observed=True)
    table = grouped.agg(
        customer_count=("customer_id", "size"),
        default_count=("default_flag", "sum"),
        mean_pd=(evidence.pd_name, "mean"),
        default_rate=("default_flag", "mean"),
    )
    table = table.reindex([label for label in policy.master_scale.labels if label in table.index]).reset_index()
    low, high = jeffreys_interval(table["customer_count"], table["default_count"], level=lights.level)
    table["low_rate"], table["high_rate"] = low, high
    table["p_value"] = jeffreys(table["mean_pd"], table["customer_count"], table["default_count"])
    # Without a default nothing was understated; Jeffreys' prior alone would accuse the smallest grades.
    judged = table["p_value"].where(table["default_count"] > 0, 1.0)
    table["correlation_ratio"] = asset_correlation(table["mean_pd"])
    table["critical_default_count"] = [_critical(row) for row in table.to_dict("records")]
    table["verdict"] = [
        str(gravest([_light(p_value, evidence), Verdict.REVIEW] if beyond else [_light(p_value, evidence)]))
        for p_value, beyond in zip(judged, _beyond(table), strict=True)
    ]
    return table


def _critical(row: Mapping[Hashable, Any]) -> int:
    certain = 1e-12  # a PD of 0 or 1 has no critical number; next to it there is one
    mean = min(max(row["mean_pd"], certain), 1 - certain)
    return correlated_binomial_critical(
        mean, int(row["customer_count"]), correlation=row["correlation_ratio"], level=CRITICAL_LEVEL
    )


def _beyond(table: pd.DataFrame) -> "pd.Series[bool]":
    return table["default_count"] >= table["critical_default_count"]


def _grades(table: pd.DataFrame) -> str:
    return joined(table["grade"].tolist(), ", ") or "none"


def _bin(row: CalibrationBin) -> dict[str, float]:
    return {
        "customer_count": row.customer_count,
        "default_count": row.default_count,
        "mean_pd": row.mean_default_probability,
        "default_rate": row.default_rate,
        "low_rate": row.rate_low,
        "high_rate": row.rate_high,
        "p_value": row.p_value,
    }


def _observed(x: list[float], table: pd.DataFrame) -> Points:
    return Points(
        x=x,
        y=table["default_rate"].tolist(),
        low=table["low_rate"].tolist(),
        high=table["high_rate"].tolist(),
        label="default rate, with interval",
        tone=Tone.OTHER,
    )


def _level_figure(table: pd.DataFrame) -> Figure:
    top = float(max(table["high_rate"].max(), table["mean_pd"].max()))
    bins = [float(place) for place in range(len(table))]
    calibrated = Line(x=[0, top], y=[0, top], label="PD = default rate", tone=Tone.QUIET, dashed=True)
    along = Chart(
        title="Forecast and outcome",
        description="Default rate of ten bins against their mean PD; on the dashed line both agree.",
        x=Axis(label="Mean PD of the bin", percent=True, low=0),
        y=Axis(label="Default rate", percent=True, low=0),
        layers=(calibrated, _observed(table["mean_pd"].tolist(), table)),
    )
    floor = _floor(table)
    by_bin = Chart(
        title="The same by bin, on a logarithmic scale",
        description="Mean PD and default rate of each bin, safest first, on a logarithmic scale.",
        x=Axis(label="Bin, safest first", ticks=[str(place + 1) for place in range(len(table))]),
        y=Axis(label="Share of customers", percent=True, log=True, low=floor),
        layers=(Line(x=bins, y=table["mean_pd"].tolist(), label="mean PD"), _observed(bins, table)),
    )
    return Figure(charts=(along, by_bin), caption=FLOORED)


def _grades_figure(table: pd.DataFrame) -> Figure:
    places = [float(place) for place in range(len(table))]
    rates = Chart(
        title="Default rate and PD of each grade",
        description="Mean PD and default rate with its interval for each grade, best grade first.",
        x=Axis(label="Grade, best first", ticks=table["grade"].tolist()),
        y=Axis(label="Share of customers", percent=True, log=True, low=_floor(table)),
        layers=(Line(x=places, y=table["mean_pd"].tolist(), label="mean PD"), _observed(places, table)),
    )
    sizes = Chart(
        title="Customers in each grade",
        description="Number of out-of-time customers in each grade, best grade first.",
        x=Axis(label="Grade, best first", ticks=table["grade"].tolist()),
        y=Axis(label="Customers", low=0),
        layers=(Bars(x=places, height=table["customer_count"].tolist()),),
    )
    return Figure(charts=(rates, sizes), caption=FLOORED)


def _floor(table: pd.DataFrame) -> float:
    """Lower end of a logarithmic axis: below the smallest share above 0 that is to be seen."""
    seen = table[["mean_pd", "default_rate"]].to_numpy(dtype=float)
    return float(seen[seen > 0].min()) / 3


def _light(p_value: float, evidence: Evidence) -> Verdict:
    if p_value < evidence.lights.fail_p_value:
        return Verdict.FAIL
    return Verdict.REVIEW if p_value < evidence.lights.review_p_value else Verdict.PASS


def _grades_verdict(table: pd.DataFrame, evidence: Evidence) -> Verdict:
    if not evidence.speaks:
        return Verdict.UNKNOWN
    smallest = table.loc[table["default_count"] > 0, "p_value"].min()
    if smallest < evidence.lights.fail_p_value / len(table):
        return Verdict.FAIL
    doubtful = smallest < evidence.lights.review_p_value or _beyond(table).any()
    return Verdict.REVIEW if doubtful else Verdict.PASS


def _level_verdict(line: CalibrationLine, ratio: float, evidence: Evidence) -> Verdict:
    if not (line.in_the_large.known and line.slope.known):
        return Verdict.UNKNOWN
    too_low = line.in_the_large.low > 0
    if too_low and ratio >= evidence.lights.understated_ratio:
        return Verdict.FAIL
    level_holds = not too_low and line.in_the_large.high >= 0
    slope_holds = line.slope.low <= 1 <= line.slope.high
    return Verdict.PASS if level_holds and slope_holds else Verdict.REVIEW


def _brier_note(parts: BrierDecomposition) -> Text:
    return text(
        "Brier score {brier:.4f} = reliability {reliability:.4f} - resolution {resolution:.4f} + "
        "uncertainty {uncertainty:.4f} + within bins {within:.4f}. Reliability is what "
        "miscalibration costs, resolution what the model explains.",
        brier=parts.brier,
        reliability=parts.reliability,
        resolution=parts.resolution,
        uncertainty=parts.uncertainty,
        within=parts.within_bins,
    )
