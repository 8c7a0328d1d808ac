"""Independent rows: 60 features of made-up customers, whose risk is spread over 34 of them.

Values are missing, part of them because the customer is a risk. A declared direction holds all else equal. In the later
part the customers, the base rate and the weights have drifted.

Run by the benchmark as a process of its own: ``python -m forest_data.independent FOLDER ROWS``.
"""

import json
import sys
from pathlib import Path

import numpy as np

from forest_data.files import LATER, LEARNED, Floats, Part, save, save_declared

FEATURES, FACTORS = 60, 6
DIRECTED = 30  # the first features: risk rises or falls with them, all else equal
BENT = 4  # the next: both ends are a risk
PAIRS = ((0, 7), (1, 10), (2, 5), (3, 12), (4, 9), (6, 11))  # risky together more than each alone
DEFAULT_RATE, LATER_RATE = 0.035, 0.045


def write(folder: Path, rows: int) -> str:
    """Write rows to learn from, and later ones of a quarter of their number that judge; tell what they are."""
    random = np.random.default_rng(7)
    model = _model(random)
    told = [f"{FEATURES} features, {DIRECTED} with a direction"]
    for name, count in ((LEARNED, rows), (LATER, rows // 4)):
        part = Part(*_portfolio(random, model, count, later=name == LATER), np.arange(count))
        save(folder, name, part)
        told.append(f"{name}: {part}")
    directions = np.where(np.arange(FEATURES) < DIRECTED, model["signs"], 0.0).astype(int).tolist()
    save_declared(folder, monotone=directions, lenient=[True] * FEATURES)
    return "\n".join(told)


def _model(random: np.random.Generator) -> dict[str, Floats]:
    """Draw what risk is made of: the customers' factors, and a weight for each feature, most of them small."""
    weights = random.permutation(np.r_[0.5 * 0.93 ** np.arange(DIRECTED)])
    return {
        "loadings": random.normal(0, 1, (FACTORS, FEATURES)) * random.binomial(1, 0.3, (FACTORS, FEATURES)),
        "signs": random.choice([-1.0, 1.0], FEATURES),
        "weights": weights,
        "later_weights": weights * random.uniform(0.6, 1.2, DIRECTED),
        "missing": random.choice([0.0, 0.02, 0.05, 0.2], FEATURES),
        "tells": random.choice([0.0, 0.0, 0.8], FEATURES),  # how much more often the risky lack a value
    }


def _portfolio(
    random: np.random.Generator, model: dict[str, Floats], rows: int, *, later: bool
) -> tuple[Floats, Floats]:
    factors = random.normal(0.3 * later, 1.0, (rows, FACTORS))
    noise = random.standard_t(6, (rows, FEATURES))
    told = factors @ model["loadings"] + noise
    told /= np.sqrt(1.5 + (model["loadings"] ** 2).sum(axis=0))
    risky = told * model["signs"]
    log_odds = np.tanh(risky[:, :DIRECTED]) @ model["later_weights" if later else "weights"]
    log_odds += 0.3 * np.abs(risky[:, DIRECTED : DIRECTED + BENT]).sum(axis=1)
    for one, other in PAIRS:
        log_odds += 0.5 * np.maximum(risky[:, one], 0) * np.maximum(risky[:, other], 0)
    log_odds += _intercept(log_odds, LATER_RATE if later else DEFAULT_RATE)
    y = (random.random(rows) < _expit(log_odds)).astype(float)
    gone = random.random((rows, FEATURES)) < (1.5 if later else 1.0) * model["missing"] * np.exp(
        model["tells"] * np.clip(log_odds + 3.5, -1.5, 1.5)[:, None]
    )
    return np.where(gone, np.nan, _as_reported(told)), y


def _as_reported(told: Floats) -> Floats:
    """Give the features the shapes of a portfolio: ratios, amounts, counts, shares with many zeros, whole days."""
    shaped = told.copy()
    shaped[:, 1::5] = np.round(np.exp(10 + 1.5 * told[:, 1::5]), 2)
    shaped[:, 2::5] = np.floor(np.exp(1 + told[:, 2::5]))
    shaped[:, 3::5] = np.maximum(_expit(told[:, 3::5]) - 0.4, 0.0)
    shaped[:, 4::5] = np.round(20 * told[:, 4::5])
    return shaped


def _expit(log_odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-log_odds))


def _intercept(log_odds: Floats, goal: float) -> float:
    """Return what brings the mean default rate to its goal, by halving."""
    low, high = -30.0, 30.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _expit(log_odds + middle).mean() < goal else (low, middle)
    return low


if __name__ == "__main__":
    print(json.dumps(write(Path(sys.argv[1]), int(sys.argv[2]))))
