"""What the desk works with, opened once a process."""

from functools import lru_cache
from typing import Any

import pandas as pd

from creditscore.domain import Workspace
from creditscore.policy import Policy
from creditscore.scoring import DailyRun, DecisionStore, policy_of
from creditscore_serving.served.edition import Edition
from creditscore_serving.served.editions import Editions
from creditscore_serving.served.watcher import Watcher


class Desk:
    """Workspace, store and the edition that is served.

    Parameters
    ----------
    workspace
        The portfolio. Nothing is opened before :meth:`open` or the first refresh of :attr:`editions`.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.store = DecisionStore(workspace.store_url)
        self.editions = Editions(workspace, self.store)
        self._watcher = Watcher(self.editions)
        self.policy = lru_cache(maxsize=32)(self._policy)

    def open(self) -> None:
        """Begin to look for what is to be served."""
        self._watcher.start()

    def close(self) -> None:
        """End looking, and let go of the store."""
        self._watcher.stop()
        self.store.close()

    def _policy(self, policy_hash: str) -> Policy:
        return policy_of(self.workspace, policy_hash)


def rests_on(edition: Edition, run: DailyRun) -> dict[str, Any]:
    """Return what an answer from a run rests on."""
    return {
        "currency": edition.model.currency,
        "bundle_hash": run.bundle_hash,
        "policy_hash": run.policy_hash,
        "run_id": run.run_id,
    }


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame in plain types; missing values are ``None``."""
    records = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): _plain(value) for name, value in record.items()} for record in records]


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a frame holds
    return value.date() if isinstance(value, pd.Timestamp) else value
