"""Fields of a calibration's record, read with suspicion: a record comes from a file."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from creditscore.errors import ParameterError
from creditscore.models.checks import Floats

WHERE = "calibration_of"
HALF = 0.5


def floor_of(record: Mapping[str, Any]) -> float:
    """Return the record's floor, a number between 0 and 0.5."""
    floor = number(record, "floor")
    if not 0 < floor < HALF:
        raise broken("`floor` is not between 0 and 0.5")
    return floor


def number(record: Mapping[str, Any], name: str, *, low: float = -math.inf) -> float:
    """Return a finite number that is at least ``low``."""
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < low:
        raise broken(f"`{name}` is missing, not a finite number, or too small")
    return float(value)


def count(record: Mapping[str, Any], name: str) -> int:
    """Return a whole number of at least 0."""
    value = number(record, name, low=0.0)
    if not value.is_integer():
        raise broken(f"`{name}` is not a whole number")
    return int(value)


def numbers(record: Mapping[str, Any], name: str) -> Floats:
    """Return a list of finite numbers that do not fall."""
    values = record.get(name)
    if not isinstance(values, list | tuple):
        raise broken(f"`{name}` is missing or not a list")
    found = np.array([number({name: value}, name) for value in values])
    if (np.diff(found) < 0).any():
        raise broken(f"`{name}` falls somewhere")
    return found


def broken(found: str) -> ParameterError:
    """Return the error that says what is wrong with a record."""
    return ParameterError(where=WHERE, found=f"{found}.", fix="Give the record as `to_record` wrote it.")
