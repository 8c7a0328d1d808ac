"""How the score does over time, and which months have no outcome yet."""

from datetime import date

import pandas as pd

from creditscore.domain import Verdict, add_months
from creditscore.reporting.charts import Axis, Chart, Figure, Line, Points, Tone
from creditscore.reporting.document import Section
from creditscore.reporting.evidence import Evidence, flags, values
from creditscore.reporting.sections.wording import counted
from creditscore.validation import auc, censored_concordance, expected_auc, jeffreys, jeffreys_interval

FEWEST_FOR_AUC = 10
DAILY = "daily score"
SO_FAR = ("defaulted_flag", "observed_days")  # what an open window has shown
COLUMNS = (
    *("month", "source", "observation_count", "default_count", "default_rate", "low_rate", "high_rate"),
    *("mean_pd", "p_value", "auc", "low", "high", "expected_auc", "censored_auc", "outcome"),
)
KNOWN, IMMATURE = "known", "not known yet"


def months_section(evidence: Evidence, *, scored: pd.DataFrame | None = None) -> Section:
    """Answer whether level and ranking hold from month to month.

    Parameters
    ----------
    evidence
        The evaluation frame.
    scored
        Daily scores of one day a month with columns ``customer_id, as_of, default_flag`` and the probability;
        ``default_flag`` is missing where the window has not ended. Where ``defaulted_flag`` and ``observed_days`` are
        there too, they say what an open window has shown so far: whether the customer defaulted, and the days until
        then or until the last day known.
    """
    table = month_table(evidence, scored=scored)
    judged = table[(table["outcome"] == KNOWN) & table["source"].isin(["test", DAILY])]
    limit = evidence.lights.review_p_value / max(len(judged), 1)
    too_low = judged[judged["p_value"] < limit]
    immature = table.loc[table["outcome"] == IMMATURE, "month"].unique().tolist()
    return Section(
        question="Does it hold from month to month?",
        verdict=_verdict(judged, too_low, evidence),
        answer=(
            f"{counted(len(judged), 'month')} after development and calibration have an outcome; in {len(too_low)} "
            f"of them defaults surely exceed the PD. {_immature(immature)}"
        ),
        table=table,
        method=(
            "Observations by month of the score. A month counts only when the whole outcome window has ended; rows "
            "without an outcome are left out, never taken as good. AUC with DeLong's interval where at least "
            f"{FEWEST_FOR_AUC} defaulted; one-sided Jeffreys test of the mean PD, divided by the number of months. "
            "Three accuracies are kept apart: the AUC of ended windows; what open windows have shown so far, Uno's "
            "concordance with censoring weights (2011); and the AUC that the PDs alone lead one to expect (CBPE)."
        ),
        figure=_figure(table),
        note="Within a month each customer counts once; neighbouring months share most of their outcome window. The "
        "expected AUC takes the PDs at their word: it shows that the customers changed, never that the model is wrong. "
        "Concordance of an open window speaks of early defaults, which are easier to see.",
    )


