"""Whether what the model says moved: scores, grades, colours."""

import math

import pandas as pd

from creditscore.domain import Colour, Verdict, joined, text
from creditscore.monitoring import DriftResult
from creditscore.policy import Policy
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Tone
from creditscore.reporting.document import Section
from creditscore.reporting.formats import number, percent
from creditscore.reporting.sections.colours import TONES


def grades_moved_section(
    result: DriftResult, *, reference: pd.DataFrame, current: pd.DataFrame, policy: Policy
) -> Section:
    """Answer whether scores and grades moved."""
    question = "Did scores and grades move?"
    method = "Stability index of the grades of the master scale and of the score, judged as the features are."
    if result.grade is None or result.score is None:
        return Section(
            question=question, verdict=Verdict.UNKNOWN, answer="One of the two sides has no grades.", method=method
        )
    table = _grade_table(reference, current, policy=policy)
    alarms = [reason for reason in (result.grade.alarm_reason, result.score.alarm_reason) if reason]
    return Section(
        question=question,
        verdict=Verdict.REVIEW if alarms else Verdict.PASS,
        answer=text(
            "Grades: PSI {grade_psi} where sampling alone would give about {by_chance}. Mean score {now:.1f}, in "
            "development {then:.1f} (PSI {score_psi}).",
            grade_psi=number(result.grade.psi.value),
            by_chance=number(result.grade.psi.expected),
            now=result.score.current_mean,
            then=result.score.reference_mean,
            score_psi=number(result.score.psi.value),
        ),
        table=table,
        method=method,
        figure=_grade_figure(table),
    )


def colours_moved_section(result: DriftResult) -> Section:
    """Answer whether the colours moved."""
    question = "Did the colours move?"
    method = "Shares of customers; the bands are policy. Grades, not the three colours, carry the test."
    table = result.colours.rename(columns={"reference_ratio": "development_share", "current_ratio": "now_share"})
    if table[["development_share", "now_share"]].isna().any(axis=None):
        return Section(
            question=question, verdict=Verdict.UNKNOWN, answer="One of the two sides has no colours.", method=method
        )
    shares = [
        text(
            "{colour} {now} ({then} in development)",
            colour=row["colour"],
            now=percent(row["now_share"]),
            then=percent(row["development_share"]),
        )
        for row in table.to_dict("records")
    ]
    return Section(
        question=question,
        verdict=Verdict.REVIEW if "grade" in result.alarms else Verdict.PASS,
        answer=text("Now {shares}.", shares=joined(shares, ", ")),
        table=table,
        method=method,
        figure=_colour_figure(table),
    )


def _grade_table(reference: pd.DataFrame, current: pd.DataFrame, *, policy: Policy) -> pd.DataFrame:
    labels = list(policy.master_scale.labels)
    then = reference["grade"].value_counts(normalize=True).reindex(labels, fill_value=0.0)
    now = current["grade"].value_counts().reindex(labels, fill_value=0)
    share = now / max(int(now.sum()), 1)
    contribution = [_contribution(a, b) for a, b in zip(then, share, strict=True)]
    return pd.DataFrame(
        {
            "grade": labels,
            "customer_count": now.to_numpy(),
            "development_share": then.to_numpy(),
            "now_share": share.to_numpy(),
            "psi_contribution": contribution,
        }
    )


def _contribution(then: float, now: float) -> float:
    """Return what one grade adds to the index; missing where one side is empty and the logarithm knows no bound."""
    return (then - now) * math.log(then / now) if then > 0 and now > 0 else math.nan


def _grade_figure(table: pd.DataFrame) -> Figure:
    places = [float(place) for place in range(len(table))]
    chart = Chart(
        title="Customers by grade",
        description="Share of customers in each grade, best first, in development and now.",
        x=Axis(label="Grade, best first", ticks=table["grade"].tolist()),
        y=Axis(label="Share of customers", percent=True, low=0),
        layers=(
            Bars(
                x=[place - 0.2 for place in places],
                height=table["development_share"].tolist(),
                width=0.4,
                label="development",
                tone=Tone.QUIET,
            ),
            Bars(x=[place + 0.2 for place in places], height=table["now_share"].tolist(), width=0.4, label="now"),
        ),
    )
    return Figure(charts=(chart,))


def _colour_figure(table: pd.DataFrame) -> Figure:
    tones = [TONES[Colour(name)] for name in table["colour"]]
    places = [float(place) for place in range(len(table))]
    chart = Chart(
        title="Customers by colour: development in grey, now in colour",
        description="Share of customers of each colour in development and now.",
        x=Axis(label="Colour", ticks=table["colour"].tolist()),
        y=Axis(label="Share of customers", percent=True, low=0),
        layers=(
            Bars(
                x=[place - 0.2 for place in places],
                height=table["development_share"].tolist(),
                width=0.4,
                tone=Tone.QUIET,
            ),
            Bars(x=[place + 0.2 for place in places], height=table["now_share"].tolist(), width=0.4, tones=tones),
        ),
    )
    return Figure(charts=(chart,))
