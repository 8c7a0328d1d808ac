"""Tests of probabilities of default on a grade or a portfolio.

ECB is *Instructions for reporting the validation results of internal models* (European Central Bank, February 2019),
section 2.5 and annex 3. BCBS 14 is Working Paper 14 of the Basel Committee, *Studies on the validation of internal
rating systems* (May 2005). Neither sets a threshold: whoever draws a traffic light at a p-value states a policy.
"""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from creditscore.errors import ParameterError
from creditscore.validation.inputs import Floats, Values, check_level, check_same_size, counts, vector

FACTOR_REACH = 9.0  # standard deviations of the systematic factor; beyond lies less than 1e-18
FACTOR_STEPS = 4001


@dataclass(frozen=True, slots=True)
class GradeAuc:
    """AUC on grades and the DeLong variance of it, NaN where a class has a single customer."""

    value: float
    variance: float


@dataclass(frozen=True, slots=True)
class AucComparison:
    """Current AUC against the one of the initial validation; a small ``p_value`` says the ranking got worse."""

    current: float
    initial: float
    variance: float
    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Concentration:
    """Concentration of customers in grades; a small ``p_value`` says it is higher than initially."""

    current: float
    initial: float
    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True)
class NormalTest:
    """Test over several years that the PD is not too low; a small ``p_value`` says it is."""

    statistic: float
    p_value: float


def jeffreys(default_probability: Values, customer_count: Values, default_count: Values) -> Floats:
    """Test each PD against its defaults; the hypothesis is that the applied PD is not too low (ECB 2.5.3).

    ``p = BetaCDF(PD; D + 1/2, N - D + 1/2)``: small where risk is understated.

    Parameters
    ----------
    default_probability
        Applied PD, in [0, 1].
    customer_count
        Performing customers with exposure at the start of the year.
    default_count
        Those of them that defaulted, each once.

    Returns
    -------
    Floats
        p-values, one for each element.

    Raises
    ------
    ParameterError
        If a PD lies outside [0, 1] or there are more defaults than customers.

    Examples
    --------
    >>> round(float(jeffreys(0.004, 400, 2)), 6)
    0.330878
    """
    p, n, d = (np.asarray(value, dtype=np.float64) for value in (default_probability, customer_count, default_count))
    if not (((p >= 0) & (p <= 1)).all() and (d >= 0).all() and (d <= n).all()):
        raise ParameterError(
            where="jeffreys",
            found="A PD lies outside [0, 1], or default_count outside [0, customer_count].",
            fix="Pass PD as fractions, and the customers that the defaults are counted among.",
        )
    return np.asarray(stats.beta.cdf(p, d + 0.5, n - d + 0.5), dtype=np.float64)


def auc_on_grades(customer_count: Values, default_count: Values) -> GradeAuc:
    """Return AUC and DeLong variance from counts by grade, safest grade first; ties count one half (ECB annex 3.1).

    Examples
    --------
    >>> round(auc_on_grades([400, 300, 100], [8, 21, 25]).value, 6)
    0.755685
    """
    total, bad = counts("customer_count", customer_count, at_least=2), counts("default_count", default_count)
    check_same_size(("customer_count", "default_count"), total, bad)
    good = total - bad
    if (good < 0).any() or 0 in (bad.sum(), good.sum()):
        raise ParameterError(
            where="default_count",
            found="A grade has more defaults than customers, or one of the two classes is empty.",
            fix="Count defaults among the customers of the same grade; AUC needs defaults and non-defaults.",
        )
    below = (np.cumsum(good) - good / 2) / good.sum()
    above = 1 - (np.cumsum(bad) - bad / 2) / bad.sum()
    variance = _counted_variance(below, bad) + _counted_variance(above, good)
    return GradeAuc(float((bad * below).sum() / bad.sum()), variance)


def current_against_initial_auc(customer_count: Values, default_count: Values, *, initial_auc: float) -> AucComparison:
    """Test whether grades rank worse now than at the initial validation (ECB 2.5.4).

    ``S = (AUC_initial - AUC_current) / s`` and ``p = 1 - Phi(S)``, where the initial AUC is taken as certain.
    Continuous PD are first mapped to the master scale; three colours are too coarse.

    Examples
    --------
    >>> round(current_against_initial_auc([400, 300, 100], [8, 21, 25], initial_auc=0.78).p_value, 6)
    0.230122
    """
    if not 0 <= initial_auc <= 1:
        raise ParameterError(where="initial_auc", found=f"It is {initial_auc}.", fix="Give an AUC in [0, 1].")
    current = auc_on_grades(customer_count, default_count)
    error = math.sqrt(current.variance) if current.variance > 0 else math.nan
    statistic = (initial_auc - current.value) / error
    return AucComparison(current.value, initial_auc, current.variance, statistic, float(stats.norm.sf(statistic)))


def concentration(current_count: Values, initial_count: Values) -> Concentration:
    """Test whether customers crowd into fewer grades than at the initial validation (ECB 2.5.5.3).

    ``CV = sqrt(K sum (R_i - 1/K)^2)`` with shares R of K grades; the index is
    ``HI = 1 + ln((CV^2 + 1)/K)/ln K``, 0 if all grades are equally full and 1 if one holds everybody. The statistic is
    NaN if the current CV is 0.

    Examples
    --------
    >>> round(concentration([105, 185, 87], [120, 150, 110]).current, 6)
    0.098987
    """
    now, then = counts("current_count", current_count, at_least=2), counts("initial_count", initial_count, at_least=2)
    check_same_size(("current_count", "initial_count"), now, then)
    variation, initial_variation = _variation("current_count", now), _variation("initial_count", then)
    square = variation**2
    statistic = math.nan
    if square > 0:
        statistic = math.sqrt(now.size - 1) * (variation - initial_variation) / math.sqrt(square * (0.5 + square))
    return Concentration(
        current=_herfindahl(variation, now.size),
        initial=_herfindahl(initial_variation, then.size),
        statistic=statistic,
        p_value=float(stats.norm.sf(statistic)),
    )


