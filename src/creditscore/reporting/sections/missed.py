"""Which defaulters looked safe when they were observed, and what the model held against them."""

from collections import Counter

import numpy as np
import pandas as pd

from creditscore.domain import Colour, Text, Verdict, joined, text
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Points, Tone
from creditscore.reporting.document import Section
from creditscore.reporting.evidence import Evidence
from creditscore.reporting.formats import percent
from creditscore.reporting.sections.colours import TONES
from creditscore.reporting.sections.wording import ONCE, counted, money, with_p_value
from creditscore.reporting.tested import KEYS, KeptFeatures
from creditscore.validation import jeffreys

QUESTION = "Which customers were missed, and why?"
MOST_ROWS = 20
BAND = 5  # points of score that one bar holds
DAYS_IN_MONTH = 365.25 / 12
SHOWN = [
    *("customer_id", "observed_on", "score", "grade", "pd", "exposure_amount", "default_after_months"),
    "strongest_reasons",
]


def missed_section(evidence: Evidence, *, tested: KeptFeatures | None, currency: str | None) -> Section:
    """Answer which defaulters were green when observed, how many those are, and why.

    Parameters
    ----------
    evidence
        The evaluation frame.
    tested
        Features of the customers; ``None`` where the bundle does not keep them, so that nobody knows the reasons.
    currency
        ISO 4217 code of the amounts.
    """
    method = text(
        "Missed are defaulters whose colour was green when first observed out of time. That some green customers "
        "default is foretold: their number is held against their PD by Jeffreys' one-sided test (ECB 2019, 2.5.3), and "
        "a p below {limit:g} asks for a review, which is policy as the bounds of green are. "
        "Reasons: the features that pushed a customer's log-odds most toward default on that day (Lundberg et al. "
        "2020, tree SHAP), from what was known then. {once}",
        limit=evidence.lights.review_p_value,
        once=ONCE,
    )
    defaulted = evidence.cohort[evidence.cohort["default_flag"] == 1]
    if not evidence.speaks:
        return Section(question=QUESTION, verdict=Verdict.UNKNOWN, answer=evidence.silence, method=method)
    missed = defaulted[defaulted["colour"] == str(Colour.GREEN)]
    told = reasons_of(missed, tested)
    return Section(
        question=QUESTION,
        verdict=_verdict(evidence),
        answer=joined([_counted(missed, defaulted, currency), _foretold(evidence), _strongest(told)]),
        table=missed_table(missed if len(missed) else defaulted, evidence, tested=tested),
        method=method,
        figure=_figure(missed, defaulted),
        note=_note(missed, tested),
    )


def missed_table(missed: pd.DataFrame, evidence: Evidence, *, tested: KeptFeatures | None) -> pd.DataFrame:
    """Return the twenty largest by exposure; where nobody is missed, give the defaulters with the highest scores."""
    green = (missed["colour"] == str(Colour.GREEN)).any()
    first = "exposure_amount" if green else "score"
    order = missed.sort_values([first, "customer_id"], ascending=[False, True]).head(MOST_ROWS)
    told = [joined(own, "; ") if isinstance(own, list) else None for own in reasons_of(order, tested)]
    table = order.rename(columns={"as_of": "observed_on", evidence.pd_name: "pd"}).assign(
        default_after_months=months_until_default(order),
        strongest_reasons=pd.Series(told, index=order.index, dtype=object),
    )
    return table[SHOWN].reset_index(drop=True)


def reasons_of(customers: pd.DataFrame, tested: KeptFeatures | None) -> pd.Series:
    """Return the reasons of each customer as a list of texts, in the order given; missing where nobody knows them."""
    if tested is None:
        return pd.Series([None] * len(customers), index=customers.index, dtype=object)
    told = customers[KEYS].merge(tested.reasons(customers), on=KEYS, how="left")["reasons"]
    return told.set_axis(customers.index)


def months_until_default(defaulted: pd.DataFrame) -> "pd.Series[float]":
    """Return how many months after it was observed each defaulted; missing where the day is not kept."""
    if "default_on" not in defaulted.columns:
        return pd.Series(np.nan, index=defaulted.index)
    days = (defaulted["default_on"] - defaulted["as_of"]).dt.days
    return (days / DAYS_IN_MONTH).round()


def _verdict(evidence: Evidence) -> Verdict:
    return Verdict.REVIEW if _p_value(evidence) < evidence.lights.review_p_value else Verdict.PASS


