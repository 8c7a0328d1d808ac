"""What is asked about one customer: an application, a bulk purchase or a longer term, why its score changed."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from pydantic_core import to_json

from creditscore.advice import Advice, Advisor, Refusal, Request
from creditscore.decisions import Application
from creditscore.domain import Purpose, Reason, pd_column
from creditscore.errors import NotScoredError, ParameterError
from creditscore.scoring import IdempotencyKey, apply_for_credit, explain_change
from creditscore_serving.desk.daily import unscored_customer, unscored_day
from creditscore_serving.desk.desk import Desk
from creditscore_serving.served.edition import Edition

Content = dict[str, Any]


def key_of(caller: str, key: str | None, asked: Mapping[str, Any]) -> IdempotencyKey | None:
    """Return the key of a request with the hash of what it asks; ``None`` where the caller gave none."""
    if key is None:
        return None
    said = to_json(dict(sorted(asked.items())))
    return IdempotencyKey(caller=caller, key=key, request_hash=hashlib.sha256(said).hexdigest())


def application(
    desk: Desk, edition: Edition, asked: Mapping[str, Any], *, key: IdempotencyKey | None
) -> tuple[Content, bool]:
    """Decide on an application, keep the record of it and return it, and whether it was recorded under its key before.

    Raises
    ------
    NotScoredError, ParameterError, ReusedKeyError, StoreError, PolicyError
        As :func:`creditscore.scoring.apply_for_credit` does.
    """
    kept = None if key is None else desk.store.recorded_under(key)
    if kept is not None:
        return kept, True
    day = asked["applied_on"] or edition.day.run.as_of
    record = apply_for_credit(desk.workspace, Application(**{**asked, "applied_on": day}), key=key)
    # Of two requests under one key that arrive at once, both get the record of the first.
    return (None if key is None else desk.store.recorded_under(key)) or record.to_record(), False


def advice(desk: Desk, edition: Edition, asked: Mapping[str, Any]) -> Content:
    """Answer a request for advice with the edition's bundle and policies.

    Raises
    ------
    ParameterError, BundleError, ContractError, PolicyError
        As :class:`creditscore.advice.Advisor` does.
    NotScoredError
        If the customer is not known.
    """
    request = Request(
        purpose=Purpose(asked["purpose"]),
        amount=asked["amount"],
        term_days=asked["term_days"],
        max_default_probability=asked["max_default_probability"],
    )
    model = edition.model
    day = asked["as_of"] or edition.day.run.as_of
    advisor = Advisor.open(desk.workspace, as_of=day, base=model.bundle, policies=model.policies)
    if edition.day.scores.place(asked["customer_id"]) is None and asked["as_of"] is None:
        raise unscored_customer()
    found = advisor.advise(asked["customer_id"], request)
    return {**(_refusal(found) if isinstance(found, Refusal) else _advice(found)), "currency": model.currency}


def changes(desk: Desk, edition: Edition, customer_id: str, *, from_day: date | None, to_day: date | None) -> Content:
    """Tell why a customer's score changed between two scored days.

    Raises
    ------
    NotScoredError
        If a day or the customer was not scored.
    StoreError, BundleError, PolicyError, ContractError
        As :func:`creditscore.scoring.explain_change` does.
    """
    last = to_day or edition.day.run.as_of
    before = from_day or _day_before(desk, last)
    for day in (before, last):
        if desk.store.latest_run(day) is None:
            raise unscored_day()
    try:
        found = explain_change(desk.workspace, customer_id, before, last)
    except ParameterError as error:
        raise NotScoredError(
            where="customer_id", found="It was not scored on both days.", fix="Check its id."
        ) from error
    return {**found.as_record(), "text": {language: found.text(language) for language in ("en", "zh")}}


def _day_before(desk: Desk, day: date) -> date:
    run = desk.store.run_before(day)
    if run is None:
        raise unscored_day()
    return run.as_of


def _advice(found: Advice) -> Content:
    content = asdict(found)
    horizon = found.provenance.horizon_months
    return {
        **content,
        "answered": True,
        "without": _standing(content["without"], horizon),
        "under": _standing(content["under"], horizon),
        "action": {"code": found.action.code, "en": found.action.en, "zh": found.action.zh},
        "reasons": [_reason(one) for one in found.reasons],
    }


def _refusal(found: Refusal) -> Content:
    content = asdict(found)
    del content["reason"]
    return {**content, "answered": False, "reasons": [_reason(found.reason)]}


def _standing(content: Content, horizon_months: int) -> Content:
    rest = {name: value for name, value in content.items() if name != "default_probability"}
    return {pd_column(horizon_months): content["default_probability"], **rest}


def _reason(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "en": reason.en, "zh": reason.zh}
