"""Whether the probabilities rank defaulters first, and better than simpler models do."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from creditscore.domain import Text, Verdict, joined, text
from creditscore.reporting.charts import Axis, Chart, Figure, Line, Points, Tone
from creditscore.reporting.document import Section
from creditscore.reporting.evidence import Evidence, Lights, flags, values
from creditscore.reporting.formats import number, percent
from creditscore.reporting.sections.wording import ONCE, counted, with_interval, with_p_value
from creditscore.validation import Curve, Estimate, auc, cap_curve, gini, ks, paired_delong, roc_curve

MOST_POINTS = 200
MEASURES = {"AUC": auc, "Gini": gini, "KS": ks}
ONE_EACH, NEVER_SEEN, EVERY = "each customer once", "never seen in training", "all observations"
MODELS = {"pd_logistic": "logistic regression", "pd_single": "best single feature"}
SHARE = Axis(label="Share of customers, riskiest first", percent=True, low=0, high=1)
TONES = {"champion": Tone.MAIN, "pd_logistic": Tone.OTHER, "pd_single": Tone.THIRD}


def ranking_section(evidence: Evidence) -> Section:
    """Answer whether defaulters are ranked first, out of time."""
    question = "Does it rank defaulters first, out of time?"
    method = text(
        "AUC and Gini with DeLong's interval (1988), KS after Raghavachari (1973), at {level:.3g}. {once}",
        level=evidence.lights.level,
        once=ONCE,
    )
    if not evidence.speaks:
        return Section(question=question, verdict=Verdict.UNKNOWN, answer=evidence.silence, method=method)
    area = auc(flags(evidence.cohort), values(evidence.cohort, evidence.pd_name), level=evidence.lights.level)
    return Section(
        question=question,
        verdict=_ranking_verdict(area, evidence.lights),
        answer=text(
            "AUC {area} on {customers} with {defaults}; the riskiest fifth holds {caught} of the defaults.",
            area=with_interval(area),
            customers=counted(len(evidence.cohort), "customer"),
            defaults=counted(evidence.cohort_defaults, "default"),
            caught=percent(_caught(evidence)),
        ),
        table=_ranking_table(evidence),
        method=method,
        figure=_ranking_figure(evidence),
        note=text(
            "Lights are a convention of this report: fail where the interval reaches 0.5, review where the AUC is "
            "below {weak:g}.",
            weak=evidence.lights.weak_auc,
        ),
    )


def comparison_section(evidence: Evidence) -> Section:
    """Answer whether the forest earns its complexity against two simple models."""
    question = "Is it better than a logistic regression and than the best single feature?"
    method = joined([text("Paired, two-sided DeLong test (1988) on the same customers."), ONCE])
    if not evidence.speaks:
        return Section(question=question, verdict=Verdict.UNKNOWN, answer=evidence.silence, method=method)
    table = _comparison_table(evidence)
    rivals = table[table["model"] != "champion"]
    return Section(
        question=question,
        verdict=_comparison_verdict(rivals, evidence.lights),
        answer=joined([_compared(row, evidence.lights) for row in rivals.to_dict("records")]),
        table=table,
        method=method,
        figure=_comparison_figure(table),
        note="All three were fitted on the development period alone.",
    )


def _ranking_verdict(area: Estimate, lights: Lights) -> Verdict:
    if not area.known:
        return Verdict.UNKNOWN
    if area.low <= 0.5:  # noqa: PLR2004 - the AUC of a coin
        return Verdict.FAIL
    return Verdict.REVIEW if area.value < lights.weak_auc else Verdict.PASS


def _caught(evidence: Evidence) -> float:
    """Return the share of the defaults among the riskiest fifth."""
    curve = cap_curve(flags(evidence.cohort), values(evidence.cohort, evidence.pd_name))
    return float(np.interp(0.2, curve.x, curve.y))


def _ranking_table(evidence: Evidence) -> pd.DataFrame:
    samples = {ONE_EACH: evidence.cohort, NEVER_SEEN: evidence.unseen, EVERY: evidence.test}
    rows = [
        _measured(evidence, frame, measure=measure, sample=sample)
        for sample, frame in samples.items()
        if _has_both(frame)
        for measure in MEASURES
    ]
    return pd.DataFrame(rows)


def _has_both(frame: pd.DataFrame) -> bool:
    return frame["default_flag"].nunique() == 2  # noqa: PLR2004 - defaults and others


def _measured(evidence: Evidence, frame: pd.DataFrame, *, measure: str, sample: str) -> dict[str, object]:
    flag = flags(frame)
    found = MEASURES[measure](flag, values(frame, evidence.pd_name), level=evidence.lights.level)
    # Overlapping windows make an interval of all observations too narrow: none is better than a wrong one.
    low, high = (found.low, found.high) if sample != EVERY else (np.nan, np.nan)
    return {
        "measure": measure,
        "sample": sample,
        "observation_count": len(frame),
        "default_count": int(flag.sum()),
        "value": found.value,
        "low": low,
        "high": high,
    }


def _thinned(curve: Curve) -> tuple[list[float], list[float]]:
    """Keep at most two hundred points of a curve, its ends among them."""
    keep = np.unique(np.linspace(0, len(curve.x) - 1, MOST_POINTS).round().astype(int))
    return curve.x[keep].tolist(), curve.y[keep].tolist()


def _ranking_figure(evidence: Evidence) -> Figure:
    flag = flags(evidence.cohort)
    curves = {"champion": values(evidence.cohort, evidence.pd_name)}
    curves |= {name: values(evidence.cohort, name) for name in MODELS}
    base = float(flag.mean())
    caught = Axis(label="Share of defaults caught", percent=True, low=0, high=1)
    ideal = Line(x=[0, base, 1], y=[0, 1, 1], label="perfect", tone=Tone.QUIET, dashed=True)
    chance = Line(x=[0, 1], y=[0, 1], label="by chance", tone=Tone.QUIET)
    roc = Chart(
        title="ROC curve",
        description="Share of defaults caught against the share of false alarms, for the champion and two baselines.",
        x=Axis(label="Share of non-defaults raised as false alarms", percent=True, low=0, high=1),
        y=caught,
        layers=(chance, *(_curve(name, roc_curve(flag, ranking)) for name, ranking in curves.items())),
    )
    cap = Chart(
        title="Cumulative accuracy profile",
        description="Share of defaults among the riskiest customers, for the champion and two baselines.",
        x=SHARE,
        y=caught,
        layers=(ideal, chance, *(_curve(name, cap_curve(flag, ranking)) for name, ranking in curves.items())),
    )
    return Figure(charts=(roc, cap))


def _curve(name: str, curve: Curve) -> Line:
    x, y = _thinned(curve)
    return Line(x=x, y=y, label=MODELS.get(name, name), tone=TONES[name], dashed=name != "champion")


def _comparison_table(evidence: Evidence) -> pd.DataFrame:
    flag, champion = flags(evidence.cohort), values(evidence.cohort, evidence.pd_name)
    rows = []
    for name in (evidence.pd_name, *MODELS):
        ranking = values(evidence.cohort, name)
        area = auc(flag, ranking, level=evidence.lights.level)
        row = {"model": MODELS.get(name, "champion"), "auc": area.value, "low": area.low, "high": area.high}
        if name in MODELS:
            gap = paired_delong(flag, champion, ranking)
            row |= {"champion_ahead_by": gap.difference, "p_value": gap.p_value}
        rows.append(row)
    return pd.DataFrame(rows)


def _comparison_verdict(rivals: pd.DataFrame, lights: Lights) -> Verdict:
    decided = rivals["p_value"] < lights.review_p_value
    if (decided & (rivals["champion_ahead_by"] < 0)).any():
        return Verdict.FAIL
    return Verdict.PASS if (decided & (rivals["champion_ahead_by"] > 0)).all() else Verdict.REVIEW


def _compared(row: Mapping[Hashable, Any], lights: Lights) -> Text:
    gap = row["champion_ahead_by"]
    return text(
        "By {gap} AUC {side} the {model}, {surely} ({p}).",
        gap=number(abs(gap)),
        side="ahead of" if gap >= 0 else "behind",
        model=row["model"],
        surely="surely" if row["p_value"] < lights.review_p_value else "not surely",
        p=with_p_value(row["p_value"]),
    )


def _comparison_figure(table: pd.DataFrame) -> Figure:
    places = list(range(len(table)))
    points = Points(
        x=table["auc"].tolist(), y=places, low=table["low"].tolist(), high=table["high"].tolist(), along="x"
    )
    return Figure(
        charts=(
            Chart(
                title="AUC of each model",
                description="AUC with its interval for the champion, the logistic regression and the best feature.",
                x=Axis(label="AUC, out of time"),
                y=Axis(label="", ticks=table["model"].tolist()),
                layers=(points,),
            ),
        )
    )
