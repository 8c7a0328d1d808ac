"""Laws of the days of decisions, over any sequence of scores, exposures, alerts and days."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from creditscore.accounts import Accounts
from creditscore.decisions import decide_day
from creditscore.policy import load_policy

POLICY = load_policy()
NAMES = ["C1", "C2", "C3", "C4"]
RANK = {"green": 0, "yellow": 1, "red": 2}
START = date(2024, 1, 1)
CUSTOMER = st.fixed_dictionaries(
    {
        "score": st.sampled_from([0.0, 59.0, 61.0, 79.0, 81.0, 83.0, 100.0]),
        "exposure": st.none() | st.integers(-1_000, 10**12),
        "in_default": st.sampled_from([0.0, 0.0, 0.0, 1.0]),
        "past_due": st.sampled_from([0, 0, 0, 30, 31]),
    }
)
DAYS = st.lists(
    st.tuples(st.integers(1, 40), st.dictionaries(st.sampled_from(NAMES), CUSTOMER, min_size=1)), min_size=1, max_size=5
)
LINKS = [("C1", "C2", "owns"), ("C3", "C4", "guarantees")]


def accounts(customers):
    bills = [(f"I{name}", name, 100, told["past_due"], 1.0, 0.0) for name, told in sorted(customers.items())]
    columns = ["invoice_id", "customer_id", "open_amount", "days_past_due", "term_elapsed_ratio", "paid_ratio"]
    return Accounts(
        limits=pd.DataFrame(
            {
                "customer_id": pd.Series(NAMES, dtype="str"),
                "limit_amount": pd.array([10**9, None, 5_000, 10**12], dtype="Int64"),
                "term_days": pd.array([30, 60, None, 90], dtype="Int64"),
            }
        ),
        receivables=pd.DataFrame(bills, columns=columns),
        affiliations=pd.DataFrame(LINKS, columns=["source_id", "target_id", "kind"], dtype="str"),
        segments=pd.DataFrame(
            {"customer_id": NAMES, "industry_code": ["A", "A", "B", None], "region": None, "group_id": None},
            dtype="str",
        ),
        histories=pd.DataFrame({"customer_id": NAMES, "cooperation_years": 1.0, "payback_ratio": 1.0}),
    )


def decided(days):
    """Decide one day after the other."""
    as_of, before = START, None
    for gap, customers in days:
        as_of += timedelta(days=gap)
        names = sorted(customers)
        today = pd.DataFrame(
            {
                "customer_id": pd.Series(names, dtype="str"),
                "score": [customers[name]["score"] for name in names],
                "exposure_amount": pd.array([customers[name]["exposure"] for name in names], dtype="Int64"),
                "in_default_flag": [customers[name]["in_default"] for name in names],
            }
        )
        day = decide_day(POLICY, accounts(customers), today, as_of=as_of, before=before)
        before = day.standing
        yield today, day


@settings(deadline=None, max_examples=20)
@given(DAYS)
def test_the_ledger_adds_up_by_customer_and_in_every_segment(days):
    held: dict[str, int] = {}
    for _, day in decided(days):
        moved = day.reserves.movements.groupby("customer_id")["amount"].sum().to_dict()
        closing = day.customers.set_index("customer_id")["held_amount"].to_dict()
        for name in NAMES:
            assert held.get(name, 0) + moved.get(name, 0) == closing.get(name, 0)
        kinds = [column for column in day.closings if column.endswith("_movement_amount")]
        rows = day.closings
        assert (rows["opening_amount"] + rows[kinds].sum(axis=1) == rows["closing_amount"]).all()
        total = rows[rows["dimension"] == "total"].iloc[0]
        assert total["opening_amount"] == sum(held.values())
        for dimension in ("industry", "region"):
            assert rows.loc[rows["dimension"] == dimension, "closing_amount"].sum() == total["closing_amount"]
        held = closing


@settings(deadline=None, max_examples=20)
@given(DAYS)
def test_risk_is_never_hidden_and_never_short_of_reserve(days):
    for today, day in decided(days):
        found = day.customers
        raw = POLICY.colours.ranks(today["score"].to_numpy())
        governed = found["governed_colour"].map(RANK).to_numpy()
        assert (governed >= raw).all()
        assert (governed[today["in_default_flag"] == 1] == RANK["red"]).all()
        known = found["reserve_amount"].notna()
        assert (found.loc[known, "held_amount"] >= found.loc[known, "reserve_amount"]).all()


@settings(deadline=None, max_examples=20)
@given(DAYS)
def test_who_is_frozen_or_red_may_owe_nothing_more(days):
    for _, day in decided(days):
        stopped = day.customers[day.customers["frozen_by"].notna() | (day.customers["governed_colour"] == "red")]
        assert (stopped["headroom_amount"] == 0).all()
        assert (stopped["term_days"] == 0).all()
        reds = set(day.alerts.query("level == 'red' and change != 'closed'")["customer_id"])
        assert reds <= set(day.freezes.query("change != 'lifted'")["customer_id"])


@settings(deadline=None, max_examples=10)
@given(DAYS)
def test_the_same_days_are_decided_alike(days):
    for (_, one), (_, other) in zip(decided(days), decided(days), strict=True):
        pd.testing.assert_frame_equal(one.customers, other.customers, check_exact=True)
        pd.testing.assert_frame_equal(one.alerts, other.alerts, check_exact=True)
        pd.testing.assert_frame_equal(one.closings, other.closings, check_exact=True)
        assert np.array_equal(one.freezes.to_numpy(), other.freezes.to_numpy())
