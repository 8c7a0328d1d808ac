from dataclasses import replace

import numpy as np
import pytest

from creditscore.domain import Verdict
from creditscore.reporting.sections.outputs import colours_moved_section, grades_moved_section


def test_grades_that_stay_pass_and_grades_that_move_ask_for_a_review(comparison, policy):
    sides = {"reference": comparison.reference, "current": comparison.current, "policy": policy}
    moved = replace(comparison.result, grade=replace(comparison.result.grade, alarm_reason="PSI 0.300 above 0.250"))
    assert grades_moved_section(comparison.result, **sides).verdict is Verdict.PASS
    assert grades_moved_section(moved, **sides).verdict is Verdict.REVIEW
    assert colours_moved_section(moved).verdict is Verdict.REVIEW


def test_shares_of_grades_sum_to_one_in_the_order_of_the_policy(comparison, policy):
    table = grades_moved_section(
        comparison.result, reference=comparison.reference, current=comparison.current, policy=policy
    ).table
    assert table["grade"].tolist() == list(policy.master_scale.labels)
    assert table[["development_share", "now_share"]].sum().tolist() == pytest.approx([1.0, 1.0])


def test_a_side_without_colours_leaves_the_question_open(drifted):
    blank = replace(drifted, colours=drifted.colours.assign(reference_ratio=np.nan))
    assert colours_moved_section(blank).verdict is Verdict.UNKNOWN


def test_a_side_without_grades_leaves_the_question_open(comparison, policy):
    blank = replace(comparison.result, grade=None)
    section = grades_moved_section(blank, reference=comparison.reference, current=comparison.current, policy=policy)
    assert section.verdict is Verdict.UNKNOWN
