from dataclasses import replace

import pytest

from creditscore.domain import Verdict
from creditscore.reporting.sections.inputs import inputs_section, missing_section, moved_section


@pytest.fixture
def calm(drifted):
    """The same result without an alarm."""
    still = drifted.features.assign(
        alarm_flag=False, alarm_reason="", missing_current_ratio=0.01, missing_difference_ratio=0.0, missing_p_value=1.0
    )
    return replace(drifted, features=still)


def test_alarms_come_first_and_are_named(drifted):
    section = inputs_section(drifted)
    assert section.table["feature"].tolist()[:2] == ["overdue_ratio", "open_amount"]
    assert "2 of 4 features raise an alarm (overdue_ratio, open_amount)." in section.answer


def test_a_population_that_moved_as_a_whole_fails_and_a_calm_one_passes(drifted, calm):
    assert inputs_section(drifted).verdict is Verdict.FAIL
    assert inputs_section(calm).verdict is Verdict.PASS


def test_one_alarm_among_many_features_asks_for_a_review(drifted):
    features = drifted.features
    only = features.assign(alarm_flag=features["feature"] == "overdue_ratio")
    many = only.loc[only.index.repeat([8, 1, 8, 8])]
    assert inputs_section(replace(drifted, features=many)).verdict is Verdict.REVIEW


def test_the_feature_that_moved_most_is_drawn_first_with_all_its_bins(drifted):
    chart = moved_section(drifted).figure.charts[0]
    assert chart.title == "overdue_ratio"
    bins = drifted.feature_psi["overdue_ratio"].bins
    assert list(chart.y.ticks) == [part.label for part in bins]
    assert [sum(layer.height) for layer in chart.layers] == pytest.approx([1.0, 1.0], abs=1e-3)


def test_values_that_went_missing_ask_for_a_review(drifted, calm):
    section = missing_section(drifted)
    assert section.verdict is Verdict.REVIEW
    assert "open_amount, from 1.00 % to 20.0 %" in section.answer
    assert missing_section(calm).verdict is Verdict.PASS
