import pandas as pd
import pytest

from creditscore.decisions import DRIVER_COLUMNS, GAP_COLUMNS, RollRates, adequacy, expected_losses
from creditscore.errors import ContractError, ParameterError

ROLLS = RollRates(ratios=(0.5, 0.4, 0.5, 0.5), month_count=12)  # loss rates 2 %, 4 %, 10 %, 20 %, 40 %
NO_OUTCOMES = pd.DataFrame({"customer_id": [], "colour": [], "exposure_amount": [], "lost_amount": []})


def day():
    return pd.DataFrame(
        {
            "customer_id": ["C1", "C2", "C3", "C4", "C5"],
            "colour": ["green", "green", "yellow", "red", "red"],
            "exposure_amount": pd.array([10_000, 20_000, 10_000, 10_000, None], dtype="Int64"),
            "held_amount": [300, 600, 800, 1_500, 77],
            "default_probability": [0.01, 0.02, 0.05, 0.5, 0.6],
        }
    )


def open_amounts():
    rows = [("C1", 0, 10_000), ("C2", 0, 15_000), ("C2", 1, 5_000), ("C3", 1, 10_000), ("C4", 4, 10_000)]
    return pd.DataFrame(rows, columns=["customer_id", "bucket", "open_amount"])


def judged(policy, **changes):
    given = {"reserved": day(), "ageing": open_amounts(), "matured": NO_OUTCOMES, "rolls": ROLLS} | changes
    return adequacy(policy, given.pop("reserved"), **given)


def test_gaps_are_what_is_held_less_what_each_comparison_asks_for(policy):
    gaps = judged(policy).gaps.set_index("colour")
    assert list(gaps.reset_index()) == list(GAP_COLUMNS)
    assert gaps["held_amount"].tolist() == [900, 800, 1_500, 3_200]
    assert gaps["provision_amount"].tolist() == [700, 400, 4_000, 5_100]
    assert gaps["provision_gap_amount"].tolist() == [200, 400, -2_500, -1_900]
    assert gaps["expected_loss_amount"].tolist() == [200, 200, 2_000, 2_400]
    assert gaps["expected_loss_gap_amount"].tolist() == [700, 600, -500, 800]


def test_a_customer_of_unknown_exposure_is_counted_and_in_no_amount(policy):
    gaps = judged(policy).gaps.set_index("colour")
    assert gaps["customer_count"].tolist() == [2, 1, 2, 5]
    assert gaps["unknown_count"].tolist() == [0, 0, 1, 1]


def test_a_colour_that_nobody_has_is_a_row_of_zeros(policy):
    reserved = day().assign(colour="green")
    gaps = judged(policy, reserved=reserved).gaps.set_index("colour")
    assert (gaps.loc[["yellow", "red"]] == 0).all(axis=None)
    assert gaps.loc["green"].tolist() == gaps.loc["total"].tolist()


def test_drivers_are_the_customers_with_the_largest_gaps_of_either_sign(policy):
    drivers = judged(policy, top=2).drivers
    assert list(drivers) == list(DRIVER_COLUMNS)
    assert drivers[["against", "customer_id", "needed_amount", "gap_amount"]].to_numpy().tolist() == [
        ["provision", "C4", 4_000, -2_500],
        ["provision", "C3", 400, 400],
        ["expected_loss", "C3", 200, 600],
        ["expected_loss", "C4", 2_000, -500],
    ]


def test_who_has_no_gap_drives_none(policy):
    reserved = day().assign(held_amount=[200, 500, 400, 4_000, 0])
    drivers = judged(policy, reserved=reserved).drivers
    assert set(drivers["against"]) == {"expected_loss"}


def test_a_forecast_moves_the_matrix_alone(policy, worse_economy):
    before, after = judged(policy), judged(worse_economy)
    assert after.gaps["provision_amount"].tolist() == [2 * amount for amount in before.gaps["provision_amount"]]
    assert after.gaps["expected_loss_amount"].tolist() == before.gaps["expected_loss_amount"].tolist()


def test_the_matrix_and_the_realised_losses_are_told_beside_the_gaps(policy):
    found = judged(policy)
    assert found.matrix["provision_amount"].sum() == found.gaps["provision_amount"].iloc[-1]
    assert found.realised["verdict"].tolist() == ["unknown"] * 4


def test_an_expected_loss_is_whole_and_never_negative():
    found = expected_losses(pd.Series([999, -5]), pd.Series([0.1, 0.9]), loss_given_default=0.4)
    assert found.tolist() == [40, 0]


@pytest.mark.parametrize(
    ("changes", "kind", "named"),
    [
        ({"reserved": day().drop(columns="held_amount")}, ContractError, "held_amount missing"),
        ({"reserved": day().assign(customer_id="C1")}, ContractError, "4 of 5 rows repeat a customer"),
        ({"reserved": day().assign(colour="blue")}, ContractError, "5 of 5 rows"),
        ({"reserved": day().assign(default_probability=None)}, ContractError, "5 of 5 rows"),
        ({"reserved": day().iloc[1:]}, ContractError, "C1 are not among the day's customers"),
        ({"top": -1}, ParameterError, "It is -1"),
    ],
)
def test_what_cannot_be_compared_is_refused(policy, changes, kind, named):
    with pytest.raises(kind, match=named):
        judged(policy, **changes)
