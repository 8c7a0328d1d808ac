"""Whether the economy is where the model has seen it; one value for all customers has no distribution to compare."""

import pandas as pd

from creditscore.domain import Family, Text, Verdict, joined, text
from creditscore.monitoring import DriftResult
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Points, Tone
from creditscore.reporting.document import Section
from creditscore.reporting.formats import percent
from creditscore.reporting.sections.wording import counted

SHARED = (str(Family.MACRO), str(Family.INDUSTRY))
MOST_NAMED = 3
MOST_OUTSIDE = 0.05  # share of customers outside the range from which a review is asked
ROUNDING = 1e-9  # of the range's larger end: two equal changes of a series may differ in their last bits


def economy_section(result: DriftResult, *, reference: pd.DataFrame, current: pd.DataFrame) -> Section:
    """Answer whether macro and industry series lie within the range that the model was developed on."""
    question = "Is the economy where the model has seen it?"
    method = (
        "Smallest and largest value of each macro and industry series in the reference and on this day. All customers "
        "of a day, or of an industry, share one value, so a stability index of one day would only say that it is one "
        "day; a forest, however, cannot look beyond the range it has learned from."
    )
    table = range_table(result, reference=reference, current=current)
    if table.empty:
        return Section(
            question=question,
            verdict=Verdict.UNKNOWN,
            answer="The model uses no macro or industry series that has a value on both sides.",
            method=method,
        )
    outside = table[table["outside_share"] > MOST_OUTSIDE]
    return Section(
        question=question,
        verdict=Verdict.REVIEW if len(outside) else Verdict.PASS,
        answer=_answer(outside["feature"].tolist(), series=len(table)),
        table=table,
        method=method,
        figure=_figure(table),
    )


def range_table(result: DriftResult, *, reference: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Return one row a macro or industry feature that has a value on both sides, farthest outside first."""
    shared = result.features[result.features["family"].isin(SHARED)]
    rows = [
        _row(str(name), str(family), reference[name].dropna(), current[name].dropna())
        for name, family in zip(shared["feature"], shared["family"], strict=True)
        if reference[name].notna().any() and current[name].notna().any()
    ]
    columns = ["feature", "family", "development_lowest", "development_highest", "now_lowest", "now_highest"]
    table = pd.DataFrame(rows, columns=[*columns, "outside_share"])
    return table.sort_values(["outside_share", "feature"], ascending=[False, True], ignore_index=True)


def without_economy(result: DriftResult) -> pd.DataFrame:
    """Return the rows of the features that differ from customer to customer."""
    return result.features[~result.features["family"].isin(SHARED)]


def _answer(outside: list[str], *, series: int) -> Text:
    parts = {
        "count": len(outside),
        "series": counted(series, "macro and industry feature"),
        "share": percent(MOST_OUTSIDE),
    }
    if not outside:
        return text(
            "{count} of {series} lie outside the range of the development period for more than {share} of the "
            "customers.",
            **parts,
        )
    named = joined(outside[:MOST_NAMED], ", ")
    return text(
        "{count} of {series} lie outside the range of the development period for more than {share} of the customers "
        "({names}).",
        **parts,
        names=text("{names}, ...", names=named) if len(outside) > MOST_NAMED else named,
    )


def _row(name: str, family: str, then: "pd.Series[float]", now: "pd.Series[float]") -> dict[str, object]:
    low, high = float(then.min()), float(then.max())
    slack = ROUNDING * max(abs(low), abs(high))
    return {
        "feature": name,
        "family": family,
        "development_lowest": low,
        "development_highest": high,
        "now_lowest": float(now.min()),
        "now_highest": float(now.max()),
        "outside_share": float(((now < low - slack) | (now > high + slack)).mean()),
    }


def _figure(table: pd.DataFrame) -> Figure:
    spread = (table["development_highest"] - table["development_lowest"]).where(lambda width: width > 0, 1.0)
    placed = {name: ((table[name] - table["development_lowest"]) / spread) for name in ("now_lowest", "now_highest")}
    middle = (placed["now_lowest"] + placed["now_highest"]) / 2
    places = [float(place) for place in range(len(table))]
    now = Points(
        x=middle.tolist(),
        y=places,
        low=placed["now_lowest"].tolist(),
        high=placed["now_highest"].tolist(),
        along="x",
        label="now",
        tone=Tone.OTHER,
    )
    learned = Bars(
        x=places,
        height=[1.0] * len(table),
        width=0.5,
        along="x",
        label="development, lowest to highest",
        tone=Tone.PALE,
    )
    chart = Chart(
        title="Where each series lies within its development range",
        description="Range of each series today, measured in the range of the development period from 0 to 1.",
        x=Axis(label="0 and 1: lowest and highest of development"),
        y=Axis(label="", ticks=table["feature"].tolist()),
        layers=(learned, now),
    )
    return Figure(charts=(chart,))