def month_table(evidence: Evidence, *, scored: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one row a month and source, ascending."""
    names = ["as_of", "split", "default_flag", evidence.pd_name]
    parts = [evidence.frame[names]]
    if scored is not None and len(scored):
        parts.append(scored.assign(split=DAILY)[[*names, *(name for name in SO_FAR if name in scored)]])
    rows = pd.concat(parts, ignore_index=True)
    month = rows["as_of"].dt.strftime("%Y-%m")
    found = [
        {"month": key[0], "source": key[1], **_row(own, evidence)}
        for key, own in rows.groupby([month, rows["split"]], observed=True)
    ]
    table = pd.DataFrame(found, columns=list(COLUMNS))
    return table.sort_values(["month", "source"], ignore_index=True)


def scored_days_section(days: pd.DataFrame | None, *, horizon_months: int, observed_until: date | None) -> Section:
    """Answer which scored days have an outcome by now.

    Parameters
    ----------
    days
        One row a scored day: ``as_of``, ``customer_count``; none where nothing was scored.
    horizon_months
        Length of the outcome window.
    observed_until
        Last day that the book knows of.
    """
    question = "Which scored days have an outcome by now?"
    method = f"A day has an outcome when the book reaches {horizon_months} months beyond it."
    if days is None or days.empty or observed_until is None:
        return Section(
            question=question,
            verdict=Verdict.UNKNOWN,
            answer="No day has been scored yet, so accuracy rests on the champion's evaluation alone.",
            method=method,
        )
    table = _days_by_month(days, horizon_months=horizon_months)
    mature = int((table["last_matures_on"] <= observed_until).sum())
    first = add_months(min(day.date() for day in days["as_of"]), horizon_months)
    waiting = "" if first <= observed_until else f" The first outcome will be known on {first:%Y-%m-%d}."
    return Section(
        question=question,
        verdict=Verdict.PASS if mature == len(table) else Verdict.UNKNOWN,
        answer=(
            f"{counted(len(days), 'day')} scored in {counted(len(table), 'month')}; {mature or 'none'} of these months "
            f"{'has' if mature <= 1 else 'have'} fully matured by {observed_until:%Y-%m-%d}.{waiting}"
        ),
        table=table,
        method=method,
        note="Of each month the last scored day is judged, so that a customer counts once a month.",
    )


def _days_by_month(days: pd.DataFrame, *, horizon_months: int) -> pd.DataFrame:
    grouped = days.groupby(days["as_of"].dt.strftime("%Y-%m"))
    table = grouped.agg(
        day_count=("as_of", "size"),
        first_on=("as_of", "min"),
        last_on=("as_of", "max"),
        scores_count=("customer_count", "sum"),
    )
    table["last_matures_on"] = [add_months(day.date(), horizon_months) for day in table["last_on"]]
    return table.rename_axis("month").reset_index()


def _row(own: pd.DataFrame, evidence: Evidence) -> dict[str, object]:
    mean_pd = float(own[evidence.pd_name].mean())
    expected = expected_auc(own[evidence.pd_name]).value
    known = own[own["default_flag"].notna()]
    if len(known) < len(own):  # a window still open somewhere: the month's rate would be of a chosen part
        told = {"expected_auc": expected, "censored_auc": _so_far(own, evidence)}
        return {"observation_count": len(own), "mean_pd": mean_pd, "outcome": IMMATURE, **told}
    flag, probability = flags(known), values(known, evidence.pd_name)
    defaults = int(flag.sum())
    low, high = jeffreys_interval([len(own)], [defaults], level=evidence.lights.level)
    row: dict[str, object] = {
        "observation_count": len(own),
        "default_count": defaults,
        "default_rate": float(flag.mean()),
        "low_rate": float(low[0]),
        "high_rate": float(high[0]),
        "mean_pd": mean_pd,
        "p_value": float(jeffreys([mean_pd], [len(own)], [defaults])[0]),
        "expected_auc": expected,
        "outcome": KNOWN,
    }
    if min(defaults, len(own) - defaults) >= FEWEST_FOR_AUC:
        area = auc(flag, probability, level=evidence.lights.level)
        row |= {"auc": area.value, "low": area.low, "high": area.high}
    return row


def _so_far(own: pd.DataFrame, evidence: Evidence) -> float:
    """Return the concordance of what open windows have shown; NaN where that is too little or nobody says."""
    if any(name not in own for name in SO_FAR) or own[list(SO_FAR)].isna().any(axis=None):
        return float("nan")
    defaults = int(own["defaulted_flag"].sum())
    if min(defaults, len(own) - defaults) < FEWEST_FOR_AUC:
        return float("nan")
    return censored_concordance(own["defaulted_flag"], own["observed_days"], own[evidence.pd_name]).value


def _verdict(judged: pd.DataFrame, too_low: pd.DataFrame, evidence: Evidence) -> Verdict:
    if judged.empty or judged["default_count"].sum() < evidence.lights.fewest_defaults:
        return Verdict.UNKNOWN
    return Verdict.REVIEW if len(too_low) else Verdict.PASS


def _immature(months: list[str]) -> str:
    if not months:
        return "Every month has its outcome."
    span = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
    return f"{counted(len(months), 'month')} ({span}) without an outcome yet: only the PD is shown there."


def _figure(table: pd.DataFrame) -> Figure:
    months = sorted(table["month"].unique())
    place = {month: float(index) for index, month in enumerate(months)}
    rows = table.assign(place=table["month"].map(place)).sort_values("place")
    known, waiting = rows[rows["outcome"] == KNOWN], rows[rows["outcome"] == IMMATURE]
    axis = Axis(label="Month of the score", ticks=months)
    level = Chart(
        title="Default rate and mean PD",
        description="Mean PD and default rate with its interval by month; hollow marks are months without an outcome.",
        x=axis,
        y=Axis(label="Share of customers", percent=True, low=0),
        layers=(
            *_rates(known, "development", tone=Tone.QUIET),
            *_rates(known, "", tone=Tone.OTHER),
            Line(x=rows["place"].tolist(), y=rows["mean_pd"].tolist(), label="mean PD"),
            *_waiting(waiting),
        ),
    )
    ranked = known[known["auc"].notna()]
    layers = (*_areas(ranked, seen=True), *_areas(ranked, seen=False), *_unknown_yet(rows))
    if not layers:
        return Figure(charts=(level,))
    discrimination = Chart(
        title="AUC",
        description=(
            "AUC with its interval by month where outcomes are known; dashed, what the PDs alone lead one to expect; "
            "hollow, what open windows have shown so far."
        ),
        x=axis,
        y=Axis(label="AUC"),
        layers=layers,
    )
    return Figure(charts=(level, discrimination))


def _rates(known: pd.DataFrame, source: str, *, tone: Tone) -> tuple[Points, ...]:
    in_sample = known["source"] == "development"
    own = known[in_sample if source else ~in_sample]
    if own.empty:
        return ()
    return (
        Points(
            x=own["place"].tolist(),
            y=own["default_rate"].tolist(),
            low=own["low_rate"].tolist(),
            high=own["high_rate"].tolist(),
            label="default rate, development" if source else "default rate, later",
            tone=tone,
        ),
    )


def _waiting(waiting: pd.DataFrame) -> tuple[Points, ...]:
    if waiting.empty:
        return ()
    return (
        Points(
            x=waiting["place"].tolist(), y=waiting["mean_pd"].tolist(), label="mean PD, outcome not known", hollow=True
        ),
    )


def _areas(ranked: pd.DataFrame, *, seen: bool) -> tuple[Points, ...]:
    in_sample = ranked["source"] == "development"
    own = ranked[in_sample if seen else ~in_sample]
    if own.empty:
        return ()
    return (
        Points(
            x=own["place"].tolist(),
            y=own["auc"].tolist(),
            low=own["low"].tolist(),
            high=own["high"].tolist(),
            label="development, seen in training" if seen else "later, never seen in training",
            tone=Tone.QUIET if seen else Tone.MAIN,
        ),
    )


def _unknown_yet(rows: pd.DataFrame) -> tuple[Line | Points, ...]:
    """Draw what needs no ended window: the expected AUC dashed, and the concordance of open windows hollow."""
    expected = rows[rows["expected_auc"].notna()].drop_duplicates("place", keep="last")
    so_far = rows[rows["censored_auc"].notna()]
    line = Line(
        x=expected["place"].tolist(),
        y=expected["expected_auc"].tolist(),
        label="expected from the PDs",
        tone=Tone.OTHER,
        dashed=True,
    )
    marks = Points(
        x=so_far["place"].tolist(), y=so_far["censored_auc"].tolist(), label="open windows, so far", hollow=True
    )
    return (*([] if expected.empty else [line]), *([] if so_far.empty else [marks]))
