"""Whether probabilities of default mean what they say."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import special, stats

from creditscore.errors import ParameterError
from creditscore.validation.binning import Codes, codes_of, quantile_edges
from creditscore.validation.estimate import Estimate, normal_estimate
from creditscore.validation.inputs import Floats, Values, check_bins, check_level, forecast


@dataclass(frozen=True, slots=True)
class BrierDecomposition:
    """Parts of the Brier score: ``brier = reliability - resolution + uncertainty + within_bins``, exactly.

    ``within_bins`` is what forecasts that differ inside one bin add [1]_; it is 0 if every distinct forecast is a bin.

    References
    ----------
    .. [1] Stephenson, Coelho, Jolliffe (2008), Weather and Forecasting 23(4), 752-757. doi:10.1175/2007WAF2006116.1
    """

    brier: float
    reliability: float
    resolution: float
    uncertainty: float
    within_bins: float


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Customers with neighbouring PD: what was forecast and what came.

    ``rate_low`` and ``rate_high`` bound the default rate (Jeffreys); ``p_value`` is the one-sided Jeffreys test that
    the mean PD is not too low.
    """

    customer_count: int
    default_count: int
    mean_default_probability: float
    default_rate: float
    rate_low: float
    rate_high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class ChiSquare:
    """A chi-square statistic, its degrees of freedom and the p-value of a larger one."""

    statistic: float
    degrees_of_freedom: int
    p_value: float


def brier(default_flag: Values, default_probability: Values, *, level: float = 0.95) -> Estimate:
    """Return the Brier score, the mean of ``(PD - default_flag)^2`` in [0, 1], with its normal interval.

    References
    ----------
    .. [1] Brier (1950), Monthly Weather Review 78(1), 1-3.

    Examples
    --------
    >>> round(brier([0, 1, 0, 0], [0.1, 0.6, 0.2, 0.1]).value, 6)
    0.055
    """
    flag, probability = forecast(default_flag, default_probability)
    return _mean_estimate((probability - flag) ** 2, level=level, highest=1.0)


def brier_decomposition(
    default_flag: Values, default_probability: Values, *, bins: int | None = None
) -> BrierDecomposition:
    """Split the Brier score into reliability, resolution and uncertainty [1]_.

    Parameters
    ----------
    default_flag, default_probability
        Matured outcomes and their PD.
    bins
        Number of equally filled bins; by default each distinct PD is a bin of its own, as in Murphy's paper.

    References
    ----------
    .. [1] Murphy (1973), Journal of Applied Meteorology 12(4), 595-600.
       doi:10.1175/1520-0450(1973)012<0595:ANVPOT>2.0.CO;2

    Examples
    --------
    >>> parts = brier_decomposition([0, 1, 0, 1], [0.2, 0.2, 0.7, 0.7])
    >>> round(parts.reliability, 6), round(parts.resolution, 6), round(parts.uncertainty, 6)
    (0.065, 0.0, 0.25)
    """
    if bins is not None:
        check_bins(bins)
    flag, probability = forecast(default_flag, default_probability)
    count, default_count, forecast_sum = _per_bin(_bins_of(probability, bins), flag, probability)
    base = flag.mean()
    reliability = float((count * (forecast_sum / count - default_count / count) ** 2).sum() / flag.size)
    resolution = float((count * (default_count / count - base) ** 2).sum() / flag.size)
    uncertainty = float(base * (1 - base))
    score = float(((probability - flag) ** 2).mean())
    within = score - (reliability - resolution + uncertainty) if bins is not None else 0.0
    return BrierDecomposition(score, reliability, resolution, uncertainty, within)


