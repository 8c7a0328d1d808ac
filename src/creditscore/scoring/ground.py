"""What the decisions of a day stand on, and its run: the one way of the embedded run and that of a cluster."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from time import perf_counter

import numpy as np
import pandas as pd

from creditscore.accounts import Accounts, accounts_of
from creditscore.book import Book
from creditscore.decisions import decide_day, link_kinds, standing_alerts
from creditscore.domain import Colour, Workspace
from creditscore.policy import Policy
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.carried import carried_folder, read_carried, write_carried
from creditscore.scoring.code import code_version
from creditscore.scoring.decided import DecidedScores, with_decisions
from creditscore.scoring.defaulted import IN_DEFAULT
from creditscore.scoring.run import DailyRun, RunInputs
from creditscore.scoring.seen import keep_seen
from creditscore.scoring.store import ScoreStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What the decisions of a day stand on.

    Parameters
    ----------
    workspace
        The portfolio.
    bundle, policy
        What scores and decides the day.
    accounts
        The customers' accounts on the day.
    previous
        The run served for the last earlier day, or ``None``.
    inputs
        All of it by its hashes.
    files
        File of each table of the book.
    """

    workspace: Workspace
    bundle: Bundle
    policy: Policy
    accounts: Accounts
    previous: DailyRun | None
    inputs: RunInputs
    files: Mapping[str, str]

    def was_decided_by(self, served: DailyRun) -> bool:
        """Tell whether the run that is served stands on exactly this, and has left what the next day needs."""
        return served.run_id == self.inputs.run_id and carried_folder(self.workspace, self.inputs).is_dir()

    def decide(self, scores: pd.DataFrame, in_default: pd.Series) -> DecidedScores:
        """Decide on the scores of the day.

        Parameters
        ----------
        scores
            As :func:`creditscore.scoring.score_rows` returns them.
        in_default
            1 for each customer that is in default, in the same order.

        Raises
        ------
        StoreError
            If what the previous run left is gone.
        """
        before = None if self.previous is None else read_carried(self.workspace, self.previous)
        today = scores[["customer_id", "score", "exposure_amount"]].assign(**{IN_DEFAULT: in_default.to_numpy()})
        day = decide_day(self.policy, self.accounts, today, as_of=self.inputs.as_of, before=before)
        return DecidedScores(with_decisions(scores, day), day)

    def leave(self, decided: DecidedScores) -> None:
        """Lay down what the next day goes on from, and which book it was.

        Raises
        ------
        StoreError
            If the disk refuses.
        """
        keep_seen(self.workspace, self.inputs, self.files)
        write_carried(self.workspace, self.inputs, decided.day.standing, applicants=self.accounts.applicants)

    def run_of(self, decided: DecidedScores, *, started_at: datetime, begun: float) -> DailyRun:
        """Return the run as the ledger records it; ``begun`` is its start on :func:`time.perf_counter`."""
        scores, day = decided.scores, decided.day
        level = standing_alerts(day.alerts)["level"]
        return DailyRun(
            run_id=self.inputs.run_id,
            horizon_months=self.bundle.horizon_months,
            customer_count=len(scores),
            colours=_counts(scores["colour"]),
            governed_colours=_counts(scores["governed_colour"]),
            exposure_amount=int(scores["exposure_amount"].sum()),
            reserve_amount=int(scores["reserve_amount"].sum()),
            held_amount=int(scores["held_amount"].sum()),
            yellow_alert_count=int((level == "yellow").sum()),
            red_alert_count=int((level == "red").sum()),
            frozen_count=int(scores["frozen_by"].notna().sum()),
            **asdict(self.inputs),
            started_at=started_at,
            duration_seconds=perf_counter() - begun,
        )


def ground_of(
    workspace: Workspace, book: Book, bundle: Bundle, *, policy: Policy, store: ScoreStore, snapshot: tuple[date, str]
) -> Ground:
    """Gather what the decisions of a day stand on.

    Parameters
    ----------
    workspace, book, bundle, policy, store
        The portfolio and what works on it.
    snapshot
        The day and the hash of its snapshot.
    """
    day, snapshot_hash = snapshot
    accounts, previous = accounts_of(book, day, link_kinds=link_kinds(policy)), store.run_before(day)
    inputs = RunInputs(
        as_of=day,
        snapshot_hash=snapshot_hash,
        accounts_hash=accounts.hash,
        bundle_hash=bundle.hash,
        policy_hash=policy.hash,
        code_version=code_version(),
        previous_run_id=None if previous is None else previous.run_id,
    )
    return Ground(
        workspace=workspace,
        bundle=bundle,
        policy=policy,
        accounts=accounts,
        previous=previous,
        inputs=inputs,
        files=book.files,
    )


def _counts(colours: pd.Series) -> dict[str, int]:
    found = colours.to_numpy(object)
    return {str(colour): int(np.count_nonzero(found == str(colour))) for colour in Colour}
