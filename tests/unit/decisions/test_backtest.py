from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from creditscore.decisions import backtest
from creditscore.errors import ParameterError
from creditscore.policy import Governance

START = date(2024, 1, 1)
SUMS = ["sales_kept_amount", "sales_lost_amount", "bad_debt_incurred_amount", "bad_debt_avoided_amount"]


def on(days):
    return pd.to_datetime([START + timedelta(days=int(day)) for day in days])


@pytest.fixture(scope="module")
def raw(policy):
    """The shipped policy without governance, so that every colour can be read off the score."""
    return replace(policy, colours=replace(policy.colours, governance=Governance()))


@pytest.fixture(scope="module")
def stricter(raw):
    """Green from 90 and yellow from 70."""
    return replace(raw, colours=replace(raw.colours, green=90, yellow=70))


@pytest.fixture(scope="module")
def scored(policy):
    """Make the stored scores of customers: customer, day, score, exposure, in default."""

    def make(*rows):
        frame = pd.DataFrame(rows, columns=["customer_id", "day", "score", "exposure_amount", "in_default_flag"])
        risk = [policy.scale.log_odds(score) for score in frame.pop("score")]
        return frame.assign(log_odds=risk, as_of=on(frame.pop("day")))

    return make


def trades(*rows, until=28):
    """Make trades: customer, day, defaulted, sold, unpaid, limit."""
    columns = ["customer_id", "day", "default_flag", "sales_amount", "unpaid_amount", "limit_amount"]
    frame = pd.DataFrame(rows, columns=columns)
    days = frame.pop("day")
    whole = dict.fromkeys(["sales_amount", "unpaid_amount", "limit_amount"], "Int64")
    return frame.astype(whole).assign(as_of=on(days), until_on=on(days + until))


@pytest.fixture(scope="module")
def three(scored):
    """One green, one yellow and one red customer on one day, and what they bought."""
    scores = scored(("G", 0, 85.0, 1_000, False), ("Y", 0, 75.0, 1_000, False), ("R", 0, 50.0, 1_000, False))
    sold = trades(("G", 0, 0.0, 500, 100, 900), ("Y", 0, 1.0, 500, 100, 900), ("R", 0, 1.0, 500, 300, 900))
    return scores, sold


def test_the_figures_of_three_customers_are_those_worked_by_hand(three, raw, stricter):
    found = backtest(*three, policies=(raw, stricter))
    # A: all of G, 70 % of Y (limit factor), none of R; reserve 3, 8 and 15 % of 1,000.
    assert found.totals["a"].to_dict() == {
        "approval_count": 2,
        "sales_kept_amount": 850,
        "sales_lost_amount": 650,
        "bad_debt_incurred_amount": 70,
        "bad_debt_avoided_amount": 330,
        "reserve_amount": 260,
        "flip_count": 0,
    }
    # B: G is yellow, Y is yellow still, R is red.
    assert found.totals["b"].to_dict() == {
        "approval_count": 2,
        "sales_kept_amount": 700,
        "sales_lost_amount": 800,
        "bad_debt_incurred_amount": 70,
        "bad_debt_avoided_amount": 330,
        "reserve_amount": 310,
        "flip_count": 0,
    }
    assert found.totals["difference"].tolist() == [0, -150, 150, 0, 0, 50, 0]
    assert (found.customer_count, found.day_count) == (3, 1)


def test_what_is_unpaid_is_bad_only_where_the_customer_was_or_came_into_default(scored, raw):
    scores = scored(("A", 0, 85.0, 0, False), ("B", 0, 85.0, 0, False), ("C", 0, 85.0, 0, True))
    sold = trades(("A", 0, 0.0, 500, 100, 1), ("B", 0, 1.0, 500, 20, 1), ("C", 0, 0.0, 500, 3, 1))
    totals = backtest(scores, sold, policies=(raw, raw)).totals["a"]
    assert totals["bad_debt_incurred_amount"] == 20
    assert totals["bad_debt_avoided_amount"] == 3  # red, because it was in default on the day


def test_approvals_and_reserve_are_means_over_the_days_and_the_others_sums(scored, raw):
    scores = scored(("G", 0, 85.0, 1_000, False), ("G", 28, 85.0, 3_000, False), ("G", 56, 85.0, 9_000, False))
    sold = trades(("G", 0, 0.0, 500, 0, 1), ("G", 28, 0.0, 700, 0, 1))
    found = backtest(scores, sold, policies=(raw, raw))
    assert found.totals["a"][["approval_count", "reserve_amount", "sales_kept_amount"]].tolist() == [1, 60, 1_200]
    assert found.by_day["policy"].tolist() == ["A", "A", "B", "B"]
    assert found.by_day["reserve_amount"].tolist() == [30, 90, 30, 90]


