"""One column against itself at another time: index, missing share, and whether that is an alarm."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from creditscore.domain import Colour, Text, joined, text
from creditscore.features import Feature
from creditscore.monitoring.classes import class_order, count_classes
from creditscore.monitoring.evidently_run import NUMERIC_METHOD
from creditscore.monitoring.limits import DriftLimits
from creditscore.monitoring.result import COLOUR_COLUMNS, GradeDrift, ScoreDrift
from creditscore.scoring import FeatureContract
from creditscore.validation import Psi, psi, psi_categorical, two_proportion_p_value

Described = Feature | FeatureContract  # what is said of a feature is enough; it is not computed here


def feature_row(
    feature: Described, reference: pd.DataFrame, current: pd.DataFrame, *, index: Psi, distance: float
) -> dict[str, object]:
    """Return a feature's row of the result, without its alarm."""
    gone = (int(reference[feature.name].isna().sum()), int(current[feature.name].isna().sum()))
    rows = (len(reference), len(current))
    before, after = gone[0] / rows[0], gone[1] / rows[1]
    return {
        "feature": feature.name,
        "family": str(feature.family),
        "unit": str(feature.unit),
        "reason_code": feature.reason.code,
        "method": NUMERIC_METHOD,
        "distance": distance,
        "psi": index.value,
        "psi_expected": index.expected,
        "psi_p_value": index.p_value,
        "missing_reference_ratio": before,
        "missing_current_ratio": after,
        "missing_difference_ratio": after - before,
        "missing_p_value": two_proportion_p_value(gone, rows),
    }


def alarm_reasons(table: pd.DataFrame, limits: DriftLimits) -> list[Text]:
    """Say for each row why it is an alarm; empty where it is none."""
    found = zip(
        map(moved, table["psi"], table["psi_expected"], [limits] * len(table)),
        _went_missing(table, limits),
        strict=True,
    )
    return [joined(reasons, "; ") for reasons in found]


def moved(value: float, expected: float, limits: DriftLimits) -> str:
    """Say that an index exceeds what is tolerated; empty if it does not.

    >>> moved(0.4, 0.01, DriftLimits())
    'PSI 0.400 above 0.250'
    >>> moved(0.4, 0.2, DriftLimits())
    ''
    """
    tolerated = limits.tolerated_psi(expected)
    return text("PSI {value:.3f} above {tolerated:.3f}", value=value, tolerated=tolerated) if value > tolerated else ""


def score_drift(
    reference: pd.DataFrame, current: pd.DataFrame, *, distance: float, limits: DriftLimits
) -> ScoreDrift | None:
    """Compare the scores, where both sides have them."""
    if "score" not in reference or "score" not in current:
        return None
    before, after = (frame["score"].to_numpy(dtype=np.float64, na_value=np.nan) for frame in (reference, current))
    index = psi(before, after)
    return ScoreDrift(
        psi=index,
        method=NUMERIC_METHOD,
        distance=distance,
        reference_mean=_mean(before),
        current_mean=_mean(after),
        alarm_reason=moved(index.value, index.expected, limits),
    )


def grade_drift(reference: pd.DataFrame, current: pd.DataFrame, *, limits: DriftLimits) -> GradeDrift | None:
    """Compare the grades, where both sides have them; a grade that only one side knows is a class too."""
    if "grade" not in reference or "grade" not in current:
        return None
    before, after = count_classes(reference["grade"]), count_classes(current["grade"])
    grades = sorted(before.keys() | after.keys(), key=class_order)
    index = psi_categorical(
        [before.get(grade, 0) for grade in grades], [after.get(grade, 0) for grade in grades], labels=grades
    )
    return GradeDrift(index, moved(index.value, index.expected, limits))


def colour_ratios(reference: pd.DataFrame, current: pd.DataFrame) -> pd.DataFrame:
    """Return the share of each colour on both sides, best colour first."""
    sides = [_ratio_of(frame) for frame in (reference, current)]
    rows = [(str(colour), *(ratio(str(colour)) for ratio in sides)) for colour in Colour]
    return pd.DataFrame(rows, columns=list(COLOUR_COLUMNS))


def _went_missing(table: pd.DataFrame, limits: DriftLimits) -> list[str]:
    significant = table["missing_p_value"] < limits.missing_p_value / max(len(table), 1)
    material = table["missing_difference_ratio"].abs() > limits.missing_difference_ratio
    shares = zip(table["missing_reference_ratio"], table["missing_current_ratio"], significant & material, strict=True)
    return [
        text("missing share {before:.3f} became {after:.3f}", before=before, after=after) if flag else ""
        for before, after, flag in shares
    ]


def _ratio_of(frame: pd.DataFrame) -> Callable[[str], float]:
    if "colour" not in frame:
        return lambda _: float("nan")
    counted = count_classes(frame["colour"])
    return lambda colour: counted.get(colour, 0) / len(frame)


def _mean(values: np.ndarray) -> float:
    present = values[~np.isnan(values)]
    return float(present.mean()) if present.size else float("nan")
