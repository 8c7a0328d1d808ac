"""Drift between two snapshots: what must raise an alarm, what must not, and what must not crash."""

import os
import re
import sys

import numpy as np
import pandas as pd
import pytest

from creditscore.errors import ContractError, ParameterError, PolicyError
from creditscore.monitoring import DriftLimits, drift
from creditscore.policy import load_policy
from creditscore.validation import psi, psi_categorical


def row(result, name):
    return result.features.set_index("feature").loc[name]


def test_two_samples_of_one_population_raise_no_alarm(portfolio, named_features):
    result = drift(portfolio(1), portfolio(2), features=named_features("steady", "other"))
    assert result.alarms == ()
    assert (result.features["distance"] < 0.1).all()
    assert (result.reference_count, result.current_count) == (1500, 1500)


def test_each_row_names_its_feature_family_unit_reason_and_method(portfolio, named_features):
    found = row(drift(portfolio(1), portfolio(2), features=named_features("steady")), "steady")
    assert (found["family"], found["unit"], found["reason_code"]) == ("behaviour", "ratio", "B99")
    assert found["method"] == "wasserstein"


def test_a_shift_is_measured_in_standard_deviations_of_the_reference(portfolio, named_features):
    reference = portfolio(1)
    current = reference.assign(steady=reference["steady"] + 1.0)
    found = row(drift(reference, current, features=named_features("steady")), "steady")
    assert found["distance"] == pytest.approx(1 / reference["steady"].std(ddof=0), rel=1e-6)
    assert found["psi"] == pytest.approx(psi(reference["steady"], current["steady"]).value)
    assert found["alarm_flag"]
    assert found["alarm_reason"].startswith("PSI ")


def test_the_distance_changes_sides_with_its_reference(portfolio, named_features):
    reference = portfolio(1)
    current = reference.assign(steady=reference["steady"] * 4)
    forth = row(drift(reference, current, features=named_features("steady")), "steady")["distance"]
    back = row(drift(current, reference, features=named_features("steady")), "steady")["distance"]
    assert forth == pytest.approx(4 * back, rel=1e-6)  # the same distance, divided by the reference's deviation


def test_values_that_went_missing_raise_an_alarm_although_the_rest_did_not_move(portfolio, named_features):
    reference = portfolio(1)
    current = reference.assign(steady=reference["steady"].where(reference.index % 10 != 0))
    result = drift(reference, current, features=named_features("steady", "other"))
    found = row(result, "steady")
    assert found["missing_difference_ratio"] == pytest.approx(0.1)
    assert "missing share 0.000 became 0.100" in found["alarm_reason"]
    assert result.alarms == ("steady",)


def test_a_small_change_of_missing_values_is_tolerated_however_significant(portfolio, named_features):
    reference = portfolio(1, size=20_000)
    current = reference.assign(steady=reference["steady"].where(reference.index % 100 != 0))
    features = named_features("steady")
    found = drift(reference, current, features=features)
    assert row(found, "steady")["missing_p_value"] < 1e-20
    assert found.alarms == ()
    assert drift(reference, current, features=features, limits=DriftLimits(missing_difference_ratio=0)).alarms == (
        "steady",
    )


def test_the_missing_test_is_shared_between_the_features(portfolio, named_features):
    reference = portfolio(1, size=300, third=0.0, fourth=0.0)
    gone = np.where(np.arange(300) < 8, np.nan, 0.0)  # p-value 0.0045: below 0.01, above 0.01 / 4
    current = reference.assign(third=gone)
    alone = drift(reference, current, features=named_features("third"), limits=DriftLimits(psi=5))
    together = drift(
        reference, current, features=named_features("steady", "other", "third", "fourth"), limits=DriftLimits(psi=5)
    )
    assert alone.alarms == ("third",)
    assert together.alarms == ()


def test_small_samples_do_not_cry_wolf(portfolio, named_features):
    reference, current = portfolio(1, size=30), portfolio(2, size=30)
    result = drift(reference, current, features=named_features("steady", "other"))
    assert (result.features["psi"] > 0.25).any()
    assert result.alarms == ()


@pytest.mark.parametrize(
    ("before", "after", "alarm"),
    [
        (np.nan, np.nan, False),
        (np.nan, 1.0, True),
        (1.0, np.nan, True),
        (1.0, 1.0, False),
        (1.0, 0.5, True),
        (1.0, np.inf, True),
    ],
)
def test_columns_that_are_constant_or_missing_altogether_are_judged(portfolio, named_features, before, after, alarm):
    reference, current = portfolio(1, odd=before), portfolio(2, odd=after)
    result = drift(reference, current, features=named_features("odd", "steady"))
    assert row(result, "odd")["alarm_flag"] == alarm
    assert np.isnan(row(result, "odd")["distance"]) == (not np.isfinite([before, after]).all())
    assert not row(result, "steady")["alarm_flag"]


def test_snapshots_without_a_single_value_are_compared_without_evidently(named_features):
    frame = pd.DataFrame({"odd": [np.nan, np.nan]})
    result = drift(frame, frame, features=named_features("odd"))
    assert result.alarms == ()
    assert result.score is None
    assert result.grade is None
    assert np.isnan(result.grade_psi)


def test_one_customer_can_be_compared(portfolio, named_features):
    result = drift(portfolio(1), portfolio(2, size=1), features=named_features("steady", "other"))
    assert result.current_count == 1


