"""The challenger's scores of the day, beside the champion's: kept to compare later, never served, never in the way."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import pandas as pd

from creditscore.domain import Workspace, pd_column
from creditscore.errors import BundleError, CreditScoreError, ParameterError, StoreError
from creditscore.features import Feature, snapshot_hash
from creditscore.policy import Policy
from creditscore.scoring.appointment import Champion
from creditscore.scoring.bundle import Bundle
from creditscore.scoring.challenger import challenger_of, open_challenger
from creditscore.scoring.files import write_frame
from creditscore.scoring.rows import KEYS, score_rows
from creditscore.scoring.run import DailyRun
from creditscore.scoring.shadow_record import CHALLENGERS, CHAMPIONS, ShadowRun, shadow_path, shadow_run, write_record
from creditscore.scoring.snapshots import DaySnapshot

STATED = ("log_odds", "score", "grade", "colour")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shadow:
    """A challenger that runs beside the champion; whatever goes wrong with it is recorded and harms nobody.

    Parameters
    ----------
    workspace
        The portfolio.
    appointed
        The challenger.
    bundle
        Its bundle, opened; ``None`` where it cannot be.
    trouble
        Why it cannot.
    """

    workspace: Workspace
    appointed: Champion
    bundle: Bundle | None
    trouble: Exception | None = None

    @classmethod
    def of(cls, workspace: Workspace, *, features: Sequence[Feature]) -> Self | None:
        """Open the challenger of a workspace; ``None`` where nobody challenges."""
        try:
            appointed = challenger_of(workspace)
        except BundleError as error:
            logger.warning("No challenger was scored: %s", error)
            return None
        if appointed is None:
            return None
        try:
            bundle = open_challenger(workspace, features=features)
            if bundle is not None:
                _ = bundle.features, bundle.model  # what is broken shows itself here
        except Exception as error:  # noqa: BLE001 - a challenger that is broken in any way must not stop the champion
            return cls(workspace, appointed, None, error)
        return cls(workspace, appointed, bundle)

    def score(
        self, found: DaySnapshot, run: DailyRun, *, policy: Policy, champion: Callable[[], pd.DataFrame]
    ) -> ShadowRun:
        """Score the challenger on a day that the champion has scored, unless exactly this is there already.

        Parameters
        ----------
        found
            The day's rows.
        run
            The champion's run.
        policy
            Gives score, grade and colour, to both alike.
        champion
            Reads the champion's scores of the day.
        """
        try:
            return self._scored(found, run, policy=policy, champion=champion)
        except Exception as error:  # noqa: BLE001 - as above
            told = str(error) if isinstance(error, CreditScoreError) else f"{type(error).__name__} was raised."
            failed = self._record(run, trouble=told)
            logger.warning("Challenger %s was not scored as of %s: %s", failed.challenger, failed.as_of, told)
            with suppress(OSError):  # a full disk; the log has it
                write_record(self.workspace, failed)
                shadow_path(self.workspace, failed.as_of, failed.challenger).unlink(missing_ok=True)
            return failed

    def _scored(
        self, found: DaySnapshot, run: DailyRun, *, policy: Policy, champion: Callable[[], pd.DataFrame]
    ) -> ShadowRun:
        bundle, rows = self._ready(found)
        digest, path = snapshot_hash(rows), shadow_path(self.workspace, run.as_of, self.appointed.folder_name)
        known = shadow_run(self.workspace, as_of=run.as_of, challenger=self.appointed.folder_name)
        wanted = self._record(run, snapshot_hash=digest)
        if known is not None and path.is_file() and _same(known, wanted):
            return known
        both = _side_by_side(champion(), run.horizon_months, score_rows(bundle, policy, rows), bundle.horizon_months)
        write_frame(both, path)
        changed = int((both[f"{CHAMPIONS}colour"] != both[f"{CHALLENGERS}colour"]).sum())
        done = self._record(run, snapshot_hash=digest, customer_count=len(both), changed_count=changed)
        write_record(self.workspace, done)
        return done

    def _ready(self, found: DaySnapshot) -> tuple[Bundle, pd.DataFrame]:
        trouble = self.trouble or found.trouble
        if trouble is not None:
            raise trouble
        if self.bundle is None or found.beside is None:
            raise StoreError(
                where="challenger",
                found="Its features of the day were not computed.",
                fix="Run `creditscore score` for that day on the engine duckdb.",
            )
        if self.bundle.learned_until is not None and found.as_of < self.bundle.learned_until:
            raise ParameterError(
                where="challenger",
                found=f"{found.as_of} lies before {self.bundle.learned_until}, until which it learned.",
                fix="It is scored on that day and later ones.",
            )
        return self.bundle, found.beside

    def _record(
        self,
        run: DailyRun,
        *,
        snapshot_hash: str | None = None,
        customer_count: int = 0,
        changed_count: int = 0,
        trouble: str | None = None,
    ) -> ShadowRun:
        return ShadowRun(
            challenger=self.appointed.folder_name,
            challenger_hash=self.appointed.bundle_hash,
            champion_hash=run.bundle_hash,
            run_id=run.run_id,
            as_of=run.as_of,
            snapshot_hash=snapshot_hash,
            customer_count=customer_count,
            changed_count=changed_count,
            trouble=trouble,
        )


def _same(known: ShadowRun, wanted: ShadowRun) -> bool:
    identity = ("challenger_hash", "run_id", "snapshot_hash", "trouble")
    return all(getattr(known, name) == getattr(wanted, name) for name in identity)


def _side_by_side(champion: pd.DataFrame, months: int, challenger: pd.DataFrame, others: int) -> pd.DataFrame:
    parts = [
        frame.set_index("customer_id")[[pd_column(horizon), *STATED]].add_prefix(prefix)
        for frame, horizon, prefix in ((champion, months, CHAMPIONS), (challenger, others, CHALLENGERS))
    ]
    days = champion.set_index("customer_id")[KEYS[1]]
    return pd.concat([days, *parts], axis=1, join="inner").reset_index()
