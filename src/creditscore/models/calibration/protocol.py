"""What every calibration can do, whatever its family."""

from typing import Any, Protocol, Self

from numpy.typing import ArrayLike

from creditscore.models.checks import Floats


class Calibration(Protocol):
    """From a model's default rate to log-odds of default, never decreasing in the rate.

    A scikit-learn estimator: parameters are given when it is made, what it learned ends in ``_``, and ``clone`` copies
    it unfitted.
    """

    def fit(
        self, rates: ArrayLike, y: ArrayLike, *, groups: ArrayLike | None = None, days: ArrayLike | None = None
    ) -> Self:
        """Learn from rates (n,) in [0, 1] and labels (n,) of the calibration period.

        ``groups`` names the customer of each row and ``days`` its day of observation. Families with a few parameters
        weigh all rows alike and need neither; whoever counts customers or sets some of them aside does.
        """

    def log_odds(self, rates: ArrayLike) -> Floats:
        """Return the calibrated log-odds of default (n,) of rates (n,)."""

    def to_record(self) -> dict[str, Any]:
        """Return what was learned as plain JSON values, with a ``kind``; see :func:`calibration_of`."""

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: FBT001, FBT002 - scikit-learn's signature
        """Return the parameters by name."""
