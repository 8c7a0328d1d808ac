"""How many requests a caller may make: a bucket of tokens that fills again at a steady rate."""

import re
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Self

from creditscore.errors import ParameterError

MANY_BUCKETS = 10_000  # beyond it, those that are full again are forgotten: they would be made the same
LONGEST_SECONDS = 3600.0  # after which the bucket of any rate that can be written is full again
_WRITTEN = re.compile(r"(?P<count>\d+(?:\.\d+)?)/(?P<unit>s|min|h)")
_SECONDS = {"s": 1, "min": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class Rate:
    """Requests a second in the long run, and how many may come at once.

    Parameters
    ----------
    per_second
        Above 0.
    burst
        1 or more.

    Raises
    ------
    ParameterError
        If a number is out of range.
    """

    per_second: float
    burst: float

    def __post_init__(self) -> None:
        if not (0 < self.per_second < float("inf") and 1 <= self.burst < float("inf")):
            raise ParameterError(
                where="rate", found="It is not above 0, or its burst is below 1.", fix="Give for example 50/s."
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a rate such as ``50/s``, ``600/min`` or ``1000/h``; one second's worth may come at once, at least one.

        Raises
        ------
        ParameterError
            If it is written otherwise, or is 0.

        Examples
        --------
        >>> Rate.parse("600/min")
        Rate(per_second=10.0, burst=10.0)
        >>> Rate.parse("fast")
        Traceback (most recent call last):
        creditscore.errors.ParameterError: rate: It is no rate. Write for example 50/s, 600/min or 1000/h.
        """
        written = _WRITTEN.fullmatch(text.strip())
        if written is None:
            raise ParameterError(
                where="rate",
                found="It is no rate.",
                fix="Write for example 50/s, 600/min or 1000/h.",
            )
        per_second = float(written["count"]) / _SECONDS[written["unit"]]
        return cls(per_second, max(1.0, per_second))


class TokenBuckets:
    """One bucket a caller. In any time, a caller gets at most its burst and the rate times that time.

    Each process counts for itself, so each gives its share of the rate; together they never give more than the whole.

    Parameters
    ----------
    share
        Part of every rate that this process gives: 1 over the number of worker processes.
    clock
        Seconds that never go backwards.
    """

    def __init__(self, *, share: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.share = share
        self.clock = clock
        self._buckets: dict[Hashable, tuple[float, float]] = {}
        self._many = MANY_BUCKETS

    def take(self, who: Hashable, rate: Rate) -> float:
        """Take a token for one request; return 0, or the seconds until there is one.

        >>> seconds = iter([0.0, 0.0, 0.0, 0.25])
        >>> buckets = TokenBuckets(clock=lambda: next(seconds))
        >>> [buckets.take("erp", Rate(per_second=4.0, burst=2.0)) for _ in range(4)]
        [0.0, 0.0, 0.25, 0.0]
        """
        now = self.clock()
        per_second, burst = rate.per_second * self.share, max(1.0, rate.burst * self.share)
        held, since = self._buckets.get(who, (burst, now))
        held = min(burst, held + (now - since) * per_second)
        if held < 1.0:
            self._buckets[who] = (held, now)
            return (1.0 - held) / per_second
        if len(self._buckets) >= self._many:
            self._forget(now)
        self._buckets[who] = (held - 1.0, now)
        return 0.0

    def _forget(self, now: float) -> None:
        oldest = now - LONGEST_SECONDS / self.share
        self._buckets = {who: bucket for who, bucket in self._buckets.items() if bucket[1] > oldest}
        self._many = max(MANY_BUCKETS, 2 * len(self._buckets))
