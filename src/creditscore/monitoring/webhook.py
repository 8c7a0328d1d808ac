"""Alarms to a receiver of the user's own: one HTTP POST of JSON, tried again a few times."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from creditscore.errors import DeliveryError, ParameterError

WRONG = (500, 502, 503, 504)  # the receiver's own trouble, which may pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to try: attempts in all, seconds for each, and seconds before the second, doubled each time."""

    attempts: int = 5
    timeout_seconds: float = 10.0
    backoff_seconds: float = 0.5


PATIENCE = Patience()


def post(url: str, content: Mapping[str, Any], *, patience: Patience = PATIENCE) -> None:
    """Send content to a receiver, again where it cannot be reached or is in trouble.

    Messages never hold the address: it may carry a secret.

    Parameters
    ----------
    url
        Address, ``http://`` or ``https://``.
    content
        What is sent as JSON.
    patience
        How often and how long to try.

    Raises
    ------
    ParameterError
        If the address is none, or urllib3 is not installed.
    DeliveryError
        If the receiver did not accept it.
    """
    check_address(url)
    body = json.dumps(content, ensure_ascii=False, allow_nan=False).encode()
    try:
        import urllib3  # noqa: PLC0415 - an extra, and only for who has a receiver
    except ImportError as error:
        raise ParameterError(
            where="webhook",
            found="urllib3 is not installed.",
            fix="Install the extra: pip install 'creditscore[monitoring]'.",
        ) from error
    retries = urllib3.Retry(
        total=patience.attempts - 1,
        status_forcelist=WRONG,
        allowed_methods=None,
        backoff_factor=patience.backoff_seconds,
        redirect=0,
        raise_on_status=False,
        respect_retry_after_header=False,
    )
    headers = {"Content-Type": "application/json; charset=utf-8"}
    try:
        with urllib3.PoolManager(retries=retries, timeout=patience.timeout_seconds) as pool:
            status = pool.request("POST", url, body=body, headers=headers, redirect=False).status
    except urllib3.exceptions.HTTPError as error:
        raise _refused(f"It could not be reached in {patience.attempts} attempts") from error
    if not 200 <= status < 300:  # noqa: PLR2004 - what HTTP calls success
        raise _refused(f"It answered {status}")


def check_address(url: str) -> None:
    """Refuse what is no HTTP address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ParameterError(
            where="webhook", found="The address is not an HTTP one.", fix="Give https://host/path of your receiver."
        )


def _refused(found: str) -> DeliveryError:
    return DeliveryError(
        where="webhook",
        found=f"{found}.",
        fix="Look at the receiver; the alarms are recorded and are sent again by the next run.",
    )
