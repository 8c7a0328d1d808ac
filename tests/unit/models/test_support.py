"""Support: who asked for at least as much, and is alike."""

import json

import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.models import Support

BASE = np.array([-3.0, -3.0, -3.2, -1.0])
ASKED = np.array([[1.0, 0.0], [2.0, 30.0], [3.0, 0.0], [9.0, 90.0]])


@pytest.mark.parametrize(
    ("base", "asked", "count"),
    [(-3.0, [0.5, 0.0], 3), (-3.0, [2.0, 0.0], 2), (-3.0, [2.0, 30.0], 1), (-3.0, [2.5, 30.0], 0), (-1.2, [1, 1], 1)],
)
def test_those_count_who_asked_for_at_least_as_much_of_everything_and_are_alike(base, asked, count):
    assert Support(BASE, ASKED, fewest=1, width=0.5).counts([base], [asked]).tolist() == [count]


def test_the_bounds_are_what_enough_requests_reached():
    assert Support(BASE, ASKED, fewest=2).bounds() == (3.0, 30.0)


def test_too_few_requests_support_nothing():
    assert Support(BASE, ASKED, fewest=5).bounds() == (-np.inf, -np.inf)


def test_the_record_makes_the_same_support():
    support = Support(BASE, ASKED, fewest=2, width=0.5)
    again = Support.from_record(json.loads(json.dumps(support.to_record())))
    assert again.to_record() == support.to_record()


@pytest.mark.parametrize(
    ("base", "asked", "numbers"),
    [
        (BASE[:2], ASKED, {}),
        (BASE, np.where(ASKED > 8, np.nan, ASKED), {}),
        (BASE, ASKED, {"fewest": 0}),
        (BASE, ASKED, {"width": 0.0}),
    ],
    ids=["another length", "missing", "fewest", "width"],
)
def test_what_cannot_be_counted_is_refused(base, asked, numbers):
    with pytest.raises(ParameterError, match="Support"):
        Support(base, asked, **numbers)
