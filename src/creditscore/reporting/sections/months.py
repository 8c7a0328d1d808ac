"""How the score does over time, and which months have no outcome yet."""

from datetime import date

import pandas as pd

from creditscore.domain import Text, Verdict, add_months, joined, text
from creditscore.reporting.document import Section
from creditscore.reporting.evidence import Evidence, flags, values
from creditscore.reporting.formats import number
from creditscore.reporting.sections.months_figure import months_figure
from creditscore.reporting.sections.wording import counted, span
from creditscore.validation import auc, brier, expected_performance, jeffreys, jeffreys_interval
from creditscore.validation.inputs import Floats

FEWEST_FOR_AUC = 10
DAILY = "daily score"
SEEN = "default_seen_flag"
COLUMNS = (
    *("month", "source", "observation_count", "default_count", "default_rate", "low_rate", "high_rate"),
    *("mean_pd", "p_value", "auc", "low", "high", "brier", "outcome"),
    *("elapsed_months", "seen_default_count", "seen_auc", "seen_low", "seen_high"),
    *("expected_auc", "expected_brier"),
)
KNOWN, IMMATURE = "known", "not known yet"


def months_section(
    evidence: Evidence, *, scored: pd.DataFrame | None = None, observed_until: date | None = None
) -> Section:
    """Answer whether level and ranking hold from month to month.

    Three AUC stand beside each other and are never mixed: of months whose window has ended; of months whose window is
    open, by what is known so far and therefore at a shorter horizon; and what to expect if every PD is right.

    Parameters
    ----------
    evidence
        The evaluation frame.
    scored
        Daily scores of one day a month with columns ``customer_id, as_of, default_flag`` and the probability;
        ``default_flag`` is missing where the window has not ended. ``default_seen_flag``, which may be left out, says
        for such days whether a default after ``as_of`` is known by ``observed_until``; missing where nobody can tell.
    observed_until
        Last day that the book knows of; without it, and without that column, no AUC so far is told.
    """
    table = month_table(evidence, scored=scored, observed_until=observed_until)
    judged = table[(table["outcome"] == KNOWN) & table["source"].isin(["test", DAILY])]
    limit = evidence.lights.review_p_value / max(len(judged), 1)
    too_low = judged[judged["p_value"] < limit]
    return Section(
        question="Does it hold from month to month?",
        verdict=_verdict(judged, too_low, evidence),
        answer=joined([_mature(judged, too_low), _immature(table, evidence.horizon_months)]),
        table=table,
        method=_method(evidence, observed_until),
        figure=months_figure(table, known=KNOWN, horizon_months=evidence.horizon_months),
        note=(
            "Within a month each customer counts once; neighbouring months share most of their outcome window. Only "
            "months with an outcome set the light."
        ),
    )


