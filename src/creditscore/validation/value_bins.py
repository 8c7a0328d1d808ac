"""Default rates along one value, such as a feature: in equally filled bins, missing values in a bin of their own."""

import math
from dataclasses import dataclass

import numpy as np

from creditscore.validation.binning import Codes, atom_edges, codes_of
from creditscore.validation.calibration import jeffreys_interval
from creditscore.validation.inputs import Floats, Values, check_bins, labelled, vector


@dataclass(frozen=True, slots=True)
class ValueBin:
    """The customers whose value lies in one bin, and how many of them defaulted.

    Parameters
    ----------
    low_value, high_value
        Smallest and largest value in the bin; both NaN for the bin of missing values.
    customer_count, default_count
        Customers, and those of them that defaulted.
    default_rate, rate_low, rate_high
        Share that defaulted, with Jeffreys' interval.
    """

    low_value: float
    high_value: float
    customer_count: int
    default_count: int
    default_rate: float
    rate_low: float
    rate_high: float

    @property
    def missing_flag(self) -> bool:
        """Whether it is the bin of missing values."""
        return math.isnan(self.low_value)


def default_rates_by_value(
    default_flag: Values, values: Values, *, bins: int = 5, level: float = 0.95
) -> tuple[ValueBin, ...]:
    """Return the default rate in equally filled bins of a value, lowest first, and last that of missing values.

    Equal values stay together, and one that fills a bin alone, such as the zeros of a count, has it to itself, so there
    may be fewer or more bins than asked for. The interval is Jeffreys' [1]_.

    Parameters
    ----------
    default_flag
        Matured outcomes, 0 or 1.
    values
        One value for each; NaN where it is missing.
    bins
        Bins of equal size to aim at, 2 or more.
    level
        Confidence level of the interval.

    Raises
    ------
    ParameterError
        If nothing is given, a label is missing or not 0 or 1, or lengths differ.

    References
    ----------
    .. [1] Brown, Cai, DasGupta (2001), Statistical Science 16(2), 101-133. doi:10.1214/ss/1009213286

    Examples
    --------
    >>> found = default_rates_by_value([0, 0, 1, 1, 0], [0.0, 0.0, 2.0, 3.0, float("nan")], bins=2)
    >>> [(one.low_value, one.high_value, one.customer_count, one.default_rate) for one in found]
    [(0.0, 0.0, 2, 0.0), (2.0, 3.0, 2, 1.0), (nan, nan, 1, 0.0)]
    """
    check_bins(bins)
    numbers = vector("values", values)
    flag, _ = labelled(default_flag, np.nan_to_num(numbers))
    codes = _codes(numbers, bins)
    inside = [codes == code for code in np.unique(codes)]
    customers, defaults = [int(place.sum()) for place in inside], [int(flag[place].sum()) for place in inside]
    low, high = jeffreys_interval(customers, defaults, level=level)
    return tuple(
        ValueBin(float(numbers[place].min()), float(numbers[place].max()), n, d, d / n, float(bottom), float(top))
        for place, n, d, bottom, top in zip(inside, customers, defaults, low, high, strict=True)
    )


def _codes(numbers: Floats, bins: int) -> Codes:
    """Return the bin of each value; the missing ones come last."""
    present = numbers[~np.isnan(numbers)]
    edges = atom_edges(present, bins) if present.size else np.array([])
    return np.where(np.isnan(numbers), len(edges) + 1, codes_of(numbers, edges))
