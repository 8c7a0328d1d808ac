"""The definition of default: frozen, validated, hashed."""

import re
from dataclasses import FrozenInstanceError, replace

import pytest

from creditscore.errors import ParameterError
from creditscore.outcomes import DefaultDefinition

SHIPPED = DefaultDefinition(version="2024-1", material_amount=100_000)


@pytest.mark.parametrize(
    "change",
    [
        {"version": "2024-2"},
        {"days_past_due": 60},
        {"days_past_due": None},
        {"material_amount": 1},
        {"events": ("default",)},
        {"horizon_months": 6},
        {"cure_months": 6},
    ],
)
def test_every_part_of_a_definition_changes_its_hash(change):
    assert replace(SHIPPED, **change).hash != SHIPPED.hash


def test_the_order_of_the_events_does_not_change_the_hash():
    assert replace(SHIPPED, events=tuple(reversed(SHIPPED.events))).hash == SHIPPED.hash


def test_a_definition_cannot_be_changed_after_it_was_made():
    with pytest.raises(FrozenInstanceError):
        SHIPPED.days_past_due = 30


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"version": ""}, "The version is empty"),
        ({"days_past_due": -1}, "days_past_due is -1"),
        ({"days_past_due": 90.0}, "days_past_due is 90.0"),
        ({"days_past_due": True}, "days_past_due is True"),
        ({"material_amount": -5}, "material_amount is no amount"),
        ({"events": ["default"]}, "events is not a tuple"),
        ({"events": ("default", "default")}, "events is not a tuple of different kinds"),
        ({"events": ("",)}, "events is not a tuple"),
        ({"horizon_months": 0}, "horizon_months is 0"),
        ({"cure_months": 601}, "cure_months is 601"),
        ({"days_past_due": None, "events": ()}, "Neither days past due nor an event"),
    ],
)
def test_a_definition_that_makes_no_sense_is_refused(wrong, found):
    with pytest.raises(ParameterError, match=re.escape(found)):
        replace(SHIPPED, **wrong)
