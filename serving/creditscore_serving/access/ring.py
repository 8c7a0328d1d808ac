"""The keys that a running server knows: a copy of the store's, renewed every other second."""

import time
from collections.abc import Callable, Sequence

from creditscore_serving.access.caller import Caller
from creditscore_serving.access.key import ApiKey, id_in


class KeyRing:
    """Recognizes keys without asking the database.

    Parameters
    ----------
    read
        Returns every key that was ever made.
    clock
        Seconds since 1970.
    """

    def __init__(self, read: Callable[[], Sequence[ApiKey]], *, clock: Callable[[], float] = time.time) -> None:
        self.read = read
        self.clock = clock
        self._keys: dict[str, ApiKey] = {}
        self._used: dict[str, float] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no key was ever made; a key that is revoked still guards the server."""
        return not self._keys

    @property
    def opens(self) -> bool:
        """Whether a key is good now."""
        now = self.clock()
        return any(key.revoked_at is None and now < key.ends_at for key in self._keys.values())

    def refresh(self) -> None:
        """Take over what was made and revoked since.

        Raises
        ------
        StoreError
            If the database cannot be read; the keys known so far then stay.
        """
        self._keys = {key.key_id: key for key in self.read()}

    def caller(self, text: str) -> Caller | None:
        """Return whose key this is, or ``None`` if it is nobody's, revoked, or has ended."""
        key = self._keys.get(id_in(text) or "")
        now = self.clock()
        if key is None or not key.holds(text, now=now):
            return None
        self._used[key.key_id] = now
        return key.caller

    def take_used(self) -> dict[str, float]:
        """Return when keys were last used since this was asked before."""
        used, self._used = self._used, {}
        return used
