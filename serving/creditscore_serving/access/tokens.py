"""JSON Web Tokens of an OpenID Connect issuer: who asks, and what that one may do."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import jwt
from jwt import PyJWK

from creditscore_serving.access.caller import Caller
from creditscore_serving.access.issuer import IssuerKeys
from creditscore_serving.access.rate import Rate
from creditscore_serving.access.settings import TokenSettings
from creditscore_serving.access.units import Units

MOST_REMEMBERED = 4096
REMEMBERED_SECONDS = 60.0  # how long a verified token is not verified again
LONGEST_TOKEN = 16_384
REQUIRED = ("exp", "iss", "aud")


class _Verified(NamedTuple):
    """A token that was verified: whose it is, when it ends, and when it is to be verified again."""

    caller: Caller
    ends_at: float
    forgotten_at: float


class TokenVerifier:
    """Recognizes the callers that an issuer vouches for, as RFC 8725 advises [1]_.

    Parameters
    ----------
    settings
        Whom to believe, and what the claims allow.
    keys
        The issuer's keys.
    rate
        How many requests each caller may make.
    clock
        Seconds since 1970, which the claims of tokens speak of.
    steady
        Seconds that never go backwards, by which a verified token is forgotten: a clock that is set back must not keep
        it.

    References
    ----------
    .. [1] Sheffer, Y., Hardt, D., Jones, M. (2020). JSON Web Token Best Current Practices. RFC 8725.
    """

    def __init__(
        self,
        settings: TokenSettings,
        keys: IssuerKeys,
        *,
        rate: Rate,
        clock: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.keys = keys
        self.rate = rate if settings.rate is None else Rate.parse(settings.rate)
        self.clock = clock
        self.steady = steady
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()

    async def caller(self, text: str) -> Caller | None:
        """Return whom a token names, or ``None`` if it is not to be believed.

        Raises
        ------
        DeliveryError
            If the issuer's keys cannot be read.
        """
        digest = hashlib.sha256(text.encode()).digest()
        known = self._verified.get(digest)
        if known is not None and self.clock() < known.ends_at and self.steady() < known.forgotten_at:
            return known.caller
        self._verified.pop(digest, None)
        claims = await self._claims(text)
        return None if claims is None else self._remember(digest, claims)

    async def _claims(self, text: str) -> Mapping[str, Any] | None:
        if len(text) > LONGEST_TOKEN:
            return None
        try:
            header = jwt.get_unverified_header(text)
            if header.get("alg") not in self.settings.algorithms:
                return None
            key = await self.keys.key(header.get("kid"))
            return None if key is None else self._verify(text, key)
        except jwt.PyJWTError:
            return None

    def _verify(self, text: str, key: PyJWK) -> Mapping[str, Any]:
        asked = self.settings
        return jwt.decode(
            text,
            key,
            algorithms=list(asked.algorithms),
            audience=asked.audience,
            issuer=asked.issuer,
            leeway=asked.leeway_seconds,
            options={"require": [*REQUIRED, asked.caller_claim]},
        )

    def _remember(self, digest: bytes, claims: Mapping[str, Any]) -> Caller | None:
        name = claim(claims, self.settings.caller_claim)
        if not isinstance(name, str) or not name:
            return None
        granted = words(claim(claims, self.settings.scopes_claim))
        caller = Caller(
            name,
            frozenset(one for word in granted for one in self.settings.scopes.get(word, ())),
            units=self._units(claims),
            rate=self.rate,
        )
        self._verified[digest] = _Verified(
            caller,
            ends_at=float(claims["exp"]) + self.settings.leeway_seconds,
            forgotten_at=self.steady() + REMEMBERED_SECONDS,
        )
        while len(self._verified) > MOST_REMEMBERED:
            self._verified.popitem(last=False)
        return caller

    def _units(self, claims: Mapping[str, Any]) -> Units | None:
        named = self.settings.units_claims
        return Units.of({unit: listed(claim(claims, path)) for unit, path in named.items()}) if named else None


def claim(claims: Mapping[str, Any], path: str) -> Any:  # noqa: ANN401 - claims hold anything
    """Return a claim by its name, or by a path through nested ones; ``None`` where there is none.

    >>> claim({"realm_access": {"roles": ["reader"]}}, "realm_access.roles")
    ['reader']
    >>> claim({"https://example.com/roles": "a b"}, "https://example.com/roles")
    'a b'
    """
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def words(value: object) -> tuple[str, ...]:
    """Return the words of a claim: a text is split at spaces, as ``scope`` is (RFC 8693).

    >>> words("scores:read admin"), words(["a"]), words(7)
    (('scores:read', 'admin'), ('a',), ())
    """
    return tuple(value.split()) if isinstance(value, str) else listed(value)


def listed(value: object) -> tuple[str, ...]:
    """Return the texts of a claim; a single text may hold spaces, as a region's name does.

    >>> listed("North East"), listed(["East", 7])
    (('North East',), ('East',))
    """
    if isinstance(value, str):
        return (value,)
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
