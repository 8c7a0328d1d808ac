"""The rows to learn from and the later rows that judge, as files that every process reads alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Values = np.ndarray[Any, Any]
Floats = np.ndarray[Any, np.dtype[np.float64]]
LEARNED, LATER = "learned", "later"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Rows with their labels, and whose they are: rows of one customer are not rows of several."""

    X: Floats
    y: Floats
    customers: Values

    def __str__(self) -> str:
        """Say how many they are."""
        return (
            f"{len(self.y):,} rows of {np.unique(self.customers).size:,} customers, {self.y.mean():.2%} default, "
            f"{np.isnan(self.X).mean():.1%} of the values missing"
        )


def save(folder: Path, name: str, part: Part) -> None:
    """Write a part."""
    for what in ("X", "y", "customers"):
        np.save(folder / f"{name}_{what}.npy", getattr(part, what))


def load(folder: Path, name: str, what: str) -> Values:
    """Return the ``X``, the ``y`` or the ``customers`` of a part."""
    return np.load(folder / f"{name}_{what}.npy")  # type: ignore[no-any-return]


def save_declared(folder: Path, *, monotone: Sequence[int], lenient: Sequence[bool]) -> None:
    """Write the direction of risk of each feature, and whether it is lenient where it is missing."""
    np.save(folder / "declared.npy", np.array([monotone, lenient], dtype=int))


def load_declared(folder: Path) -> dict[str, list[int]]:
    """Return ``monotone`` and ``lenient``, as a forest takes them."""
    monotone, lenient = np.load(folder / "declared.npy").tolist()
    return {"monotone": monotone, "lenient": lenient}
