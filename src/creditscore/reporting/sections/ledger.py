"""What is held in reserve, what moved it, and whether the ledger adds up."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from creditscore.decisions.reserves import MOVEMENT_AMOUNTS
from creditscore.domain import Text, Verdict, joined, several, text
from creditscore.policy import MOVEMENT_KINDS
from creditscore.reporting.charts import Axis, Chart, Figure, Line, Points, Tone
from creditscore.reporting.decided import DecidedDays
from creditscore.reporting.document import Section
from creditscore.reporting.sections.wording import counted, listed, money

QUESTION = "What is held in reserve, and what moved it?"
NOTHING = "No day has been scored yet, so nothing is held."
METHOD = (
    "Closing figures of the run that is served for each day scored, in integer minor units. Passes where opening and "
    "movements give the closing in every row, each day opens with what the day before closed with, and industries and "
    "regions add up to the total; fails otherwise."
)
TOTAL = "total"
# A kind of movement as the table names it, and as the answer does.
COLUMNS = {
    "opening": "new_customers_amount",
    "exposure": "exposure_change_amount",
    "top_up": "top_up_amount",
    "release": "release_amount",
    "closing": "gone_customers_amount",
}
WORDS = {
    "opening": "new customers",
    "exposure": "changes of exposure",
    "top_up": "top-ups",
    "release": "releases",
    "closing": "customers gone",
}


def ledger_section(decided: DecidedDays | None, *, currency: str | None) -> Section:
    """Answer what is held, what moved it, and whether it adds up."""
    if decided is None or decided.ledger.empty:
        return Section(question=QUESTION, verdict=Verdict.UNKNOWN, answer=NOTHING, method=METHOD)
    faults = ledger_faults(decided.ledger)
    totals = _totals(decided.ledger)
    return Section(
        question=QUESTION,
        verdict=Verdict.FAIL if faults else Verdict.PASS,
        answer=joined([_told(totals, currency), *(faults or [text("Every row adds up.")])]),
        table=ledger_table(decided.ledger),
        method=METHOD,
        figure=_figure(totals),
        note=(
            "The first row adds up the movements of all days; the others are the last day. Required is what the "
            "governed colours ask for of the exposure that is known that day; more is held while a release waits, or "
            "for a customer whose exposure is unknown."
        ),
    )


def ledger_table(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return the movements of all days in one row, then the last day in total, by industry and by region."""
    totals = _totals(ledger)
    whole = totals.iloc[-1:].assign(
        opening_amount=totals["opening_amount"].iloc[0],
        **{name: totals[name].sum() for name in MOVEMENT_AMOUNTS},
    )
    last = ledger[ledger["as_of"] == ledger["as_of"].max()]
    covered = text(
        "{first} to {last}", first=f"{totals['as_of'].iloc[0]:%Y-%m-%d}", last=f"{last['as_of'].iloc[0]:%Y-%m-%d}"
    )
    parts = [covered, *(_part(row) for row in last.to_dict("records"))]
    rows = pd.concat([whole, last], ignore_index=True).assign(part=pd.Series(parts, dtype=object))
    shown = ["part", "opening_amount", *MOVEMENT_AMOUNTS, "closing_amount", "required_amount"]
    renamed = {name: COLUMNS[kind] for name, kind in zip(MOVEMENT_AMOUNTS, MOVEMENT_KINDS, strict=True)}
    return rows[shown].rename(columns=renamed)


def ledger_faults(ledger: pd.DataFrame) -> list[Text]:
    """Return a sentence for each way in which the ledger does not add up; none where it does."""
    rows, days, segments = (_days(found(ledger)) for found in (_unequal_rows, _unequal_days, _unequal_segments))
    faults = (
        text("Opening and movements do not give the closing on {days}.", days=rows) if rows else None,
        text("The opening is not what was held before on {days}; score these days again.", days=days) if days else None,
        text("Segments do not add up to the total on {days}.", days=segments) if segments else None,
    )
    return [fault for fault in faults if fault]


