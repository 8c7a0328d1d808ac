"""From a record back to the calibration that wrote it."""

from collections.abc import Mapping
from typing import Any

from creditscore.models.calibration.beta import BetaCalibration
from creditscore.models.calibration.central_tendency import CentralTendency
from creditscore.models.calibration.fields import broken, number
from creditscore.models.calibration.isotonic import IsotonicCalibration
from creditscore.models.calibration.level import LevelCalibration
from creditscore.models.calibration.logistic import LogisticCalibration
from creditscore.models.calibration.low_default import LowDefaultCalibration
from creditscore.models.calibration.protocol import Calibration
from creditscore.models.calibration.rates import RateCalibration

KINDS: Mapping[str, type[RateCalibration]] = {
    family.kind: family
    for family in (BetaCalibration, IsotonicCalibration, LevelCalibration, LogisticCalibration, LowDefaultCalibration)
}


def calibration_of(record: Mapping[str, Any]) -> Calibration:
    """Return the fitted calibration of a record; its log-odds are the same to the last bit.

    Parameters
    ----------
    record
        What ``to_record`` gave, perhaps by way of a JSON file.

    Raises
    ------
    ParameterError
        If the kind is unknown, or a field is missing, not a number, or out of range.

    Examples
    --------
    >>> calibration_of({"kind": "logistic", "slope": 1.0, "intercept": 0.0, "floor": 0.01}).log_odds([0.5])
    array([0.])
    >>> calibration_of({"kind": "logistic", "slope": -1.0, "intercept": 0.0, "floor": 0.01})
    Traceback (most recent call last):
    creditscore.errors.ParameterError: calibration_of: `slope` is not above 0. Give the record as `to_record` wrote it.
    """
    if not isinstance(record, Mapping):
        raise broken("The record is not a mapping of names to values")
    kind = record.get("kind")
    if kind == CentralTendency.kind:
        return _moved(record)
    if not isinstance(kind, str) or kind not in KINDS:
        raise broken(f"`kind` is none of {', '.join([*KINDS, CentralTendency.kind])}")
    return KINDS[kind].from_record(record)


def _moved(record: Mapping[str, Any]) -> CentralTendency:
    rate = number(record, "long_run_rate")
    if not 0 < rate < 1:
        raise broken("`long_run_rate` is not between 0 and 1")
    inner = calibration_of(record.get("calibration", {}))
    moved = CentralTendency(inner, long_run_rate=rate)
    moved.calibration_, moved.shift_ = inner, number(record, "shift")
    return moved
