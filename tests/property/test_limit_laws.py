"""Laws of limits: nobody may owe more for being riskier, and no group more than its members together."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from creditscore.policy import GroupLimit, Position, load_policy, set_limits

POLICY = load_policy()
GROUP = POLICY.group_limit


@st.composite
def positions(draw):
    size = draw(st.integers(1, 12))

    def drawn(low, high):
        return draw(arrays(np.int64, size, elements=st.integers(low, high)))

    def flags():
        return draw(arrays(np.bool_, size))

    return Position(
        rank=drawn(0, 2),
        frozen=flags(),
        granted_amount=drawn(0, 2**52),
        granted=flags(),
        agreed_days=drawn(0, 180),
        agreed=flags(),
        exposure_amount=drawn(-(2**50), 2**52),
        known=flags(),
        group=drawn(0, 3),
    )


def limits_of(position, group=GROUP):
    return set_limits(POLICY.actions, group, position, freeze_days=30)


@given(positions())
def test_a_worse_colour_or_a_freeze_never_leaves_a_customer_more(position):
    before = limits_of(position)
    for worse in (
        replace(position, rank=np.minimum(position.rank + 1, 2)),
        replace(position, frozen=position.frozen | True),
    ):
        after = limits_of(worse)
        for one, other in ((before.limit, after.limit), (before.headroom, after.headroom), (before.term, after.term)):
            both = one.known & other.known
            assert (other.value[both] <= one.value[both]).all()


@given(positions())
def test_headroom_lies_between_nothing_and_the_limit(position):
    found = limits_of(position)
    known = found.headroom.known
    assert (found.headroom.value >= 0).all()
    assert (found.headroom.value[known] <= found.limit.value[known]).all()


@given(positions(), st.integers(0, 10_000))
def test_no_member_may_take_more_than_its_group_has_left(position, points):
    group = GroupLimit(links=(), limit_factor=points / 10_000)
    found = limits_of(position, group)
    for label in np.unique(position.group):
        members = position.group == label
        if members.sum() < 2:
            continue
        allowed = int(found.limit.value[members & found.limit.known].sum()) * points // 10_000
        owed = int(np.maximum(position.exposure_amount[members & position.known], 0).sum())
        assert found.headroom.value[members].max() <= max(allowed - owed, 0)


@given(positions())
def test_each_known_quantity_names_its_rule_and_an_unknown_one_names_none(position):
    found = limits_of(position)
    for one in (found.limit, found.headroom, found.term):
        assert ((one.rule > 0) == one.known).all()


@given(positions())
def test_a_customer_gets_the_same_among_others_as_alone_but_for_its_group(position):
    apart = replace(position, group=np.arange(len(position.rank)))
    together = limits_of(apart)
    for place in range(len(position.rank)):
        one = slice(place, place + 1)
        alone = limits_of(
            Position(
                **{name: getattr(apart, name)[one] if name != "group" else np.array([0]) for name in Position.__slots__}
            )
        )
        for quantity in ("limit", "headroom", "term"):
            assert getattr(together, quantity).value[place] == getattr(alone, quantity).value[0]
            assert getattr(together, quantity).rule[place] == getattr(alone, quantity).rule[0]
