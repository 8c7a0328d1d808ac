"""How the score did over time, drawn: what is known, what is known so far, and what the PD expect, never mixed."""

import pandas as pd

from creditscore.domain import text
from creditscore.reporting.charts import Axis, Chart, Figure, Line, Points, Tone
from creditscore.reporting.sections.wording import span


def months_figure(table: pd.DataFrame, *, known: str, horizon_months: int) -> Figure:
    """Draw the table of months: the level on one plot, the AUC on the other.

    Parameters
    ----------
    table
        As :func:`creditscore.reporting.sections.months.month_table` gives it.
    known
        What ``outcome`` says of a month whose window has ended.
    horizon_months
        Length of the outcome window.
    """
    months = sorted(table["month"].unique())
    place = {month: float(index) for index, month in enumerate(months)}
    rows = table.assign(place=table["month"].map(place)).sort_values("place")
    axis = Axis(label="Month of the score", ticks=months)
    charts = (_level(rows, axis, known=known),)
    areas = _areas(rows, horizon_months)
    return Figure(charts=(*charts, _discrimination(axis, areas)) if areas else charts)


def _level(rows: pd.DataFrame, axis: Axis, *, known: str) -> Chart:
    ended, waiting = rows[rows["outcome"] == known], rows[rows["outcome"] != known]
    return Chart(
        title="Default rate and mean PD",
        description="Mean PD and default rate with its interval by month; hollow marks are months without an outcome.",
        x=axis,
        y=Axis(label="Share of customers", percent=True, low=0),
        layers=(
            *_rates(ended, "development", tone=Tone.QUIET),
            *_rates(ended, "", tone=Tone.OTHER),
            Line(x=rows["place"].tolist(), y=rows["mean_pd"].tolist(), label="mean PD"),
            *_waiting(waiting),
        ),
    )


def _discrimination(axis: Axis, areas: tuple[Line | Points, ...]) -> Chart:
    return Chart(
        title="AUC",
        description=(
            "AUC by month: filled with its interval where the outcome is known, hollow at a shorter horizon where only "
            "defaults so far are; dashed is what the PD alone expect."
        ),
        x=axis,
        y=Axis(label="AUC"),
        layers=areas,
    )


def _areas(rows: pd.DataFrame, horizon_months: int) -> tuple[Line | Points, ...]:
    in_sample = rows["source"] == "development"
    own = [
        _marks(rows[~in_sample], ("auc", "low", "high"), label="later, never seen in training"),
        _marks(rows[in_sample], ("auc", "low", "high"), label="development, seen in training", tone=Tone.QUIET),
        _so_far(rows, horizon_months),
        _expected(rows),
    ]
    return tuple(layer for layer in own if layer is not None)


def _marks(
    rows: pd.DataFrame, names: tuple[str, str, str], *, label: str, tone: Tone = Tone.MAIN, hollow: bool = False
) -> Points | None:
    drawn = rows[rows[names[0]].notna()]
    if drawn.empty:
        return None
    value, low, high = (drawn[name].tolist() for name in names)
    return Points(x=drawn["place"].tolist(), y=value, low=low, high=high, label=label, tone=tone, hollow=hollow)


def _so_far(rows: pd.DataFrame, horizon_months: int) -> Points | None:
    elapsed = rows.loc[rows["seen_auc"].notna(), "elapsed_months"].astype(int).sort_values()
    if elapsed.empty:
        return None
    label = text("so far, {elapsed} of {horizon} months", elapsed=span(elapsed.tolist()), horizon=horizon_months)
    return _marks(rows, ("seen_auc", "seen_low", "seen_high"), label=label, tone=Tone.OTHER, hollow=True)


def _expected(rows: pd.DataFrame) -> Line | None:
    drawn = rows[rows["expected_auc"].notna()]
    if drawn.empty:
        return None
    return Line(
        x=drawn["place"].tolist(),
        y=drawn["expected_auc"].tolist(),
        label="expected if every PD is right",
        tone=Tone.THIRD,
        dashed=True,
    )


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
