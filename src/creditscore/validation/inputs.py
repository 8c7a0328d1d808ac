"""What every metric asks of its arguments, refused in one voice."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from creditscore.errors import ParameterError

Floats = npt.NDArray[np.float64]
Values = npt.ArrayLike


def vector(name: str, values: Values) -> Floats:
    """Return the values as one float64 vector, or refuse what is not numeric or not one-dimensional."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ParameterError(
            where=name, found="It holds values that are not numbers.", fix="Pass numbers; a missing one as NaN."
        ) from error
    if array.ndim != 1:
        raise ParameterError(
            where=name, found=f"It has {array.ndim} dimensions.", fix="Pass one value a row: a vector or a column."
        )
    return array


def ranked(default_flag: Values, ranking: Values) -> tuple[Floats, Floats]:
    """Return labels and ranking values of matured rows; both classes must be there.

    Raises
    ------
    ParameterError
        If lengths differ, nothing is given, a label is not 0 or 1, a ranking value is NaN, or only one class occurs.
    """
    flag, values = labelled(default_flag, ranking)
    default_count = int(flag.sum())
    if default_count in (0, flag.size):
        raise ParameterError(
            where="default_flag",
            found=f"All {flag.size} rows have the label {int(default_count > 0)}.",
            fix="Discrimination needs defaults and non-defaults: take a longer period or a larger portfolio.",
        )
    return flag, values


def labelled(default_flag: Values, values: Values) -> tuple[Floats, Floats]:
    """Return labels and values of equal length, without missing ones."""
    flag, numbers = vector("default_flag", default_flag), vector("default_probability", values)
    if flag.size != numbers.size:
        raise ParameterError(
            where="default_probability",
            found=f"It has {numbers.size} values for {flag.size} labels.",
            fix="Pass one value for each label.",
        )
    if flag.size == 0:
        raise ParameterError(where="default_flag", found="It is empty.", fix="Pass at least one row that has matured.")
    _check_flag(flag)
    _check_no_nan(numbers)
    return flag, numbers


def forecast(default_flag: Values, default_probability: Values) -> tuple[Floats, Floats]:
    """Return labels and probabilities in [0, 1]; one class is enough."""
    flag, probability = labelled(default_flag, default_probability)
    outside = int(((probability < 0) | (probability > 1)).sum())
    if outside:
        raise ParameterError(
            where="default_probability",
            found=f"{outside} of {probability.size} values lie outside [0, 1].",
            fix="Pass probabilities, not scores or log-odds.",
        )
    return flag, probability


def _check_flag(flag: Floats) -> None:
    missing = int(np.isnan(flag).sum())
    if missing:
        raise ParameterError(
            where="default_flag",
            found=f"{missing} of {flag.size} labels are missing.",
            fix="Drop the rows whose outcome window has not ended; never fill them.",
        )
    other = int(((flag != 0) & (flag != 1)).sum())
    if other:
        raise ParameterError(
            where="default_flag", found=f"{other} of {flag.size} labels are neither 0 nor 1.", fix="Pass 0 or 1."
        )


def _check_no_nan(numbers: Floats) -> None:
    missing = int(np.isnan(numbers).sum())
    if missing:
        raise ParameterError(
            where="default_probability",
            found=f"{missing} of {numbers.size} values are missing.",
            fix="Score these rows, or leave them out of labels and values alike and say so.",
        )


def check_level(level: float) -> None:
    """Refuse a confidence level outside (0, 1)."""
    if not 0 < level < 1:
        raise ParameterError(where="level", found=f"It is {level}.", fix="Give a confidence level such as 0.95.")


def check_bins(bins: int) -> None:
    """Refuse fewer than two bins."""
    if bins < 2:  # noqa: PLR2004 - one bin compares nothing
        raise ParameterError(where="bins", found=f"It is {bins}.", fix="Give at least 2 bins; 10 is customary.")


def counts(name: str, values: Values, *, at_least: int = 1) -> Floats:
    """Return counts a grade or category: finite, not negative, at least ``at_least`` of them."""
    array = vector(name, values)
    if array.size < at_least or not np.isfinite(array).all() or (array < 0).any():
        raise ParameterError(
            where=name,
            found=f"It has {array.size} values, {int((~(np.isfinite(array) & (array >= 0))).sum())} of them no count.",
            fix=f"Give one count of 0 or more for each class, at least {at_least}.",
        )
    return array


def check_same_size(names: Sequence[str], *arrays: Floats) -> None:
    """Refuse vectors that do not have one value for each of the same classes."""
    sizes = [array.size for array in arrays]
    if len(set(sizes)) > 1:
        raise ParameterError(
            where=", ".join(names),
            found=f"They have {sizes} values.",
            fix="Give one value for each class in all of them.",
        )


def customer_codes(customers: Values | None, size: int) -> tuple[npt.NDArray[np.intp], int]:
    """Return the customer of each row as a number, and how many there are; each row is its own where none is told."""
    if customers is None:
        return np.arange(size), size
    names, codes = np.unique(np.asarray(customers), return_inverse=True)
    if codes.size != size:
        raise ParameterError(
            where="customers", found=f"{codes.size} are given for {size} rows.", fix="Give one customer a row."
        )
    return codes, names.size
