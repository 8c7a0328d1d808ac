"""Whether the champion beats its challenger and the champion before it, on the same customers."""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
from scipy import stats

from creditscore.domain import Text, Verdict, joined, text
from creditscore.reporting.charts import Axis, Chart, Figure, Line, Points, Tone
from creditscore.reporting.document import Section, gravest
from creditscore.reporting.evidence import LIGHTS, Lights
from creditscore.reporting.formats import number
from creditscore.reporting.rivals import FORMER, Rival
from creditscore.reporting.sections.wording import counted, with_p_value
from creditscore.scoring import Contest

QUESTION = "Does it beat the challenger and last year's model?"
NOBODY_ASKED = "Only a workspace knows its challenger and its former champion."


def rivals_section(rivals: Sequence[Rival] | None, *, lights: Lights = LIGHTS) -> Section:
    """Answer whether a rival ranks better than the champion.

    Parameters
    ----------
    rivals
        What a workspace knows of them; ``None`` where a bundle is judged without one.
    lights
        Thresholds between the verdicts.
    """
    method = text(
        "Paired, two-sided DeLong test (1988) on the same customers and days, with the variance of clusters "
        "(Obuchowski 1997), since a customer is seen on several days. Rows of both tests are out of time for both "
        "models, and so are those rows of the champion's test that a rival scores anew and that are later than all it "
        "learned; daily scores are those of both for the same customers on the same day, outcome known. Passes while "
        "no rival is ahead with p below {limit:g}; a challenger ahead asks for a review, a former "
        "champion ahead fails; below {fewest} defaults unknown. All of these are policy.",
        limit=lights.review_p_value,
        fewest=lights.fewest_defaults,
    )
    if rivals is None:
        return Section(question=QUESTION, verdict=Verdict.UNKNOWN, answer=NOBODY_ASKED, method=method)
    table = rival_table(rivals, lights=lights)
    silent = [Verdict.UNKNOWN for rival in rivals if rival.name is not None and not rival.contests]
    return Section(
        question=QUESTION,
        verdict=gravest([*map(Verdict, table["verdict"]), *silent]),
        answer=joined([_told(rival, table, lights) for rival in rivals]),
        table=table if len(table) else None,
        method=method,
        figure=_figure(table) if len(table) else None,
        note="More of two models says creditscore models compare: Brier score, log loss, calibration, colours.",
    )


def rival_table(rivals: Sequence[Rival], *, lights: Lights = LIGHTS) -> pd.DataFrame:
    """Return one row for each rival and what the two are judged by."""
    rows = [
        {"rival": rival.role, "judged_by": name, **_row(contest, lights), "verdict": _light(rival, contest, lights)}
        for rival in rivals
        for name, contest in rival.contests.items()
    ]
    return pd.DataFrame(rows, columns=["rival", "judged_by", *_COLUMNS, "verdict"])


_COLUMNS = (
    *("observation_count", "customer_count", "default_count", "champion_auc", "rival_auc", "champion_ahead_by"),
    *("low", "high", "p_value", "other_colour_count"),
)


def _row(contest: Contest, lights: Lights) -> dict[str, float]:
    gap = contest.difference
    half = float(stats.norm.ppf((1 + lights.level) / 2)) * gap.standard_error
    return {
        "observation_count": contest.row_count,
        "customer_count": contest.customer_count,
        "default_count": contest.default_count,
        "champion_auc": contest.first.auc.value,
        "rival_auc": contest.second.auc.value,
        "champion_ahead_by": gap.difference,
        "low": gap.difference - half,
        "high": gap.difference + half,
        "p_value": gap.p_value,
        "other_colour_count": contest.changed_count,
    }


def _light(rival: Rival, contest: Contest, lights: Lights) -> str:
    if min(contest.default_count, contest.row_count - contest.default_count) < lights.fewest_defaults:
        return str(Verdict.UNKNOWN)
    if not (contest.difference.difference < 0 and contest.difference.p_value < lights.review_p_value):
        return str(Verdict.PASS)
    return str(Verdict.FAIL if rival.role == FORMER else Verdict.REVIEW)


def _told(rival: Rival, table: pd.DataFrame, lights: Lights) -> str:
    if rival.name is None:
        return rival.silence
    if not rival.contests:
        apart = text("The {role} {name} cannot be compared.", role=rival.role, name=rival.name)
        return joined([apart, rival.silence])
    rows = table[table["rival"] == rival.role].to_dict("records")
    named = text("The {role} is {name}.", role=rival.role, name=rival.name)
    return joined([named, *(_sentence(row, lights) for row in rows)])


def _sentence(row: Mapping[Hashable, Any], lights: Lights) -> Text:
    return text(
        "On {rows} of {customers} ({judged_by}) the champion is {gap}, {surely}.",
        rows=counted(row["observation_count"], "row"),
        customers=counted(row["customer_count"], "customer"),
        judged_by=row["judged_by"],
        gap=_gap(row["champion_ahead_by"]),
        surely=_surely(row["p_value"], lights),
    )


def _gap(ahead_by: float) -> Text:
    gap = number(abs(ahead_by))
    return text("{gap} AUC ahead", gap=gap) if ahead_by >= 0 else text("{gap} AUC behind", gap=gap)


def _surely(p_value: float, lights: Lights) -> str:
    if math.isnan(p_value):
        return "since both rank alike"
    surely = "surely" if p_value < lights.review_p_value else "not surely"
    return text("{surely} ({p})", surely=surely, p=with_p_value(p_value))


def _figure(table: pd.DataFrame) -> Figure:
    places = [float(place) for place in range(len(table))]
    names = [
        text("{rival}, {judged_by}", rival=rival, judged_by=judged_by)
        for rival, judged_by in zip(table["rival"], table["judged_by"], strict=True)
    ]
    areas = Chart(
        title="AUC of champion and rival",
        description="AUC of the champion and of each rival on the same customers and days.",
        x=Axis(label="AUC"),
        y=Axis(label="", ticks=names),
        layers=(
            Points(x=table["champion_auc"].tolist(), y=places, label="champion"),
            Points(x=table["rival_auc"].tolist(), y=places, label="rival", tone=Tone.OTHER, hollow=True),
        ),
    )
    gaps = Chart(
        title="How far the champion is ahead",
        description="AUC of the champion less that of each rival, with its interval; right of zero it is ahead.",
        x=Axis(label="Difference of AUC"),
        y=Axis(label="", ticks=names),
        layers=(
            Line(x=[0, 0], y=[-0.5, len(table) - 0.5], tone=Tone.QUIET, dashed=True),
            Points(
                x=table["champion_ahead_by"].tolist(),
                y=places,
                low=table["low"].tolist(),
                high=table["high"].tolist(),
                along="x",
            ),
        ),
    )
    return Figure(charts=(areas, gaps))
