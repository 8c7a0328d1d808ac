"""Whether the inputs moved away from what the model learned from, which of them, and whether values went missing."""

import pandas as pd

from creditscore.domain import Text, Verdict, joined, several, text
from creditscore.monitoring import DriftResult
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Points, Tone
from creditscore.reporting.document import Section
from creditscore.reporting.formats import number, percent
from creditscore.reporting.sections.economy import without_economy
from creditscore.reporting.sections.wording import counted
from creditscore.validation import Psi

NOTHING = "The model uses no feature that differs from customer to customer."
MOST_NAMED = 3
MOST_ROWS = 25
MOST_BARS = 15
MOST_HISTOGRAMS = 6
MOVED_SHARE = 0.1  # of the features with an alarm: beyond this the whole population has moved
SHOWN = ["feature", "family", "psi", "psi_expected", "psi_p_value", "distance", "alarm_reason"]
MISSING = ["feature", "missing_reference_ratio", "missing_current_ratio", "missing_p_value"]


def inputs_section(result: DriftResult) -> Section:
    """Answer whether the book's inputs moved since development."""
    table = _most_moved(result)
    alarmed = table[table["alarm_flag"]]
    return Section(
        question="Did the customers' features move since development?",
        verdict=_verdict(len(alarmed), len(table)),
        answer=joined(
            [
                _alarms(alarmed["feature"].tolist(), features=len(table)),
                text(
                    "{customers} are compared with {reference:,} of the development period.",
                    customers=counted(result.current_count, "customer"),
                    reference=result.reference_count,
                ),
            ]
        ),
        table=table[SHOWN].head(MOST_ROWS),
        method=(
            "Population stability index on the reference's deciles with missing values as a bin of their own, judged "
            "against what sampling alone would give, (B - 1)(1/N + 1/M); distance: Evidently's Wasserstein distance in "
            "standard deviations of the reference. Macro and industry series have a section of their own."
        ),
        figure=_index_figure(result, table.head(MOST_BARS)),
        note=joined(
            [
                text(
                    "An alarm is a convention, not a law: an index above {psi:g} and above {multiple:g} times what "
                    "sampling gives, or more missing values than chance explains.",
                    psi=result.limits.psi,
                    multiple=result.limits.chance_multiple,
                ),
                _cut(len(table)),
            ]
        ),
    )


def moved_section(result: DriftResult) -> Section:
    """Answer how the features that moved most have changed."""
    table = _most_moved(result)
    leading = [name for name in table["feature"] if len(result.feature_psi[name].bins) > 1][:MOST_HISTOGRAMS]
    moved = table[table["alarm_flag"]]["feature"].tolist()
    return Section(
        question="How did the features that moved most change?",
        verdict=Verdict.REVIEW if moved else Verdict.PASS,
        answer=joined([_moved(name, result.feature_psi[name]) for name in leading[:MOST_NAMED]]) or NOTHING,
        table=_bin_table({name: result.feature_psi[name] for name in leading}),
        method="Shares of customers in the deciles of the reference; bins that hold nobody are left out.",
        figure=Figure(charts=tuple(_histogram(name, result.feature_psi[name]) for name in leading)),
    )


def missing_section(result: DriftResult) -> Section:
    """Answer whether values went missing."""
    question, limits = "Did values go missing?", result.limits
    method = (
        "Pooled z-test of two shares, divided by the number of features (Bonferroni); Evidently drops missing values, "
        "so they are watched here."
    )
    order = _missing_most(result)
    if order.empty:
        return Section(question=question, verdict=Verdict.UNKNOWN, answer=NOTHING, method=method)
    surely = order["missing_p_value"] < limits.missing_p_value / len(order)
    changed = order[surely & (order["gap"] > limits.missing_difference_ratio)]
    worst = order.iloc[0]
    return Section(
        question=question,
        verdict=Verdict.REVIEW if len(changed) else Verdict.PASS,
        answer=text(
            "{features} with a surely different share of missing values. The largest change: {feature}, from {then} to "
            "{now}.",
            features=counted(len(changed), "feature"),
            feature=worst["feature"],
            then=percent(worst["missing_reference_ratio"]),
            now=percent(worst["missing_current_ratio"]),
        ),
        table=order[MISSING].head(MOST_ROWS),
        method=method,
        figure=_missing_figure(order.head(MOST_BARS)),
        note=joined(
            [
                text(
                    "A change of up to {share} is tolerated, however sure.",
                    share=percent(limits.missing_difference_ratio),
                ),
                _cut(len(order)),
            ]
        ),
    )


