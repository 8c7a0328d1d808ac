from types import UnionType
from typing import Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from creditscore_serving.access import EVERYBODY, Caller, Permission, Units, concealed, is_confidential, masked
from creditscore_serving.access.masking import RULED
from creditscore_serving.routes.every import OPERATIONS

PLAIN = Caller("erp", frozenset({Permission.SCORES_READ}))
EAST = Caller("erp", units=Units.parse(["region=East"]))


def models():
    """Every model of an answer: what a caller posts is its own affair."""
    found = {one.answers_with if isinstance(one.answers_with, type) else one.answers_with(12) for one in OPERATIONS}
    return sorted(found, key=lambda one: one.__name__)


def kinds(annotation):
    """The types that an annotation is made of."""
    if get_origin(annotation) in {Union, UnionType, list, dict, tuple}:
        return [kind for part in get_args(annotation) for kind in kinds(part)]
    return [annotation]


def fields(model, path=(), *, ruled=False):
    for name, field in model.model_fields.items():
        inner = [kind for kind in kinds(field.annotation) if isinstance(kind, type) and issubclass(kind, BaseModel)]
        yield (*path, name), field, ruled
        for kind in inner:
            yield from fields(kind, (*path, name), ruled=name in RULED)


MONEY = ("amount", "money", "reserve", "exposure", "minor unit", "headroom", "limit")
NO_MONEY = {"limit", "headroom", "rule", "number"}  # the first two are objects, whose amounts are withheld within


def test_every_field_of_an_answer_that_speaks_of_money_is_withheld():
    shown = []
    for model in models():
        for path, field, ruled in fields(model):
            words = f"{path[-1]} {field.description or ''}".lower()
            counts = any(kind in {int, float} for kind in kinds(field.annotation))
            hidden = is_confidential(path[-1]) or (ruled and path[-1] in {"amount", "number"})
            if counts and any(word in words for word in MONEY) and not hidden:
                shown.append(path)
    assert [path for path in shown if path[-1] not in NO_MONEY] == []
    assert any(is_confidential(path[-1]) for model in models() for path, *_ in fields(model))


def leaves(answer, path=()):
    if isinstance(answer, dict):
        for name, value in answer.items():
            yield from leaves(value, (*path, name))
    elif isinstance(answer, list):
        for one in answer:
            yield from leaves(one, path)
    else:
        yield path, answer


ANSWER = {
    "customer_id": "C1",
    "score": 76.9,
    "exposure_amount": 111,
    "reserve_amount": 222,
    "scores": [{"exposure_amount": 333, "pd_12m": 0.1}],
    "decision": {
        "held_amount": 444,
        "limit": {"amount": 555, "rule": "agreed", "number": 666.0},
        "headroom": {"amount": 777, "rule": "limit_amount", "number": 888},
        "term": {"days": 30, "rule": "agreed_term_days", "number": 31},
        "freeze": None,
    },
    "closings": [{"dimension": "total", "opening_amount": 999, "customer_count": 5}],
}


def test_without_the_permission_no_amount_is_told_and_all_else_is():
    found = masked(ANSWER, PLAIN)
    assert not {value for _, value in leaves(found)} & {111, 222, 333, 444, 555, 666.0, 777, 888, 999}
    assert [path for path, _ in leaves(found)] == [path for path, _ in leaves(ANSWER)]
    assert found["decision"]["term"] == ANSWER["decision"]["term"]
    assert (found["score"], found["scores"][0]["pd_12m"], found["closings"][0]["customer_count"]) == (76.9, 0.1, 5)
    assert ANSWER["exposure_amount"] == 111


@pytest.mark.parametrize("scope", [Permission.AMOUNTS_READ, Permission.ADMIN])
def test_with_the_permission_the_answer_is_the_same_object(scope):
    assert masked(ANSWER, Caller("risk", frozenset({scope}))) is ANSWER


def freeze(cause="C9"):
    path = [(cause, "guarantees", "C1")]
    return {"freeze": {"cause_id": cause, "frozen_on": "2026-01-01", "path": path, "en": f"{cause}", "zh": f"{cause}"}}


def test_a_freeze_names_no_company_outside_the_units_and_still_says_that_there_is_one():
    hidden = concealed(freeze(), EAST, lambda one: one != "C9")
    assert "C9" not in str(hidden)
    assert hidden["freeze"]["frozen_on"] == "2026-01-01"
    assert hidden["freeze"]["zh"]


def test_a_freeze_within_the_units_and_one_seen_by_everybody_is_told():
    assert concealed(freeze(), EAST, lambda _: True) == freeze()
    assert concealed(freeze(), EVERYBODY, lambda _: False) == freeze()
    assert concealed(None, EAST, lambda _: False) is None
    assert concealed({"freeze": None}, EAST, lambda _: False) == {"freeze": None}
