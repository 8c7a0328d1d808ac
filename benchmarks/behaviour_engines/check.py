"""Whether engines give the answer of the first one: counts and amounts exactly, days and ratios to 12 digits.

Run by the benchmark: ``python -m behaviour_engines.check ANSWER...``; ends with an error where one differs.
"""

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from behaviour_engines.features import FEATURES
from creditscore.domain import Unit
from creditscore.features import catalogue

EXACT = {feature.name for feature in catalogue() if feature.unit in {Unit.COUNT, Unit.AMOUNT}}
TOLERANCE = 1e-12


def read(path: str) -> pd.DataFrame:
    """Return an answer as floats by customer and day, sorted."""
    answer = pd.read_parquet(path)
    answer = answer.astype({"customer_id": "str", "as_of": "datetime64[ms]"}).set_index(["customer_id", "as_of"])
    return answer[list(FEATURES)].astype("float64").sort_index()


def differences(reference: pd.DataFrame, answer: pd.DataFrame) -> list[str]:
    """Name what differs."""
    if not reference.index.equals(answer.index):
        return ["the customers and days"]
    return [name for name in FEATURES if not _same(name, reference[name].to_numpy(), answer[name].to_numpy())]


def _same(name: str, expected: npt.NDArray[np.float64], found: npt.NDArray[np.float64]) -> bool:
    tolerance = 0.0 if name in EXACT else TOLERANCE
    return np.allclose(found, expected, rtol=tolerance, atol=0.0, equal_nan=True)


def main(*answers: str) -> None:
    reference = read(answers[0]) if len(answers) > 1 else pd.DataFrame()
    for other in answers[1:]:
        wrong = differences(reference, read(other))
        if wrong:
            sys.exit(f"{Path(other).stem} and {Path(answers[0]).stem} differ in {', '.join(wrong)}: no time is shown.")
    print("{}")


if __name__ == "__main__":
    main(*sys.argv[1:])
