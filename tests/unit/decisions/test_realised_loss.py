import numpy as np
import pandas as pd
import pytest

from creditscore.decisions import REALISED_COLUMNS, realised_losses
from creditscore.errors import ContractError


def matured(loss_ratio, *, colour="green", customers=400, snapshots=1, every=10):
    """Return rows of equal exposures of which every so many-th loses, so that losses have the ratio asked for."""
    numbers = np.repeat(np.arange(customers), snapshots)
    lost = np.where(numbers % every == 0, round(10_000 * loss_ratio * every), 0)
    names = pd.Series([f"{colour}-{number}" for number in numbers], dtype="str")
    return pd.DataFrame({"customer_id": names, "colour": colour, "exposure_amount": 10_000, "lost_amount": lost})


def verdicts(policy, rows):
    return realised_losses(policy.reserve, rows).set_index("colour")["verdict"].to_dict()


@pytest.mark.parametrize(("loss_ratio", "verdict"), [(0.03, "adequate"), (0.06, "short"), (0.01, "too high")])
def test_a_rate_is_judged_against_the_interval_of_the_loss_ratio(policy, loss_ratio, verdict):
    assert verdicts(policy, matured(loss_ratio))["green"] == verdict


def test_colours_without_rows_or_losses_are_unknown(policy):
    assert verdicts(policy, matured(0.0)) == dict.fromkeys(["green", "yellow", "red", "total"], "unknown")
    assert verdicts(policy, matured(0.03).head(0)) == dict.fromkeys(["green", "yellow", "red", "total"], "unknown")


def test_amounts_add_up_over_the_colours(policy):
    rows = pd.concat([matured(0.02), matured(0.1, colour="yellow", customers=200), matured(0.2, colour="red")])
    found = realised_losses(policy.reserve, rows).set_index("colour")
    assert list(found.reset_index()) == list(REALISED_COLUMNS)
    names = ["snapshot_count", "customer_count", "exposure_amount", "lost_amount", "reserve_amount", "gap_amount"]
    assert found.loc[["green", "yellow", "red"], names].sum().tolist() == found.loc["total", names].tolist()
    assert found.loc["yellow", "reserve_amount"] == 200 * 800
    assert found.loc["yellow", "gap_amount"] == 200 * 800 - 200 * 1_000
    assert found.loc["total", "reserve_ratio"] == (400 * 300 + 200 * 800 + 400 * 1_500) / 10_000_000


def test_snapshots_of_one_customer_do_not_narrow_the_interval(policy):
    once, often = (realised_losses(policy.reserve, matured(0.03, snapshots=count)).iloc[0] for count in (1, 12))
    assert often["snapshot_count"] == 12 * once["snapshot_count"]
    assert often["loss_ratio_low"] == pytest.approx(once["loss_ratio_low"])
    assert often["loss_ratio_high"] == pytest.approx(once["loss_ratio_high"])


def test_a_negative_exposure_needs_no_reserve(policy):
    found = realised_losses(policy.reserve, matured(0.0).assign(exposure_amount=-10_000)).iloc[0]
    assert (found["exposure_amount"], found["reserve_amount"]) == (0, 0)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda rows: rows.drop(columns="colour"), "colour missing"),
        (lambda rows: rows.assign(colour="blue"), "400 of 400 are no colour"),
        (lambda rows: rows.assign(lost_amount=-1), "400 of 400 rows lack an amount"),
        (lambda rows: rows.assign(exposure_amount=pd.array([None] * len(rows), dtype="Int64")), "400 of 400 rows lack"),
    ],
)
def test_rows_that_cannot_be_judged_are_refused(policy, change, named):
    with pytest.raises(ContractError, match=named):
        realised_losses(policy.reserve, change(matured(0.03)))
