"""What the sections on one feature say of made-up values whose truth is known."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.domain import Verdict
from creditscore.features import named
from creditscore.outcomes import DefaultDefinition
from creditscore.reporting import FeatureStudy, language_of
from creditscore.reporting.sections.feature import direction_section, feature_report, follow_section, spread_section
from creditscore.validation import auc, default_rates_by_value

RISES, FALLS, EITHER = (named(name) for name in ("overdue_ratio", "payback_365d_ratio", "group_flag"))


def studied(feature, values, flag, *, sign=1):
    rows = pd.DataFrame(
        {
            "customer_id": [f"C{number}" for number in range(len(values))],
            "as_of": pd.Timestamp(date(2024, 6, 30)),
            "value": values,
            "in_default_flag": False,
            "default_flag": flag,
        }
    )
    known = rows.dropna()
    return FeatureStudy(
        feature=feature,
        rows=rows,
        currency="CNY",
        definition=DefaultDefinition(version="made up"),
        bins=default_rates_by_value(flag, values, bins=4),
        area=auc(known["default_flag"], sign * known["value"]) if known["default_flag"].nunique() == 2 else None,
    )


def drawn(slope, *, rows=4000, seed=3):
    draws = np.random.default_rng(seed)
    values = draws.random(rows)
    risk = 1 / (1 + np.exp(2.5 - slope * (values - 0.5)))
    return values, (draws.random(rows) < risk).astype(float)


def test_a_feature_that_moves_as_declared_passes():
    study = studied(RISES, *drawn(3))
    assert follow_section(study).verdict is Verdict.PASS
    assert direction_section(study).verdict is Verdict.PASS
    assert "Declared: risk rises with it. So it does" in direction_section(study).answer


def test_a_feature_that_moves_the_other_way_fails():
    values, flag = drawn(3)
    section = direction_section(studied(FALLS, values, flag, sign=-1))
    assert section.verdict is Verdict.FAIL
    assert section.answer == "Declared: risk falls with it. Surely it is the other way round."


def test_a_feature_of_no_consequence_leaves_both_questions_open():
    study = studied(RISES, *drawn(0))
    assert follow_section(study).verdict is Verdict.REVIEW
    assert direction_section(study).verdict is Verdict.UNKNOWN


def test_a_step_that_surely_goes_the_other_way_is_named():
    values = np.repeat([0.1, 0.2, 0.3, 0.4], 1000)
    rates = np.repeat([0.02, 0.30, 0.05, 0.40], 1000)
    flag = (np.tile(np.arange(1000) / 1000, 4) < rates).astype(float)
    section = direction_section(studied(RISES, values, flag))
    assert section.verdict is Verdict.REVIEW
    assert "but not between 20.0 % and 30.0 %" in section.answer


def test_a_feature_without_a_declared_direction_cannot_contradict_it():
    section = direction_section(studied(EITHER, *drawn(3)))
    assert section.verdict is Verdict.PASS
    assert section.answer == "No direction is declared; here risk rises with it."


def test_outcomes_of_one_kind_are_told_and_give_no_auc():
    study = studied(RISES, drawn(0)[0][:50], np.zeros(50))
    section = follow_section(study)
    assert section.verdict is Verdict.UNKNOWN
    assert section.answer.startswith("50 observations with 0 defaults")
    assert section.table["customer_count"].sum() == 50
    assert direction_section(study).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ([0.1, 0.2, 0.3, np.nan], Verdict.PASS),
        ([0.1, np.nan, np.nan, np.nan], Verdict.REVIEW),
        ([0.1, 0.1, 0.1, 0.1], Verdict.REVIEW),
        ([np.nan] * 4, Verdict.UNKNOWN),
    ],
)
def test_values_that_are_all_equal_or_mostly_missing_ask_for_a_look(values, verdict):
    section = spread_section(studied(RISES, np.array(values), np.zeros(4)))
    assert section.verdict is verdict
    assert (section.figure is None) == (verdict is Verdict.UNKNOWN)


def test_amounts_are_told_in_the_currency_and_ratios_in_percent():
    amounts = spread_section(studied(named("open_amount"), np.array([100_000.0, 300_000.0]), np.zeros(2)))
    assert amounts.table["largest"].iloc[0] == "3,000"
    assert amounts.figure.charts[0].x.label == "open_amount, thousand CNY"
    ratios = spread_section(studied(RISES, np.array([0.25, 0.5]), np.zeros(2)))
    assert ratios.table["largest"].iloc[0] == "50.0 %"


def test_nothing_of_a_study_stays_english_in_chinese(still_english):
    values, flag = drawn(3)
    steps = (np.tile(np.arange(1000) / 1000, 4) < np.repeat([0.02, 0.30, 0.05, 0.40], 1000)).astype(float)
    gaps = np.where(np.arange(len(values)) % 3, values, np.nan)
    studies = [
        studied(RISES, values, flag),
        studied(FALLS, values, flag, sign=-1),
        studied(RISES, *drawn(0)),
        studied(RISES, np.repeat([0.1, 0.2, 0.3, 0.4], 1000), steps),
        *(studied(EITHER, *drawn(slope)) for slope in (3, -3)),
        studied(RISES, values[:50], np.zeros(50)),
        studied(named("open_amount"), 1e6 * gaps, flag),
    ]
    rows = studies[0].rows.assign(default_flag=np.nan)
    studies += [replace(studies[0], rows=rows, bins=(), area=None), replace(studies[0], definition=None)]
    assert {direction_section(one).verdict for one in studies} == set(Verdict)
    relations = {one.feature.relation.__name__ for one in studies}
    made_up = {"made up"}  # the version of a definition is data
    assert set(still_english([feature_report(one) for one in studies])) <= relations | made_up


def test_in_chinese_a_study_says_its_reason_for_the_description_that_is_english():
    said = studied(RISES, *drawn(3)).said_in(language_of("zh")).report()
    assert (said.title, said.subtitle) == ("overdue_ratio，2024-06-30", "不利时的原因：逾期金额占未结余额比例偏高")
    assert said.sections[2].answer == "声明：风险随之上升。实际相符，且相邻各箱之间没有显著的反向变化。"
