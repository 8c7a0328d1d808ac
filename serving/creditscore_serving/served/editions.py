"""Which edition is served now, and what the last attempts to replace it came to."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from creditscore.domain import Workspace
from creditscore.errors import CreditScoreError, NotScoredError
from creditscore.scoring import DailyRun, DecisionStore
from creditscore_serving.served.building import open_day, open_model
from creditscore_serving.served.edition import Edition, ServedDay, ServedModel
from creditscore_serving.served.marker import ModelMarker

logger = logging.getLogger(__name__)
Part = TypeVar("Part")
LONG_LOOK_SECONDS = 15.0  # a look at a book of a million customers takes up to this long
RETRY_SECONDS = 5.0  # a part that could not be opened is tried again after this long, or when it changes


class NotReadyError(CreditScoreError, RuntimeError):
    """No edition can be served yet."""


@dataclass(slots=True)
class _Slot(Generic[Part]):
    """One part of an edition: the last good one, what it was made for, and why a newer one is refused."""

    name: str
    part: Part | None = None
    made_for: Any = None
    refused: str | None = None
    tried: Any = None
    tried_at: float = 0.0

    def renew(self, marker: Any, make: Callable[[], Part]) -> bool:  # noqa: ANN401 - each part has its own marker
        """Make the part anew if another one is wanted; return whether it was replaced."""
        if marker == self.made_for:
            self.refused = None
            return False
        if marker == self.tried and time.monotonic() - self.tried_at < RETRY_SECONDS:
            return False
        self.tried, self.tried_at = marker, time.monotonic()
        try:
            self.part = make()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with the new one, the last good one is served on
            self.refuse(error)
            return False
        self.made_for, self.refused = marker, None
        return True

    def refuse(self, error: Exception) -> None:
        """Keep why nothing newer is served, and say it once."""
        said = str(error) if isinstance(error, CreditScoreError) else f"{self.name}: {type(error).__name__}."
        if said != self.refused:
            logger.warning("Not taken up, the last good one is served on: %s", said)
        self.refused = said


class Editions:
    """Holds the edition that is served; looks for a newer one when told to, on whatever thread it is told on.

    A part that cannot be opened or does not verify is not taken up: the last good one is served on, and
    :attr:`age_seconds` tells how long ago it was last known to be the newest.

    Parameters
    ----------
    workspace, store
        The portfolio and its store.
    """

    def __init__(self, workspace: Workspace, store: DecisionStore) -> None:
        self._workspace = workspace
        self._store = store
        self._model: _Slot[ServedModel] = _Slot("bundle")
        self._day: _Slot[ServedDay] = _Slot("scores")
        self._current: Edition | None = None
        self._confirmed_at = time.monotonic()
        self._looking_since: float | None = None
        self._looked = threading.Event()
        self._one_at_a_time = threading.Lock()

    @property
    def current(self) -> Edition | None:
        """The edition that is served; ``None`` until one is verified and warm."""
        return self._current

    @property
    def refused(self) -> tuple[str, ...]:
        """Why something newer is not served, in a sentence each."""
        said = [slot.refused for slot in (self._model, self._day) if slot.refused is not None]
        since = self._looking_since
        looked_seconds = 0.0 if since is None else time.monotonic() - since
        if looked_seconds > LONG_LOOK_SECONDS:
            said.append(f"The look for something newer has not ended for {looked_seconds:.0f} s: the store hangs.")
        return tuple(said)

    @property
    def age_seconds(self) -> int:
        """Whole seconds since the edition was last known to be the newest."""
        return int(time.monotonic() - self._confirmed_at)

    def wait_for_a_look(self, seconds: float) -> bool:
        """Wait until something was looked for once, whatever came of it; return whether that was so in time."""
        return self._looked.wait(seconds)

    def take(self) -> Edition:
        """Return the edition for one request.

        Raises
        ------
        NotReadyError
            If none is ready yet.
        """
        edition = self._current
        if edition is None:
            raise NotReadyError(where="service", found="Nothing is served yet.", fix="Ask again in a moment.")
        return edition

    def refresh(self) -> bool:
        """Take up what is newer, if it is sound; return whether another edition is served now."""
        with self._one_at_a_time:
            begun = self._looking_since = time.monotonic()
            try:
                changed = self._renew()
            finally:
                self._looking_since = None
                self._looked.set()
            if not self.refused:
                self._confirmed_at = begun
            return changed

    def _renew(self) -> bool:
        model_renewed = self._renew_model()
        day_renewed = self._renew_day()
        changed = model_renewed or day_renewed
        if changed and self._model.part is not None and self._day.part is not None:
            edition = Edition(self._model.part, self._day.part)
            _ = edition.words, edition.headers  # prepared before anybody asks
            self._current = edition
            logger.info("Serving edition %s: bundle %s", edition.id, edition.model.bundle.hash[:12])
        return changed

    def _renew_model(self) -> bool:
        try:
            marker = ModelMarker.of(self._workspace)
        except Exception as error:  # noqa: BLE001 - as in _Slot
            self._model.refuse(error)
            return False
        return self._model.renew(marker, lambda: open_model(self._workspace, before=self._model.part))

    def _renew_day(self) -> bool:
        try:
            run = self._store.latest_run()
            if run is None:
                raise NotScoredError(  # noqa: TRY301 - it is refused as whatever else goes wrong here
                    where="score store", found="There are no scores yet.", fix="Run `creditscore score`."
                )
        except Exception as error:  # noqa: BLE001 - as in _Slot
            self._day.refuse(error)
            return False
        return self._day.renew(run.run_id, lambda: self._open_day(run))

    def _open_day(self, run: DailyRun) -> ServedDay:
        return open_day(self._workspace, self._store, run)
