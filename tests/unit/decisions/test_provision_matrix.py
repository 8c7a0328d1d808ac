import math
from dataclasses import replace

import pandas as pd
import pytest

from creditscore.decisions import AGEING_BUCKETS, RollRates, matrix_table, provisions, roll_rates
from creditscore.errors import ContractError, ParameterError

ROLLS = RollRates(ratios=(0.5, 0.4, 0.5, 0.5), month_count=12)


def aged(amounts, *, customer="C1"):
    """Return an ageing with the amount of each bucket."""
    return pd.DataFrame(
        {
            "customer_id": pd.Series([customer] * len(amounts), dtype="str"),
            "bucket": pd.Series(list(amounts), dtype="int64"),
            "open_amount": pd.Series(list(amounts.values()), dtype="int64"),
        }
    )


def test_months_are_weighed_by_their_amounts():
    months = [aged({0: 1_000, 1: 0}), aged({0: 100, 1: 500}), aged({1: 60})]
    assert roll_rates(months).ratios[0] == 560 / 1_100
    assert roll_rates(months).month_count == 2


def test_what_is_more_than_120_days_past_due_has_not_rolled_in_this_month():
    assert roll_rates([aged({3: 100}), aged({4: 30, 5: 900})]).ratios[3] == 0.3


def test_no_more_rolls_on_than_there_was():
    assert roll_rates([aged({1: 100}), aged({2: 130})]).ratios[1] == 1.0


def test_a_bucket_that_was_always_empty_has_no_roll_rate():
    assert [math.isnan(ratio) for ratio in roll_rates([aged({1: 100}), aged({2: 30})]).ratios] == [
        True,
        False,
        True,
        True,
    ]


def test_with_sales_the_first_rate_is_the_share_of_them_that_becomes_overdue():
    months = [aged({0: 2_000}), aged({0: 2_000, 1: 100}), aged({0: 2_000, 1: 100})]
    assert roll_rates(months).ratios[0] == 0.05
    assert roll_rates(months, sales_amounts=[1_000, 1_000]).ratios[0] == 0.1


def test_months_without_customers_say_nothing():
    assert all(math.isnan(ratio) for ratio in roll_rates([aged({}), aged({})], sales_amounts=[0]).ratios)


def test_loss_rates_are_what_rolls_on_to_default_times_its_cost(policy):
    assert ROLLS.loss_ratios(policy.loss) == pytest.approx((0.02, 0.04, 0.1, 0.2, 0.4))


def test_a_forecast_raises_every_loss_rate_to_1_at_most(policy):
    worse = replace(policy.loss, forward_looking_factor=3.0)
    assert ROLLS.loss_ratios(worse) == pytest.approx((0.06, 0.12, 0.3, 0.6, 1.0))


def test_where_nothing_rolls_on_nothing_before_it_is_lost_though_later_rolls_are_unknown():
    rolls = RollRates(ratios=(0.5, 0.0, math.nan, 0.5), month_count=2)
    assert rolls.default_ratios[:2] == (0.0, 0.0)
    assert math.isnan(rolls.default_ratios[2])
    assert rolls.default_ratios[3:] == (0.5, 1.0)


def test_provisions_are_whole_and_summed_by_customer_and_bucket():
    ageing = pd.concat([aged({4: 10, 5: 10}, customer="C2"), aged({0: 1_025, 1: 0})])
    found = provisions(ageing, [0.02, 0.04, 0.1, 0.2, 0.4])
    assert found.to_numpy().tolist() == [["C1", 0, 1_025, 20], ["C1", 1, 0, 0], ["C2", 4, 20, 8]]


def test_an_unknown_rate_is_refused_only_where_something_is_open():
    rates = [0.02, 0.04, math.nan, 0.2, 0.4]
    assert provisions(aged({1: 100, 2: 0}), rates)["provision_amount"].tolist() == [4, 0]
    with pytest.raises(ParameterError, match="how 31-60 days roll on"):
        provisions(aged({2: 1}), rates)


def test_the_matrix_has_a_row_for_each_bucket_and_adds_up(policy):
    provided = provisions(aged({0: 1_000, 4: 50}), ROLLS.loss_ratios(policy.loss))
    table = matrix_table(provided, ROLLS, policy.loss)
    assert table["bucket"].tolist() == list(AGEING_BUCKETS)
    assert table["open_amount"].tolist() == [1_000, 0, 0, 0, 50]
    assert table["provision_amount"].tolist() == [20, 0, 0, 0, 20]
    assert math.isnan(table["roll_ratio"].iloc[-1])


def test_nothing_open_needs_no_provision(policy):
    provided = provisions(aged({}), ROLLS.loss_ratios(policy.loss))
    assert matrix_table(provided, ROLLS, policy.loss)["provision_amount"].tolist() == [0] * 5


@pytest.mark.parametrize(
    ("months", "sales", "kind", "named"),
    [
        ([aged({0: 1})], None, ParameterError, "1 month ends"),
        ([aged({0: 1})] * 3, [1], ParameterError, "1 months of sales between 3 month ends"),
        ([aged({0: 1}), aged({6: 1})], None, ContractError, "1 of 1 are none of 0 to 5"),
        ([aged({0: 1}), aged({0: 1}).drop(columns="bucket")], None, ContractError, "bucket missing"),
    ],
)
def test_months_that_show_no_rolls_are_refused(months, sales, kind, named):
    with pytest.raises(kind, match=named):
        roll_rates(months, sales_amounts=sales)


@pytest.mark.parametrize("rates", [[0.1] * 4, [0.1, 0.2, 0.3, 0.4, 1.1], [-0.1, 0.2, 0.3, 0.4, 1.0]])
def test_rates_that_are_no_shares_of_the_buckets_are_refused(rates):
    with pytest.raises(ParameterError, match="loss_ratios"):
        provisions(aged({0: 1}), rates)
