"""Isotonic calibration: any rising curve, as the data say, yet smooth enough to keep customers apart."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

import numpy as np
from scipy.special import logit

from creditscore.errors import ParameterError
from creditscore.models.calibration.curve import POINTS, Curve
from creditscore.models.calibration.fields import floor_of
from creditscore.models.calibration.likelihood import backwards
from creditscore.models.calibration.rates import RateCalibration
from creditscore.models.calibration.shift import shift_to_mean
from creditscore.models.checks import Floats

JEFFREYS = 0.5  # defaults, and as many others, that every block is taken to have seen besides


class IsotonicCalibration(RateCalibration):
    """Log-odds of default as a rising curve through the centres of blocks of equal default rate.

    Plain isotonic regression [1]_ [2]_ gives steps: customers of one block tie, and a block without a default has a PD
    of 0, which no log-odds can hold and one default refutes at infinite cost. So here

    * rows, by rate, first come together in blocks of at least ``block_rows`` (equal rates stay together), because the
      ends of an isotonic fit are where it overfits; then neighbours that do not rise are pooled (PAV [1]_);
    * a block of n rows with d defaults has the rate ``(d + 1/2) / (n + 1)``, the mean of Jeffreys' posterior [3]_;
    * the block's rate stands at its centre, the mean log-odds of its rows, with straight lines in log-odds in between:
      centred isotonic regression [4]_, which is strictly rising between the centres. Beyond the outer centres the curve
      goes on with its mean slope, or with 1 if that is flatter, so that the order is strict there too;
    * a last shift in log-odds makes the mean PD of the calibration period equal to its default ratio.

    Parameters
    ----------
    floor
        Rates are clipped to ``[floor, 1 - floor]``.
    block_rows
        Fewest rows of a block, at least 1.

    Attributes
    ----------
    curve_ : Curve
        From log-odds of the forest to calibrated log-odds.

    References
    ----------
    .. [1] Ayer, M. et al. (1955). An empirical distribution function for sampling with incomplete information. Annals
       of Mathematical Statistics 26(4), 641-647. doi:10.1214/aoms/1177728423
    .. [2] Zadrozny, B., Elkan, C. (2002). Transforming classifier scores into accurate multiclass probability
       estimates. KDD 2002, 694-699. doi:10.1145/775047.775151
    .. [3] Brown, L. D., Cai, T. T., DasGupta, A. (2001). Interval estimation for a binomial proportion. Statistical
       Science 16(2), 101-133. doi:10.1214/ss/1009213286
    .. [4] Oron, A. P., Flournoy, N. (2017). Centered isotonic regression: point and interval estimation for
       dose-response studies. Statistics in Biopharmaceutical Research 9(3), 258-267.
       doi:10.1080/19466315.2017.1286256

    Examples
    --------
    >>> import numpy as np
    >>> rates = np.repeat([0.1, 0.3, 0.4], 100)
    >>> defaults = np.r_[np.arange(100) < 20, np.arange(100) < 52, np.arange(100) < 48]
    >>> calibration = IsotonicCalibration().fit(rates, defaults)
    >>> (1 / (1 + np.exp(-calibration.log_odds([0.1, 0.3, 0.4])))).round(3)
    array([0.202, 0.451, 0.547])
    """

    kind: ClassVar[str] = "isotonic"

    def __init__(self, *, floor: float = 1e-4, block_rows: int = 50) -> None:
        super().__init__(floor=floor)
        self.block_rows = block_rows

    def to_record(self) -> dict[str, Any]:
        """Return the points of the curve, the slope beyond them and the floor."""
        return {"kind": self.kind, **self.curve_.to_record(), "floor": self.floor}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Return the calibration with the record's curve."""
        read = cls(floor=floor_of(record))
        read.curve_ = Curve.from_record(record)
        return read

    def _learn(self, x: Floats, y: Floats) -> None:
        if self.block_rows < 1:
            raise ParameterError(where=self._where, found=f"block_rows is {self.block_rows}.", fix="Give 1 or more.")
        sizes, defaults, sums = pooled_blocks(*_blocks(x, y, least=self.block_rows))
        if len(sizes) < POINTS:
            raise backwards(self._where, "No block defaults more often than the one before")
        knots, values = sums / sizes, logit(_level(defaults, sizes))
        mean_slope = (values[-1] - values[0]) / (knots[-1] - knots[0])
        curve = Curve(knots, values, end_slope=float(min(mean_slope, 1.0)))
        self.curve_ = curve.raised(shift_to_mean(curve(x), goal=float(y.mean())))

    def _at(self, x: Floats) -> Floats:
        return self.curve_(x)


def pooled_blocks(sizes: Floats, defaults: Floats, sums: Floats) -> tuple[Floats, Floats, Floats]:
    """Pool neighbouring blocks until their smoothed default rates rise strictly.

    Parameters
    ----------
    sizes, defaults, sums
        Rows, defaults and summed log-odds of each block, lowest rate first.
    """
    kept: list[Floats] = []
    for given in np.column_stack([sizes, defaults, sums]):
        block = given
        while kept and _level(kept[-1][1], kept[-1][0]) >= _level(block[1], block[0]):
            block = kept.pop() + block
        kept.append(block)
    pooled = np.array(kept).T
    return pooled[0], pooled[1], pooled[2]


def _level(defaults: Any, sizes: Any) -> Any:  # noqa: ANN401 - one block or all of them
    return (defaults + JEFFREYS) / (sizes + 2 * JEFFREYS)


def _blocks(x: Floats, y: Floats, *, least: int) -> tuple[Floats, Floats, Floats]:
    """Return rows, defaults and summed log-odds of blocks of at least ``least`` rows, equal log-odds together."""
    places, of_row, sizes = np.unique(x, return_inverse=True, return_counts=True)
    starts = _starts(sizes, least=least)
    columns = (sizes, np.bincount(of_row, weights=y), places * sizes)
    rows, defaults, sums = (np.add.reduceat(column.astype(np.float64), starts) for column in columns)
    return rows, defaults, sums


def _starts(sizes: np.ndarray, *, least: int) -> list[int]:
    starts, rows = [0], 0
    for place, size in enumerate(sizes.tolist()):
        if rows >= least:
            starts.append(place)
            rows = 0
        rows += size
    return starts[:-1] if rows < least and len(starts) > 1 else starts