def log_loss(default_flag: Values, default_probability: Values, *, level: float = 0.95) -> Estimate:
    """Return the mean negative log-likelihood in nats, with its normal interval.

    Nothing is clipped: a PD of 0 for a customer that defaulted, or of 1 for one that did not, costs infinity.

    >>> round(log_loss([0, 1], [0.1, 0.9]).value, 6)
    0.105361
    """
    flag, probability = forecast(default_flag, default_probability)
    log_likelihood = special.xlogy(flag, probability) + special.xlog1py(1 - flag, -probability)
    return _mean_estimate(-np.asarray(log_likelihood, dtype=np.float64), level=level)


def calibration_table(
    default_flag: Values, default_probability: Values, *, bins: int = 10, level: float = 0.95
) -> tuple[CalibrationBin, ...]:
    """Compare mean PD and default rate in equally filled bins, lowest PD first.

    Equal PD stay together, so there may be fewer bins than asked for. The interval of the rate is Jeffreys' (equal
    tails; 0 or 1 is kept where nobody or everybody defaulted) [1]_.

    References
    ----------
    .. [1] Brown, Cai, DasGupta (2001), Statistical Science 16(2), 101-133. doi:10.1214/ss/1009213286

    Examples
    --------
    >>> table = calibration_table([0, 0, 0, 1], [0.1, 0.1, 0.3, 0.4], bins=2)
    >>> [(row.customer_count, row.default_rate) for row in table]
    [(2, 0.0), (2, 0.5)]
    """
    check_level(level)
    check_bins(bins)
    flag, probability = forecast(default_flag, default_probability)
    count, default_count, forecast_sum = _per_bin(_bins_of(probability, bins), flag, probability)
    low, high = jeffreys_interval(count, default_count, level=level)
    mean = forecast_sum / count
    p_value = np.asarray(stats.beta.cdf(mean, default_count + 0.5, count - default_count + 0.5))
    return tuple(
        CalibrationBin(int(n), int(d), float(m), float(d / n), float(lo), float(hi), float(p))
        for n, d, m, lo, hi, p in zip(count, default_count, mean, low, high, p_value, strict=True)
    )


