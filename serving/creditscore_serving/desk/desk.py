"""What the desk works with, opened once a process."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from creditscore.book import Book
from creditscore.domain import Workspace
from creditscore.policy import Policy
from creditscore.scoring import DailyRun, DecisionStore, PostedRows, policy_of
from creditscore_serving.access import UnitTable
from creditscore_serving.served.edition import Edition
from creditscore_serving.served.editions import Editions
from creditscore_serving.served.watcher import Watcher

FIRST_LOOK_SECONDS: Final = 20.0  # then a process answers, if only that it is not ready


class Desk:
    """Workspace, store and the edition that is served.

    Parameters
    ----------
    workspace
        The portfolio. Nothing is opened before :meth:`open` or the first refresh of :attr:`editions`.

    Attributes
    ----------
    policy, units
        Return a policy by its hash, and the business units of all customers on a day; each is read once.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.store = DecisionStore(workspace.store_url)
        self.editions = Editions(workspace, self.store)
        self._watcher: Watcher | None = None
        self.policy = lru_cache(maxsize=32)(self._policy)
        self.units = lru_cache(maxsize=2)(self._units)
        self._posted: tuple[tuple[str, str], PostedRows] | None = None

    def open(self, *, after: Callable[[], None] = lambda: None) -> None:
        """Begin to look for what is to be served; ``after`` is called after each look.

        Returns when the first look has ended, so that a process that takes another's place beside others takes no
        question that they could answer and it could not; or after :data:`FIRST_LOOK_SECONDS`.
        """
        self._watcher = Watcher(self.editions, after=after)
        self._watcher.start()
        self.editions.wait_for_a_look(FIRST_LOOK_SECONDS)

    def close(self) -> None:
        """End looking, and let go of the store."""
        if self._watcher is not None:
            self._watcher.stop()
        self.store.close()

    def posted_rows(self, edition: Edition) -> PostedRows:
        """Return what makes rows of posted facts for an edition; it is made anew when the book or the bundle changes.

        Raises
        ------
        ContractError
            If the workspace has no book.
        """
        book, bundle = Book.open(self.workspace.book), edition.model.bundle
        wanted = (book.fingerprint, bundle.hash)
        kept = self._posted
        if kept is None or kept[0] != wanted:
            self._posted = kept = (wanted, PostedRows(book, bundle))
        return kept[1]

    def _units(self, as_of: date) -> UnitTable:
        return UnitTable.on(self.workspace, as_of)

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
