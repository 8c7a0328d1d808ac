"""What is watched of a scored day: values, missing values, score, grades and colours, as one matrix of numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import numpy as np
import pandas as pd

from creditscore.domain import Colour, Family
from creditscore.monitoring.comparison import Described
from creditscore.monitoring.normal_scores import NormalScores
from creditscore.monitoring.shift import Floats

SHARED = (Family.MACRO, Family.INDUSTRY)  # one value for many customers: a new figure would be a shift of all of them
OUTPUT = "output"  # family of what the model says


class Kind(StrEnum):
    """What is compared of a subject."""

    VALUES = "values"  # mean normal score
    MISSING = "missing"  # share without a value
    SCORE = "score"  # mean, in points
    SHARE = "share"  # share of a colour


@dataclass(frozen=True, slots=True)
class Measure:
    """One number a customer: of which feature or output, of what kind, and of which family."""

    subject: str
    kind: Kind
    family: str
    name: str  # the subject, with the colour where it is a share


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """The measures of a day, and the scales on which they are told.

    Parameters
    ----------
    features
        Features that are watched; macro and industry series are left out, for a customer has none of its own.
    scales
        Normal scores of each feature, and of the grade's place, in the reference of development.
    grades
        Labels of the grades, best first.
    """

    features: tuple[Described, ...]
    scales: Mapping[str, NormalScores]
    grades: tuple[str, ...]

    @classmethod
    def of(cls, reference: pd.DataFrame, *, features: Sequence[Described], grades: Sequence[str] = ()) -> Self:
        """Learn the scales from the reference of development."""
        own = tuple(feature for feature in features if feature.family not in SHARED)
        scales = {feature.name: NormalScores.of(reference[feature.name]) for feature in own}
        places = _places(reference, tuple(grades))
        return cls(own, scales | {"grade": NormalScores.of(places)}, tuple(grades))

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What each column of the matrix is."""
        of_features = [
            Measure(feature.name, kind, str(feature.family), feature.name)
            for kind in (Kind.VALUES, Kind.MISSING)
            for feature in self.features
        ]
        outputs = [Measure("score", Kind.SCORE, OUTPUT, "score"), Measure("grade", Kind.VALUES, OUTPUT, "grade")]
        shares = [Measure("colour", Kind.SHARE, OUTPUT, f"colour {colour}") for colour in Colour]
        return (*of_features, *outputs, *shares)

    def matrix(self, frame: pd.DataFrame) -> Floats:
        """Return one row a row of the frame and one column a measure; what the frame lacks is missing."""
        absent = np.full(len(frame), np.nan)
        columns = [
            *(self._values(frame, feature.name) for feature in self.features),
            *(_missing(frame, feature.name) for feature in self.features),
            frame["score"].to_numpy(dtype=np.float64) if "score" in frame else absent,
            self.scales["grade"](_places(frame, self.grades)) if "grade" in frame else absent,
            *(
                (frame["colour"] == str(colour)).to_numpy(dtype=np.float64) if "colour" in frame else absent
                for colour in Colour
            ),
        ]
        return np.column_stack(columns)

    def _values(self, frame: pd.DataFrame, name: str) -> Floats:
        return self.scales[name](frame[name]) if name in frame else np.full(len(frame), np.nan)


def _missing(frame: pd.DataFrame, name: str) -> Floats:
    if name not in frame:
        return np.full(len(frame), np.nan)
    return frame[name].isna().to_numpy().astype(np.float64)


def _places(frame: pd.DataFrame, grades: tuple[str, ...]) -> "pd.Series[float]":
    """Return the place of each row's grade, 0 for the best; missing where the grade is none of them."""
    if "grade" not in frame:
        return pd.Series(np.nan, index=frame.index)
    return frame["grade"].astype("str").map({grade: float(place) for place, grade in enumerate(grades)})