def _missing_most(result: DriftResult) -> pd.DataFrame:
    """Return the features of customers, those first whose missing share changed most."""
    table = without_economy(result)
    gap = table["missing_difference_ratio"].abs()
    return table.assign(gap=gap).sort_values(["gap", "feature"], ascending=[False, True])


def _most_moved(result: DriftResult) -> pd.DataFrame:
    """Return the features of customers, alarms first and then by how far they moved."""
    return without_economy(result).sort_values(["alarm_flag", "psi", "feature"], ascending=[False, False, True])


def _verdict(alarms: int, features: int) -> Verdict:
    if not alarms:
        return Verdict.PASS
    return Verdict.FAIL if alarms > MOVED_SHARE * features else Verdict.REVIEW


def _alarms(names: list[str], *, features: int) -> Text:
    every = counted(features, "feature")
    if not names:
        return text("{count} of {features} raise an alarm.", count=0, features=every)
    return text(
        "{count} of {features} raise an alarm ({names}).",
        count=len(names),
        features=every,
        names=several(names, most=MOST_NAMED),
    )


def _cut(rows: int) -> str:
    shown = rows > MOST_ROWS
    return text("The table shows the first {shown} of {rows}.", shown=MOST_ROWS, rows=rows) if shown else ""


def _moved(name: str, index: Psi) -> Text:
    part = max(index.bins, key=lambda one: one.contribution)
    return text(
        "{feature} (PSI {psi}): {now} are now {bin}, {then} were.",
        feature=name,
        psi=number(index.value),
        now=percent(part.current_share),
        bin=part.label,
        then=percent(part.reference_share),
    )


def _bin_table(indices: dict[str, Psi]) -> pd.DataFrame:
    rows = [
        {
            "feature": name,
            "bin": part.label,
            "reference_share": part.reference_share,
            "current_share": part.current_share,
            "psi_contribution": part.contribution,
        }
        for name, index in indices.items()
        for part in sorted(index.bins, key=lambda one: -one.contribution)[:3]
    ]
    table = pd.DataFrame(rows, columns=["feature", "bin", "reference_share", "current_share", "psi_contribution"])
    table["bin"] = pd.Series([row["bin"] for row in rows], dtype=object)
    return table


def _index_figure(result: DriftResult, leading: pd.DataFrame) -> Figure:
    places = [float(place) for place in range(len(leading))]
    tolerated = [result.limits.tolerated_psi(expected) for expected in leading["psi_expected"]]
    chart = Chart(
        title="Stability index of the features that moved most",
        description="Stability index of each feature against what is tolerated and what sampling alone would give.",
        x=Axis(label="Population stability index", low=0),
        y=Axis(label="", ticks=leading["feature"].tolist()),
        layers=(
            Bars(x=places, height=leading["psi"].tolist(), width=0.6, along="x", label="index"),
            Points(x=tolerated, y=places, label="tolerated", tone=Tone.OTHER, hollow=True),
        ),
    )
    return Figure(charts=(chart,))


def _histogram(name: str, index: Psi) -> Chart:
    places = [float(place) for place in range(len(index.bins))]
    return Chart(
        title=name,
        description=text("Share of customers in each bin of {feature}, in development and now.", feature=name),
        x=Axis(label="Share of customers", percent=True, low=0),
        y=Axis(label="", ticks=[part.label for part in index.bins]),
        layers=(
            Bars(
                x=[place - 0.2 for place in places],
                height=[part.reference_share for part in index.bins],
                width=0.38,
                along="x",
                label="development",
                tone=Tone.QUIET,
            ),
            Bars(
                x=[place + 0.2 for place in places],
                height=[part.current_share for part in index.bins],
                width=0.38,
                along="x",
                label="now",
            ),
        ),
    )


def _missing_figure(leading: pd.DataFrame) -> Figure:
    places = [float(place) for place in range(len(leading))]
    chart = Chart(
        title="Missing values, then and now",
        description="Share of missing values of each feature in development and now, largest change first.",
        x=Axis(label="Share of customers without a value", percent=True, low=0),
        y=Axis(label="", ticks=leading["feature"].tolist()),
        layers=(
            Points(
                x=leading["missing_reference_ratio"].tolist(),
                y=places,
                label="development",
                tone=Tone.QUIET,
            ),
            Points(x=leading["missing_current_ratio"].tolist(), y=places, label="now", hollow=True),
        ),
    )
    return Figure(charts=(chart,))
