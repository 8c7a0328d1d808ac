"""Beta calibration: a curve that may bend differently at low and at high rates."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import numpy as np

from creditscore.models.calibration.fields import broken, floor_of, number
from creditscore.models.calibration.likelihood import backwards, maximum_likelihood, refuse_separated
from creditscore.models.calibration.rates import RateCalibration
from creditscore.models.checks import Floats


class BetaCalibration(RateCalibration):
    """Log-odds of default as ``intercept + a ln(rate) - b ln(1 - rate)`` with ``a, b >= 0`` [1]_.

    It is the right family if the rates of defaulters and of others follow beta distributions; ``a = b`` is the logistic
    one. Good rates are governed by ``a``, bad ones by ``b``, so a forest that is too timid among good customers only
    can be mended there. Maximum likelihood; where the likeliest ``a`` or ``b`` is negative, which would turn an order
    round, the likeliest curve without that term is taken, as in the paper.

    Parameters
    ----------
    floor
        Rates are clipped to ``[floor, 1 - floor]``.

    Attributes
    ----------
    a_, b_ : float
        At least 0, and one of them above 0.
    intercept_ : float
        Shift in log-odds.

    References
    ----------
    .. [1] Kull, M., Silva Filho, T. M., Flach, P. (2017). Beyond sigmoids: how to obtain well-calibrated probabilities
       from binary classifiers with beta calibration. Electronic Journal of Statistics 11(2), 5052-5080.
       doi:10.1214/17-EJS1338SI

    Examples
    --------
    >>> import numpy as np
    >>> rates = np.repeat([0.1, 0.4, 0.8], 100)
    >>> defaults = np.r_[np.arange(100) < 20, np.arange(100) < 50, np.arange(100) < 60]
    >>> calibration = BetaCalibration().fit(rates, defaults)
    >>> (1 / (1 + np.exp(-calibration.log_odds([0.1, 0.4, 0.8])))).round(3)
    array([0.21 , 0.471, 0.62 ])
    """

    kind: ClassVar[str] = "beta"

    def to_record(self) -> dict[str, Any]:
        """Return a, b, intercept and floor."""
        return {"kind": self.kind, "a": self.a_, "b": self.b_, "intercept": self.intercept_, "floor": self.floor}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the calibration with the record's a and b, at least 0 and not both 0, and intercept."""
        read = cls(floor=floor_of(record))
        read.a_, read.b_ = number(record, "a", low=0.0), number(record, "b", low=0.0)
        read.intercept_ = number(record, "intercept")
        if read.a_ + read.b_ == 0:
            raise broken("`a` and `b` are both 0")
        return read

    def _learn(self, x: Floats, y: Floats) -> None:
        refuse_separated(self._where, x, y)
        columns = _columns(x)
        found = _feasible(columns, y, [(0, 1)])
        if found is None:
            found = _feasible(columns, y, [(0,), (1,)])
        if found is None:
            raise backwards(self._where, "Neither a nor b is above 0")
        self.intercept_, self.a_, self.b_ = (float(value) for value in found)

    def _at(self, x: Floats) -> Floats:
        low, high = _columns(x).T
        return self.intercept_ + self.a_ * low + self.b_ * high


def _columns(x: Floats) -> Floats:
    """Return ``ln(rate)`` and ``-ln(1 - rate)`` of log-odds of the rate; both rise."""
    return np.column_stack([-np.logaddexp(0, -x), np.logaddexp(0, x)])


def _feasible(columns: Floats, y: Floats, choices: Sequence[tuple[int, ...]]) -> Floats | None:
    """Return intercept, a and b of the likeliest choice of columns whose coefficients are above 0, if there is one.

    The likelihood is concave, so if the likeliest curve of both columns is not allowed, the best that is lies on an
    edge, where one of the coefficients is 0.
    """
    allowed: list[tuple[float, Floats]] = []
    for chosen in choices:
        beta, loss = maximum_likelihood(columns[:, chosen], y)
        if (beta[1:] > 0).all():
            whole = np.zeros(3)
            whole[[0, *(1 + index for index in chosen)]] = beta
            allowed.append((loss, whole))
    return min(allowed, key=lambda pair: pair[0])[1] if allowed else None
