from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from creditscore.decisions import ALERT_COLUMNS, follow_alerts, standing_alerts
from creditscore.errors import ContractError, ParameterError
from creditscore.policy import load_policy

ALERTS = load_policy().alerts
FIRST, SECOND, THIRD = date(2024, 1, 10), date(2024, 1, 11), date(2024, 2, 1)
NONE, YELLOW, RED = (0.4, 0.0, 0), (0.5, 0.79, 0), (2.5, 0.5, 31)


def opened(**invoices):
    """Open receivables by invoice: share of the term passed, share paid, days past due."""
    numbers = ["term_elapsed_ratio", "paid_ratio", "days_past_due"]
    rows = [
        {"invoice_id": invoice, "customer_id": "C1", **dict(zip(numbers, told, strict=True)), "open_amount": 900}
        for invoice, told in sorted(invoices.items())
    ]
    columns = ["invoice_id", "customer_id", *numbers, "open_amount"]
    types = {"invoice_id": "str", "customer_id": "str", "days_past_due": "int64", "open_amount": "int64"}
    return pd.DataFrame(rows, columns=columns).astype(types)


def follow(*days):
    """Follow the alerts of one invoice over days with the same distance from the last."""
    standing = None
    for as_of, told in zip((FIRST, SECOND, THIRD), days, strict=False):
        receivables = opened() if told is None else opened(I1=told)
        standing = follow_alerts(receivables, ALERTS, as_of=as_of, standing=standing)
    return standing.to_dict("records")


def test_an_alert_opens_on_the_day_its_rule_is_met():
    (alert,) = follow(NONE, YELLOW)
    assert (alert["level"], alert["change"]) == ("yellow", "opened")
    assert alert["opened_on"].date() == alert["level_since"].date() == SECOND


def test_an_alert_that_opens_red_is_opened_and_not_escalated():
    (alert,) = follow(NONE, RED)
    assert (alert["level"], alert["change"]) == ("red", "opened")


def test_an_alert_that_stands_keeps_its_days_and_tells_the_numbers_of_today():
    (alert,) = follow(YELLOW, (0.9, 0.6, 0))
    assert (alert["change"], alert["term_elapsed_ratio"], alert["paid_ratio"]) == ("stands", 0.9, 0.6)
    assert alert["opened_on"].date() == alert["level_since"].date() == FIRST


def test_yellow_escalates_to_red_and_remembers_when_it_opened():
    (alert,) = follow(YELLOW, YELLOW, RED)
    assert (alert["level"], alert["change"]) == ("red", "escalated")
    assert (alert["opened_on"].date(), alert["level_since"].date()) == (FIRST, THIRD)


def test_red_eases_to_yellow():
    (alert,) = follow(RED, YELLOW)
    assert (alert["level"], alert["change"]) == ("yellow", "eased")
    assert (alert["opened_on"].date(), alert["level_since"].date()) == (FIRST, SECOND)


def test_an_alert_whose_rule_is_met_no_more_closes_with_the_numbers_that_closed_it():
    (alert,) = follow(YELLOW, (0.9, 0.8, 0))
    assert (alert["level"], alert["change"], alert["paid_ratio"], alert["open_amount"]) == (
        "yellow",
        "closed",
        0.8,
        900,
    )


def test_an_alert_of_an_invoice_that_is_no_longer_open_closes_with_nothing_open():
    (alert,) = follow(YELLOW, RED, None)
    assert (alert["level"], alert["change"], alert["open_amount"]) == ("red", "closed", 0)
    assert (alert["days_past_due"], alert["paid_ratio"]) == (31, 0.5)
    assert (alert["opened_on"].date(), alert["level_since"].date()) == (FIRST, SECOND)


def test_a_closed_alert_is_told_once():
    assert follow(YELLOW, None, None) == []
    assert follow(YELLOW, NONE, NONE) == []


def test_a_cause_that_comes_back_opens_a_new_alert():
    (alert,) = follow(YELLOW, NONE, YELLOW)
    assert (alert["change"], alert["opened_on"].date()) == ("opened", THIRD)