def _green(evidence: Evidence) -> pd.DataFrame:
    return evidence.cohort[evidence.cohort["colour"] == str(Colour.GREEN)]


def _p_value(evidence: Evidence) -> float:
    """Return the p-value of the level of green; 1 where no green customer defaulted, or none is green."""
    green = _green(evidence)
    defaults = green["default_flag"].sum()
    if not defaults:
        return 1.0
    return float(jeffreys([green[evidence.pd_name].mean()], [len(green)], [defaults])[0])


def _counted(missed: pd.DataFrame, defaulted: pd.DataFrame, currency: str | None) -> Text:
    lost, total = (int(part["exposure_amount"].fillna(0).sum()) for part in (missed, defaulted))
    return text(
        "{missed:,} of {defaulters} ({share}) were green when observed; they owed {owed}{part}.",
        missed=len(missed),
        defaulters=counted(len(defaulted), "defaulter"),
        share=percent(len(missed) / len(defaulted)),
        owed=money(lost, currency),
        part=text(", {share} of what defaulters owed", share=percent(lost / total)) if total else "",
    )


def _foretold(evidence: Evidence) -> Text:
    green = _green(evidence)
    return text(
        "The PD of the {customers} foretold {expected:.1f} defaults ({p}).",
        customers=counted(len(green), "green customer"),
        expected=green[evidence.pd_name].sum(),
        p=with_p_value(_p_value(evidence)),
    )


def _strongest(told: pd.Series) -> str:
    """Say which reason led most often."""
    first = Counter(reasons[0] for reasons in told if isinstance(reasons, list) and reasons)
    if not first:
        return ""
    reason, times = min(first.items(), key=lambda entry: (-entry[1], entry[0]))
    return text(
        "The strongest push toward default was most often {reason!r}: {times:,} of {all:,} times.",
        reason=reason,
        times=times,
        all=sum(first.values()),
    )


def _note(missed: pd.DataFrame, tested: KeptFeatures | None) -> Text:
    shown = (
        text("The table shows the {most} largest by exposure.", most=MOST_ROWS)
        if len(missed) > MOST_ROWS
        else "Nobody was missed; the table shows the defaulters with the highest scores."
        if missed.empty
        else ""
    )
    kept = "" if tested is not None else "This bundle was trained before reasons could be told; train it again."
    small = "A reason says what counted against a customer, however little; it is no cause of the default."
    return joined([shown, kept, small])


def _figure(missed: pd.DataFrame, defaulted: pd.DataFrame) -> Figure:
    charts = [_scores(defaulted)]
    months = {"missed": months_until_default(missed), "other": months_until_default(defaulted.drop(missed.index))}
    if months["missed"].notna().any():
        charts.append(_waiting(months))
    return Figure(charts=tuple(charts))


def _scores(defaulted: pd.DataFrame) -> Chart:
    band = (defaulted["score"] // BAND * BAND).clip(upper=100 - BAND)
    held = defaulted.groupby(band).agg(count=("colour", "size"), colour=("colour", "first"))
    held = held.reindex(np.arange(0.0, 100.0, BAND))
    return Chart(
        title="Scores of those who defaulted",
        description="Number of defaulters by the score they had when observed, in their colour.",
        x=Axis(label="Score when observed", low=0, high=100),
        y=Axis(label="Defaulters", low=0),
        layers=(
            Bars(
                x=(held.index + BAND / 2).tolist(),
                height=held["count"].fillna(0).tolist(),
                width=BAND * 0.9,
                tones=[TONES[Colour(name)] if isinstance(name, str) else Tone.QUIET for name in held["colour"]],
            ),
        ),
    )


def _waiting(months: "dict[str, pd.Series[float]]") -> Chart:
    last = int(max(own.max() for own in months.values() if own.notna().any()))
    places = [float(month) for month in range(last + 1)]
    shares = {
        name: own.dropna().value_counts(normalize=True).reindex(places, fill_value=0.0).tolist()
        for name, own in months.items()
    }
    return Chart(
        title="Months until the default",
        description="Share of the missed and of the other defaulters by the months until they defaulted.",
        x=Axis(label="Months after they were observed", ticks=[f"{place:g}" for place in places]),
        y=Axis(label="Share of defaulters", percent=True, low=0),
        layers=(
            Bars(x=places, height=shares["other"], width=0.8, label="other defaulters", tone=Tone.PALE),
            Points(x=places, y=shares["missed"], label="missed", tone=Tone.GREEN),
        ),
    )
