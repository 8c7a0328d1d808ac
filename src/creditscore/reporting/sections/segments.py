"""How the score does within industries and regions."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from creditscore.domain import Text, Verdict, joined, text
from creditscore.reporting.charts import Axis, Chart, Figure, Line, Points, Tone
from creditscore.reporting.document import Section
from creditscore.reporting.evidence import Evidence, flags, values
from creditscore.reporting.sections.wording import ONCE, counted
from creditscore.validation import auc, jeffreys, jeffreys_interval

MOST_SEGMENTS = 20
OTHERS = "all others"
NOT_STATED = "not stated"
FEWEST_FOR_AUC = 10
METHOD = text(
    "AUC with DeLong's interval (1988) where at least {fewest} customers defaulted and as many did not; "
    "one-sided Jeffreys test of the mean PD (ECB 2019, 2.5.3); its limit, which is policy, is divided by their number "
    "(Bonferroni). {once}",
    fewest=FEWEST_FOR_AUC,
    once=ONCE,
)


def segment_section(evidence: Evidence, *, column: str, noun: str) -> Section:
    """Answer how the score does by ``column``: discrimination and level of each of its values."""
    table = segment_table(evidence, column=column)
    tested = len(table)
    limit = evidence.lights.review_p_value / max(tested, 1)
    too_low = table[table["p_value"] < limit]
    weak = ranked_worse(table, evidence)
    return Section(
        question=text("How does it do by {noun}?", noun=noun),
        verdict=segment_verdict(too_low, weak, evidence),
        answer=text("{segments}: {found}", segments=counted(tested, noun), found=found_among_segments(too_low, weak)),
        table=table.rename(columns={"segment": noun}),
        method=METHOD,
        figure=segment_figure(table, evidence, noun),
        note=text("Smaller ones are taken together as {others!r}.", others=OTHERS)
        if OTHERS in set(table["segment"])
        else "",
    )


def segment_table(evidence: Evidence, *, column: str) -> pd.DataFrame:
    """Return one row a segment, largest first; beyond twenty the rest is one row."""
    named = evidence.cohort[column].astype("string").fillna(NOT_STATED)
    sizes = named.value_counts().rename_axis("segment").reset_index(name="size")
    ordered = sizes.sort_values(["size", "segment"], ascending=[False, True])["segment"].tolist()
    kept = ordered if len(ordered) <= MOST_SEGMENTS else [*ordered[: MOST_SEGMENTS - 1], OTHERS]
    label = named.where(named.isin(kept), OTHERS)
    return segment_rows(evidence, label, kept)


def segment_rows(evidence: Evidence, label: pd.Series, order: Sequence[str]) -> pd.DataFrame:
    """Return level and discrimination of the customers of each label, in the order given."""
    rows = [_row(evidence.cohort[label == segment], evidence) for segment in order]
    table = pd.DataFrame(rows, columns=_COLUMNS)
    table.insert(0, "segment", pd.Series(order, dtype=object))  # words that another language can say too
    return table


_COLUMNS = [
    *("customer_count", "default_count", "mean_pd", "default_rate", "low_rate", "high_rate", "p_value"),
    *("auc", "low", "high"),
]


def _row(own: pd.DataFrame, evidence: Evidence) -> dict[str, float]:
    flag, probability = flags(own), values(own, evidence.pd_name)
    count, defaults = len(own), int(flag.sum())
    low, high = jeffreys_interval([count], [defaults], level=evidence.lights.level)
    row = {
        "customer_count": count,
        "default_count": defaults,
        "mean_pd": float(probability.mean()),
        "default_rate": float(flag.mean()),
        "low_rate": float(low[0]),
        "high_rate": float(high[0]),
        "p_value": float(jeffreys([probability.mean()], [count], [defaults])[0]),
    }
    if min(defaults, count - defaults) < FEWEST_FOR_AUC:
        return row | {"auc": np.nan, "low": np.nan, "high": np.nan}
    area = auc(flag, probability, level=evidence.lights.level)
    return row | {"auc": area.value, "low": area.low, "high": area.high}


def ranked_worse(table: pd.DataFrame, evidence: Evidence) -> pd.DataFrame:
    """Return the segments whose whole interval lies below the AUC of all."""
    if not evidence.speaks:
        return table.iloc[:0]
    whole = auc(flags(evidence.cohort), values(evidence.cohort, evidence.pd_name)).value
    return table[table["high"] < whole]


def segment_verdict(too_low: pd.DataFrame, weak: pd.DataFrame, evidence: Evidence) -> Verdict:
    """Return the light of some segments: a review where one surely defaults too often or ranks worse."""
    if not evidence.speaks:
        return Verdict.UNKNOWN
    return Verdict.REVIEW if len(too_low) or len(weak) else Verdict.PASS


def found_among_segments(too_low: pd.DataFrame, weak: pd.DataFrame) -> Text:
    """Say which segments default too often and which rank worse."""
    return text(
        "{low_count} default surely more often than their PD says{low}, {weak_count} rank surely worse "
        "than the whole{weak}.",
        low_count=len(too_low),
        low=_named(too_low),
        weak_count=len(weak),
        weak=_named(weak),
    )


def _named(found: pd.DataFrame) -> str:
    return text(" ({names})", names=joined(found["segment"].tolist(), ", ")) if len(found) else ""


def segment_figure(table: pd.DataFrame, evidence: Evidence, noun: str) -> Figure | None:
    """Draw level and AUC of each segment; nothing where there is none."""
    if table.empty:
        return None
    level = level_chart(
        table,
        title=text("Default rate and PD by {noun}", noun=noun),
        each=text("each {noun}, largest first", noun=noun),
    )
    ranked = table["auc"].notna()
    if not ranked.any() or not evidence.speaks:
        return Figure(charts=(level,))
    whole = auc(flags(evidence.cohort), values(evidence.cohort, evidence.pd_name)).value
    places = [float(place) for place in range(len(table))]
    areas = Points(x=table["auc"].tolist(), y=places, low=table["low"].tolist(), high=table["high"].tolist(), along="x")
    reference = Line(
        x=[whole, whole],
        y=[-0.5, len(table) - 0.5],
        label=text("all, {area:.3f}", area=whole),
        tone=Tone.QUIET,
        dashed=True,
    )
    discrimination = Chart(
        title=text("AUC by {noun}", noun=noun),
        description=text(
            "AUC with its interval of each {noun} with enough defaults, against the AUC of all.", noun=noun
        ),
        x=Axis(label="AUC, out of time"),
        y=level.y,
        layers=(reference, areas),
    )
    without = int((~ranked).sum())
    return Figure(charts=(level, discrimination), caption=_too_few(without, noun))


def level_chart(table: pd.DataFrame, *, title: str, each: str) -> Chart:
    """Draw the default rate with its interval beside the mean PD, a line for each segment of the table."""
    places = [float(place) for place in range(len(table))]
    rates = Points(
        x=table["default_rate"].tolist(),
        y=places,
        low=table["low_rate"].tolist(),
        high=table["high_rate"].tolist(),
        along="x",
        label="default rate, with interval",
        tone=Tone.OTHER,
    )
    return Chart(
        title=title,
        description=text("Default rate with its interval and mean PD of {each}.", each=each),
        x=Axis(label="Share of customers", percent=True, low=0),
        y=Axis(label="", ticks=table["segment"].tolist()),
        layers=(rates, Points(x=table["mean_pd"].tolist(), y=places, label="mean PD", hollow=True)),
    )


def _too_few(without: int, noun: str) -> str:
    return text("{segments} had too few defaults for an AUC.", segments=counted(without, noun)) if without else ""
