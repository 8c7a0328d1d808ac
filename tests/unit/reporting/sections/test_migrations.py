from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from creditscore.domain import Verdict, text
from creditscore.reporting import language_of
from creditscore.reporting.formats import heading
from creditscore.reporting.sections.migrations import migration_table, migrations, migrations_section, named_cells

GRADES = ("A1", "B1", "C1")
ECB = [[90, 6, 1], [8, 150, 12], [1, 9, 60]]  # the signed-off matrix of ECB 2.5.5.1


def scored_on(days, *, defaulted=0, ended=0):
    """The ECB's example between two days; the first customers of A1 default, those after them end."""
    first, last = (pd.Timestamp(day) for day in days)
    then = [GRADES[row] for row, counts in enumerate(ECB) for count in counts for _ in range(count)]
    now = [GRADES[column] for counts in ECB for column, count in enumerate(counts) for _ in range(count)]
    names = [f"C{number:03d}" for number in range(len(then))]
    start = pd.DataFrame({"customer_id": names, "as_of": first, "grade": then, "in_default_flag": False})
    end = pd.DataFrame({"customer_id": names, "as_of": last, "grade": now, "in_default_flag": False})
    end.loc[: defaulted - 1, "in_default_flag"] = True
    return pd.concat([start, end.drop(index=range(defaulted, defaulted + ended))], ignore_index=True)


@pytest.fixture
def three_grades():
    """A policy whose master scale has three grades."""
    return SimpleNamespace(master_scale=SimpleNamespace(labels=GRADES))


def test_without_two_months_of_scored_days_it_is_unknown(policy):
    assert migrations_section(None, policy=policy).verdict is Verdict.UNKNOWN
    both = scored_on(["2024-01-31", "2024-02-29"])
    section = migrations_section(both[both["as_of"] == both["as_of"].min()], policy=policy)
    assert section.verdict is Verdict.UNKNOWN
    assert section.answer == "1 month of scored days so far; a migration needs two."


def test_the_bandwidths_are_those_of_the_signed_off_matrix(three_grades):
    section = migrations_section(scored_on(["2024-01-31", "2025-01-31"]), policy=three_grades)
    assert "Bandwidth to worse grades 0.769, to better ones 0.679" in section.answer
    assert section.verdict is Verdict.PASS
    assert "spans a year" not in section.note


def test_who_defaults_or_is_no_longer_scored_stands_in_a_column_of_its_own():
    moves = migrations(scored_on(["2024-01-31", "2025-01-31"], defaulted=3, ended=2), labels=GRADES)
    assert moves.matrix.loc["A1"].tolist() == [85, 6, 1, 3, 2]
    assert moves.matrix.to_numpy().sum() == np.sum(ECB)


def test_the_shares_of_a_grade_add_up_to_one_and_grades_that_nobody_held_have_no_row():
    moves = migrations(scored_on(["2024-01-31", "2025-01-31"], defaulted=3), labels=(*GRADES, "D1"))
    table = migration_table(moves)
    assert table["grade"].tolist() == list(GRADES)
    assert table.filter(like="_share").sum(axis=1).tolist() == pytest.approx([1.0, 1.0, 1.0])
    assert "D1_share" not in table.columns


def test_the_matrix_spans_a_year_where_there_is_one(three_grades):
    frame = pd.concat([scored_on(["2023-12-31", "2024-01-31"]), scored_on(["2024-06-30", "2025-01-31"])])
    moves = migrations(frame, labels=GRADES)
    assert (f"{moves.first_on:%Y-%m}", f"{moves.last_on:%Y-%m}") == ("2024-01", "2025-01")
    shorter = migrations_section(scored_on(["2024-08-31", "2025-01-31"]), policy=three_grades)
    assert "only 5 months of scored days lie between" in shorter.note


def test_days_that_lie_more_than_a_year_apart_are_compared_all_the_same():
    moves = migrations(scored_on(["2022-01-31", "2025-01-31"]), labels=GRADES)
    assert f"{moves.first_on:%Y-%m}" == "2022-01"


def test_who_was_in_default_at_first_does_not_migrate():
    frame = scored_on(["2024-01-31", "2025-01-31"])
    frame.loc[:4, "in_default_flag"] = True
    assert migrations(frame, labels=GRADES).matrix.to_numpy().sum() == np.sum(ECB) - 5


def test_a_far_move_that_is_likelier_than_a_near_one_asks_for_a_review(three_grades):
    frame = scored_on(["2024-01-31", "2025-01-31"])
    jumped = (frame["as_of"] == "2025-01-31") & (frame["customer_id"] < "C040")
    section = migrations_section(frame.assign(grade=frame["grade"].mask(jumped, "C1")), policy=three_grades)
    assert section.verdict is Verdict.REVIEW
    assert "(A1 to C1)" in section.answer


def test_nothing_of_the_migrations_stays_english_in_chinese(three_grades, policy, still_english):
    frame = scored_on(["2024-01-31", "2025-01-31"], defaulted=3, ended=2)
    first = frame[frame["as_of"] == "2024-01-31"]
    moved = scored_on(["2024-08-31", "2025-01-31"])
    jumped = (moved["as_of"] == "2025-01-31") & (moved["customer_id"] < "C040")
    told = [
        *(migrations_section(one, policy=policy) for one in (None, first)),
        migrations_section(frame, policy=three_grades),
        migrations_section(pd.concat([first, first.assign(as_of=pd.Timestamp("2025-01-31"))]), policy=three_grades),
        migrations_section(moved.assign(grade=moved["grade"].mask(jumped, "C1")), policy=three_grades),
    ]
    assert {one.verdict for one in told} == {Verdict.PASS, Verdict.REVIEW, Verdict.UNKNOWN}
    assert still_english(told) == []
    chinese = language_of("zh")
    assert chinese.say(told[1].answer) == "目前仅有 1 个月的评分日；迁移分析至少需要两个月。"
    assert chinese.say(heading("A1_share", None)) == "A1 占比"


def test_of_many_odd_moves_three_are_named_and_the_others_counted_in_both_languages():
    odd = [text("{first} to {last}", first="A1", last=last) for last in ("C1", "D1", "E1", "E2", "E3")]
    named = named_cells(odd)
    assert named == " (A1 to C1, A1 to D1, A1 to E1 and 2 more)"
    assert language_of("zh").say(named) == "（A1 至 C1、A1 至 D1、A1 至 E1等，另有 2 组）"
