"""All that stands between a request and the application, made once for a workspace."""

import atexit
import ipaddress
import logging
import threading
import time
from collections.abc import Iterable
from functools import lru_cache

from creditscore.domain import Workspace
from creditscore.errors import DeliveryError, StoreError
from creditscore_serving.access.audit import AuditLog
from creditscore_serving.access.caller import EVERYBODY, Caller
from creditscore_serving.access.issuer import IssuerKeys
from creditscore_serving.access.key import PREFIX
from creditscore_serving.access.permissions import Permission
from creditscore_serving.access.rate import Rate, TokenBuckets
from creditscore_serving.access.refusals import (
    ISSUER_AWAY,
    NO_CREDENTIALS,
    NOT_LOCAL,
    UNKNOWN,
    UNRECORDED,
    Refused,
    lacks,
    too_many,
)
from creditscore_serving.access.ring import KeyRing
from creditscore_serving.access.settings import AccessSettings
from creditscore_serving.access.spill import Spill
from creditscore_serving.access.store import AccessStore
from creditscore_serving.access.tokens import TokenVerifier

REFRESH_SECONDS = 2.0  # after which a key that was made or revoked is known
USE_SECONDS = 30.0  # how often the last use of keys is kept
NOBODY = Caller("")
REFUSED = frozenset({401, 403, 429})
REFUSALS_KEPT = Rate(
    per_second=10.0, burst=100.0
)  # of each caller, and of all unknown ones: a flood must not fill the log

logger = logging.getLogger(__name__)


class Guard:
    """Recognizes callers, holds them to what they may do and how often, and keeps the access log.

    Parameters
    ----------
    workspace
        Whose keys and settings hold.
    workers
        How many processes share the callers' requests; each gives its part of every rate.

    Raises
    ------
    ParameterError
        If the settings are wrong.
    StoreError
        If the keys cannot be read.
    """

    def __init__(self, workspace: Workspace, *, workers: int = 1) -> None:
        self.settings = AccessSettings.of(workspace)
        self.rate = Rate.parse(self.settings.limits.rate)
        self.store = AccessStore(workspace.access_url)
        self.ring = KeyRing(self.store.every_key)
        self.ring.refresh()
        self.audit = AuditLog(self.store, Spill(workspace.access_spill))
        self.buckets = TokenBuckets(share=1 / workers)
        tokens = self.settings.tokens
        self.tokens = None
        if tokens is not None:
            keys = IssuerKeys(tokens.jwks, issuer=tokens.issuer)
            self.tokens = TokenVerifier(tokens, keys, rate=self.rate)
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether nobody needs a key: none was ever made, and no issuer is believed."""
        return self.ring.is_empty and self.tokens is None

    @property
    def lets_anybody_in(self) -> bool:
        """Whether there is a key or an issuer by which somebody may come in."""
        return self.ring.opens or self.tokens is not None

    @property
    def is_running(self) -> bool:
        """Whether the keys are renewed and the log is written."""
        return self._thread is not None

    def start(self) -> None:
        """Renew the keys and write the log in the background, until the process ends; twice changes nothing."""
        with self._starting:
            if self._thread is None:
                atexit.register(self.close)
                self.audit.start()
                self._stopped.clear()
                self._thread = threading.Thread(target=self._run, name="access keys", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Write what waits, and stop."""
        with self._starting:
            self._stopped.set()
            atexit.unregister(self.close)
            if self._thread is not None:
                self._thread.join()
                self._thread = None
            self.audit.close()
            self._keep_use()
            self.store.close()

    async def admit(self, permission: Permission, credentials: str | None, peer: str | None) -> Caller:
        """Return who asks, if that one may.

        Parameters
        ----------
        permission
            What the route asks for.
        credentials
            The key or token that was sent.
        peer
            Address of who sent it; ``None`` where it has none, such as on a socket of this machine.

        Raises
        ------
        Refused
            If not.
        """
        caller = await self._recognize(credentials, peer)
        if not caller.may(permission):
            raise Refused(lacks(permission), caller=caller)
        if caller is EVERYBODY:
            return caller
        if self.audit.is_full:
            raise Refused(UNRECORDED, caller=caller)
        wait = self.buckets.take((caller.key_id, caller.name), caller.rate or self.rate)
        if wait:
            raise Refused(too_many(wait), caller=caller)
        return caller

    def record(
        self, caller: Caller, action: str, customer_ids: Iterable[str], *, outcome: int, request_id: str
    ) -> None:
        """Record a request in the access log; of a server without keys there is nobody to record."""
        if caller is EVERYBODY:
            return
        if outcome in REFUSED and self.buckets.take((REFUSED, caller.key_id, caller.name), REFUSALS_KEPT):
            return
        self.audit.record(caller, action, customer_ids, outcome=outcome, request_id=request_id)

    async def _recognize(self, credentials: str | None, peer: str | None) -> Caller:
        if self.is_open:
            if not is_local(peer):
                raise Refused(NOT_LOCAL)
            return EVERYBODY
        if credentials is None:
            raise Refused(NO_CREDENTIALS)
        if credentials.startswith(PREFIX):
            caller = self.ring.caller(credentials)
        else:
            caller = await self._named_by_token(credentials)
        if caller is None:
            raise Refused(UNKNOWN)
        return caller

    async def _named_by_token(self, credentials: str) -> Caller | None:
        try:
            return None if self.tokens is None else await self.tokens.caller(credentials)
        except DeliveryError as error:
            logger.warning("%s", error)
            raise Refused(ISSUER_AWAY) from None

    def _run(self) -> None:
        kept_at = time.monotonic()
        while not self._stopped.wait(REFRESH_SECONDS):
            self._refresh()
            if time.monotonic() - kept_at > USE_SECONDS:
                self._keep_use()
                kept_at = time.monotonic()

    def _refresh(self) -> None:
        try:
            self.ring.refresh()
        except StoreError as error:
            logger.warning("The keys known so far hold on: %s", error)

    def _keep_use(self) -> None:
        try:
            self.store.note_use(self.ring.take_used())
        except StoreError as error:
            logger.warning("When keys were used was not kept: %s", error)


@lru_cache(maxsize=1024)
def is_local(address: str | None) -> bool:
    """Tell whether an address is this machine's own; what is no address came over no network.

    >>> is_local("127.0.0.1"), is_local("::ffff:127.0.0.1"), is_local(None), is_local("10.0.0.7"), is_local("0.0.0.0")
    (True, True, True, False, False)
    """
    try:
        found = ipaddress.ip_address(address or "127.0.0.1")
    except ValueError:
        return True
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return (mapped or found).is_loopback
