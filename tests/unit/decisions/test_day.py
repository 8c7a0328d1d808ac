"""A day's decisions: each part goes on from the day before, and each hangs on the ones before it."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.accounts import Accounts
from creditscore.decisions import DECIDED_COLUMNS, decide_day, link_kinds
from creditscore.policy import load_policy

POLICY = load_policy()
FIRST, SECOND, MONTH_LATER = date(2024, 1, 1), date(2024, 1, 2), date(2024, 2, 1)
BILL = ("invoice_id", "customer_id", "open_amount", "days_past_due", "term_elapsed_ratio", "paid_ratio")
TEXTS = {"invoice_id": "str", "customer_id": "str", "open_amount": "int64", "days_past_due": "int64"}


def accounts(*, limits=(), bills=(), links=(), segments=()):
    return Accounts(
        limits=pd.DataFrame(limits, columns=["customer_id", "limit_amount", "term_days"]).astype(
            {"customer_id": "str", "limit_amount": "Int64", "term_days": "Int64"}
        ),
        receivables=pd.DataFrame(bills, columns=list(BILL)).astype(TEXTS),
        affiliations=pd.DataFrame(links, columns=["source_id", "target_id", "kind"], dtype="str"),
        segments=pd.DataFrame(segments, columns=["customer_id", "industry_code", "region", "group_id"], dtype="str"),
        histories=pd.DataFrame({"customer_id": [], "cooperation_years": [], "payback_ratio": []}),
    )


def today(**scores):
    """Customers with their score, and an exposure of 10,000 each."""
    return pd.DataFrame(
        {
            "customer_id": pd.Series(list(scores), dtype="str"),
            "score": np.array(list(scores.values()), dtype=float),
            "exposure_amount": pd.array([10_000] * len(scores), dtype="Int64"),
            "in_default_flag": 0.0,
        }
    )


def decide(customers, known=None, *, as_of=FIRST, before=None):
    day = decide_day(POLICY, known or accounts(), customers, as_of=as_of, before=before and before.standing)
    return day, day.customers.set_index("customer_id")


def test_on_the_first_day_the_governed_colour_is_the_raw_one_and_reserves_open():
    day, found = decide(today(C1=80, C2=60, C3=59))
    assert found["governed_colour"].tolist() == ["green", "yellow", "red"]
    assert found["held_amount"].tolist() == found["reserve_amount"].tolist() == [300, 800, 1_500]
    assert day.reserves.movements["kind"].tolist() == ["opening"] * 3


def test_a_downgrade_holds_at_once_and_tops_the_reserve_up():
    first, _ = decide(today(C1=85))
    day, found = decide(today(C1=70), as_of=SECOND, before=first)
    assert (found["governed_colour"]["C1"], found["held_amount"]["C1"]) == ("yellow", 800)
    assert day.reserves.movements.to_dict("records") == [{"customer_id": "C1", "kind": "top_up", "amount": 500}]


@pytest.mark.parametrize(
    ("score", "as_of", "colour"), [(95, SECOND, "yellow"), (81.9, MONTH_LATER, "yellow"), (82, MONTH_LATER, "green")]
)
def test_an_upgrade_waits_for_its_days_and_its_points(score, as_of, colour):
    first, _ = decide(today(C1=70))
    _, found = decide(today(C1=score), as_of=as_of, before=first)
    assert found["governed_colour"]["C1"] == colour
    assert found["action"]["C1"] == POLICY.actions.of(colour).code


def test_the_reserve_of_an_upgraded_customer_is_released_only_after_its_days():
    first, _ = decide(today(C1=70))
    second, found = decide(today(C1=95), as_of=MONTH_LATER, before=first)
    assert (found["reserve_amount"]["C1"], found["held_amount"]["C1"]) == (300, 800)
    _, found = decide(today(C1=95), as_of=date(2024, 3, 2), before=second)
    assert found["held_amount"]["C1"] == 300


def test_a_customer_in_default_is_red_whatever_its_score():
    _, found = decide(today(C1=95).assign(in_default_flag=1.0))
    assert found["governed_colour"]["C1"] == "red"


def test_a_red_alert_takes_limit_and_headroom_from_the_company_and_its_affiliate():
    known = accounts(
        limits=[("C1", 50_000, 60), ("C2", 50_000, 60), ("C3", 50_000, 60)],
        bills=[("I1", "C1", 900, 31, 2.0, 0.0)],
        links=[("C1", "C2", "guarantees")],
    )
    day, found = decide(today(C1=90, C2=90, C3=90), known)
    assert found["frozen_by"].fillna("").tolist() == ["C1", "C1", ""]
    assert found["action"].tolist() == ["freeze_credit", "freeze_credit", "trade_normally"]
    assert found["limit_amount"].tolist() == [0, 0, 50_000]
    assert found["headroom_amount"].tolist() == [0, 0, 40_000]
    assert found["limit_rule"]["C2"] == "alerts.red.days_past_due_above"
    assert found["red_alert_count"].tolist() == [1, 0, 0]
    paid = accounts(limits=[("C1", 50_000, 60), ("C2", 50_000, 60)], links=[("C1", "C2", "guarantees")])
    after, found = decide(today(C1=90, C2=90), paid, as_of=SECOND, before=day)
    assert found["action"].tolist() == ["trade_normally"] * 2
    assert after.alerts["change"].tolist() == ["closed"]
    assert after.freezes["change"].tolist() == ["lifted", "lifted"]


def test_members_of_a_group_share_what_they_may_owe():
    known = accounts(
        limits=[("C1", 30_000, 60), ("C2", 5_000, 60)],
        segments=[("C1", None, None, "G"), ("C2", None, None, "G")],
    )
    _, found = decide(today(C1=90, C2=90), known)
    assert found["headroom_amount"].tolist() == [15_000, 0]  # 35,000 less 20,000 owed; C2 is over its own limit
    assert found["headroom_rule"].tolist() == ["group_limit.limit_factor", "limit_amount"]


def test_what_is_unknown_stays_unknown():
    customers = today(C1=90).assign(exposure_amount=pd.array([None], dtype="Int64"))
    _, found = decide(customers)
    missing = ["limit_amount", "headroom_amount", "term_days", "reserve_amount", "held_exposure_amount", "limit_rule"]
    assert found[missing].isna().all(axis=None)
    assert found["held_amount"]["C1"] == 0


def test_customers_come_and_go():
    first, _ = decide(today(C1=90, C2=90))
    day, found = decide(today(C2=90, C3=70), as_of=SECOND, before=first)
    assert found.index.tolist() == ["C2", "C3"]
    assert day.reserves.movements[["customer_id", "kind", "amount"]].to_numpy().tolist() == [
        ["C1", "closing", -300],
        ["C3", "opening", 800],
    ]


@pytest.mark.parametrize("scores", [{}, {"C1": 90, "C2": 10}])
def test_every_column_has_its_type_with_and_without_customers(scores):
    day, _ = decide(today(**scores))
    assert day.customers.dtypes.astype(str).to_dict() == {"customer_id": "str"} | DECIDED_COLUMNS


def test_the_order_of_the_rows_changes_no_row():
    known = accounts(
        limits=[("C1", 30_000, 60), ("C2", 5_000, 60), ("C3", 9_000, 30)],
        bills=[("I1", "C3", 900, 31, 2.0, 0.0), ("I2", "C1", 10, 0, 0.6, 0.1)],
        links=[("C3", "C2", "owns")],
    )
    customers = today(C1=90, C2=70, C3=10)
    one, _ = decide(customers, known)
    other, _ = decide(customers[::-1].reset_index(drop=True), known)
    pd.testing.assert_frame_equal(one.customers, other.customers.sort_values("customer_id", ignore_index=True))


def test_the_links_that_are_read_are_those_of_freezes_and_groups():
    assert link_kinds(POLICY) == ("owns", "controls", "affiliated", "guarantees")