def correlated_binomial_critical(
    default_probability: float, customer_count: int, *, correlation: float = 0.0, level: float = 0.99
) -> int:
    """Return the smallest number of defaults that refutes a PD when defaults are correlated (BCBS 14, one factor).

    The smallest k with ``P(D >= k) <= 1 - level``, where given the factor x defaults are independent with
    ``p(x) = Phi((Phi^-1(PD) - sqrt(rho) x) / sqrt(1 - rho))``.

    Parameters
    ----------
    default_probability
        Applied PD, in (0, 1).
    customer_count
        Customers of the grade, 1 or more.
    correlation
        Asset correlation rho, in [0, 1).
    level
        Confidence level.

    Returns
    -------
    int
        ``customer_count + 1`` where no number of defaults refutes the PD.

    Examples
    --------
    >>> correlated_binomial_critical(0.01, 100, correlation=0.05)
    6
    """
    check_level(level)
    if not (0 < default_probability < 1 and 0 <= correlation < 1 and customer_count >= 1):
        raise ParameterError(
            where="correlated_binomial_critical",
            found=f"PD {default_probability}, correlation {correlation}, {customer_count} customers.",
            fix="Give a PD in (0, 1), a correlation in [0, 1) and at least one customer.",
        )
    factor = np.linspace(-FACTOR_REACH, FACTOR_REACH, FACTOR_STEPS)
    weight = stats.norm.pdf(factor) * (factor[1] - factor[0])
    threshold = stats.norm.ppf(default_probability)
    given = stats.norm.cdf((threshold - math.sqrt(correlation) * factor) / math.sqrt(1 - correlation))
    safe, refuted = 0, customer_count + 1  # P(D >= 0) = 1, P(D >= n + 1) = 0
    while refuted - safe > 1:
        middle = (safe + refuted) // 2
        tail = float((weight * stats.binom.sf(middle - 1, customer_count, given)).sum())
        safe, refuted = (safe, middle) if tail <= 1 - level else (middle, refuted)
    return refuted


def asset_correlation(default_probability: Values) -> Floats:
    """Return the asset correlation that Basel's risk weights give corporate borrowers, from 12 to 24 %.

    ``R = 0.12 (1 - exp(-50 PD))/(1 - exp(-50)) + 0.24 (1 - (1 - exp(-50 PD))/(1 - exp(-50)))``, without the adjustment
    for firm size [1]_. A supervisor's parameter for capital, so on the high side for a test of one year's defaults.

    Parameters
    ----------
    default_probability
        PD, in [0, 1].

    Raises
    ------
    ParameterError
        If a PD lies outside [0, 1].

    References
    ----------
    .. [1] Basel Committee, Basel Framework, CRE31.5 (risk weights of corporate exposures).

    Examples
    --------
    >>> round(float(asset_correlation(0.01)), 6)
    0.192784
    """
    p = np.asarray(default_probability, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise ParameterError(where="asset_correlation", found="A PD lies outside [0, 1].", fix="Pass PD as fractions.")
    risky = np.expm1(-50 * p) / np.expm1(-50.0)
    return np.asarray(0.12 * risky + 0.24 * (1 - risky), dtype=np.float64)


def normal_test(default_rate: Values, *, default_probability: float) -> NormalTest:
    """Test a PD against the default rates of several years (BCBS 14, normal test).

    ``z = sqrt(T) (mean rate - PD) / s`` with s the standard deviation of the yearly rates, so years may be correlated
    within but not between.

    Examples
    --------
    >>> round(normal_test([0.012, 0.009, 0.015, 0.011, 0.02], default_probability=0.01).statistic, 6)
    1.777208
    """
    rates = vector("default_rate", default_rate)
    if rates.size < 2 or not ((rates >= 0) & (rates <= 1)).all() or np.ptp(rates) == 0:  # noqa: PLR2004 - a variance needs two
        raise ParameterError(
            where="default_rate",
            found=f"{rates.size} rates, which are too few, all equal or not in [0, 1].",
            fix="Give the default rates of at least two years, as fractions.",
        )
    statistic = float(math.sqrt(rates.size) * (rates.mean() - default_probability) / rates.std(ddof=1))
    return NormalTest(statistic, float(stats.norm.sf(statistic)))


def _counted_variance(value: Floats, count: Floats) -> float:
    """Return the variance of a mean of values that occur ``count`` times each."""
    total = float(count.sum())
    if total < 2:  # noqa: PLR2004 - a variance needs two
        return math.nan
    mean = float((count * value).sum()) / total
    return float((count * (value - mean) ** 2).sum()) / (total - 1) / total


def _variation(where: str, count: Floats) -> float:
    if count.sum() == 0:
        raise ParameterError(where=where, found="All grades are empty.", fix="Count the customers of each grade.")
    share = count / count.sum()
    return math.sqrt(count.size * float(((share - 1 / count.size) ** 2).sum()))


def _herfindahl(variation: float, grade_count: int) -> float:
    return 1 + math.log((variation**2 + 1) / grade_count) / math.log(grade_count)
