"""A watched day and its alarms as rows of the score store, and back."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, fields
from typing import Any

import pandas as pd

from creditscore.monitoring.alarms import Alarm, Change
from creditscore.monitoring.checks import WHOLE
from creditscore.monitoring.groups import AlarmGroup
from creditscore.monitoring.signs import Sign

THING = ["reference", "measure", "kind"]
CHECK_ROW = (
    *("reference", "measure", "kind", "subject", "family", "book_difference", "dimension", "segment"),
    *("difference", "floor", "statistic", "customer_count", "alarm_flag"),
)
SIGN = tuple(field.name for field in fields(Sign))


def check_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return one row a checked thing and reference: the book, and the place that is surest to have moved."""
    if table.empty:
        return []
    surest = table.sort_values("statistic", ascending=False, kind="stable").drop_duplicates(THING)
    whole = table.loc[table["dimension"] == WHOLE, [*THING, "difference"]]
    joined = surest.merge(whole.rename(columns={"difference": "book_difference"}), on=THING, how="left")
    ordered = joined.sort_values(THING)[list(CHECK_ROW)].astype(object)
    rows = ordered.where(ordered.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def alarm_row(alarm: Alarm) -> dict[str, Any]:
    """Return an alarm as a row of the store."""
    content = asdict(alarm)
    return content | content.pop("sign") | {"change": str(alarm.change), "level": str(alarm.level)}


def alarm_of(row: Mapping[str, Any]) -> Alarm:
    """Return an alarm from its row."""
    return Alarm(
        alarm_id=row["alarm_id"],
        as_of=row["as_of"],
        change=Change(row["change"]),
        opened_on=row["opened_on"],
        quiet_days=row["quiet_days"],
        raised_on=row["raised_on"],
        sign=Sign(**{name: row[name] for name in SIGN}),
    )


def message(alarm: Alarm) -> dict[str, Any]:
    """Return what a receiver is told of an alarm, as JSON; it names no customer."""
    raised = None if alarm.raised_on is None else str(alarm.raised_on)
    days = {"as_of": str(alarm.as_of), "opened_on": str(alarm.opened_on), "raised_on": raised}
    return alarm_row(alarm) | days | {"sentence": alarm.sign.sentence}


def group_message(group: AlarmGroup, news: Collection[str]) -> dict[str, Any]:
    """Return what a receiver is told of a group, as JSON, with those of its alarms that are news, by their ids."""
    sign = group.told
    return {
        "source": group.key.source,
        "reference": group.key.reference,
        "direction": str(group.key.direction),
        "level": str(group.level),
        "change": str(group.change),
        "effect_points": sign.group_effect_points,
        "dimension": sign.group_dimension,
        "segment": sign.group_segment,
        "sentence": group.sentence,
        "alarms": [message(alarm) for alarm in group.alarms if alarm.alarm_id in news],
    }