def test_grades_are_counted_in_their_order_and_a_new_one_is_a_class(portfolio, named_features):
    reference, current = portfolio(1), portfolio(2)
    current.loc[:299, "grade"] = 13
    found = drift(reference, current, features=named_features("steady"))
    assert [part.label for part in found.grade.psi.bins] == [str(grade) for grade in range(1, 14)]
    counted = [frame["grade"].value_counts().reindex(range(1, 14), fill_value=0) for frame in (reference, current)]
    assert found.grade_psi == pytest.approx(psi_categorical(*counted).value)
    assert found.alarms == ("grade",)


def test_grades_of_the_shipped_master_scale_stay_in_their_order(portfolio, named_features):
    labels = list(load_policy(None).master_scale.labels)
    frame = portfolio(1)
    frame["grade"] = np.random.default_rng(0).permutation(np.resize(labels, len(frame)))
    found = drift(frame, frame, features=named_features("steady"))
    assert [part.label for part in found.grade.psi.bins] == labels


def test_missing_grades_are_a_class(portfolio, named_features):
    current = portfolio(2)
    current["grade"] = current["grade"].astype("Int64").where(current.index % 2 == 0)
    found = drift(portfolio(1), current, features=named_features("steady"))
    assert found.grade.psi.bins[-1].label == "missing"
    assert found.grade.psi.bins[-1].current_share == 0.5


def test_a_score_that_fell_raises_an_alarm(portfolio, named_features):
    reference = portfolio(1)
    result = drift(reference, reference.assign(score=reference["score"] - 15), features=named_features("steady"))
    assert result.score.current_mean == pytest.approx(result.score.reference_mean - 15)
    assert result.score.distance == pytest.approx(15 / reference["score"].std(ddof=0))
    assert result.alarms == ("score",)


def test_colours_are_shares_best_first_and_unknown_where_a_side_has_none(portfolio, named_features):
    current = portfolio(2)
    current["colour"] = np.where(current.index % 4 == 0, "red", "green")
    found = drift(portfolio(1), current, features=named_features("steady")).colours
    assert found["colour"].tolist() == ["green", "yellow", "red"]
    assert found["current_ratio"].tolist() == [0.75, 0.0, 0.25]
    assert found["reference_ratio"].isna().all()


def test_the_sample_is_repeatable_and_the_index_uses_every_row(portfolio, named_features):
    reference, current = portfolio(1), portfolio(2)
    features = named_features("steady", "other")
    first, again = (drift(reference, current, features=features, sample=100, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(first.features, again.features)
    whole = drift(reference, current, features=features)
    assert (first.features["distance"] != whole.features["distance"]).all()
    assert first.features["psi"].tolist() == whole.features["psi"].tolist()


def test_the_detail_page_holds_everything_it_needs(portfolio, named_features, tmp_path):
    page = tmp_path / "reports" / "detail.html"
    reference, current = portfolio(1), portfolio(2)
    reference["colour"], current["colour"] = "green", "red"
    result = drift(reference, current, features=named_features("steady", "other"), detail=page)
    html = page.read_text(encoding="utf-8")
    assert result.detail == page
    assert not re.findall(r"<(?:script|img|iframe)[^>]*\bsrc=|<link[^>]*\bhref=", html)
    for words in ("steady", "other", "Wasserstein distance (normed)", "Drift detection method: PSI"):
        assert words in html


def test_telemetry_is_off(portfolio, named_features, monkeypatch):
    monkeypatch.delenv("DO_NOT_TRACK", raising=False)
    drift(portfolio(1), portfolio(2), features=named_features("steady"))
    assert os.environ["DO_NOT_TRACK"] == "1"
    monkeypatch.delenv("DO_NOT_TRACK")


def test_a_missing_feature_or_an_empty_frame_is_refused(portfolio, named_features):
    with pytest.raises(ContractError, match="current: It lacks 1 of 2 features: absent"):
        drift(portfolio(1).assign(absent=1.0), portfolio(2), features=named_features("steady", "absent"))
    with pytest.raises(ContractError, match="current: It has no row"):
        drift(portfolio(1), portfolio(2).head(0), features=named_features("steady"))


def test_an_empty_sample_is_refused(portfolio, named_features):
    with pytest.raises(ParameterError, match="at least 1 row"):
        drift(portfolio(1), portfolio(2), features=named_features("steady"), sample=0)


def test_without_evidently_the_message_says_what_to_install(portfolio, named_features, monkeypatch):
    monkeypatch.setitem(sys.modules, "evidently", None)
    with pytest.raises(ParameterError, match=re.escape("pip install 'creditscore[monitoring]'")):
        drift(portfolio(1), portfolio(2), features=named_features("steady"))


@pytest.mark.parametrize(
    "limits",
    [
        {"psi": 0.0},
        {"psi": float("nan")},
        {"chance_multiple": 0.5},
        {"missing_p_value": 0.0},
        {"missing_p_value": 1.0},
        {"missing_difference_ratio": -0.1},
        {"missing_difference_ratio": 1.0},
    ],
)
def test_limits_that_tolerate_nothing_or_everything_are_refused(limits):
    with pytest.raises(PolicyError, match="Give psi > 0"):
        DriftLimits(**limits)