def month_table(
    evidence: Evidence, *, scored: pd.DataFrame | None = None, observed_until: date | None = None
) -> pd.DataFrame:
    """Return one row a month and source, ascending; ``seen_`` is so far, ``expected_`` what the PD expect."""
    used = ["as_of", "split", "default_flag", evidence.pd_name]
    parts = [evidence.frame[used]]
    if scored is not None and len(scored):
        parts.append(scored.assign(split=DAILY)[[name for name in (*used, SEEN) if name in {*scored, "split"}]])
    rows = pd.concat(parts, ignore_index=True)
    month = rows["as_of"].dt.strftime("%Y-%m")
    found = [
        {"month": key[0], "source": key[1], **_row(own, evidence), **_so_far(own, evidence, observed_until)}
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
    method = text("A day has an outcome when the book reaches {months} months beyond it.", months=horizon_months)
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
    waiting = "" if first <= observed_until else text("The first outcome will be known on {day}.", day=first)
    return Section(
        question=question,
        verdict=Verdict.PASS if mature == len(table) else Verdict.UNKNOWN,
        answer=joined([_matured(days, table, mature=mature, until=observed_until), waiting]),
        table=table,
        method=method,
        note="Of each month the last scored day is judged, so that a customer counts once a month.",
    )


def _matured(days: pd.DataFrame, table: pd.DataFrame, *, mature: int, until: date) -> Text:
    told = {"days": counted(len(days), "day"), "months": counted(len(table), "month"), "until": f"{until:%Y-%m-%d}"}
    if not mature:
        return text("{days} scored in {months}; none of these months has fully matured by {until}.", **told)
    if mature == 1:
        return text("{days} scored in {months}; 1 of these months has fully matured by {until}.", **told)
    return text(
        "{days} scored in {months}; {mature} of these months have fully matured by {until}.", mature=mature, **told
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
    probability, mean_pd = values(own, evidence.pd_name), float(own[evidence.pd_name].mean())
    expected = expected_performance(probability)
    row: dict[str, object] = {
        "observation_count": len(own),
        "mean_pd": mean_pd,
        "expected_auc": expected.auc,
        "expected_brier": expected.brier,
    }
    if own["default_flag"].isna().any():  # a window still open somewhere: the month's rate would be of a chosen part
        return row | {"outcome": IMMATURE}
    flag = flags(own)
    defaults = int(flag.sum())
    low, high = jeffreys_interval([len(own)], [defaults], level=evidence.lights.level)
    row |= {
        "default_count": defaults,
        "default_rate": float(flag.mean()),
        "low_rate": float(low[0]),
        "high_rate": float(high[0]),
        "p_value": float(jeffreys([mean_pd], [len(own)], [defaults])[0]),
        "brier": brier(flag, probability).value,
        "outcome": KNOWN,
    }
    return row | _area(flag, probability, evidence, names=("auc", "low", "high"))


def _so_far(own: pd.DataFrame, evidence: Evidence, observed_until: date | None) -> dict[str, object]:
    """Return the AUC at the horizon that has elapsed, where all rows are of one day and it has no outcome yet.

    Customers of one day are observed equally long. The time-dependent AUC (cumulative cases, dynamic controls) at that
    time then needs no weights for censoring, and at any later time nobody has been observed.
    """
    told = SEEN in own.columns and own[SEEN].notna().all() and own["default_flag"].isna().all()
    if observed_until is None or not told or own["as_of"].min() < own["as_of"].max():
        return {}
    as_of, seen = own["as_of"].iloc[0].date(), values(own, SEEN)
    elapsed = sum(add_months(as_of, months) <= observed_until for months in range(1, evidence.horizon_months))
    row: dict[str, object] = {"elapsed_months": elapsed, "seen_default_count": int(seen.sum())}
    names = ("seen_auc", "seen_low", "seen_high")
    return row | _area(seen, values(own, evidence.pd_name), evidence, names=names)


def _area(flag: Floats, probability: Floats, evidence: Evidence, *, names: tuple[str, str, str]) -> dict[str, object]:
    defaults = int(flag.sum())
    if min(defaults, len(flag) - defaults) < FEWEST_FOR_AUC:
        return {}
    area = auc(flag, probability, level=evidence.lights.level)
    return dict(zip(names, (area.value, area.low, area.high), strict=True))


def _verdict(judged: pd.DataFrame, too_low: pd.DataFrame, evidence: Evidence) -> Verdict:
    if judged.empty or judged["default_count"].sum() < evidence.lights.fewest_defaults:
        return Verdict.UNKNOWN
    return Verdict.REVIEW if len(too_low) else Verdict.PASS


def _mature(judged: pd.DataFrame, too_low: pd.DataFrame) -> Text:
    return text(
        "{months} after development and calibration have an outcome; in {exceeded} of them defaults surely exceed the "
        "PD.",
        months=counted(len(judged), "month"),
        exceeded=len(too_low),
    )


def _immature(table: pd.DataFrame, horizon_months: int) -> Text:
    waiting = table[table["outcome"] == IMMATURE]
    if waiting.empty:
        return text("Every month has its outcome.")
    months = waiting["month"].unique().tolist()
    told = {"count": counted(len(months), "month"), "months": span(months)}
    seen = waiting[waiting["seen_auc"].notna()]
    if seen.empty:
        return text("{count} ({months}) without an outcome yet: only what the PD expect is shown there.", **told)
    return text(
        "{count} ({months}) without an outcome yet: AUC so far {areas}, after {elapsed} of {horizon} months.",
        areas=span([number(area) for area in sorted(seen["seen_auc"])]),
        elapsed=span(seen["elapsed_months"].astype(int).sort_values().tolist()),
        horizon=horizon_months,
        **told,
    )


def _method(evidence: Evidence, observed_until: date | None) -> Text:
    return text(
        "Observations by month of the score. A month counts only when the whole outcome window has ended; rows "
        "without an outcome are left out, never taken as good. AUC with DeLong's interval where at least "
        "{fewest} defaulted; one-sided Jeffreys test of the mean PD, divided by the number of months. "
        "While a window is open, the AUC so far sets who defaulted by {day} against who did not, as far as known by "
        "then: a time-dependent AUC at the elapsed months, counted whole, not at {horizon}. All customers of a scored "
        "day are observed equally long, so every inverse-probability-of-censoring weight (Uno et al. 2007) is one, and "
        "what comes after is not identified. "
        "Expected AUC and Brier score, and the mean PD as default rate, are those of outcomes drawn from the PD "
        "themselves (CBPE of NannyML; Kivimaki et al. 2024): they use no outcome, and say nothing about wrong "
        "calibration.",
        fewest=FEWEST_FOR_AUC,
        day=f"{observed_until:%Y-%m-%d}" if observed_until else "the last day known",
        horizon=evidence.horizon_months,
    )
