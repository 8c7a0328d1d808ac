"""How customers move between grades from one scored month end to another."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from creditscore.domain import Text, Verdict, joined, text
from creditscore.policy import Policy
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Tone
from creditscore.reporting.document import Section
from creditscore.reporting.evidence import LIGHTS, Lights
from creditscore.reporting.formats import number, percent
from creditscore.reporting.sections.wording import counted, listed, with_p_value
from creditscore.validation import MigrationZ, migration_bandwidth, migration_z

QUESTION = "How do customers move between grades?"
YEAR = 12  # months that the ECB's matrix spans
DEFAULTED, ENDED = "default", "ended"
SHARES = {DEFAULTED: "default_share", ENDED: "ended_share"}  # a grade's is called after the grade
FEWEST_DAYS = 2
MOST_NAMED = 3
NONE = "A dash stands for no customer."


@dataclass(frozen=True, slots=True, eq=False)
class Migrations:
    """What became of the grades of one scored day on a later one.

    Parameters
    ----------
    first_on, last_on
        The two days.
    matrix
        Customers by the grade they held (rows, best first) and by their grade at the end, ``default`` and ``ended``.
    """

    first_on: pd.Timestamp
    last_on: pd.Timestamp
    matrix: pd.DataFrame


def migrations_section(graded: pd.DataFrame | None, *, policy: Policy, lights: Lights = LIGHTS) -> Section:
    """Answer how far customers move between grades, and whether far moves are rarer than near ones.

    Parameters
    ----------
    graded
        The last scored day of each month: ``customer_id``, ``as_of``, ``grade`` and ``in_default_flag``.
    policy
        Its master scale gives the grades.
    lights
        Thresholds between the verdicts.
    """
    method = text(
        "Customers who performed on the first day, by their grade then and on the last day; default is in default on "
        "the last day, ended is no longer scored, which the ECB keeps apart as well. Bandwidths of the migration "
        "matrix (ECB 2019, 2.5.5.1): 0 to 1, how far those who moved went of how far they could. Stability (2.5.5.2): "
        "each cell is tested against its neighbour nearer to the diagonal; where the farther one is the likelier, at p "
        "below {limit:g} over the number of pairs (Bonferroni), a review is due. The ECB sets no "
        "threshold: this one is policy. Only days that this bundle scored.",
        limit=lights.review_p_value,
    )
    days = 0 if graded is None else graded["as_of"].nunique()
    if graded is None or days < FEWEST_DAYS:
        return Section(
            question=QUESTION,
            verdict=Verdict.UNKNOWN,
            answer=text(
                "{months} of scored days so far; a migration needs two.",
                months=counted(days, "month") if days else "No month",
            ),
            method=method,
        )
    moves = migrations(graded, labels=policy.master_scale.labels)
    grades = moves.matrix[list(moves.matrix.index)]
    test = migration_z(moves.matrix)
    odd = _odd(test, moves, lights)
    return Section(
        question=QUESTION,
        verdict=Verdict.REVIEW if odd else Verdict.PASS,
        answer=joined([_moved(moves, grades), _far(moves), _tested(test, odd)]),
        table=migration_table(moves),
        method=method,
        figure=_figure(moves),
        note=_span(moves),
    )


def migrations(graded: pd.DataFrame, *, labels: Sequence[str]) -> Migrations:
    """Count moves to the last day from the first one of the year before it, or the nearest that lies farther back."""
    *earlier, last = sorted(graded["as_of"].unique())
    a_year_ago = last - pd.DateOffset(months=YEAR, days=last.day - 1)
    first = next((day for day in earlier if day >= a_year_ago), earlier[-1])
    then = graded[(graded["as_of"] == first) & ~graded["in_default_flag"]].set_index("customer_id")["grade"]
    now = graded[graded["as_of"] == last].set_index("customer_id")
    there = now["grade"].mask(now["in_default_flag"].astype(bool), DEFAULTED).reindex(then.index).fillna(ENDED)
    counts = pd.crosstab(then, there).reindex(index=list(labels), columns=[*labels, DEFAULTED, ENDED], fill_value=0)
    return Migrations(pd.Timestamp(first), pd.Timestamp(last), counts)


def migration_table(moves: Migrations) -> pd.DataFrame:
    """Return one row for each grade held at first: customers, and what became of them as shares; missing is none."""
    total = moves.matrix.sum(axis=1)
    held = moves.matrix[total > 0]
    shares = held.div(total[total > 0], axis=0)
    used = shares.columns[(shares > 0).any() | shares.columns.isin([DEFAULTED, ENDED])]
    told = shares[used].where(shares[used] > 0).rename(columns=lambda name: SHARES.get(name, f"{name}_share"))
    counted_first = told.assign(customer_count=total)[["customer_count", *told.columns]]
    return counted_first.rename_axis(index="grade", columns=None).reset_index()


def _moved(moves: Migrations, grades: pd.DataFrame) -> Text:
    total, counts = int(moves.matrix.to_numpy().sum()), grades.to_numpy()
    stayed, worse, better = int(np.trace(counts)), int(np.triu(counts, 1).sum()), int(np.tril(counts, -1).sum())
    defaulted, ended = int(moves.matrix[DEFAULTED].sum()), int(moves.matrix[ENDED].sum())
    fates = {"kept their grade": stayed, "fell": worse, "rose": better, "defaulted": defaulted, "ended": ended}
    told = [text("{share} {fate}", share=percent(count / total), fate=fate) for fate, count in fates.items() if count]
    return text(
        "Of {customers} of {first} {told} by {last}.",
        customers=counted(total, "customer"),
        first=f"{moves.first_on:%Y-%m-%d}",
        told=listed(told),
        last=f"{moves.last_on:%Y-%m-%d}",
    )


def _far(moves: Migrations) -> str:
    band = migration_bandwidth(moves.matrix)
    told = [
        text("{direction} {value}", direction=direction, value=number(value))
        for direction, value in (("to worse grades", band.upper), ("to better ones", band.lower))
        if not math.isnan(value)
    ]
    return text("Bandwidth {told}.", told=joined(told, ", ")) if told else "Nobody moved."


def _odd(test: MigrationZ, moves: Migrations, lights: Lights) -> list[Text]:
    """Name the cells that are surely likelier than their neighbour nearer to the diagonal."""
    labels, pairs = list(moves.matrix.index), int(np.isfinite(test.p_value).sum())
    if not pairs:
        return []
    found = np.argwhere(test.p_value < lights.review_p_value / pairs)
    return [text("{first} to {last}", first=labels[row], last=labels[column]) for row, column in found]


def _tested(test: MigrationZ, odd: list[Text]) -> str:
    pairs = int(np.isfinite(test.p_value).sum())
    if not pairs:
        return "No two neighbouring cells can be compared."
    return text(
        "In {count} of {pairs:,} pairs of neighbouring cells the farther move is surely the likelier{named}; the "
        "smallest is {p}.",
        count=len(odd),
        pairs=pairs,
        named=named_cells(odd),
        p=with_p_value(float(np.nanmin(test.p_value))),
    )


def named_cells(odd: list[Text]) -> str:
    """Name three cells within a sentence, and count the others; nothing where there is none."""
    if not odd:
        return ""
    names, more = joined(odd[:MOST_NAMED], ", "), len(odd) - MOST_NAMED
    return text(" ({names} and {more} more)", names=names, more=more) if more > 0 else text(" ({names})", names=names)


def _span(moves: Migrations) -> str:
    months = 12 * (moves.last_on.year - moves.first_on.year) + moves.last_on.month - moves.first_on.month
    if months >= YEAR:
        return NONE
    short = text(
        "The ECB's matrix spans a year; only {months} of scored days lie between these two.",
        months=counted(months, "month"),
    )
    return joined([NONE, short])


def _figure(moves: Migrations) -> Figure:
    table = moves.matrix[moves.matrix.sum(axis=1) > 0]
    order = list(moves.matrix.index)
    rows = [_fates(row, order, order.index(str(grade))) for grade, row in table.iterrows()]
    summed = np.cumsum(np.array(rows), axis=1)
    places = [float(place) for place in range(len(rows))]
    names = ("rose", "stayed", "fell", "defaulted", "ended")
    tones = (Tone.GREEN, Tone.PALE, Tone.OTHER, Tone.RED, Tone.QUIET)
    layers = [
        Bars(x=places, height=summed[:, place].tolist(), along="x", label=names[place], tone=tones[place])
        for place in reversed(range(len(names)))  # the longest first, so that each covers its own end of the bar
    ]
    chart = Chart(
        title="What became of each grade",
        description="Share of the customers of each grade that rose, stayed, fell, defaulted or ended.",
        x=Axis(label="Share of customers", percent=True, low=0, high=1),
        y=Axis(label="", ticks=[str(grade) for grade in table.index]),
        layers=tuple(layers),
    )
    return Figure(charts=(chart,))


def _fates(row: "pd.Series[int]", order: list[str], place: int) -> list[float]:
    """Return the shares of a grade's customers that rose, stayed, fell, defaulted and ended."""
    counts = row[order].to_numpy()
    parts = (counts[:place].sum(), counts[place], counts[place + 1 :].sum(), row[DEFAULTED], row[ENDED])
    return [float(part) / float(row.sum()) for part in parts]
