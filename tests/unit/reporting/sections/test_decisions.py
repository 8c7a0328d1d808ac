from dataclasses import replace

import pandas as pd
import pytest

from creditscore.domain import Verdict
from creditscore.reporting import language_of
from creditscore.reporting.sections.decisions import decision_table, decisions_section, overdue_ratio


def owed(overdue, *, of=10_000):
    return pd.DataFrame({"customer_id": ["C1", "C1"], "bucket": [0, 2], "open_amount": [of - overdue, overdue]})


def section(decided, policy, **changes):
    return decisions_section(replace(decided, **changes), policy=policy, currency="CNY")


def test_a_frozen_customer_is_of_no_colour_so_that_the_rows_add_up_to_the_total(decided):
    table = decision_table(decided.scores).set_index("governed_colour")
    assert table["customer_count"].to_dict() == {"green": 2, "yellow": 1, "red": 1, "frozen": 1, "total": 5}
    assert table.drop("total").sum().tolist() == table.loc["total"].tolist()


def test_amounts_add_up_what_is_known(decided):
    total = decision_table(decided.scores).set_index("governed_colour").loc["total"]
    assert total[["exposure_amount", "limit_amount", "headroom_amount"]].tolist() == [10_000_000, 10_800_000, 4_000_000]
    assert total["unknown_limit_count"] == 1
    assert total["exhausted_limit_count"] == 2


def test_governed_colours_that_differ_from_the_raw_one_are_counted(decided):
    table = decision_table(decided.scores).set_index("governed_colour")
    assert table["other_raw_colour_count"].to_dict() == {"green": 0, "yellow": 1, "red": 0, "frozen": 0, "total": 1}


def test_the_answer_gives_customers_money_and_alerts(decided, policy):
    answer = section(decided, policy).answer
    assert answer.startswith(
        "On 2024-11-30, of 5 customers 2 green, 1 yellow, 1 red and 1 frozen; limits of 108,000 CNY"
    )
    assert "headroom of 40,000 CNY" in answer
    assert "Alerts: 3 yellow, 2 red, the red ones of 1 customer." in answer


@pytest.mark.parametrize(("overdue", "verdict"), [(499, Verdict.PASS), (500, Verdict.REVIEW)])
def test_overdue_at_the_target_of_five_percent_asks_for_a_review(decided, policy, overdue, verdict):
    assert section(decided, policy, open_amounts=owed(overdue)).verdict is verdict


@pytest.mark.parametrize("open_amounts", [None, owed(0, of=0)])
def test_where_nobody_knows_what_is_open_the_question_stays_open(decided, policy, open_amounts):
    found = section(decided, policy, open_amounts=open_amounts)
    assert found.verdict is Verdict.UNKNOWN
    assert found.answer.endswith("How much is past due is unknown.")
    assert overdue_ratio(open_amounts) is None


def test_without_a_scored_day_nothing_is_allowed_or_forbidden(policy):
    found = decisions_section(None, policy=policy, currency=None)
    assert (found.verdict, found.table) == (Verdict.UNKNOWN, None)
    assert found.answer == "No day has been scored yet, so nothing was decided."


@pytest.mark.parametrize("overdue", [None, 0, 5_000])
def test_nothing_of_it_stays_english_in_chinese(decided, policy, overdue, still_english):
    found = section(decided, policy, open_amounts=None if overdue is None else owed(overdue))
    assert still_english([found, decisions_section(None, policy=policy, currency=None)]) == []


def test_in_chinese_the_groups_are_counted_by_their_names(decided, policy):
    answer = language_of("zh").say(section(decided, policy).answer)
    assert answer.startswith("2024-11-30，5 位客户中绿 2 位、黄 1 位、红 1 位和冻结 1 位；额度合计 108,000 CNY，")
    assert answer.endswith("预警：黄色 3 条，红色 2 条，红色预警涉及 1 位客户。未结金额中 0.00 % 已逾期。")
