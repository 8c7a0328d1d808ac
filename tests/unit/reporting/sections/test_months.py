from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.domain import Verdict
from creditscore.reporting import Evidence, language_of
from creditscore.reporting.charts import Line, Points
from creditscore.reporting.sections.months import month_table, months_section, scored_days_section


def test_a_month_without_an_outcome_has_a_pd_and_no_rate(evidence, scored):
    table = month_table(evidence, scored=scored.judged).set_index("month")
    waiting = table.loc["2024-11"]
    assert waiting["outcome"] == "not known yet"
    assert waiting["mean_pd"] > 0
    assert pd.isna(waiting["default_rate"])
    assert table.loc["2023-10", "default_rate"] == pytest.approx(table.loc["2023-09", "default_rate"])


def test_a_month_with_a_single_open_window_is_not_judged(frame):
    last = frame.index[frame["as_of"] == frame["as_of"].max()][0]
    frame = frame.assign(default_flag=frame["default_flag"].mask(frame.index == last))
    table = month_table(Evidence(frame=frame, horizon_months=12)).set_index("month")
    assert table.loc["2023-09", "outcome"] == "not known yet"
    assert table.loc["2023-08", "outcome"] == "known"


def test_immature_months_are_named_in_the_answer(evidence, scored):
    assert "1 month (2024-11) without an outcome yet" in months_section(evidence, scored=scored.judged).answer


def test_development_months_are_no_proof(understated, evidence):
    assert months_section(evidence).verdict is Verdict.PASS
    assert months_section(understated).verdict is Verdict.REVIEW
    early = Evidence(frame=understated.frame[understated.frame["split"] == "development"], horizon_months=12)
    assert months_section(early).verdict is Verdict.UNKNOWN


@pytest.fixture
def seen(scored):
    """The scored months, of which the open one knows by 2024-12-31 that the forty riskiest defaulted."""
    judged = scored.judged
    waiting = judged["default_flag"].isna()
    riskiest = judged.loc[waiting, "pd_12m"].nlargest(40).index
    return judged.reset_index(drop=True).assign(
        default_seen_flag=np.where(waiting, judged.index.isin(riskiest) & waiting, np.nan)
    )


def test_a_month_whose_window_is_open_has_an_auc_at_the_months_elapsed(evidence, scored, seen):
    table = month_table(evidence, scored=seen, observed_until=scored.observed_until).set_index("month")
    waiting = table.loc["2024-11"]
    assert (waiting["elapsed_months"], waiting["seen_default_count"], waiting["seen_auc"]) == (1, 40, 1.0)
    assert pd.isna(waiting["auc"])
    assert waiting["outcome"] == "not known yet"
    assert table.loc[["2023-10", "2023-09"], "seen_auc"].isna().all()


def test_no_auc_so_far_is_told_where_nothing_was_seen_or_days_are_mixed(evidence, scored, seen):
    until = scored.observed_until
    earlier = seen["default_flag"].isna() & (seen.index % 2 == 0)
    mixed = seen.assign(as_of=seen["as_of"].mask(earlier, pd.Timestamp("2024-11-29")))
    few = seen.assign(default_seen_flag=seen["default_seen_flag"] * (seen["pd_12m"].rank(ascending=False) < 9))
    for frame, day in ((scored.judged, until), (seen, None), (mixed, until), (few, until)):
        assert month_table(evidence, scored=frame, observed_until=day)["seen_auc"].isna().all()


def test_what_is_seen_so_far_changes_neither_light_nor_outcome(evidence, scored, seen):
    plain = months_section(evidence, scored=scored.judged)
    told = months_section(evidence, scored=seen, observed_until=scored.observed_until)
    assert told.verdict is plain.verdict
    own = [name for name in plain.table.columns if not name.startswith(("seen_", "elapsed_"))]
    pd.testing.assert_frame_equal(told.table[own], plain.table[own])


def test_the_horizon_of_an_auc_so_far_is_named(evidence, scored, seen):
    section = months_section(evidence, scored=seen, observed_until=scored.observed_until)
    assert section.answer.endswith("AUC so far 1.000, after 1 of 12 months.")
    assert "who defaulted by 2024-12-31 against who did not" in section.method
    assert "a time-dependent AUC at the elapsed months, counted whole, not at 12" in section.method


def test_three_curves_are_drawn_apart(evidence, scored, seen):
    later, development, so_far, expected = _curves(evidence, scored=seen, observed_until=scored.observed_until)
    assert isinstance(expected, Line)
    assert expected.dashed
    assert (so_far.hollow, so_far.label, len(so_far.x)) == (True, "so far, 1 of 12 months", 1)
    assert not later.hollow
    assert not development.hollow
    assert not set(so_far.x) & {*later.x, *development.x}
    assert len(expected.x) == 14


def test_without_what_was_seen_there_is_no_hollow_curve(evidence, scored):
    drawn = _curves(evidence, scored=scored.judged, observed_until=date(2024, 12, 31))
    assert not any(isinstance(layer, Points) and layer.hollow for layer in drawn)


def test_what_right_pds_expect_is_near_what_came_true_and_blind_to_wrong_ones(evidence, understated):
    right = month_table(evidence).set_index("month")
    wrong = month_table(understated).set_index("month")
    assert right["expected_auc"].to_numpy() == pytest.approx(right["auc"].to_numpy(float), abs=0.05)
    assert right["expected_brier"].to_numpy() == pytest.approx(right["brier"].to_numpy(float), rel=0.15)
    assert wrong["expected_brier"].to_numpy() == pytest.approx(right["expected_brier"].to_numpy(), rel=0.1)
    assert (wrong["brier"] > 1.25 * wrong["expected_brier"]).all()


def _curves(evidence, **kwargs):
    return months_section(evidence, **kwargs).figure.charts[1].layers


def test_scored_days_say_when_they_mature(scored):
    section = scored_days_section(scored.days, horizon_months=12, observed_until=scored.observed_until)
    table = section.table.set_index("month")
    assert f"{table.loc['2024-11', 'last_matures_on']}" == "2025-11-30"
    assert table.loc["2023-10", "day_count"] == 2
    assert "3 days scored in 2 months; 1 of these months has fully matured by 2024-12-31." in section.answer


def test_the_first_day_to_mature_is_announced(scored):
    section = scored_days_section(scored.days.tail(1), horizon_months=12, observed_until=scored.observed_until)
    assert section.answer.endswith("The first outcome will be known on 2025-11-30.")
    assert section.verdict is Verdict.UNKNOWN


def test_nothing_of_the_months_stays_english_in_chinese(evidence, understated, sparse, scored, seen, still_english):
    plain = [months_section(one) for one in (evidence, understated, sparse)]
    waiting = months_section(evidence, scored=scored.judged)
    told = months_section(evidence, scored=seen, observed_until=scored.observed_until)
    assert {one.verdict for one in plain} == {Verdict.PASS, Verdict.REVIEW, Verdict.UNKNOWN}
    assert still_english([*plain, waiting, told]) == []
    assert (
        language_of("zh")
        .say(told.answer)
        .endswith("1 个月（2024-11）尚无结果：迄今 AUC 为 1.000，12 个月中已过 1 个月。")
    )


@pytest.mark.parametrize("until", [date(2023, 12, 31), date(2024, 12, 31), date(2026, 12, 31)])
def test_nothing_of_the_scored_days_stays_english_in_chinese(scored, until, still_english):
    found = scored_days_section(scored.days, horizon_months=12, observed_until=until)
    nothing = scored_days_section(None, horizon_months=12, observed_until=None)
    assert still_english([found, nothing]) == []