def jeffreys_interval(customer_count: Values, default_count: Values, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return Jeffreys' interval of default rates (Brown, Cai, DasGupta 2001, section 3.1.3).

    Raises
    ------
    ParameterError
        If a class has no customer, or its defaults are not among them.

    Examples
    --------
    >>> low, high = jeffreys_interval([400], [2])
    >>> round(float(low[0]), 6), round(float(high[0]), 6)
    (0.00104, 0.015942)
    """
    check_level(level)
    n, d = np.asarray(customer_count, dtype=np.float64), np.asarray(default_count, dtype=np.float64)
    if not ((n > 0) & (d >= 0) & (d <= n)).all():
        raise ParameterError(
            where="jeffreys_interval",
            found="A class has no customer, or more defaults than customers.",
            fix="Give 0 <= default_count <= customer_count and at least one customer.",
        )
    low = np.where(d == 0, 0.0, stats.beta.ppf((1 - level) / 2, d + 0.5, n - d + 0.5))
    high = np.where(d == n, 1.0, stats.beta.ppf((1 + level) / 2, d + 0.5, n - d + 0.5))
    return low, high


def expected_calibration_error(default_flag: Values, default_probability: Values, *, bins: int = 10) -> float:
    """Return the mean absolute gap between mean PD and default rate over equally filled bins, weighted by customers.

    Sampling alone makes it positive; compare with :func:`calibration_error_by_chance`.

    References
    ----------
    .. [1] Naeini, Cooper, Hauskrecht (2015), AAAI 29(1), 2901-2907. doi:10.1609/aaai.v29i1.9602

    Examples
    --------
    >>> round(expected_calibration_error([0, 0, 0, 1], [0.1, 0.1, 0.3, 0.4], bins=2), 6)
    0.125
    """
    check_bins(bins)
    flag, probability = forecast(default_flag, default_probability)
    _, default_count, forecast_sum = _per_bin(_bins_of(probability, bins), flag, probability)
    return float(np.abs(forecast_sum - default_count).sum() / flag.size)


def calibration_error_by_chance(default_probability: Values, *, bins: int = 10) -> float:
    """Return the calibration error to expect from sampling if every PD were exactly right.

    Each bin's gap is then nearly normal with variance ``sum PD (1 - PD)``, so its mean absolute value is ``sqrt(2/pi)``
    standard deviations.

    >>> round(calibration_error_by_chance([0.1] * 100), 6)
    0.023937
    """
    check_bins(bins)
    probability = forecast(np.zeros(np.size(default_probability)), default_probability)[1]
    variance = np.bincount(_bins_of(probability, bins), weights=probability * (1 - probability))
    return float(math.sqrt(2 / math.pi) * np.sqrt(variance).sum() / probability.size)


def hosmer_lemeshow(default_flag: Values, default_probability: Values, *, bins: int = 10) -> ChiSquare:
    """Test the PD of equally filled bins together [1]_.

    ``T = sum (n_i p_i - d_i)^2 / (n_i p_i (1 - p_i))`` with as many degrees of freedom as bins, because the PD are
    forecasts and were not fitted to these outcomes (two fewer if they were).

    Raises
    ------
    ParameterError
        If the mean PD of a bin is 0 or 1.

    References
    ----------
    .. [1] Hosmer, Lemeshow (1980), Communications in Statistics A9(10), 1043-1069. doi:10.1080/03610928008827941;
       Basel Committee, Working Paper 14 (2005).

    Examples
    --------
    >>> round(hosmer_lemeshow([0, 1, 0, 1], [0.2, 0.2, 0.7, 0.7], bins=2).statistic, 6)
    1.505952
    """
    check_bins(bins)
    flag, probability = forecast(default_flag, default_probability)
    count, default_count, forecast_sum = _per_bin(_bins_of(probability, bins), flag, probability)
    return chi_square(forecast_sum / count, count, default_count)


def chi_square(default_probability: Values, customer_count: Values, default_count: Values) -> ChiSquare:
    """Test the PD of several grades together, as :func:`hosmer_lemeshow` does for bins; empty grades are left out.

    >>> round(chi_square([0.01, 0.05], [400, 300], [8, 21]).statistic, 6)
    6.56672
    """
    p, n, d = (np.asarray(values, dtype=np.float64) for values in (default_probability, customer_count, default_count))
    p, n, d = p[n > 0], n[n > 0], d[n > 0]
    if p.size == 0 or not ((p > 0) & (p < 1)).all():
        raise ParameterError(
            where="default_probability",
            found=f"{int((~((p > 0) & (p < 1))).sum())} of {p.size} filled classes have a PD of 0 or 1, or none.",
            fix="Give a PD between 0 and 1 for each class, and at least one customer.",
        )
    statistic = float(((n * p - d) ** 2 / (n * p * (1 - p))).sum())
    return ChiSquare(statistic, int(p.size), float(stats.chi2.sf(statistic, p.size)))


def _mean_estimate(values: Floats, *, level: float, highest: float = math.inf) -> Estimate:
    mean = float(values.mean())
    if values.size == 1 or not math.isfinite(mean):
        return normal_estimate(mean, math.nan, level=level)
    error = float(values.std(ddof=1)) / math.sqrt(values.size)
    return normal_estimate(mean, error, level=level, lowest=0.0, highest=highest)


def _bins_of(probability: Floats, bins: int | None) -> Codes:
    if bins is None:
        return np.unique(probability, return_inverse=True)[1]
    return codes_of(probability, quantile_edges(probability, bins))


def _per_bin(code: Codes, flag: Floats, probability: Floats) -> tuple[Floats, Floats, Floats]:
    """Return customers, defaults and summed PD of the bins that hold somebody."""
    count = np.bincount(code).astype(np.float64)
    filled = count > 0
    default_count: Floats = np.bincount(code, weights=flag).astype(np.float64)
    forecast_sum: Floats = np.bincount(code, weights=probability).astype(np.float64)
    return count[filled], default_count[filled], forecast_sum[filled]
