"""Portfolios with hardly a default: prudent upper bounds instead of estimates."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logit

from creditscore.errors import ParameterError
from creditscore.models.calibration.curve import Curve
from creditscore.models.calibration.customers import codes_of
from creditscore.models.calibration.fields import count, floor_of, number
from creditscore.models.calibration.prudent import checked_confidence, most_prudent_rates
from creditscore.models.calibration.rates import RateCalibration
from creditscore.models.checks import Floats, checked_labels

FEWEST_GRADES = 2


class LowDefaultCalibration(RateCalibration):
    """The most prudent PD that a period with few or no defaults does not refute, grade by grade [1]_.

    Customers are cut by their rate into grades of about equal size; :func:`most_prudent_rates` bounds each grade's PD.
    The bound stands at the grade's centre, the mean log-odds of its customers, with straight lines in log-odds in
    between; before the first and after the last centre it stays level, because no evidence reaches further. Defaults
    are taken for independent, so a customer that is observed on several days counts once, with the mean of its
    log-odds, and as a default if it ever was one.

    Parameters
    ----------
    floor
        Rates are clipped to ``[floor, 1 - floor]``.
    grades
        Number of grades, at least 2.
    confidence
        Probability in (0, 1) that the bound is not too low, grade by grade. This is prudence, hence policy: the authors
        find levels below 95 % plausible, and 50 % gives a median.

    Attributes
    ----------
    curve_ : Curve
        From log-odds of the forest to the log-odds of the bounds.
    default_count_, customer_count_ : int
        What it rests on; part of the record, so that a thin basis stays visible.

    References
    ----------
    .. [1] Pluto, K., Tasche, D. (2005). Estimating probabilities of default for low default portfolios.
       arXiv:cond-mat/0411699. Also in Engelmann, Rauhmeier (eds.), The Basel II Risk Parameters, Springer 2006.

    Examples
    --------
    >>> import numpy as np
    >>> rates = np.repeat([0.01, 0.02], 100)
    >>> calibration = LowDefaultCalibration(grades=2, confidence=0.75).fit(rates, np.zeros(200))
    >>> (1 / (1 + np.exp(-calibration.log_odds([0.01, 0.02])))).round(6)
    array([0.006908, 0.013767])
    """

    kind: ClassVar[str] = "low_default"
    both_classes: ClassVar[bool] = False

    def __init__(self, *, floor: float = 1e-4, grades: int = 5, confidence: float = 0.75) -> None:
        super().__init__(floor=floor)
        self.grades = grades
        self.confidence = confidence

    def fit(
        self,
        rates: ArrayLike,
        y: ArrayLike,
        *,
        groups: ArrayLike | None = None,
        days: ArrayLike | None = None,  # noqa: ARG002 - a customer counts once, whenever it was seen
    ) -> Self:
        """Bound the default rates of the grades of a period, in which nobody needs to have defaulted.

        Parameters
        ----------
        rates
            Default rates in [0, 1].
        y
            1 for a default, 0 for none.
        groups
            Customer of each row; each row is a customer of its own where ``None``.
        days
            Not needed; all calibrations are called alike.

        Raises
        ------
        ParameterError
            If a parameter, a rate or a label is out of range, everybody defaulted, or the rates make fewer than two
            grades.
        """
        x = self._forest_log_odds(rates)
        labels = checked_labels(self._where, y, rows=len(x), both=False)
        self._refuse_equal(x)
        codes = codes_of(self._where, groups, rows=len(x), name="groups")
        mean = np.bincount(codes, weights=x) / np.bincount(codes)
        self._learn(mean, (np.bincount(codes, weights=labels) > 0).astype(np.float64))
        return self

    def to_record(self) -> dict[str, Any]:
        """Return the points of the curve, the floor, and how many defaults and customers they rest on."""
        return {
            "kind": self.kind,
            **self.curve_.to_record(),
            "floor": self.floor,
            "confidence": self.confidence,
            "default_count": self.default_count_,
            "customer_count": self.customer_count_,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the calibration with the record's curve."""
        confidence = checked_confidence("calibration_of", number(record, "confidence"))
        read = cls(floor=floor_of(record), confidence=confidence)
        read.curve_ = Curve.from_record(record)
        read.default_count_, read.customer_count_ = count(record, "default_count"), count(record, "customer_count")
        return read

    def _learn(self, x: Floats, y: Floats) -> None:
        grade = self._grades_of(x)
        customers, defaults = np.bincount(grade), np.bincount(grade, weights=y)
        bounds = most_prudent_rates(customers, defaults, confidence=self.confidence)
        self.curve_ = Curve(np.bincount(grade, weights=x) / customers, logit(bounds), end_slope=0.0)
        self.default_count_, self.customer_count_ = int(y.sum()), len(y)

    def _at(self, x: Floats) -> Floats:
        return self.curve_(x)

    def _grades_of(self, x: Floats) -> np.ndarray:
        if self.grades < FEWEST_GRADES:
            raise ParameterError(where=self._where, found=f"grades is {self.grades}.", fix="Give 2 or more.")
        edges = np.quantile(x, np.arange(1, self.grades) / self.grades)
        grades, code = np.unique(np.searchsorted(edges, x, side="left"), return_inverse=True)
        if len(grades) < FEWEST_GRADES:
            raise ParameterError(
                where=self._where,
                found="Nearly all rates are equal, so they make a single grade.",
                fix="Give more grades, or a forest that tells cases apart.",
            )
        return code