def test_changes_between_the_replayed_days_count_to_the_day_before_them(scored, raw):
    path = [(0, 85.0), (5, 75.0), (10, 85.0), (28, 75.0), (30, 85.0), (56, 85.0)]
    scores = scored(*[("G", day, score, 0, False) for day, score in path])
    sold = trades(("G", 0, 0.0, 1, 0, 1), ("G", 28, 0.0, 1, 0, 1))
    patient = replace(raw, colours=replace(raw.colours, governance=Governance(upgrade_dwell_days=365)))
    found = backtest(scores, sold, policies=(raw, patient))
    assert found.by_day["flip_count"].tolist() == [3, 1, 1, 0]
    assert found.totals.loc["flip_count", "difference"] == -3


def test_trade_follows_the_governed_colour(scored, raw):
    scores = scored(("G", 0, 75.0, 1_000, False), ("G", 28, 85.0, 1_000, False))
    sold = trades(("G", 28, 0.0, 500, 0, 1))
    patient = replace(raw, colours=replace(raw.colours, governance=Governance(upgrade_dwell_days=365)))
    totals = backtest(scores, sold, policies=(raw, patient)).totals
    assert totals.loc["sales_kept_amount", ["a", "b"]].tolist() == [500, 350]
    assert totals.loc["reserve_amount", ["a", "b"]].tolist() == [30, 80]


def test_a_policy_with_another_scale_scores_the_stored_log_odds_anew(three, raw):
    scale = replace(raw.scale, safer=replace(raw.scale.safer, default_probability=0.0001))
    found = backtest(*three, policies=(raw, replace(raw, scale=scale)))
    assert found.totals.loc["reserve_amount", "difference"] > 0


def portfolio(scored, seed=3, customers=60):
    draws = np.random.default_rng(seed)
    rows, sold = [], []
    for who in range(customers):
        for day in range(0, 112, 28):
            sales = int(draws.integers(0, 10**9))
            rows.append((f"C{who:02}", day, float(draws.uniform(30, 100)), int(draws.integers(0, 10**9)), False))
            sold.append((f"C{who:02}", day, float(draws.random() < 0.2), sales, int(sales * draws.random()), 10**9))
    return scored(*rows), trades(*sold)


def test_a_policy_against_itself_differs_in_nothing(scored, policy):
    found = backtest(*portfolio(scored), policies=(policy, policy))
    assert (found.totals["a"] == found.totals["b"]).all()
    assert (found.totals[["difference", "low", "high"]] == 0).all(axis=None)
    assert found.totals.loc[SUMS, "a"].gt(0).all()


def test_a_stricter_policy_loses_sales_and_avoids_bad_debt(scored, raw, stricter):
    totals = backtest(*portfolio(scored), policies=(raw, stricter)).totals
    assert totals.loc[["sales_kept_amount", "bad_debt_incurred_amount", "approval_count"], "high"].lt(0).all()
    assert totals.loc[["sales_lost_amount", "bad_debt_avoided_amount", "reserve_amount"], "low"].gt(0).all()
    assert (totals["low"] <= totals["difference"]).all()
    assert (totals["difference"] <= totals["high"]).all()


def test_what_is_kept_and_lost_is_what_was_sold_to_the_last_minor_unit(scored, raw, stricter):
    scores, sold = portfolio(scored)
    found = backtest(scores, sold, policies=(raw, stricter))
    bad = sold.loc[sold["default_flag"] == 1, "unpaid_amount"].sum()
    for name in ("a", "b"):
        assert found.totals.loc[SUMS[:2], name].sum() == sold["sales_amount"].sum()
        assert found.totals.loc[SUMS[2:], name].sum() == bad


def test_a_policy_that_allows_more_than_was_sold_gets_no_extra_sales(scored, raw, stricter):
    scores, sold = portfolio(scored)
    easiest = replace(raw, colours=replace(raw.colours, green=2, yellow=1))
    found = backtest(scores, sold, policies=(easiest, stricter))
    assert found.totals.loc["sales_kept_amount", "a"] == sold["sales_amount"].sum()
    assert any("no extra sales" in sentence for sentence in found.cautions)


