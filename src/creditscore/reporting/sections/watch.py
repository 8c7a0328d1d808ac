"""What the daily watch raised: its alarms and notices by their source."""

from collections.abc import Sequence

import pandas as pd

from creditscore.domain import Verdict, joined, text
from creditscore.monitoring import Alarm, AlarmGroup, Level, place
from creditscore.reporting.document import Section
from creditscore.reporting.sections.wording import counted

QUESTION = "What did the watch raise?"
MOST_TOLD = 3
COLUMNS = [
    *("severity", "source", "reference", "direction", "together_points", "feature", "moved", "where"),
    *("effect_points", "change", "opened_on"),
]
COMPOSED = ("feature", "moved", "where")  # sentences, which a column of words would forget


def watch_section(groups: Sequence[AlarmGroup]) -> Section:
    """Answer which alarms and notices are open or were closed on a day that was watched.

    Parameters
    ----------
    groups
        The day's alarms by their source; see :func:`creditscore.monitoring.grouped`.
    """
    still = [group for group in groups if any(one.is_open for one in group.alarms)]
    alarms = [group for group in still if group.level == Level.ALARM]
    open_ones = text(
        "{alarms} and {notices} are open.",
        alarms=counted(len(alarms), "alarm"),
        notices=counted(len(still) - len(alarms), "notice"),
    )
    return Section(
        question=QUESTION,
        verdict=Verdict.REVIEW if alarms else Verdict.PASS,
        answer=joined([open_ones, *(group.sentence for group in still[:MOST_TOLD])]),
        table=watch_table(groups) if groups else None,
        method=(
            "Daily tests on a budget of false alarms (`creditscore monitor`), against development, last month and the "
            "day before. What shares source, reference and direction is one line here, the strongest part first; the "
            "features of a group are set back together for its effect on the mean score. A notice moves it by less "
            "than the least effect of the watch, which is policy; score, grades and colours are always alarms."
        ),
    )


def watch_table(groups: Sequence[AlarmGroup]) -> pd.DataFrame:
    """Return one row an alarm, group by group, each with the effect of its group."""
    rows = [_row(group, alarm) for group in groups for alarm in group.alarms]
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(**{name: pd.Series([row[name] for row in rows], dtype=object) for name in COMPOSED})


def _row(group: AlarmGroup, alarm: Alarm) -> dict[str, object]:
    sign = alarm.sign
    return {
        "severity": str(alarm.level),
        "source": group.key.source,
        "reference": sign.reference,
        "direction": str(group.key.direction),
        "together_points": group.effect_points,
        "feature": sign.name,
        "moved": sign.moved,
        "where": place(sign.dimension, sign.segment),
        "effect_points": sign.effect_points,
        "change": str(alarm.change),
        "opened_on": alarm.opened_on,
    }
