from dataclasses import replace

import pandas as pd
import pytest

from creditscore.domain import Verdict
from creditscore.reporting import language_of
from creditscore.reporting.sections.applications import applications_section, applications_table, wrongly_approved


def section(decided, applications):
    return applications_section(replace(decided, applications=applications), currency="CNY")


def test_each_application_is_of_one_route_and_the_rows_add_up(decided):
    table = applications_table(decided.applications).set_index("route")
    assert table["application_count"].to_dict() == {"green_channel": 2, "standard": 1, "committee": 1, "total": 4}
    assert table.drop("total").sum().tolist() == table.loc["total"].tolist()


def test_the_answer_says_what_was_asked_approved_and_left_to_people(decided):
    found = section(decided, decided.applications)
    assert found.verdict is Verdict.PASS
    assert found.answer == (
        "4 applications from 2024-11-28 to 2024-11-30: 25.0 % approved by the green channel, 3 left to people; "
        "100,000 CNY asked, at most 60,000 CNY allowed. None was approved that may not be."
    )


@pytest.mark.parametrize(
    "change",
    [{"route": "standard"}, {"frozen_flag": True}, {"disputed_flag": True}, {"allowed_amount": 99_999_999}],
    ids=lambda change: next(iter(change)),
)
def test_what_the_machine_may_not_approve_fails(decided, change):
    known = decided.applications.copy()
    known.loc[known["outcome"] == "approved", list(change)] = list(change.values())
    assert wrongly_approved(known) == 1
    found = section(decided, known)
    assert found.verdict is Verdict.FAIL
    assert found.answer.endswith("1 of them the machine may not have approved.")


def test_without_an_application_nobody_has_decided_on_one(decided):
    for found in (section(decided, decided.applications.iloc[:0]), applications_section(None, currency=None)):
        assert (found.verdict, found.table) == (Verdict.UNKNOWN, None)
        assert found.answer == "No application has been decided yet."


def test_an_empty_route_draws_no_bar(decided):
    alone = decided.applications[decided.applications["route"] == "committee"]
    bars = section(decided, pd.DataFrame(alone)).figure.charts[0].layers[0]
    assert bars.height == [0.0, 0.0, 1.0]


def test_nothing_of_it_stays_english_in_chinese(decided, still_english):
    faulty = decided.applications.assign(outcome="approved")
    sections = [section(decided, decided.applications), section(decided, faulty)]
    assert still_english([*sections, applications_section(None, currency=None)]) == []
    assert language_of("zh").say(sections[0].answer) == (
        "2024-11-28 至 2024-11-30 共 4 笔申请：25.0 % 由绿色通道自动批准，3 笔转人工审批；"
        "申请金额 100,000 CNY，最多可批 60,000 CNY。没有违规自动批准的申请。"
    )