def test_customers_never_granted_anything_change_nothing_but_their_count(scored, raw, stricter):
    scores, sold = portfolio(scored)
    strangers = scored(*[(f"X{who}", day, 95.0, 10**9, False) for who in range(3) for day in (0, 28)])
    asked = trades(*[(f"X{who}", day, 0.0, None, None, None) for who in range(3) for day in (0, 28)])
    alone = backtest(scores, sold, policies=(raw, stricter))
    found = backtest(pd.concat([scores, strangers]), pd.concat([sold, asked]), policies=(raw, stricter))
    pd.testing.assert_frame_equal(found.totals, alone.totals)
    pd.testing.assert_frame_equal(found.by_day, alone.by_day)
    assert (found.unsupported_count, alone.unsupported_count) == (3, 0)
    assert found.cautions[0].endswith("3 customers never granted a limit or sold to on these days.")


def test_windows_that_have_not_ended_change_nothing_but_their_count(scored, raw, stricter):
    scores, sold = portfolio(scored)
    late = scored(*[(f"C{who:02}", 112, 40.0, 10**9, False) for who in range(60)])
    open_still = trades(*[(f"C{who:02}", 112, None, 500, 500, 10**9) for who in range(60)])
    alone = backtest(scores, sold, policies=(raw, stricter))
    found = backtest(scores, pd.concat([sold, open_still]), policies=(raw, stricter))
    assert found.unfinished_day_count == 0  # the customers were not scored on that day
    found = backtest(pd.concat([scores, late]), pd.concat([sold, open_still]), policies=(raw, stricter))
    unmoved = alone.totals.index != "flip_count"  # a later scored day is one more on which a colour may change
    pd.testing.assert_frame_equal(found.totals[unmoved], alone.totals[unmoved])
    assert (found.unfinished_day_count, found.day_count) == (1, 4)
    assert "Left out, because the outcome window has not ended: 1 of the replayed days." in found.cautions


def test_sales_to_customers_that_were_not_scored_on_the_day_are_left_out_and_counted(three, raw):
    scores, sold = three
    met_later = trades(("N", 0, 0.0, 500, 0, 900), ("L", 0, 0.0, None, None, 900))
    found = backtest(scores, pd.concat([sold, met_later]), policies=(raw, raw))
    pd.testing.assert_frame_equal(found.totals, backtest(scores, sold, policies=(raw, raw)).totals)
    assert any("the sales to 1 customers not scored on the day" in sentence for sentence in found.cautions)


def test_the_order_of_the_rows_changes_nothing(scored, raw, stricter):
    scores, sold = portfolio(scored)
    found = backtest(scores, sold, policies=(raw, stricter))
    again = backtest(scores.iloc[::-1], sold.sample(frac=1, random_state=1), policies=(raw, stricter))
    pd.testing.assert_frame_equal(found.totals, again.totals)
    pd.testing.assert_frame_equal(found.by_day, again.by_day)


def test_the_interval_covers_the_difference_of_another_draw_of_customers(scored, raw, stricter):
    # The bootstrap's spread is that of the customers' own differences: half a width near 1.96 standard errors.
    scores, sold = portfolio(scored, customers=400)
    totals = backtest(scores, sold, policies=(raw, stricter)).totals.loc["sales_kept_amount"]
    parts = [
        backtest(scores[scores["customer_id"] == who], sold[sold["customer_id"] == who], policies=(raw, stricter),
                 replicates=1).totals.loc["sales_kept_amount", "difference"]
        for who in sorted(set(sold["customer_id"]))[:99]
    ]  # fmt: skip
    error = np.std(parts) * np.sqrt(sold["customer_id"].nunique())
    assert (totals["high"] - totals["low"]) / 2 == pytest.approx(1.96 * error, rel=0.25)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda sold: sold.drop(columns="limit_amount"), "Column limit_amount is missing"),
        (lambda sold: pd.concat([sold, sold.iloc[:1]]), "1 rows are there twice"),
        (lambda sold: sold.assign(unpaid_amount=pd.NA), "What is unpaid of the sales is unknown"),
        (lambda sold: sold.assign(default_flag=np.nan), "No day has both an ended outcome window"),
        (lambda sold: sold.assign(sales_amount=0, limit_amount=pd.NA), "No day has both an ended outcome window"),
    ],
)
def test_trades_that_cannot_be_replayed_are_refused(three, raw, change, named):
    scores, sold = three
    with pytest.raises(ParameterError, match=named):
        backtest(scores, change(sold), policies=(raw, raw))
