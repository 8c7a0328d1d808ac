"""The forest against scikit-learn's: time, memory and out-of-time AUC of one fit of each.

Run: .venv/bin/python benchmarks/forest.py [--rows 500000]

The rows are simulated: 60 features of a portfolio with defaults of a few percent and values missing, part of them
because the customer is a risk; a later part, whose customers, base rate and weights have drifted, judges. Each forest
is a process of its own, which reads the same files, fits and ranks the later part; imports and reading are not timed.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import numpy as np

FEATURES, FACTORS = 60, 6
DIRECTED = 30  # the first features: risk rises or falls with them, all else equal
BENT = 4  # the next: both ends are a risk
PAIRS = ((0, 7), (1, 10), (2, 5), (3, 12), (4, 9), (6, 11))  # risky together more than each alone
DEFAULT_RATE, LATER_RATE = 0.035, 0.045
HEADINGS = ("forest", "fit s", "CPU s", "peak GiB", "later AUC", "95 % interval", "less reference", "p", "times faster")
LINE = "{:<34} {:>8} {:>8} {:>9} {:>10} {:>16} {:>19} {:>8} {:>13}"

Floats = np.ndarray[Any, np.dtype[np.float64]]


class Forest(Protocol):
    """What is compared."""

    def fit(self, X: Floats, y: Floats) -> object:
        """Learn from rows and labels."""

    def predict_proba(self, X: Floats) -> Floats:
        """Return the probabilities of no default and of default."""


def simulate(folder: Path, rows: int) -> str:
    """Write a portfolio to learn from, a later one of a quarter of its size, and the directions; tell what they are."""
    random = np.random.default_rng(7)
    model = _model(random)
    told = []
    for part, count, later in (("learned", rows, False), ("later", rows // 4, True)):
        X, y = _portfolio(random, model, count, later=later)
        np.save(folder / f"{part}_X.npy", X)
        np.save(folder / f"{part}_y.npy", y)
        told.append(f"{count:,} rows {part}, {y.mean():.1%} default, {np.isnan(X).mean():.1%} of their values missing")
    np.save(folder / "directions.npy", np.where(np.arange(FEATURES) < DIRECTED, model["signs"], 0.0))
    return "; ".join(told)


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


def reference(directions: list[int]) -> Forest:
    """Return what a user would pick instead."""
    del directions
    from sklearn.ensemble import RandomForestClassifier  # noqa: PLC0415 - imports are not timed

    return RandomForestClassifier(n_estimators=300, min_samples_leaf=50, n_jobs=2, random_state=0)


def directed(directions: list[int]) -> Forest:
    """Return the forest as a recipe uses it: it keeps the declared directions."""
    from creditscore.models import MonotoneForest  # noqa: PLC0415

    return MonotoneForest(monotone=directions, lenient=[True] * FEATURES)


def undirected(directions: list[int]) -> Forest:
    """Return the forest without directions."""
    del directions
    from creditscore.models import MonotoneForest  # noqa: PLC0415

    return MonotoneForest()


FORESTS = {
    "RandomForestClassifier": reference,
    "MonotoneForest": directed,
    "MonotoneForest, no directions": undirected,
}


def measured(folder: Path, name: str) -> dict[str, float]:
    """Fit a forest in this process, and keep how it ranks the later part beside the data."""
    forest = FORESTS[name](np.load(folder / "directions.npy").astype(int).tolist())
    X, y, later = (np.load(folder / f"{part}.npy") for part in ("learned_X", "learned_y", "later_X"))
    begun, busy = time.perf_counter(), _cpu()
    forest.fit(X, y)
    found = {"wall": time.perf_counter() - begun, "cpu": _cpu() - busy, "peak": _peak()}
    np.save(folder / f"{name}.npy", forest.predict_proba(later)[:, 1])
    return found


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def asked(*arguments: str) -> Any:  # noqa: ANN401 - what a child says, read from JSON
    """Run a case in a process of its own, for a child's peak memory is at least its parent's."""
    answer = subprocess.run([sys.executable, __file__, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def compared(folder: Path, costs: dict[str, dict[str, float]]) -> None:
    """Print a line for each forest; the first is the reference."""
    from creditscore.validation import auc, paired_delong  # noqa: PLC0415

    flags = np.load(folder / "later_y.npy")
    ranks = {name: np.load(folder / f"{name}.npy") for name in costs}
    first = next(iter(costs))
    print(LINE.format(*HEADINGS))
    for name, cost in costs.items():
        area, less = auc(flags, ranks[name]), paired_delong(flags, ranks[name], ranks[first])
        print(
            LINE.format(
                name,
                f"{cost['wall']:.1f}",
                f"{cost['cpu']:.1f}",
                f"{cost['peak']:.2f}",
                f"{area.value:.4f}",
                f"{area.low:.4f} {area.high:.4f}",
                "" if name == first else f"{less.difference:+.4f} +- {1.96 * less.standard_error:.4f}",
                "" if name == first else f"{less.p_value:.1g}",
                f"{costs[first]['wall'] / cost['wall']:.1f}",
            )
        )


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told = asked("--case", "simulate", str(folder), str(rows))
        packages = ", ".join(f"{one} {version(one)}" for one in ("creditscore", "lightgbm", "scikit-learn", "numpy"))
        print(f"{told}.\n{os.cpu_count()} cores ({platform.machine()}), {packages}", flush=True)
        compared(folder, {one: asked("--case", one, str(folder)) for one in FORESTS})


if __name__ == "__main__":
    if sys.argv[1:2] == ["--case"]:
        case, place, *rest = sys.argv[2:]
        told = simulate(Path(place), int(*rest)) if case == "simulate" else measured(Path(place), case)
        print(json.dumps(told))
    else:
        parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
        parser.add_argument("--rows", type=int, default=500_000, help="rows to learn from")
        main(parser.parse_args().rows)