def _days(days: Sequence[pd.Timestamp]) -> Text:
    return several(dict.fromkeys(f"{day:%Y-%m-%d}" for day in days))


def _part(row: Mapping[Hashable, Any]) -> Text:
    if row["dimension"] == TOTAL:
        return text("last day")
    return text("{dimension} {value}", dimension=row["dimension"], value=row["value"])


def _totals(ledger: pd.DataFrame) -> pd.DataFrame:
    return ledger[ledger["dimension"] == TOTAL].sort_values("as_of", ignore_index=True)


def _unequal_rows(ledger: pd.DataFrame) -> Sequence[pd.Timestamp]:
    moved = ledger["opening_amount"] + ledger[list(MOVEMENT_AMOUNTS)].sum(axis=1)
    return ledger.loc[moved != ledger["closing_amount"], "as_of"].tolist()


def _unequal_days(ledger: pd.DataFrame) -> Sequence[pd.Timestamp]:
    totals = _totals(ledger)
    before = totals["closing_amount"].shift(fill_value=0)  # before the first day nothing is held
    return totals.loc[totals["opening_amount"] != before, "as_of"].tolist()


def _unequal_segments(ledger: pd.DataFrame) -> Sequence[pd.Timestamp]:
    names = ["opening_amount", *MOVEMENT_AMOUNTS, "closing_amount"]
    sums = ledger.groupby(["dimension", "as_of"])[names].sum()
    parts = sums[sums.index.get_level_values("dimension") != TOTAL]
    if parts.empty:
        return []
    totals = sums.loc[TOTAL].reindex(parts.index.get_level_values("as_of")).to_numpy()
    unequal = (parts.to_numpy() != totals).any(axis=1)
    return parts.index.get_level_values("as_of")[unequal].tolist()


def _told(totals: pd.DataFrame, currency: str | None) -> Text:
    first, last = totals.iloc[0], totals.iloc[-1]
    moved = {kind: int(totals[name].sum()) for kind, name in zip(MOVEMENT_KINDS, MOVEMENT_AMOUNTS, strict=True)}
    largest = sorted((kind for kind in moved if moved[kind]), key=lambda kind: -abs(moved[kind]))
    parts = [_moved(WORDS[kind], moved[kind], currency) for kind in largest]
    return text(
        "{held} are held on {day}, {required} required. In {days} scored, from {opening}: {movements}.",
        held=money(last["closing_amount"], currency),
        day=f"{last['as_of']:%Y-%m-%d}",
        required=money(last["required_amount"], currency),
        days=counted(len(totals), "day"),
        opening=money(first["opening_amount"], currency),
        movements=listed(parts) if parts else "nothing moved",
    )


def _moved(movement: str, moved: int, currency: str | None) -> Text:
    return text(
        "{movement} {sign}{amount}", movement=movement, sign="+" if moved > 0 else "", amount=money(moved, currency)
    )


def _figure(totals: pd.DataFrame) -> Figure:
    places = [float(place) for place in range(len(totals))]
    covered = totals["exposure_amount"].where(totals["exposure_amount"] > 0).astype("float64")
    held, required = ((totals[name] / covered).tolist() for name in ("closing_amount", "required_amount"))
    chart = Chart(
        title="Held against required",
        description="Held and required reserve as a share of the exposure that the reserve covers, by day scored.",
        x=Axis(label="Day scored", ticks=[f"{day:%Y-%m-%d}" for day in totals["as_of"]]),
        y=Axis(label="Share of the exposure", percent=True),
        layers=(
            Line(x=places, y=held, label="held"),
            Points(x=places, y=held),
            Line(x=places, y=required, label="required", tone=Tone.OTHER, dashed=True),
            Points(x=places, y=required, tone=Tone.OTHER, hollow=True),
        ),
    )
    return Figure(charts=(chart,))
