"""What ``access.yaml`` says: whose tokens are believed, and how much a caller may ask."""

from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from creditscore.domain import Workspace
from creditscore.errors import ParameterError, some
from creditscore_serving.access.issuer import HTTP, is_safe
from creditscore_serving.access.permissions import Permission
from creditscore_serving.access.rate import Rate

# Signed with a private key that only the issuer has; a shared secret, or no signature, is never believed.
Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
Text = Annotated[str, Field(min_length=1)]


def _by_name() -> dict[str, tuple[Permission, ...]]:
    """Return what claims allow where nothing is said: what they are called, but for the administrator's."""
    return {str(one): (one,) for one in Permission if one is not Permission.ADMIN}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TokenSettings(_Strict):
    """Whose tokens are believed, and what their claims allow."""

    issuer: Text
    audience: Text
    jwks: Annotated[
        Text | None, Field(description="Address of the issuer's keys, or a file of them; else the issuer tells it.")
    ] = None
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("RS256", "ES256")
    caller_claim: Text = "sub"
    scopes_claim: Annotated[Text, Field(description="Claim, or path to one such as realm_access.roles.")] = "scope"
    scopes: Annotated[dict[str, tuple[Permission, ...]], Field(description="What each value of the claim allows.")] = (
        Field(default_factory=_by_name)
    )
    units_claims: Annotated[
        dict[Literal["region", "industry_code"], Text],
        Field(description="Claims with the business units; a token without them sees no customer."),
    ] = Field(default_factory=dict)
    leeway_seconds: Annotated[float, Field(ge=0, le=300)] = 30.0
    rate: Annotated[str | None, Field(description="Such as 50/s; the general rate if absent.")] = None

    @field_validator("jwks")
    @classmethod
    def _is_safe(cls, address: str | None) -> str | None:
        """Refuse to read the keys over a way on which anybody could put others in their place."""
        if address is not None and not is_safe(address):
            raise ValueError("The issuer's keys are read over https, or from a file.")
        return address

    @model_validator(mode="after")
    def _tells_its_keys(self) -> Self:
        if self.jwks is None and not (self.issuer.startswith(HTTP) and is_safe(self.issuer)):
            raise ValueError("Name jwks: an issuer describes itself at an address of https.")
        return self


class Limits(_Strict):
    """How much one request, and one caller, may ask."""

    connections: Annotated[int, Field(ge=16, description="Open at once to a worker; one more is refused.")] = 10_000
    header_seconds: Annotated[float, Field(gt=0, description="Until the headers are complete.")] = 10.0
    answer_seconds: Annotated[float, Field(gt=0, description="Until a client has taken an answer.")] = 60.0
    body_bytes: Annotated[int, Field(ge=1024)] = 32 * 1024 * 1024
    held_bytes: Annotated[int, Field(ge=1024, description="Of all bodies in work at once in a worker.")] = (
        128 * 1024 * 1024
    )
    body_seconds: Annotated[float, Field(gt=0)] = 10.0
    request_seconds: Annotated[float, Field(gt=0)] = 30.0
    rate: Annotated[str, Field(description="Of a key that has no rate of its own, and of tokens.")] = "200/s"


class AccessSettings(_Strict):
    """All of ``access.yaml``; where the file is absent, only keys are known and the limits are these.

    Examples
    --------
    >>> AccessSettings().limits.rate
    '200/s'
    """

    tokens: TokenSettings | None = None
    limits: Limits = Limits()

    @model_validator(mode="after")
    def _rates_are_rates(self) -> Self:
        Rate.parse(self.limits.rate)
        if self.tokens is not None and self.tokens.rate is not None:
            Rate.parse(self.tokens.rate)
        return self

    @classmethod
    def of(cls, workspace: Workspace) -> Self:
        """Read the settings of a workspace.

        Raises
        ------
        ParameterError
            If the file is no YAML, or a setting is unknown, missing or out of range.
        """
        path = workspace.access_settings
        return cls.model_validate({}) if not path.exists() else cls._read(path)

    @classmethod
    def _read(cls, path: Path) -> Self:
        where = f"access settings {path.name!r}"
        try:
            return cls.model_validate(yaml.safe_load(path.read_text("utf-8")) or {})
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise ParameterError(
                where=where, found="It is no YAML in UTF-8.", fix="Write it as docs/security.md shows."
            ) from error
        except ValidationError as error:
            faults = [f"{'.'.join(str(part) for part in one['loc'])} ({one['msg']})" for one in error.errors()]
            raise ParameterError(
                where=where, found=f"Wrong: {some(faults)}.", fix="Write it as docs/security.md shows."
            ) from None
