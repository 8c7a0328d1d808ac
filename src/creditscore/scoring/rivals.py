"""What is known of two bundles of a workspace: on the rows of both tests, and on what became of who both scored."""

from dataclasses import dataclass

import pandas as pd

from creditscore.book import Book
from creditscore.domain import Workspace
from creditscore.errors import ParameterError
from creditscore.outcomes import outcomes
from creditscore.policy import Policy, policy_in_force
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.comparison import KEYS, Contest, contest, demand_one_question, shared_rows
from creditscore.scoring.defaulted import IN_DEFAULT
from creditscore.scoring.naming import bundle_named
from creditscore.scoring.shadow_record import CHALLENGERS, CHAMPIONS, ShadowRun, read_shadow_scores, shadow_runs


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModelComparison:
    """Two bundles held against each other.

    Parameters
    ----------
    first, second
        Names of their folders.
    tested
        On the rows that were out of time for both; ``None`` where there are none to judge by.
    lived
        On the daily scores that both gave to the same customers on the same days, where the outcome is known by now;
        ``None`` where there are none.
    notes
        Why one of them is missing, and what was left out, as sentences.
    """

    first: str
    second: str
    tested: Contest | None
    lived: Contest | None
    notes: tuple[str, ...]


def compare_models(workspace: Workspace, first: str, second: str) -> ModelComparison:
    """Hold two bundles of the workspace against each other, under the policy of today.

    Parameters
    ----------
    workspace
        The portfolio.
    first, second
        Bundles, see :func:`creditscore.scoring.bundle_named`.

    Raises
    ------
    ParameterError
        If a name means no bundle or several, or nothing is known by which both could be judged alike: one learned from
        the days of the other's test, they foretell different things, or hardly anybody defaulted.
    BundleError
        If one of them is broken.
    """
    one, other, policy = bundle_named(workspace, first), bundle_named(workspace, second), policy_in_force(workspace)
    lived, silence = _lived(workspace, one, other, policy)
    notes: tuple[str, ...]
    try:
        shared = shared_rows(one, other)
        tested, notes = contest(shared.frame, policy), shared.warnings
    except ParameterError as error:
        if lived is None:
            raise
        tested, notes = None, (error.found,)
    return ModelComparison(
        first=one.folder.name, second=other.folder.name, tested=tested, lived=lived, notes=(*notes, silence)
    )


def _lived(workspace: Workspace, one: Bundle, other: Bundle, policy: Policy) -> tuple[Contest | None, str]:
    """Judge by daily scores whose outcome is known, and say how many days there are."""
    demand_one_question(one, other)
    together = [
        run
        for run in shadow_runs(workspace)
        if run.trouble is None and {run.champion_hash, run.challenger_hash} == {one.hash, other.hash}
    ]
    if not together:
        return None, "The daily run has not scored them beside each other."
    by_month = {f"{run.as_of:%Y-%m}": run for run in together}  # a month's last day stands for it
    rows = pd.concat([_side_by_side(workspace, run, one) for run in by_month.values()], ignore_index=True)
    known = _with_outcomes(Book.open(workspace.book), one, rows)
    told = f"They were scored beside each other on {len(together):,} days"
    try:
        return contest(known, policy), f"{told}; of the last day of each month, {len(known):,} outcomes are known."
    except ParameterError as error:
        return None, f"{told}; there is nothing to judge yet. {error.found}"


def _side_by_side(workspace: Workspace, run: ShadowRun, one: Bundle) -> pd.DataFrame:
    scores = read_shadow_scores(workspace, as_of=run.as_of, challenger=run.challenger)
    first, second = (CHAMPIONS, CHALLENGERS) if run.champion_hash == one.hash else (CHALLENGERS, CHAMPIONS)
    names = {f"{first}log_odds": "first_log_odds", f"{second}log_odds": "second_log_odds"}
    return scores.rename(columns=names)[[*KEYS, "first_log_odds", "second_log_odds"]]


def _with_outcomes(book: Book, one: Bundle, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows whose outcome is known; who was in default already could not enter it."""
    labels = outcomes(book, rows[KEYS], definition=one.definition)
    joined = rows.merge(labels, on=KEYS, validate="one_to_one")
    known = joined[~joined[IN_DEFAULT] & joined["default_flag"].notna()]
    return known.sort_values(KEYS, ignore_index=True)
