"""The forest against scikit-learn's: time, memory and out-of-time AUC of one fit of each.

Run: .venv/bin/python benchmarks/forest.py [--rows 500000] [--independent]

The rows are those of the simulated portfolio, with 60 features of the catalogue and the directions that they declare;
they are judged on later month ends of customers of whom nothing was learned. With ``--independent`` they are made-up
rows of independent customers. Each forest is a process of its own, which reads the same files, fits and ranks the later
part; imports and reading are not timed.
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
from forest_data.files import LATER, LEARNED, Floats, load, load_declared

HEADINGS = (
    "forest",
    "fit s",
    "CPU s",
    "peak GiB",
    "later AUC",
    "95 % interval",
    "less reference",
    "p",
    "times faster",
    "less CPU",
)
LINE = "{:<30} {:>8} {:>8} {:>9} {:>10} {:>16} {:>18} {:>7} {:>13} {:>9}"
Declared = dict[str, list[int]]


class Forest(Protocol):
    """What is compared."""

    def fit(self, X: Floats, y: Floats) -> object:
        """Learn from rows and labels."""

    def predict_proba(self, X: Floats) -> Floats:
        """Return the probabilities of no default and of default."""


def reference(declared: Declared) -> Forest:
    """Return what a user would pick instead; it leaves missing values to a side of each split."""
    del declared
    from sklearn.ensemble import RandomForestClassifier  # noqa: PLC0415 - imports are not timed

    return RandomForestClassifier(n_estimators=300, min_samples_leaf=50, n_jobs=2, random_state=0)


def directed(declared: Declared) -> Forest:
    """Return the forest as a recipe uses it: it keeps the declared directions."""
    from creditscore.models import MonotoneForest  # noqa: PLC0415

    return MonotoneForest(monotone=declared["monotone"], lenient=[bool(one) for one in declared["lenient"]])


def undirected(declared: Declared) -> Forest:
    """Return the forest without directions."""
    del declared
    from creditscore.models import MonotoneForest  # noqa: PLC0415

    return MonotoneForest()


FORESTS = {
    "RandomForestClassifier": reference,
    "MonotoneForest": directed,
    "MonotoneForest, no directions": undirected,
}


def measured(folder: Path, name: str) -> dict[str, float]:
    """Fit a forest in this process, and keep how it ranks the later part beside the data."""
    forest = FORESTS[name](load_declared(folder))
    X, y, later = (load(folder, *what) for what in ((LEARNED, "X"), (LEARNED, "y"), (LATER, "X")))
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
    command = [sys.executable, *arguments]
    answer = subprocess.run(command, cwd=Path(__file__).parent, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(answer.stdout.splitlines()[-1])


def compared(folder: Path, costs: dict[str, dict[str, float]]) -> None:
    """Print a line for each forest; the first is the reference, and a customer's rows count as one customer's."""
    from creditscore.validation import auc, paired_delong  # noqa: PLC0415

    flags, customers = load(folder, LATER, "y"), load(folder, LATER, "customers")
    ranks = {name: np.load(folder / f"{name}.npy") for name in costs}
    first = next(iter(costs))
    print(LINE.format(*HEADINGS))
    for name, cost in costs.items():
        area = auc(flags, ranks[name], customers=customers)
        less = paired_delong(flags, ranks[name], ranks[first], customers=customers)
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
                f"{costs[first]['cpu'] / cost['cpu']:.1f}",
            )
        )


def main(data: str, rows: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        told = asked("-m", f"forest_data.{data}", str(folder), str(rows))
        packages = ", ".join(f"{one} {version(one)}" for one in ("creditscore", "lightgbm", "scikit-learn", "numpy"))
        print(f"{told}\n{os.cpu_count()} cores ({platform.machine()}), {packages}", flush=True)
        compared(folder, {one: asked(__file__, "--case", one, str(folder)) for one in FORESTS})


if __name__ == "__main__":
    if sys.argv[1:2] == ["--case"]:
        case, place = sys.argv[2:]
        print(json.dumps(measured(Path(place), case)))
    else:
        parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
        parser.add_argument("--rows", type=int, default=500_000, help="rows to learn from, about")
        parser.add_argument("--independent", action="store_true", help="rows of independent customers, made up")
        options = parser.parse_args()
        main("independent" if options.independent else "portfolio", options.rows)
