"""Who decides on applications for credit: by route what was asked, approved and left to people."""

import pandas as pd

from creditscore.decisions import ApplicationOutcome
from creditscore.domain import Text, Verdict, joined, text
from creditscore.policy import Route
from creditscore.reporting.charts import Axis, Bars, Chart, Figure
from creditscore.reporting.decided import DecidedDays
from creditscore.reporting.document import Section
from creditscore.reporting.formats import percent
from creditscore.reporting.sections.wording import counted, money

QUESTION = "Who decides on applications?"
TOTAL = "total"
METHOD = (
    "Every decision record that is kept, by route. Approved are those that the green channel approved by itself; the "
    "others are for people, and what people then said is not known here. Allowed is the most that an approval can "
    "give within the conditions. Fails where something was approved outside the green channel, for a frozen customer, "
    "in a dispute, or beyond what was asked. Route, rules and deadlines are policy."
)


def applications_section(decided: DecidedDays | None, *, currency: str | None) -> Section:
    """Answer how many applications each route took, and whether the machine approved what it may not."""
    if decided is None or decided.applications.empty:
        return Section(
            question=QUESTION, verdict=Verdict.UNKNOWN, answer="No application has been decided yet.", method=METHOD
        )
    known = decided.applications
    table, faults = applications_table(known), wrongly_approved(known)
    return Section(
        question=QUESTION,
        verdict=Verdict.FAIL if faults else Verdict.PASS,
        answer=joined([_asked(known, table, currency), _faulty(faults)]),
        table=table,
        method=METHOD,
        figure=_figure(table),
        note="The same application on the same facts counts once; asked again on a later day it counts again.",
    )


def applications_table(known: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each route, easiest first, and one for all."""
    parts = {str(route): known[known["route"] == str(route)] for route in Route} | {TOTAL: known}
    return pd.DataFrame([{"route": route} | _row(part) for route, part in parts.items()])


def wrongly_approved(known: pd.DataFrame) -> int:
    """Count the applications that the machine approved and may not have, or beyond what was asked."""
    approved = known["outcome"] == str(ApplicationOutcome.APPROVED)
    for_people = (known["route"] != str(Route.GREEN_CHANNEL)) | known["frozen_flag"] | known["disputed_flag"]
    return int((approved & (for_people | (known["allowed_amount"] > known["requested_amount"]))).sum())


def _row(part: pd.DataFrame) -> dict[str, int]:
    approved = part["outcome"] == str(ApplicationOutcome.APPROVED)
    return {
        "application_count": len(part),
        "approved_count": int(approved.sum()),
        "referred_count": int((~approved).sum()),
        "disputed_count": int(part["disputed_flag"].sum()),
        "frozen_count": int(part["frozen_flag"].sum()),
        "requested_amount": int(part["requested_amount"].sum()),
        "allowed_amount": int(part["allowed_amount"].sum()),
    }


def _asked(known: pd.DataFrame, table: pd.DataFrame, currency: str | None) -> Text:
    total = table.iloc[-1]
    return text(
        "{applications} from {first} to {last}: {share} approved by the green channel, {referred:,} left to people; "
        "{requested} asked, at most {allowed} allowed.",
        applications=counted(int(total["application_count"]), "application"),
        first=known["applied_on"].min().date(),
        last=known["applied_on"].max().date(),
        share=percent(total["approved_count"] / total["application_count"]),
        referred=total["referred_count"],
        requested=money(total["requested_amount"], currency),
        allowed=money(total["allowed_amount"], currency),
    )


def _faulty(faults: int) -> Text:
    if not faults:
        return text("None was approved that may not be.")
    return text("{faults:,} of them the machine may not have approved.", faults=faults)


def _figure(table: pd.DataFrame) -> Figure:
    rows = table.iloc[:-1]
    axis = Axis(label="Route", ticks=[str(route).replace("_", " ") for route in rows["route"]])
    charts = [
        Chart(
            title=text("Share of the {what}", what=noun),
            description=text("Share of the {what} that each route took, easiest first.", what=noun),
            x=axis,
            y=Axis(label=text("Share of the {what}", what=noun), percent=True, low=0),
            layers=(Bars(x=[0.0, 1.0, 2.0], height=(rows[name] / max(rows[name].sum(), 1)).tolist(), width=0.55),),
        )
        for noun, name in (("applications", "application_count"), ("amount asked", "requested_amount"))
    ]
    return Figure(charts=tuple(charts))