def test_each_alert_names_the_key_of_the_policy_and_the_number_there():
    yellow, red = follow_alerts(opened(I1=YELLOW, I2=RED), ALERTS, as_of=FIRST).to_dict("records")
    assert (yellow["rule"], yellow["rule_number"]) == ("alerts.yellow.paid_below_ratio", 0.8)
    assert (red["rule"], red["rule_number"]) == ("alerts.red.days_past_due_above", 30)


def test_another_policy_decides_with_its_own_numbers():
    lenient = replace(ALERTS, red=replace(ALERTS.red, days_past_due_above=31))
    first = follow_alerts(opened(I1=RED), ALERTS, as_of=FIRST)
    (alert,) = follow_alerts(opened(I1=RED), lenient, as_of=SECOND, standing=first).to_dict("records")
    assert (alert["level"], alert["change"]) == ("yellow", "eased")


def test_the_alerts_of_a_day_are_sorted_and_have_the_documented_types_on_every_day():
    first = follow_alerts(opened(I3=YELLOW, I1=RED, I2=NONE), ALERTS, as_of=FIRST)
    second = follow_alerts(opened(I3=RED, I2=RED), ALERTS, as_of=SECOND, standing=first)
    assert second["invoice_id"].tolist() == ["I1", "I2", "I3"]
    assert second["change"].tolist() == ["closed", "opened", "escalated"]
    for found in (first, second, follow_alerts(opened(), ALERTS, as_of=FIRST)):
        assert found.dtypes.astype(str).to_dict() == ALERT_COLUMNS
        assert not found.isna().any(axis=None)


def test_amounts_are_exact_in_the_last_unit_when_other_alerts_close():
    huge = 2**53 + 1  # no float holds it
    first = follow_alerts(opened(I1=YELLOW, I2=YELLOW), ALERTS, as_of=FIRST)
    second = follow_alerts(opened(I2=YELLOW).assign(open_amount=huge), ALERTS, as_of=SECOND, standing=first)
    assert second["open_amount"].tolist() == [0, huge]


def test_alerts_that_come_back_from_a_database_with_plain_dates_are_followed_alike():
    first = follow_alerts(opened(I1=YELLOW), ALERTS, as_of=FIRST)
    stored = first.assign(**{name: first[name].dt.date for name in ("opened_on", "level_since")})
    followed = [follow_alerts(opened(I1=RED), ALERTS, as_of=SECOND, standing=one) for one in (first, stored)]
    pd.testing.assert_frame_equal(*followed)


def test_what_stands_is_all_but_the_closed():
    first = follow_alerts(opened(I1=YELLOW, I2=YELLOW), ALERTS, as_of=FIRST)
    second = follow_alerts(opened(I2=YELLOW), ALERTS, as_of=SECOND, standing=first)
    assert standing_alerts(second)["invoice_id"].tolist() == ["I2"]


@pytest.mark.parametrize("as_of", [FIRST, date(2024, 1, 9)])
def test_a_predecessor_that_does_not_lie_before_the_day_is_refused(as_of):
    first = follow_alerts(opened(I1=YELLOW), ALERTS, as_of=FIRST)
    with pytest.raises(ParameterError, match=rf"knows of 2024-01-10, which does not lie before {as_of}"):
        follow_alerts(opened(), ALERTS, as_of=as_of, standing=first)


def test_an_invoice_in_two_rows_is_refused():
    twice = pd.concat([opened(I1=YELLOW)] * 2)
    with pytest.raises(ContractError, match="I1 stands in more than one row"):
        follow_alerts(twice, ALERTS, as_of=FIRST)


def test_a_column_that_is_missing_is_named():
    with pytest.raises(ContractError, match="receivables: paid_ratio missing"):
        follow_alerts(opened(I1=YELLOW).drop(columns="paid_ratio"), ALERTS, as_of=FIRST)
    broken = follow_alerts(opened(), ALERTS, as_of=FIRST).drop(columns="level_since")
    with pytest.raises(ContractError, match="standing: level_since missing"):
        follow_alerts(opened(), ALERTS, as_of=SECOND, standing=broken)
