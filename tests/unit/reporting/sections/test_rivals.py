from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from creditscore.domain import Verdict
from creditscore.reporting import language_of
from creditscore.reporting.rivals import FORMER, LIVED, NOBODY, RESCORED, TESTED, Rival
from creditscore.reporting.sections.rivals import rivals_section
from creditscore.scoring import contest
from creditscore.validation import PairedDelong


@pytest.fixture(scope="module")
def ahead(frame, policy):
    """The champion against a model that sees less of each customer."""
    rows = frame[frame["split"] == "test"].rename(columns={"log_odds": "first_log_odds"})
    noise = np.random.default_rng(1).normal(0, 2.0, len(rows))
    return contest(rows.assign(second_log_odds=rows["first_log_odds"] + noise), policy)


@pytest.fixture(scope="module")
def behind(ahead):
    """The same the other way round."""
    gap = ahead.difference
    return replace(
        ahead,
        first=ahead.second,
        second=ahead.first,
        difference=PairedDelong(-gap.difference, gap.standard_error, gap.p_value),
    )


def rival(contests, *, role="challenger", silence=""):
    return Rival(role=role, name="other", contests=contests, silence=silence)


def test_a_bundle_without_a_workspace_knows_no_rival():
    section = rivals_section(None)
    assert section.verdict is Verdict.UNKNOWN
    assert section.table is None


def test_where_nobody_challenges_it_is_unknown_and_says_so():
    section = rivals_section([Rival(role="challenger", silence="Nobody challenges it.")])
    assert section.verdict is Verdict.UNKNOWN
    assert section.answer == "Nobody challenges it."


def test_a_champion_ahead_passes_with_the_difference_and_its_interval(ahead):
    section = rivals_section([rival({TESTED: ahead})])
    row = section.table.iloc[0]
    assert section.verdict is Verdict.PASS
    assert 0 < row["low"] < row["champion_ahead_by"] < row["high"]
    assert row["champion_ahead_by"] == pytest.approx(row["champion_auc"] - row["rival_auc"])
    assert f"the champion is {row['champion_ahead_by']:.3f} AUC ahead, surely" in section.answer


def test_a_challenger_ahead_asks_for_a_review_and_a_former_champion_ahead_fails(behind):
    assert rivals_section([rival({TESTED: behind})]).verdict is Verdict.REVIEW
    assert rivals_section([rival({TESTED: behind}, role=FORMER)]).verdict is Verdict.FAIL


def test_a_difference_that_chance_explains_is_no_defeat(behind):
    near = replace(behind, difference=PairedDelong(-0.001, 0.01, 0.92))
    section = rivals_section([rival({LIVED: near})])
    assert section.verdict is Verdict.PASS
    assert "0.001 AUC behind, not surely (p 0.920)" in section.answer


def test_too_few_defaults_leave_it_open(behind):
    assert rivals_section([rival({TESTED: replace(behind, default_count=7)})]).verdict is Verdict.UNKNOWN


def test_a_rival_that_cannot_be_compared_leaves_it_open_and_says_why(ahead):
    rivals = [rival({TESTED: ahead}), rival({}, role=FORMER, silence="No row was out of time for both.")]
    section = rivals_section(rivals)
    assert section.verdict is Verdict.UNKNOWN
    assert "The former champion other cannot be compared. No row was out of time for both." in section.answer
    assert len(section.table) == 1


def test_that_no_champion_came_before_does_not_hide_that_the_challenger_is_beaten(ahead):
    rivals = [rival({TESTED: ahead}), Rival(role=FORMER, silence="No champion came before it.")]
    assert rivals_section(rivals).verdict is Verdict.PASS


def test_each_way_of_judging_has_a_row_and_a_mark(ahead):
    section = rivals_section([rival({TESTED: ahead, LIVED: ahead})])
    assert section.table["judged_by"].tolist() == [TESTED, LIVED]
    assert section.figure.charts[0].y.ticks == [f"challenger, {TESTED}", f"challenger, {LIVED}"]
    assert pd.api.types.is_integer_dtype(section.table["other_colour_count"])


def test_nothing_of_the_rivals_stays_english_in_chinese(ahead, behind, still_english):
    alike = replace(behind, difference=PairedDelong(0.0, 0.0, float("nan")))
    told = [
        rivals_section(one)
        for one in (
            None,
            [Rival(role=role, silence=silence) for role, silence in NOBODY.items()],
            [rival({TESTED: ahead, LIVED: alike})],
            [rival({RESCORED: behind})],
            [rival({TESTED: ahead}), rival({}, role=FORMER, silence="No row was out of time for both.")],
            [rival({TESTED: behind}, role=FORMER)],
        )
    ]
    assert {one.verdict for one in told} == set(Verdict)
    assert still_english(told) == []
    assert "冠军模型的 AUC 落后 " in language_of("zh").say(told[-1].answer)
