"""Records are read with suspicion."""

import json

import numpy as np
import pytest

from creditscore.errors import ParameterError
from creditscore.models import CentralTendency, LogisticCalibration, calibration_of

LINE = {"kind": "logistic", "slope": 1.2, "intercept": -0.3, "floor": 1e-4}
BENT = {"kind": "beta", "a": 0.5, "b": 0.0, "intercept": 0.1, "floor": 1e-4}
POINTS = {"kind": "isotonic", "knots": [-3.0, 0.0], "values": [-4.0, -1.0], "end_slope": 0.5, "floor": 1e-4}
LEVEL = {"kind": "level", "intercept": 0.2, "floor": 1e-4, "default_count": 3, "row_count": 900}
PRUDENT = {**POINTS, "kind": "low_default", "confidence": 0.75, "default_count": 0, "customer_count": 80}
MOVED = {"kind": "central_tendency", "shift": -0.4, "long_run_rate": 0.02, "calibration": LINE}
RECORDS = [LINE, BENT, POINTS, LEVEL, PRUDENT, MOVED]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["kind"])
def test_a_record_comes_back_as_it_was(record):
    assert calibration_of(json.loads(json.dumps(record))).to_record() == record


@pytest.mark.parametrize(
    ("record", "found"),
    [
        ([], "not a mapping"),
        ({}, "`kind` is none of"),
        ({"kind": ["logistic"]}, "`kind` is none of"),
        ({"kind": "magic"}, "`kind` is none of"),
        ({**LINE, "slope": 0.0}, "`slope` is not above 0"),
        ({**LINE, "slope": np.nan}, "`slope` is missing, not a finite number"),
        ({**LINE, "slope": True}, "`slope` is missing, not a finite number"),
        ({**LINE, "intercept": "low"}, "`intercept` is missing"),
        ({"kind": "logistic", "slope": 1.0, "intercept": 0.0}, "`floor` is missing"),
        ({**LINE, "floor": 0.5}, "`floor` is not between 0 and 0.5"),
        ({**BENT, "a": -0.1}, "`a` is missing, not a finite number, or too small"),
        ({**BENT, "a": 0.0}, "`a` and `b` are both 0"),
        ({**POINTS, "knots": [0.0, -3.0]}, "`knots` falls somewhere"),
        ({**POINTS, "knots": [0.0, 0.0]}, "not two or more points at different places"),
        ({**POINTS, "knots": [-3.0]}, "not two or more points"),
        ({**POINTS, "knots": [-3.0], "values": [-3.0]}, "not two or more points"),
        ({**POINTS, "values": [-1.0, -4.0]}, "`values` falls somewhere"),
        ({**POINTS, "values": [-4.0, None]}, "`values` is missing, not a finite number"),
        ({**POINTS, "values": "none"}, "`values` is missing or not a list"),
        ({**POINTS, "end_slope": -1.0}, "`end_slope` is missing, not a finite number, or too small"),
        ({**LEVEL, "default_count": 2.5}, "`default_count` is not a whole number"),
        ({**LEVEL, "row_count": -1}, "`row_count` is missing, not a finite number, or too small"),
        ({**PRUDENT, "confidence": 1.5}, "confidence is 1.5"),
        ({**MOVED, "long_run_rate": 1.0}, "`long_run_rate` is not between 0 and 1"),
        ({**MOVED, "shift": None}, "`shift` is missing"),
        ({**MOVED, "calibration": None}, "not a mapping"),
        ({**MOVED, "calibration": {**LINE, "slope": -1.0}}, "`slope` is not above 0"),
    ],
)
def test_nonsense_is_refused_by_name(record, found):
    with pytest.raises(ParameterError, match=f"calibration_of: .*{found}"):
        calibration_of(record)


def test_a_calibration_moved_twice_keeps_both_shifts():
    twice = {**MOVED, "calibration": MOVED, "shift": 1.0}
    line = calibration_of(LINE).log_odds([0.1])
    assert calibration_of(twice).log_odds([0.1]) == pytest.approx(line + 0.6)
    assert isinstance(calibration_of(twice), CentralTendency)
    assert isinstance(calibration_of(LINE), LogisticCalibration)
