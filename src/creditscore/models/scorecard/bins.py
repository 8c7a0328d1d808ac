"""Bins of one feature whose default rates follow its direction of risk."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from creditscore.models.checks import Floats

FINE = 50  # bins of about as many rows, before neighbours are merged
SMOOTHING = 0.5  # rows added to each side of a bin, so that one without a default has a finite weight
Block = tuple[float, float, int]  # defaults, rows, number of the last fine bin


@dataclass(frozen=True, eq=False)
class Bins:
    """Bins of one feature and how risky each is.

    Parameters
    ----------
    edges
        Highest value (b - 1,) of each bin but the last; ascending.
    weights
        Weight of evidence (b,) of each bin: its log-odds of default less those of all rows, above 0 if riskier.
    rows, defaults
        Rows (b,) and defaults (b,) of development.
    missing_weight
        Weight of a missing value.
    missing_rows, missing_defaults
        Rows without a value, and defaults among them.
    """

    edges: Floats
    weights: Floats
    rows: Floats
    defaults: Floats
    missing_weight: float
    missing_rows: float
    missing_defaults: float

    def weigh(self, values: Floats) -> Floats:
        """Return the weight of evidence (n,) of each value."""
        found = self.weights[np.searchsorted(self.edges, values, side="left")]
        return np.where(np.isnan(values), self.missing_weight, found)

    @property
    def information_value(self) -> float:
        """How far the bins tell defaults and others apart [1]_; below 0.02 they do not, above 0.3 strongly.

        References
        ----------
        .. [1] Siddiqi, N. (2017). Intelligent Credit Scoring, 2nd ed. Wiley, chapter 10.
        """
        rows = np.r_[self.rows, self.missing_rows]
        defaults = np.r_[self.defaults, self.missing_defaults]
        others = rows - defaults
        apart = defaults / max(defaults.sum(), 1) - others / max(others.sum(), 1)
        return float(np.sum(apart * np.r_[self.weights, self.missing_weight]))


def monotone_bins(values: Floats, y: Floats, *, direction: int, min_share: float) -> Bins:
    """Bin a feature so that the default rate rises from bin to bin, or falls, and no bin is small.

    Fine bins of about as many rows are pooled where they run against the direction (isotonic regression [1]_), then the
    neighbours of too small a bin are merged with it.

    Parameters
    ----------
    values
        Values (n,), missing as NaN.
    y
        Labels (n,), 0 or 1.
    direction
        1 if risk rises with the feature, -1 if it falls; of 0 the direction that tells more is taken.
    min_share
        Fewest rows of a bin, as a share of those with a value.

    References
    ----------
    .. [1] Barlow, R. E. et al. (1972). Statistical Inference under Order Restrictions. Wiley.
    """
    if direction == 0:
        both = [monotone_bins(values, y, direction=one, min_share=min_share) for one in (1, -1)]
        return max(both, key=lambda bins: bins.information_value)
    observed = ~np.isnan(values)
    known, labels = values[observed], y[observed]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, FINE + 1)[1:-1], method="lower")) if known.size else known
    fine = np.searchsorted(edges, known, side="left")
    rows: Floats = np.bincount(fine, minlength=len(edges) + 1).astype(np.float64)
    defaults: Floats = np.bincount(fine, weights=labels, minlength=len(edges) + 1).astype(np.float64)
    blocks = _merged(_pooled(rows, defaults, direction=direction), fewest=min_share * known.size)
    kept = np.array([[one[0], one[1]] for one in blocks])
    missing_rows, missing_defaults = float((~observed).sum()), float(y[~observed].sum())
    return Bins(
        edges[np.array([one[2] for one in blocks[:-1]], dtype=np.intp)],
        _weight(kept[:, 0], kept[:, 1], y),
        kept[:, 1],
        kept[:, 0],
        float(_weight(np.array([missing_defaults]), np.array([missing_rows]), y)[0]) if missing_rows else 0.0,
        missing_rows,
        missing_defaults,
    )


def _weight(defaults: Floats, rows: Floats, y: Floats) -> Floats:
    """Return the log-odds of each bin, drawn a little to those of all rows, less those of all rows."""
    share = float(y.mean())
    odds = (defaults + 2 * SMOOTHING * share) / (rows - defaults + 2 * SMOOTHING * (1 - share))
    return np.asarray(np.log(odds) - np.log(share / (1 - share)))


def _pooled(rows: Floats, defaults: Floats, *, direction: int) -> list[Block]:
    """Pool neighbours whose default rates run against the direction."""
    blocks: list[Block] = []
    for number, (many, bad) in enumerate(zip(rows.tolist(), defaults.tolist(), strict=True)):
        block = (bad, many, number)
        while blocks and _against(blocks[-1], block, direction=direction):
            before = blocks.pop()
            block = (before[0] + block[0], before[1] + block[1], number)
        blocks.append(block)
    return blocks


def _against(before: Block, block: Block, *, direction: int) -> bool:
    """Tell whether the step between two blocks is none, or one against the direction."""
    return direction * (before[0] * block[1] - block[0] * before[1]) >= 0


def _merged(blocks: list[Block], *, fewest: float) -> list[Block]:
    """Merge the smallest block with the neighbour of the nearer default rate until none has too few rows."""
    merged = list(blocks)
    while len(merged) > 1:
        small = min(range(len(merged)), key=lambda place: merged[place][1])
        if merged[small][1] >= fewest:
            break
        other = min(_neighbours(small, len(merged)), key=lambda place: abs(_rate(merged[place]) - _rate(merged[small])))
        first, second = sorted((small, other))
        joined = (merged[first][0] + merged[second][0], merged[first][1] + merged[second][1], merged[second][2])
        merged[first : second + 1] = [joined]
    return merged


def _neighbours(place: int, count: int) -> Iterator[int]:
    yield from (one for one in (place - 1, place + 1) if 0 <= one < count)


def _rate(block: Block) -> float:
    return block[0] / block[1] if block[1] else 0.0
