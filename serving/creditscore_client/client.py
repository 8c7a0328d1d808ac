"""The client: connections, keys, retries, pages and batches."""

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import islice
from typing import Any, Literal, Self, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_before_delay, wait_random_exponential

from creditscore_client.answers import Alert, EditionAnswer, RowResult, ScoreAnswer
from creditscore_client.asked import Asked, fits_into_path
from creditscore_client.errors import RefusedError, UnavailableError, error_of, unreadable
from creditscore_client.operations import Operations
from creditscore_client.parts import Answered
from creditscore_client.questions import SnapshotRow
from creditscore_client.request_ids import HEADER, current_request_id

MOST_CUSTOMERS = 10_000  # of one request
MOST_ROWS = 2_000  # a service takes 10,000, yet 32 MiB at most: what 5,700 rows of the whole catalogue have
LONGEST_PAUSE_SECONDS = 10.0
NEVER_SENT = (httpx.UnsupportedProtocol, httpx.LocalProtocolError)  # the address or a header is wrong, and stays so
WHATEVER: TypeAdapter[Any] = TypeAdapter(Any)
One = TypeVar("One")


class Client(Operations):
    """Asks a scoring service.

    A question that failed in passing (no connection, 429, 502, 503, 504) is asked again after a pause that grows, or
    after the one that the service names, as long as the next attempt begins within ``patience_seconds``. That is safe:
    no question but an application records anything, and an application goes out under a key by which the service keeps
    it once. Threads may share a client.

    Parameters
    ----------
    url
        Address of the service, such as ``http://127.0.0.1:3000``.
    key
        API key or token; none is needed by a service that answers its own machine alone.
    timeout_seconds
        How long an attempt may wait for a connection, and for each part of the answer.
    patience_seconds
        How long after the first attempt another may begin; 0 for one attempt.
    transport
        What carries the requests, in place of the network.
    sleep
        What pauses between attempts.

    Examples
    --------
    >>> with Client("http://127.0.0.1:3000") as client:  # doctest: +SKIP
    ...     client.score("C0000042").colour
    'yellow'
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | None = None,
        timeout_seconds: float = 30.0,
        patience_seconds: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {} if key is None else {"authorization": f"Bearer {key}"}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout_seconds, transport=transport)
        self._retrying = Retrying(
            retry=retry_if_exception_type(_PassingError),
            stop=stop_before_delay(patience_seconds),
            wait=_pause,
            sleep=sleep,
            reraise=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def score(self, customer_id: str, *, as_of: date | None = None) -> ScoreAnswer:
        """Return the daily score of a customer; an id that does not fit into a path is asked for in the body."""
        if fits_into_path(customer_id):
            return super().score(customer_id, as_of=as_of)
        return self.posted_score(customer_id=customer_id, as_of=as_of)

    def ask(self, asked: Asked, answer: type[Answered]) -> Answered:
        """Ask, and return the answer, read as one of a kind.

        Raises
        ------
        RefusedError
            If the question is wrong: of it, `NotFoundError` for a customer or a day without a score, and
            `NotAllowedError` for a key that may not ask it.
        UnavailableError
            If the service did not answer within the patience.
        ServiceError
            If the service failed, or its answer is none that the client reads.
        """
        headers = {HEADER: current_request_id()}  # one for all attempts, as the key below
        if asked.body:
            headers["content-type"] = "application/json"
        if asked.records:
            headers["idempotency-key"] = asked.key or f"{uuid.uuid4()}"
        request = self._http.build_request(
            asked.method,
            asked.path,
            params=_given(asked.query),
            content=WHATEVER.dump_json(_given(asked.body), by_alias=True, exclude_unset=True) if asked.body else None,
            headers=headers,
        )
        try:
            found = self._retrying(self._sent, request)
        except _PassingError as passing:
            raise passing.error from passing.__cause__
        return _read(found, answer)

    def readiness(self) -> EditionAnswer:
        """Whether scores can be answered, and what is served; asked once, for not to be ready is an answer.

        Raises
        ------
        UnavailableError
            If nothing answers, or something else than the service.
        """
        found = self._carried(self._http.build_request("GET", "/readyz", headers={HEADER: current_request_id()}))
        says_so = found.headers.get("content-type", "").startswith("application/json")
        if found.status_code == HTTPStatus.OK or (found.status_code == HTTPStatus.SERVICE_UNAVAILABLE and says_so):
            return _read(found, EditionAnswer)
        raise error_of(found)

    def all_scores(self, customer_ids: Iterable[str], *, as_of: date | None = None) -> Iterator[ScoreAnswer]:
        """Yield the daily scores of any number of customers that have one, in their order.

        They are asked for ten thousand at a time; each names the run that it comes from.
        """
        for some in _batches(customer_ids, most=MOST_CUSTOMERS):
            found = self.scores(customer_ids=some, as_of=as_of)
            shared = found.model_dump(include={"currency", "bundle_hash", "policy_hash", "run_id"})
            for one in found.scores:
                yield ScoreAnswer.model_validate({**one.model_dump(), **shared})

    def all_rows(self, rows: Iterable[SnapshotRow]) -> Iterator[RowResult]:
        """Yield what came of any number of posted rows, in their order; they are sent two thousand at a time."""
        for some in _batches(rows, most=MOST_ROWS):
            yield from self.rows(rows=some).results

    def all_alerts(self, *, level: Literal["yellow", "red"] | None = None) -> Iterator[Alert]:
        """Yield the alerts that stand on the latest scored day, page after page, all of one run."""
        cursor = None
        while True:
            page = self.alerts(level=level, cursor=cursor, limit=1000)
            yield from page.alerts
            cursor = page.next_cursor
            if cursor is None:
                return

    def whole_history(self, customer_id: str) -> Iterator[ScoreAnswer]:
        """Yield the scores that were served for a customer, the latest day first, page after page."""
        cursor = None
        while True:
            page = self.history(customer_id, cursor=cursor, limit=1000)
            yield from page.scores
            cursor = page.next_cursor
            if cursor is None:
                return

    def _sent(self, request: httpx.Request) -> httpx.Response:
        try:
            found = self._carried(request)
        except UnavailableError as away:
            raise _PassingError(away) from away.__cause__
        if found.status_code == HTTPStatus.OK:
            return found
        error = error_of(found)
        if isinstance(error, UnavailableError):
            raise _PassingError(error, pause_seconds=_named_pause(found.headers.get("retry-after", "")))
        raise error

    def _carried(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._http.send(request)
        except NEVER_SENT as wrong:
            told = "Begin the address with http:// or https://, and give key and request id without line breaks."
            raise RefusedError(f"Not sent: {type(wrong).__name__}. {told}") from None  # its text may quote the key
        except httpx.RequestError as away:
            told = f"No answer: {type(away).__name__}."
            raise UnavailableError(told, request_id=request.headers[HEADER]) from away


class _PassingError(Exception):
    """A failure after which it is worth asking again."""

    def __init__(self, error: UnavailableError, *, pause_seconds: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.pause_seconds = pause_seconds


_growing = wait_random_exponential(multiplier=0.2, max=LONGEST_PAUSE_SECONDS)


def _pause(state: RetryCallState) -> float:
    """Return the pause that the service named, else one that doubles and is drawn, so that clients do not march."""
    error = None if state.outcome is None else state.outcome.exception()
    named = error.pause_seconds if isinstance(error, _PassingError) else None
    return _growing(state) if named is None else named


def _named_pause(told: str) -> float | None:
    """Return the seconds of a ``Retry-After``, which may name a moment instead; ``None`` where it says neither.

    >>> _named_pause("7"), _named_pause("Wed, 21 Oct 2015 07:28:00 GMT"), _named_pause("soon")
    (7.0, 0.0, None)
    """
    if told.isdecimal():
        return float(told)
    try:
        moment = parsedate_to_datetime(told)
    except ValueError:
        return None
    at = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((at - datetime.now(UTC)).total_seconds(), 0.0)


def _read(found: httpx.Response, answer: type[Answered]) -> Answered:
    try:
        return answer.model_validate_json(found.content)
    except ValidationError as wrong:
        raise unreadable(found, wrong) from None  # its text quotes the answer


def _given(parts: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in parts.items() if value is not None}
    return {name: f"{value}" if isinstance(value, date) else value for name, value in given.items()}


def _batches(many: Iterable[One], *, most: int) -> Iterator[list[One]]:
    left = iter(many)
    while some := list(islice(left, most)):
        yield some
