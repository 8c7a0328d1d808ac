import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from creditscore.policy import ColourBands, Governance, govern

SCORES = st.floats(0, 100) | st.sampled_from([58.0, 60.0, 62.0, 78.0, 80.0, 82.0])
PATHS = st.lists(st.tuples(SCORES, st.booleans(), st.integers(1, 40)), min_size=1, max_size=40)
MARGINS, DWELLS = st.floats(0, 19.5), st.integers(0, 60)
RULES = st.builds(
    Governance, downgrade_margin=MARGINS, upgrade_margin=MARGINS, downgrade_dwell_days=DWELLS, upgrade_dwell_days=DWELLS
)
CAUTIOUS = st.builds(Governance, upgrade_margin=MARGINS, upgrade_dwell_days=DWELLS)


def bands(rules):
    return ColourBands(green=80, yellow=60, governance=rules)


def walked(path, rules):
    """Return days, raw ranks, governed ranks and since, day by day; a customer in default scores 0."""
    day, rank, since, told = 0, np.array([-1]), np.array([0]), []
    for score, certain, step in path:
        day += step
        seen = np.array([0.0 if certain else score])
        now = govern(
            bands(rules),
            score=seen,
            on=day,
            previous_rank=rank,
            previous_since=since,
            certain=np.array([certain]),
        )
        rank, since = now.rank, now.since
        told.append((day, int(bands(rules).ranks(seen)[0]), int(rank[0]), int(since[0])))
    return told


@given(path=PATHS)
def test_without_governance_the_governed_colour_is_the_raw_one(path):
    assert all(raw == governed for _, raw, governed, _ in walked(path, Governance()))


@given(path=PATHS, rules=CAUTIOUS)
def test_where_falls_are_free_the_governed_colour_is_never_better_than_the_raw_one(path, rules):
    assert all(governed >= raw for _, raw, governed, _ in walked(path, rules))


@given(path=PATHS, rules=RULES)
def test_a_customer_in_default_is_always_red(path, rules):
    told = walked(path, rules)
    assert all(governed == 2 for (_, certain, _), (_, _, governed, _) in zip(path, told, strict=True) if certain)


@given(path=PATHS, rules=RULES)
def test_a_colour_is_left_only_after_its_dwell_and_towards_the_raw_one(path, rules):
    told = walked(path, rules)
    for (_, _, held, since), (day, raw, now, _), (_, certain, _) in zip(told[:-1], told[1:], path[1:], strict=True):
        if now > held:
            assert certain or day - since >= rules.downgrade_dwell_days
            assert held < now <= raw
        if now < held:
            assert day - since >= rules.upgrade_dwell_days
            assert held > now >= raw


@given(path=PATHS, rules=RULES)
def test_since_is_the_first_day_of_the_unbroken_colour(path, rules):
    told = walked(path, rules)
    for place, (_, _, rank, since) in enumerate(told):
        start = place
        while start and told[start - 1][2] == rank:
            start -= 1
        assert since == told[start][0]


@given(path=PATHS, rules=st.builds(Governance, downgrade_margin=MARGINS, upgrade_margin=MARGINS))
def test_margins_alone_never_leave_a_customer_two_colours_from_the_raw_one(path, rules):
    assert all(abs(governed - raw) <= 1 for _, raw, governed, _ in walked(path, rules))


@given(rules=RULES)
def test_every_colour_is_reached_from_every_other(rules):
    path = [(100.0, False, 100), (0.0, False, 100), (100.0, False, 100), (70.0, False, 100), (60.0, False, 100)]
    ranks = [governed for _, _, governed, _ in walked(path, rules)]
    assert ranks[:3] == [0, 2, 0]
    assert [walked([start, (edge, False, 100)], rules)[-1][2] for start, edge in _edges(rules)] == [1, 1]


def _edges(rules):
    """From green and from red, a score that the margins let be yellow."""
    return ((100.0, False, 1), 80 - rules.downgrade_margin - 1e-6), ((0.0, False, 1), 60 + rules.upgrade_margin + 1e-6)
