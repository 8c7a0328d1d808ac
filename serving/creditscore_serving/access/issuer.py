"""The public keys of an issuer of tokens, read from its address or a file, and read again when they change."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from pathlib import Path

from jwt import PyJWK, PyJWKClient, PyJWKSet, PyJWTError

from creditscore.errors import DeliveryError

RENEWED_SECONDS = 300.0  # how long the keys are used before they are read again
PATIENCE_SECONDS = 30.0  # between two readings because of a key that nobody knows, or that failed
TRUSTED_SECONDS = 86_400.0  # how long they are believed while the issuer cannot be asked
TIMEOUT_SECONDS = 5.0
SYMMETRIC = "oct"  # a shared secret, which verifies nothing here

logger = logging.getLogger(__name__)


class IssuerKeys:
    """The keys by which an issuer signs.

    An issuer that changes its keys publishes the new one first. A token that names an unknown key makes us read the
    keys again, yet at most every half minute, so that made-up names do not turn this server against the issuer.

    Parameters
    ----------
    address
        URL of a JSON Web Key Set [1]_, or path of a file of one.
    clock
        Seconds that never go backwards.

    References
    ----------
    .. [1] Jones, M. (2015). JSON Web Key (JWK). RFC 7517.
    """

    def __init__(self, address: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.address = address
        self.clock = clock
        self._keys: tuple[PyJWK, ...] = ()
        self._read_at = self._tried_at = float("-inf")
        self._reading = asyncio.Lock()
        self._background: asyncio.Task[None] | None = None

    async def key(self, key_id: str | None) -> PyJWK | None:
        """Return the key of a token, or ``None`` if the issuer has no such key.

        Parameters
        ----------
        key_id
            As the token names it; a token that names none is the only key's, if there is one.

        Raises
        ------
        DeliveryError
            If the keys were never read, or not for a day.
        """
        found = self._find(key_id)
        if found is None and self._may_try():
            await self._renew()
            found = self._find(key_id)
        elif self.clock() - self._read_at > RENEWED_SECONDS and self._may_try():
            self._background = asyncio.create_task(self._renew())
        if self.clock() - self._read_at > TRUSTED_SECONDS:
            raise DeliveryError(
                where="issuer of tokens",
                found="Its keys cannot be read.",
                fix="See whether the address under tokens.jwks in access.yaml answers.",
            )
        return found

    def read(self) -> None:
        """Read the keys now.

        Raises
        ------
        PyJWTError, OSError, ValueError
            If they cannot be read, or hold no key that verifies.
        """
        if self.address.startswith(("https://", "http://")):
            found = PyJWKClient(self.address, cache_jwk_set=False, timeout=TIMEOUT_SECONDS).get_jwk_set()
        else:
            found = PyJWKSet.from_dict(json.loads(Path(self.address).read_text("utf-8")))
        self._keys = tuple(
            one for one in found.keys if one.key_type != SYMMETRIC and one.public_key_use in {"sig", None}
        )
        self._read_at = self.clock()

    def _find(self, key_id: str | None) -> PyJWK | None:
        if key_id is None:
            return self._keys[0] if len(self._keys) == 1 else None
        return next((key for key in self._keys if key.key_id == key_id), None)

    def _may_try(self) -> bool:
        return self.clock() - self._tried_at > PATIENCE_SECONDS

    async def _renew(self) -> None:
        async with self._reading:
            if not self._may_try():  # another request has just read them
                return
            self._tried_at = self.clock()
            try:
                await asyncio.to_thread(self.read)
            except (PyJWTError, OSError, ValueError) as error:
                logger.warning("The keys of the issuer of tokens were not read: %s", type(error).__name__)
