"""The public keys of an issuer of tokens: where they are, read from there, and read again when they change."""

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
DESCRIPTION = "/.well-known/openid-configuration"
HTTP = ("https://", "http://")
LOCAL = tuple(f"http://{host}{end}" for host in ("127.0.0.1", "localhost", "[::1]") for end in ":/")

logger = logging.getLogger(__name__)


class IssuerKeys:
    """The keys by which an issuer signs.

    An issuer that changes its keys publishes the new one first. A token that names an unknown key makes us read the
    keys again, yet at most every half minute, so that made-up names do not turn this server against the issuer.

    Parameters
    ----------
    address
        URL of a JSON Web Key Set [1]_, or path of a file of one; where ``None``, the issuer's own description tells it.
    issuer
        As tokens name it.
    clock
        Seconds that never go backwards.

    References
    ----------
    .. [1] Jones, M. (2015). JSON Web Key (JWK). RFC 7517.
    """

    def __init__(self, address: str | None, *, issuer: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.address = address
        self.issuer = issuer
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
                fix="See whether the address under tokens.jwks in access.yaml, or else the issuer's own, answers.",
            )
        return found

    def read(self) -> None:
        """Read the keys now.

        Raises
        ------
        PyJWTError, OSError, ValueError
            If they cannot be read, or hold no key that verifies.
        """
        address = self.address or described_keys(self.issuer)
        if address.startswith(HTTP):
            found = _client(address).get_jwk_set()
        else:
            found = PyJWKSet.from_dict(json.loads(Path(address).read_text("utf-8")))
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


def is_safe(address: str) -> bool:
    """Tell whether nobody on the way can put other keys in the place of those at an address or in a file.

    >>> is_safe("https://login.example.com/"), is_safe("http://127.0.0.1:8080/keys"), is_safe("http://example.com/")
    (True, True, False)
    """
    return not address.startswith("http://") or address.startswith(LOCAL)


def described_keys(issuer: str) -> str:
    """Return the address of an issuer's keys, as its description tells it [1]_.

    Parameters
    ----------
    issuer
        Address of the issuer, as tokens name it.

    Raises
    ------
    PyJWTError, OSError, ValueError
        If the description cannot be read, is another issuer's, or names no address that is safe.

    References
    ----------
    .. [1] Sakimura, N. et al. (2014). OpenID Connect Discovery 1.0, section 4.
    """
    told = _client(issuer.rstrip("/") + DESCRIPTION).fetch_data()
    address = told.get("jwks_uri")
    if told.get("issuer") != issuer:
        raise ValueError("The description is another issuer's.")
    if not isinstance(address, str) or not address.startswith(HTTP) or not is_safe(address):
        raise ValueError("The description names no safe address of keys.")
    return address


def _client(address: str) -> PyJWKClient:
    """Return what reads JSON from an address, without following it elsewhere."""
    return PyJWKClient(address, cache_jwk_set=False, timeout=TIMEOUT_SECONDS)
