"""Limits, headroom and terms match the table that was worked by hand."""

import csv
from pathlib import Path

import numpy as np
import pytest

from creditscore.policy import Position, load_policy, set_limits
from creditscore.policy.limits import RULES

COLOURS = ["green", "yellow", "red"]
LINES = Path(__file__).with_name("limits.csv").read_text(encoding="utf-8").splitlines()
ROWS = list(csv.DictReader(line for line in LINES if not line.startswith("#")))


def whole(column):
    return np.array([int(row[column] or 0) for row in ROWS])


def there(column):
    return np.array([row[column] != "" for row in ROWS])


@pytest.fixture(scope="module")
def limits():
    policy = load_policy()
    position = Position(
        rank=np.array([COLOURS.index(row["colour"]) for row in ROWS]),
        frozen=np.array([row["frozen"] == "yes" for row in ROWS]),
        granted_amount=whole("granted"),
        granted=there("granted"),
        agreed_days=whole("agreed"),
        agreed=there("agreed"),
        exposure_amount=whole("exposure"),
        known=there("exposure"),
        group=whole("group"),
    )
    freeze_days = policy.alerts.red.days_past_due_above
    return set_limits(policy.actions, policy.group_limit, position, freeze_days=freeze_days)


def test_actions_match_the_signed_off_table(limits):
    codes = [action.code for action in load_policy().actions.every]
    assert [codes[place] for place in limits.action] == [row["action"] for row in ROWS]


@pytest.mark.parametrize("quantity", ["limit", "headroom", "term"])
def test_quantities_their_rules_and_numbers_match_the_signed_off_table(limits, quantity):
    found = getattr(limits, quantity)
    told = zip(
        found.value.tolist(),
        found.known.tolist(),
        [RULES[place] for place in found.rule],
        found.number.tolist(),
        strict=True,
    )
    shown = [(value, rule, number) if known else ("", "", "") for value, known, rule, number in told]
    signed = [(row[quantity], row[f"{quantity}_rule"], row[f"{quantity}_number"]) for row in ROWS]
    assert shown == [(int(v), r, float(n)) if v else ("", "", "") for v, r, n in signed]
