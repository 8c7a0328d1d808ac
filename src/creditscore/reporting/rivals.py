"""The models that a champion must beat: its challenger, and the champion before it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from creditscore.book import Book
from creditscore.domain import Text, Workspace, joined, text
from creditscore.errors import BundleError, ContractError, ParameterError
from creditscore.features import panel
from creditscore.policy import policy_in_force
from creditscore.scoring import (
    Bundle,
    Champion,
    Contest,
    challenger_of,
    champion_before,
    champion_of,
    compare_models,
    contest,
    history_of,
)
from creditscore.scoring.comparison import demand_one_question
from creditscore.scoring.rows import matrix_of

CHALLENGER, FORMER = "challenger", "former champion"
NOBODY = {CHALLENGER: "Nobody challenges it.", FORMER: "No champion came before it."}
TESTED, LIVED, RESCORED = "both tests", "daily scores", "champion's test"
KEYS = ["customer_id", "as_of"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rival:
    """A model held against the champion.

    Parameters
    ----------
    role
        ``challenger`` or ``former champion``.
    name
        Name of its folder; ``None`` where there is nobody.
    contests
        The champion (first) against it (second) on the same customers and days, by what the rows are.
    silence
        Why there is nobody or nothing to judge by; empty where there is a contest.
    """

    role: str
    name: str | None = None
    contests: Mapping[str, Contest] = field(default_factory=dict)
    silence: str = ""


def rivals_of(workspace: Workspace) -> tuple[Rival, ...]:
    """Hold the champion of a workspace against its challenger and against the champion before it.

    What cannot be compared is no error: the rival says why.

    Raises
    ------
    BundleError
        If no sound bundle decides.
    """
    champion = champion_of(workspace)
    return tuple(_rival(workspace, role, champion) for role in NOBODY)


def _rival(workspace: Workspace, role: str, champion: Champion) -> Rival:
    try:
        known = _appointed(workspace, role, champion)
        if known is None:
            return Rival(role=role, silence=NOBODY[role])
        return _compared(workspace, role, champion, known)
    except BundleError as error:  # a record or a bundle that is broken
        return Rival(role=role, silence=error.found)


def _appointed(workspace: Workspace, role: str, champion: Champion) -> Champion | None:
    return challenger_of(workspace) if role == CHALLENGER else champion_before(history_of(workspace), champion)


def _compared(workspace: Workspace, role: str, champion: Champion, known: Champion) -> Rival:
    name, silence = known.folder_name, []
    contests: dict[str, Contest | None] = {}
    try:
        found = compare_models(workspace, champion.folder_name, name)
        contests = {TESTED: found.tested, LIVED: found.lived}
    except ParameterError as error:
        silence.append(error.found)
    if contests.get(TESTED) is None:
        try:
            contests[RESCORED] = _rescored(workspace, champion, known)
        except (ParameterError, ContractError) as error:
            silence.append(error.found)
    told = {judged_by: one for judged_by, one in contests.items() if one is not None}
    return Rival(role=role, name=name, contests=told, silence="" if told else joined(silence))


def _rescored(workspace: Workspace, champion: Champion, known: Champion) -> Contest:
    """Let a rival score those rows of the champion's test of which it learned nothing.

    Raises
    ------
    ParameterError
        If it learned from all of their days, or the two foretell different things.
    ContractError
        If the book lacks what its features read.
    """
    first, second = (Bundle.open(workspace.bundles / one.folder_name) for one in (champion, known))
    demand_one_question(first, second)
    rows = _later_than_learned(first.evaluation(), second)
    days = [day.date() for day in sorted(rows["as_of"].unique())]
    features = panel(Book.open(workspace.book), days=days, features=second.features).astype({"as_of": "datetime64[ms]"})
    both = rows.merge(features[[*KEYS, *second.feature_names]], on=KEYS, validate="one_to_one")
    own = second.model.log_odds(matrix_of(both, second.feature_names))
    return contest(both[list(rows.columns)].assign(second_log_odds=own), policy_in_force(workspace))


def _later_than_learned(evaluation: pd.DataFrame, second: Bundle) -> pd.DataFrame:
    rows = evaluation.loc[(evaluation["split"] == "test") & evaluation["default_flag"].notna()]
    until = second.learned_until
    later = rows[rows["as_of"] >= pd.Timestamp(until)] if until is not None else rows.iloc[:0]
    if later.empty:
        raise ParameterError(
            where="former champion",
            found=_overlap(rows, until),
            fix="Compare them once they have been scored beside each other.",
        )
    return later[[*KEYS, "default_flag", "log_odds"]].rename(columns={"log_odds": "first_log_odds"})


def _overlap(rows: pd.DataFrame, until: date | None) -> Text:
    """Say why a rival knows too much of the champion's test."""
    return text(
        "It {learned}, and the champion's test {ended}.",
        learned="does not say until when it learned"
        if until is None
        else text("learned until {until}", until=f"{until:%Y-%m-%d}"),
        ended=text("ends on {last}", last=f"{rows['as_of'].max():%Y-%m-%d}") if len(rows) else "has no outcome",
    )
