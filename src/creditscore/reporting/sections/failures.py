"""For whom the model fails: segments in words, found on one half of the customers and tested on the other."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from string import ascii_uppercase

import pandas as pd

from creditscore.domain import Text, Unit, Verdict, joined, text
from creditscore.reporting.charts import Figure
from creditscore.reporting.document import Section
from creditscore.reporting.evidence import Evidence
from creditscore.reporting.formats import percent
from creditscore.reporting.sections.segments import level_chart
from creditscore.reporting.sections.wording import ONCE, counted, money, with_p_value
from creditscore.reporting.tested import KeptFeatures
from creditscore.reporting.weak_spots import DEPTH, FEWEST_EXPECTED, Bounds, Segment, WeakSpots, weak_spots

QUESTION = "Where does it fail?"
EVERYBODY = "everybody"
TIMES = (Unit.DAYS, Unit.MONTHS, Unit.YEARS)  # said behind the number, so not in the name too
OWN = {  # columns of an evaluation frame by which a segment may be told, whatever features the bundle keeps
    "score": Unit.LEVEL,
    "exposure_amount": Unit.AMOUNT,
    "cooperation_years": Unit.YEARS,
}
COLUMNS = [
    *("segment", "found_times", "tested_times", "customer_count", "default_count", "mean_pd", "default_rate"),
    *("low_rate", "high_rate", "p_value", "verdict", "customers_with"),
]


def failures_section(evidence: Evidence, *, tested: KeptFeatures | None, currency: str | None) -> Section:
    """Answer where defaults exceed the PD.

    Parameters
    ----------
    evidence
        The evaluation frame.
    tested
        Features of the customers; without them segments are told by score, exposure and tenure alone.
    currency
        ISO 4217 code of the amounts.
    """
    lights = evidence.lights
    method = text(
        "A regression tree of depth {depth} (Breiman, Friedman, Olshen, Stone 1984; scikit-learn) on default less PD "
        "finds segments on one half of the customers, each with at least {fewest:g} defaults foretold. The "
        "other half tests them: one-sided Jeffreys test of the mean PD (ECB 2019, 2.5.3); a segment with p below "
        "{limit:g} over the number tested (Bonferroni) asks for a review, which is policy. {once}",
        depth=DEPTH,
        fewest=FEWEST_EXPECTED,
        limit=lights.review_p_value,
        once=ONCE,
    )
    frame = evidence.cohort if tested is None else tested.drawn(evidence)
    units = {name: unit for name, unit in _units(tested).items() if name in frame.columns}
    spots = None
    if evidence.speaks:
        spots = weak_spots(frame, columns=list(units), pd_name=evidence.pd_name, level=lights.level)
    if spots is None:
        return Section(question=QUESTION, verdict=Verdict.UNKNOWN, answer=_silence(evidence), method=method)
    worded = partial(in_words, units=units, lacking=_lacking(frame, list(units)), currency=currency)
    table = failure_table(spots, evidence, worded=worded)
    failed = table[table["verdict"] != str(Verdict.PASS)]
    return Section(
        question=QUESTION,
        verdict=Verdict.REVIEW if len(failed) else Verdict.PASS,
        answer=_answer(spots, table, failed, columns=len(units)),
        table=table,
        method=method,
        figure=_figure(table),
        note=_note(tested),
    )


def failure_table(spots: WeakSpots, evidence: Evidence, *, worded: Callable[[Segment], str]) -> pd.DataFrame:
    """Return one row a segment with its words, those first where most defaults come on one that was foretold."""
    limit = evidence.lights.review_p_value / len(spots.table)
    judged = spots.table["p_value"].where(spots.table["default_count"] > 0, 1.0)
    lights = [str(Verdict.REVIEW if p_value < limit else Verdict.PASS) for p_value in judged]
    return spots.table.assign(
        segment=list(ascii_uppercase[: len(spots.table)]),
        customers_with=pd.Series([worded(segment) for segment in spots.segments], dtype=object),
        found_times=spots.table["found_ratio"],
        tested_times=spots.table["default_rate"] / spots.table["mean_pd"],
        verdict=lights,
    )[COLUMNS]


def in_words(
    segment: Segment, *, units: Mapping[str, Unit], lacking: Sequence[str] = (), currency: str | None = None
) -> str:
    """Say what a segment asks.

    Parameters
    ----------
    segment
        The bounds.
    units
        Unit of each column.
    lacking
        Columns in which values are missing; of others nothing is said about it.
    currency
        ISO 4217 code of the amounts.

    Examples
    --------
    >>> in_words({"overdue_ratio": Bounds(low=0.3)}, units={"overdue_ratio": Unit.RATIO}, lacking=["overdue_ratio"])
    'overdue ratio above 30.0 % or missing'
    >>> in_words({"age_days": Bounds(low=12.0, high=90.0)}, units={"age_days": Unit.DAYS})
    'age above 12 days, at most 90 days'
    """
    parts = []
    for name, bounds in segment.items():
        told = _range(bounds, partial(_value, unit=units[name], currency=currency))
        label = _label(name, units[name])
        parts.append(
            text("{label} {range} or missing", label=label, range=told)
            if bounds.missing and name in lacking
            else text("{label} {range}", label=label, range=told)
        )
    return joined(parts, "; ") or EVERYBODY


def _label(name: str, unit: Unit) -> str:
    """Write a column's name for people; another language has words for those of every frame, and a feature's name."""
    label = (name.removesuffix(f"_{unit}") if unit in TIMES else name).replace("_", " ")
    return label if name in OWN else Text(label, template=name, values={})


def _range(bounds: Bounds, read: Callable[[float], str]) -> str:
    if math.isinf(bounds.high):
        return text("above {low}", low=read(bounds.low)) if math.isfinite(bounds.low) else "known"
    if math.isinf(bounds.low):
        return text("at most {high}", high=read(bounds.high))
    return text("above {low}, at most {high}", low=read(bounds.low), high=read(bounds.high))


def _value(value: float, *, unit: Unit, currency: str | None) -> str:
    match unit:
        case Unit.RATIO:
            return percent(value)
        case Unit.AMOUNT:
            return money(value, currency)
    return text("{value:.3g} {unit}", value=value, unit=str(unit)) if unit in TIMES else f"{value:.3g}"


def _units(tested: KeptFeatures | None) -> dict[str, Unit]:
    features = {} if tested is None else {entry.name: entry.unit for entry in tested.contract}
    return features | OWN


def _lacking(frame: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    return [name for name in columns if frame[name].isna().any()]


def _silence(evidence: Evidence) -> str:
    if not evidence.speaks:
        return evidence.silence
    return text(
        "The PD of the customers foretell fewer than {fewest:g} defaults, too few to look for segments.",
        fewest=4 * FEWEST_EXPECTED,
    )


def _answer(spots: WeakSpots, table: pd.DataFrame, failed: pd.DataFrame, *, columns: int) -> Text:
    worst = table.iloc[0]
    found = text(
        "{segments}, found in {columns} of {found:,} customers; among {others:,} others {failed} {surely} more often "
        "than the PD says.",
        segments=counted(len(table), "segment"),
        columns=counted(columns, "column"),
        found=spots.found_count,
        others=spots.tested_count,
        failed=len(failed),
        surely="default surely" if len(failed) != 1 else "defaults surely",
    )
    farthest = text(
        "Farthest above it: {segment}, {customers_with}; there {observed} defaulted, where the PD said {expected} "
        "({p}).",
        segment=worst["segment"],
        customers_with=worst["customers_with"],
        observed=percent(worst["default_rate"]),
        expected=percent(worst["mean_pd"]),
        p=with_p_value(worst["p_value"]),
    )
    return joined([found, farthest])


def _note(tested: KeptFeatures | None) -> Text:
    note = (
        "Found: how many times the foretold defaults came where the segment was found, which is too much or too little "
        "by choice; tested: the same among customers who had no part in choosing it. Whoever looks at many segments "
        "finds a bad one by chance, so only the tested half counts."
    )
    kept = "This bundle keeps no features of its test, so segments are told by score, exposure and tenure alone."
    return joined([note, kept if tested is None else ""])


def _figure(table: pd.DataFrame) -> Figure:
    title = "Default rate and PD of each segment"
    return Figure(charts=(level_chart(table, title=title, each="each segment, worst first"),))
