"""Applications, advice, and why a score changed."""

from http import HTTPStatus

from starlette.exceptions import HTTPException

from creditscore_serving.access import Permission
from creditscore_serving.conventions.problems import RefusedError
from creditscore_serving.desk import asked
from creditscore_serving.routes.operation import MISSING, Answer, Ask, Operation
from creditscore_serving.schemas.decisions import (
    AdviceAnswer,
    AdviceRequest,
    ApplicationAnswer,
    ApplicationRequest,
    ChangesAnswer,
    ChangesQuery,
)

KEY = b"idempotency-key"
LONGEST_KEY = 200
PRINTABLE = "^[!-~]+$"  # ASCII without spaces, which a header loses at its ends


def application(ask: Ask[ApplicationRequest]) -> Answer:
    """Decide on an application and keep the record."""
    content = ask.query.model_dump()
    key = asked.key_of(ask.caller.name, _checked_key(ask.headers), content)
    record, again = asked.application(ask.desk, ask.edition, content, key=key)
    return Answer(record, ((b"idempotent-replayed", b"true"),) if again else ())


def advice(ask: Ask[AdviceRequest]) -> Answer:
    """Answer a request for advice."""
    return Answer(asked.advice(ask.desk, ask.edition, ask.query.model_dump()))


def changes(ask: Ask[ChangesQuery]) -> Answer:
    """Tell why a score changed, by the values of its features; a caller who sees no amounts sees none of them."""
    if not ask.caller.sees_confidential:
        raise HTTPException(HTTPStatus.FORBIDDEN, f"The values of features are told with {Permission.AMOUNTS_READ}.")
    query = ask.query
    found = asked.changes(ask.desk, ask.edition, ask.customer_id, from_day=query.from_day, to_day=query.to_day)
    return Answer(found)


def _checked_key(headers: list[tuple[bytes, bytes]]) -> str | None:
    key = next((value for name, value in headers if name == KEY), None)
    if key is not None and not (1 <= len(key) <= LONGEST_KEY and key.isascii()):
        raise RefusedError(HTTPStatus.BAD_REQUEST, {"Idempotency-Key": f"Give 1 to {LONGEST_KEY} ASCII characters."})
    return None if key is None else key.decode("ascii")


OPERATIONS = (
    Operation(
        name="application",
        summary="Decide on an application for credit; the decision record is kept",
        method="POST",
        path="/v1/applications",
        answer=application,
        asks=ApplicationRequest,
        answers_with=ApplicationAnswer,
        example={"customer_id": "C0000042", "amount": 5_000_000, "term_days": 60},
        statuses=(*MISSING, 422),
        headers={
            "Idempotency-Key": {
                "description": "The same key with the same question gets the record of the first time.",
                "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": PRINTABLE},
            }
        },
    ),
    Operation(
        name="advice",
        summary="What a bulk purchase or a longer term does to a customer's score, and how far it may go",
        method="POST",
        path="/v1/advice",
        answer=advice,
        asks=AdviceRequest,
        answers_with=AdviceAnswer,
        example={"customer_id": "C0000042", "purpose": "bulk_purchase", "amount": 2_500_000},
        statuses=(*MISSING, 409),
    ),
    Operation(
        name="changes",
        summary="Why a customer's score changed between two scored days, in parts that add up to the change",
        method="GET",
        path="/v1/customers/{customer_id}/changes",
        answer=changes,
        asks=ChangesQuery,
        answers_with=ChangesAnswer,
        statuses=MISSING,
    ),
)
