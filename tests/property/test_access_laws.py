"""Laws of the limits on callers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditscore_serving.access import Rate
from creditscore_serving.access.rate import TokenBuckets

RATES = st.builds(
    Rate,
    per_second=st.floats(min_value=0.01, max_value=1000, allow_nan=False),
    burst=st.floats(min_value=1, max_value=1000, allow_nan=False),
)
GAPS = st.lists(st.one_of(st.just(0.0), st.floats(min_value=0, max_value=60)), min_size=1, max_size=200)


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@given(rate=RATES, gaps=GAPS)
def test_in_no_span_of_time_a_caller_gets_more_than_its_burst_and_the_rate_times_the_span(rate, gaps):
    clock = Clock()
    buckets = TokenBuckets(clock=clock)
    granted = []
    for gap in gaps:
        clock.now += gap
        if buckets.take("erp", rate) == 0:
            granted.append(clock.now)
    for first, start in enumerate(granted):
        for count, end in enumerate(granted[first:], start=1):
            assert count <= rate.burst + rate.per_second * (end - start) + 1e-6


@given(rate=RATES, gaps=GAPS)
def test_who_waits_as_long_as_told_is_served(rate, gaps):
    clock = Clock()
    buckets = TokenBuckets(clock=clock)
    for gap in gaps:
        clock.now += gap
        wait = buckets.take("erp", rate)
        if wait:
            clock.now += wait * (1 + 1e-9) + 1e-9
            assert buckets.take("erp", rate) == pytest.approx(0, abs=1e-6)


@given(rate=RATES, count=st.integers(min_value=1, max_value=50))
def test_one_caller_never_takes_from_another(rate, count):
    clock = Clock()
    buckets = TokenBuckets(clock=clock)
    for _ in range(count):
        buckets.take("loud", rate)
    assert buckets.take("quiet", rate) == 0


@given(rate=RATES, workers=st.integers(min_value=1, max_value=16))
def test_the_shares_of_all_processes_together_give_no_more_than_the_rate_and_one_request_each(rate, workers):
    clock = Clock()
    each = [TokenBuckets(share=1 / workers, clock=clock) for _ in range(workers)]
    granted = 0
    for _ in range(100):
        clock.now += 0.1
        granted += sum(buckets.take("erp", rate) == 0 for buckets in each for _ in range(3))
    assert granted <= max(rate.burst, workers) + rate.per_second * 9.9 + 1e-6
