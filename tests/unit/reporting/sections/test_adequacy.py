import math
from dataclasses import replace

import pandas as pd
import pytest

from creditscore.decisions import RollRates, adequacy, provisions
from creditscore.domain import Verdict
from creditscore.errors import ParameterError
from creditscore.reporting import language_of
from creditscore.reporting.decided import NOTHING_KNOWN
from creditscore.reporting.sections.adequacy import adequacy_section, adequacy_table, adequacy_verdict

ROLLS = RollRates(ratios=(0.5, 0.4, 0.5, 0.5), month_count=12)  # loss rates 2 %, 4 %, 10 %, 20 %, 40 %
NO_OUTCOMES = pd.DataFrame({"customer_id": [], "colour": [], "exposure_amount": [], "lost_amount": []})


def compared(policy, *, held=300, probability=0.01, exposure=10_000, bucket=0, matured=NO_OUTCOMES):
    """Two green customers of 100 each, of which one is past due by ``bucket``."""
    reserved = pd.DataFrame(
        {
            "customer_id": ["C1", "C2"],
            "colour": "green",
            "exposure_amount": pd.array([exposure, exposure], dtype="Int64"),
            "held_amount": held,
            "default_probability": probability,
        }
    )
    ageing = pd.DataFrame({"customer_id": ["C1", "C2"], "bucket": [0, bucket], "open_amount": 10_000})
    return adequacy(policy, reserved, matured=matured, ageing=ageing, rolls=ROLLS)


def losses(lost, *, colour="green", customers=200):
    return pd.DataFrame(
        {
            "customer_id": [f"C{number}" for number in range(customers)],
            "colour": colour,
            "exposure_amount": 10_000,
            "lost_amount": [lost if number % 2 else 0 for number in range(customers)],
        }
    )


def section(decided, policy, found):
    return adequacy_section(replace(decided, adequacy=found), policy=policy, currency="CNY")


def test_what_is_held_is_told_against_the_matrix_and_the_expected_loss(decided, policy):
    # 2 x 3.00 held; the matrix asks for 2 % and 40 % of 100, PD x LGD for 0.4 % of 200.
    found = section(decided, policy, compared(policy, bucket=4))
    assert found.answer.startswith(
        "6 CNY are held: 36 CNY less than the provision matrix of 42 CNY and 5 CNY more than the expected loss of 1"
        " CNY."
    )
    assert found.answer.endswith("Most is missing for C2.")
    assert found.verdict is Verdict.REVIEW


def test_without_an_ended_window_the_other_two_yardsticks_judge(decided, policy):
    found = section(decided, policy, compared(policy))
    assert "No scored day's outcome window has ended" in found.answer
    assert found.verdict is Verdict.PASS
    assert "realised loss" not in set(found.table["against"])


def test_an_expected_loss_above_what_is_held_asks_for_a_review(policy):
    assert adequacy_verdict(compared(policy, probability=0.5)) is Verdict.REVIEW


def test_a_reserve_surely_below_what_was_lost_fails(decided, policy):
    found = section(decided, policy, compared(policy, matured=losses(2_000)))
    assert found.verdict is Verdict.FAIL
    assert "Realised losses were 10.0 % of the exposure" in found.answer
    assert "Surely short: green and total." in found.answer


def test_a_single_colour_below_what_was_lost_asks_for_a_review(policy):
    green = losses(2_000)
    red = losses(0, colour="red").assign(customer_id=lambda rows: "R" + rows["customer_id"])
    found = compared(policy, matured=pd.concat([green, red, red.assign(customer_id="S" + red["customer_id"])]))
    verdicts = found.realised.set_index("colour")["verdict"]
    assert (verdicts["green"], verdicts["total"]) == ("short", "too high")
    assert adequacy_verdict(found) is Verdict.REVIEW


def test_a_reserve_above_what_was_lost_is_told_and_passes(decided, policy):
    found = section(decided, policy, compared(policy, matured=losses(100)))
    assert "Surely too high: green and total." in found.answer
    assert found.verdict is Verdict.PASS


def test_nobody_of_known_exposure_leaves_the_question_open(policy):
    found = compared(policy, exposure=pd.NA)
    assert adequacy_verdict(found) is Verdict.UNKNOWN


def test_one_table_holds_the_yardsticks_the_ages_and_the_customers(policy):
    table = adequacy_table(compared(policy, bucket=1, matured=losses(2_000)))
    assert table["against"].value_counts(sort=False).to_dict() == {
        "realised loss": 2,
        "provision matrix": 2,
        "PD x LGD": 2,
        "provision matrix, by age": 5,
        "provision matrix, largest gaps": 2,
        "PD x LGD, largest gaps": 2,
    }
    by_customer = table[table["against"] == "provision matrix, largest gaps"]
    assert by_customer[["part", "needed_amount", "gap_amount"]].to_numpy().tolist() == [
        ["C1", 200, 100],
        ["C2", 400, -100],
    ]
    assert by_customer["loss_ratio"].tolist() == [0.02, 0.04]


def test_an_interval_ends_where_nothing_more_can_be_lost(policy):
    one = losses(0).assign(lost_amount=lambda rows: [9_000, 1, *[0] * (len(rows) - 2)])
    found = compared(policy, matured=one[:3])
    assert found.realised["loss_ratio_high"].max() > 1
    assert adequacy_table(found)["high_ratio"].max() == 1


def test_why_it_cannot_be_told_is_told(decided, policy):
    found = section(decided, policy, "No month shows how 61-90 days roll on, and something is open there.")
    assert found.verdict is Verdict.UNKNOWN
    assert found.answer == "It cannot be told. No month shows how 61-90 days roll on, and something is open there."


def test_the_picture_leaves_out_losses_that_are_not_known(decided, policy):
    by_colour, by_age = section(decided, policy, compared(policy)).figure.charts
    assert [layer.label for layer in by_colour.layers] == ["", "provision matrix", "PD x LGD"]
    assert by_age.layers[0].height == pytest.approx([0.02, 0.04, 0.1, 0.2, 0.4])


def test_without_a_scored_day_nothing_is_held(policy):
    found = adequacy_section(None, policy=policy, currency=None)
    assert (found.verdict, found.answer) == (Verdict.UNKNOWN, "No day has been scored yet, so nothing is held.")


def test_nothing_of_it_stays_english_in_chinese(decided, policy, still_english):
    unknown = compared(policy, exposure=pd.NA)
    found = [compared(policy, bucket=4, matured=losses(lost)) for lost in (0, 100, 2_000)]
    sections = [section(decided, policy, one) for one in [*found, compared(policy), unknown, NOTHING_KNOWN]]
    assert {one.verdict for one in sections} == set(Verdict)
    assert still_english([*sections, adequacy_section(None, policy=policy, currency=None)]) == []


def test_why_it_cannot_be_told_is_told_in_chinese_too(decided, policy, still_english):
    one = pd.DataFrame({"customer_id": ["C1"], "bucket": [3], "open_amount": [100]})
    with pytest.raises(ParameterError) as refused:
        provisions(one, RollRates(ratios=(0.5, 0.4, 0.5, math.nan), month_count=12).loss_ratios(policy.loss))
    found = section(decided, policy, refused.value.found)
    assert found.answer == "It cannot be told. No month shows how 61-90 days roll on, and something is open there."
    assert language_of("zh").say(found.answer).startswith("无法判断。没有任何月份能反映逾期61至90天账龄段如何滚动")
    assert still_english(found) == []
