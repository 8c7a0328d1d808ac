import numpy as np
import pytest

from creditscore.errors import ParameterError, PolicyError
from creditscore.policy import ColourBands, Governance, govern, load_policy

GREEN, YELLOW, RED = 0, 1, 2
BELOW_80, BELOW_60 = np.nextafter(80, 0), np.nextafter(60, 0)
FREE = np.array([False])


def moved(held, score, *, days=1_000, certain=FREE, **rules):
    bands = ColourBands(green=80, yellow=60, governance=Governance(**rules))
    before = {"previous_rank": np.array([held]), "previous_since": np.array([0])}
    return int(govern(bands, score=np.array([score]), on=days, certain=certain, **before).rank[0])


@pytest.mark.parametrize(
    ("held", "score", "expected"),
    [
        (GREEN, 80.0, GREEN),
        (GREEN, BELOW_80, YELLOW),
        (GREEN, 60.0, YELLOW),
        (GREEN, BELOW_60, RED),
        (YELLOW, 80.0, GREEN),
        (YELLOW, BELOW_80, YELLOW),
        (RED, 60.0, YELLOW),
        (RED, BELOW_60, RED),
    ],
)
def test_without_margins_and_dwells_the_edge_moves_the_colour_at_once(held, score, expected):
    assert moved(held, score, days=0) == expected


@pytest.mark.parametrize(
    ("held", "score", "expected"),
    [
        (YELLOW, 82.0, GREEN),
        (YELLOW, np.nextafter(82, 0), YELLOW),
        (RED, 62.0, YELLOW),
        (RED, np.nextafter(62, 0), RED),
        (RED, 82.0, GREEN),
        (RED, np.nextafter(82, 0), YELLOW),
    ],
)
def test_a_rise_needs_the_whole_margin_beyond_the_edge(held, score, expected):
    assert moved(held, score, upgrade_margin=2) == expected


@pytest.mark.parametrize(
    ("held", "score", "expected"),
    [
        (GREEN, 78.0, GREEN),
        (GREEN, np.nextafter(78, 0), YELLOW),
        (YELLOW, 58.0, YELLOW),
        (YELLOW, np.nextafter(58, 0), RED),
        (GREEN, 58.0, YELLOW),
        (GREEN, np.nextafter(58, 0), RED),
    ],
)
def test_a_fall_needs_more_than_the_margin_beyond_the_edge(held, score, expected):
    assert moved(held, score, downgrade_margin=2) == expected


@pytest.mark.parametrize(("days", "expected"), [(29, YELLOW), (30, GREEN)])
def test_a_rise_waits_until_the_colour_was_held_long_enough(days, expected):
    assert moved(YELLOW, 95.0, days=days, upgrade_dwell_days=30) == expected
    assert moved(YELLOW, 10.0, days=days, upgrade_dwell_days=30) == RED


@pytest.mark.parametrize(("days", "expected"), [(29, YELLOW), (30, RED)])
def test_a_fall_waits_until_the_colour_was_held_long_enough(days, expected):
    assert moved(YELLOW, 10.0, days=days, downgrade_dwell_days=30) == expected
    assert moved(YELLOW, 95.0, days=days, downgrade_dwell_days=30) == GREEN


def test_a_customer_in_default_is_red_at_once():
    slow = {"downgrade_margin": 19, "downgrade_dwell_days": 10_000}
    assert moved(GREEN, 0.0, days=0, **slow) == GREEN
    assert moved(GREEN, 0.0, days=0, certain=~FREE, **slow) == RED


def test_since_is_the_day_of_the_last_change():
    bands = ColourBands(green=80, yellow=60)
    now = govern(
        bands,
        score=np.array([85.0, 85, 85, 0]),
        on=20,
        previous_rank=np.array([GREEN, YELLOW, -1, RED]),
        previous_since=np.array([7, 8, 99, 9]),
        certain=np.array([False, False, False, True]),
    )
    assert now.rank.tolist() == [GREEN, GREEN, GREEN, RED]
    assert now.since.tolist() == [7, 20, 20, 9]


def test_nobody_has_no_colours():
    none = np.array([], dtype=np.int64)
    now = govern(
        load_policy().colours,
        score=np.array([]),
        on=0,
        previous_rank=none,
        previous_since=none,
        certain=np.array([], bool),
    )
    assert now.rank.tolist() == now.since.tolist() == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"score": np.array([50.0, 60.0])}, "one length"),
        ({"score": np.array([np.nan])}, "1 of 1 are missing"),
        ({"previous_rank": np.array([3])}, "no rank of a colour"),
        ({"previous_since": np.array([6])}, "since a day after"),
    ],
)
def test_what_cannot_be_governed_is_refused(changed, named):
    sound = {
        "score": np.array([50.0]),
        "on": 5,
        "previous_rank": np.array([1]),
        "previous_since": np.array([5]),
        "certain": FREE,
    }
    govern(load_policy().colours, **sound)
    with pytest.raises(ParameterError, match=named):
        govern(load_policy().colours, **{**sound, **changed})


@pytest.mark.parametrize("margin", ["downgrade_margin", "upgrade_margin"])
def test_a_margin_as_wide_as_a_colour_is_refused(margin):
    ColourBands(green=80, yellow=60, governance=Governance(**{margin: BELOW_80 - 60}))
    with pytest.raises(PolicyError, match="20 points is no smaller than a colour of 20 points"):
        ColourBands(green=80, yellow=60, governance=Governance(**{margin: 20}))


@pytest.mark.parametrize(("green", "yellow", "width"), [(95, 60, 5), (80, 70, 10), (60, 20, 20)])
def test_the_narrowest_colour_bounds_the_margins(green, yellow, width):
    assert ColourBands(green=green, yellow=yellow).narrowest == width


@pytest.mark.parametrize(
    "wrong",
    [
        {"upgrade_margin": -1.0},
        {"downgrade_margin": float("nan")},
        {"upgrade_dwell_days": -1},
        {"downgrade_dwell_days": -30},
    ],
)
def test_negative_settings_are_refused(wrong):
    with pytest.raises(PolicyError, match="Governance"):
        Governance(**wrong)
