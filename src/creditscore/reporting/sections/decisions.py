"""What the policy allows the customers of the last day scored, and who is not allowed anything."""

import pandas as pd

from creditscore.domain import Colour, Text, Verdict, joined, text
from creditscore.policy import Policy
from creditscore.reporting.charts import Axis, Bars, Chart, Figure, Tone
from creditscore.reporting.decided import DecidedDays
from creditscore.reporting.document import Section
from creditscore.reporting.formats import percent
from creditscore.reporting.sections.colours import TONES
from creditscore.reporting.sections.wording import counted, listed, money

QUESTION = "What does the policy allow today?"
NOT_SCORED = "No day has been scored yet, so nothing was decided."
FROZEN, TOTAL = "frozen", "total"
AMOUNTS = ("exposure_amount", "limit_amount", "headroom_amount")


def decisions_section(decided: DecidedDays | None, *, policy: Policy, currency: str | None) -> Section:
    """Answer what was decided on the last day scored: limits, headroom, alerts, freezes."""
    target = policy.targets.overdue_ratio_below
    method = text(
        "Decisions of the run that is served for the last day scored. The governed colour follows the raw one by the "
        "policy's margins and dwell; limit and headroom are those of the governed colour. Passes while less than "
        "{target} of the open receivables are past due, the policy's target; otherwise a review; unknown where nobody "
        "knows what is open.",
        target=percent(target),
    )
    if decided is None:
        return Section(question=QUESTION, verdict=Verdict.UNKNOWN, answer=NOT_SCORED, method=method)
    table, overdue = decision_table(decided.scores), overdue_ratio(decided.open_amounts)
    return Section(
        question=QUESTION,
        verdict=_verdict(overdue, target),
        answer=joined([_allowed(decided, table, currency), _alerts(table, decided.scores), _overdue(overdue)]),
        table=table,
        method=joined([method, text("Policy that decided: {policy}.", policy=decided.policy_hash[:12])]),
        figure=_figure(table),
        note=(
            "Frozen are customers whose credit stands still because of a red alert, their own or that of an affiliated "
            "company, whatever their colour; the colours count the others. Other raw colours: customers whose score "
            "alone gives another colour. "
            "Amounts add up what is known. Members of a group share its headroom, so together they may use less."
        ),
    )


def decision_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each governed colour, best first, one for the frozen, and one for all."""
    frozen = scores["frozen_by"].notna()
    parts = {str(colour): scores[(scores["governed_colour"] == str(colour)) & ~frozen] for colour in Colour}
    parts |= {FROZEN: scores[frozen], TOTAL: scores}
    return pd.DataFrame([{"governed_colour": name} | _row(part) for name, part in parts.items()])


def overdue_ratio(open_amounts: pd.DataFrame | None) -> float | None:
    """Return the share of the open amount that is past due; ``None`` where nothing is open, or nobody knows."""
    total = 0 if open_amounts is None else int(open_amounts["open_amount"].sum())
    if open_amounts is None or total == 0:
        return None
    return int(open_amounts.loc[open_amounts["bucket"] > 0, "open_amount"].sum()) / total


def _row(part: pd.DataFrame) -> dict[str, int]:
    return {
        "customer_count": len(part),
        "other_raw_colour_count": int((part["colour"] != part["governed_colour"]).sum()),
        **{name: int(part[name].sum()) for name in AMOUNTS},
        "exhausted_limit_count": int((part["headroom_amount"] == 0).sum()),
        "unknown_limit_count": int(part["limit_amount"].isna().sum()),
        "yellow_alert_count": int(part["yellow_alert_count"].sum()),
        "red_alert_count": int(part["red_alert_count"].sum()),
    }


def _verdict(overdue: float | None, target: float) -> Verdict:
    if overdue is None:
        return Verdict.UNKNOWN
    return Verdict.PASS if overdue < target else Verdict.REVIEW


def _allowed(decided: DecidedDays, table: pd.DataFrame, currency: str | None) -> Text:
    counts, total = table.set_index("governed_colour")["customer_count"], table.iloc[-1]
    return text(
        "On {day}, of {customers} {groups}; limits of {limit}, {exposure} owed, headroom of {headroom}. {moved:,} "
        "governed colours differ from the raw one.",
        day=decided.as_of,
        customers=counted(int(total["customer_count"]), "customer"),
        groups=listed([text("{count:,} {group}", count=counts[name], group=name) for name in counts.index[:-1]]),
        limit=money(total["limit_amount"], currency),
        exposure=money(total["exposure_amount"], currency),
        headroom=money(total["headroom_amount"], currency),
        moved=total["other_raw_colour_count"],
    )


def _alerts(table: pd.DataFrame, scores: pd.DataFrame) -> Text:
    total, warned = table.iloc[-1], int((scores["red_alert_count"] > 0).sum())
    return text(
        "Alerts: {yellow:,} yellow, {red:,} red, the red ones of {customers}.",
        yellow=total["yellow_alert_count"],
        red=total["red_alert_count"],
        customers=counted(warned, "customer"),
    )


def _overdue(overdue: float | None) -> Text:
    if overdue is None:
        return text("How much is past due is unknown.")
    return text("{share} of what is open is past due.", share=percent(overdue))


def _figure(table: pd.DataFrame) -> Figure:
    rows = table.iloc[:-1]
    places = [float(place) for place in range(len(rows))]
    tones = [*TONES.values(), Tone.QUIET]
    axis = Axis(label="Governed colour", ticks=rows["governed_colour"].tolist())
    charts = [
        Chart(
            title=text("Share of the {what}", what=noun),
            description=text("Share of the {what} of green, yellow, red and frozen customers.", what=noun),
            x=axis,
            y=Axis(label=text("Share of the {what}", what=noun), percent=True, low=0),
            layers=(Bars(x=places, height=_shares(rows[f"{noun}_amount"]), width=0.55, tones=tones),),
        )
        for noun in ("exposure", "headroom")
    ]
    return Figure(charts=tuple(charts))


def _shares(amounts: "pd.Series[int]") -> list[float]:
    total = max(int(amounts.sum()), 1)
    return [amount / total for amount in amounts]
