import numpy as np
import pytest

from creditscore.errors import ContractError
from creditscore.reporting import Evidence
from creditscore.reporting.ecb.populations import NO_INITIAL, initial_population, population
from creditscore.validation import auc_on_grades


@pytest.fixture(scope="module")
def grades(policy):
    return policy.master_scale.labels


def test_each_customer_counts_once_in_the_grade_it_was_first_seen_in(evidence, grades):
    found = population(evidence, "test", grades=grades)
    assert found.by_grade["grade"].tolist() == list(grades)
    exposed = evidence.test[evidence.test["exposure_amount"] > 0]
    first = exposed.sort_values("as_of").drop_duplicates("customer_id")
    assert found.by_grade["customer_count"].sum() == len(first)
    assert found.by_grade["default_count"].sum() == first["default_flag"].sum()
    assert found.by_grade["exposure_amount"].sum() == first["exposure_amount"].sum()


def test_who_never_had_exposure_is_left_out_and_counted_and_who_is_unknown_stays(evidence, grades):
    frame = evidence.frame.copy()
    customers = sorted(frame["customer_id"].unique())
    frame["exposure_amount"] = frame["exposure_amount"].astype("Int64")
    frame.loc[frame["customer_id"].isin(customers[:10]), "exposure_amount"] = 0
    frame.loc[frame["customer_id"].isin(customers[10:20]), "exposure_amount"] = None
    found = population(Evidence(frame=frame, horizon_months=12), "test", grades=grades)
    assert found.idle_count == 10
    assert set(customers[10:20]) <= set(found.customers["customer_id"])
    assert "10 without exposure left out" in found.described


def test_initial_is_the_calibration_period_with_its_own_auc(evidence, grades):
    found, area = initial_population(evidence, grades=grades)
    assert found.name == "calibration"
    counts = found.by_grade["customer_count"], found.by_grade["default_count"]
    assert area == auc_on_grades(*counts).value


def test_initial_is_development_where_nobody_defaulted_in_calibration_and_nothing_where_nobody_ever_did(
    evidence, grades
):
    frame = evidence.frame
    for silent, expected in ((["calibration"], "development"), (["calibration", "development"], None)):
        quiet = frame.assign(default_flag=frame["default_flag"].where(~frame["split"].isin(silent), 0.0))
        found, area = initial_population(Evidence(frame=quiet, horizon_months=12), grades=grades)
        assert (found.name if found else None) == expected
        assert (area == NO_INITIAL) == (expected is None)


def test_a_period_without_rows_is_nobody(evidence, grades):
    waiting = evidence.frame.assign(default_flag=np.nan)
    found = population(Evidence(frame=waiting, horizon_months=12), "test", grades=grades)
    assert found.described == "test: nobody"
    assert found.by_grade["customer_count"].tolist() == [0] * len(grades)


def test_a_grade_that_the_master_scale_does_not_know_is_refused_and_not_dropped(evidence, grades):
    with pytest.raises(ContractError, match="the master scale of today does not know"):
        population(evidence, "test", grades=grades[:-1])
