"""The truth under a request that was not made."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.book.simulation import Portfolio, truth_under_requests
from creditscore.errors import ParameterError

DAY = date(2023, 6, 30)


@pytest.fixture(scope="module", params=["bulk_purchase", "term_extension"])
def truth(request, simulated):
    found = truth_under_requests(simulated.portfolio, purpose=request.param, units=[0, 1, 2], days=[DAY])
    return found.pivot_table(index="customer_id", columns="units", values="pd_12m")


def test_without_a_request_it_is_the_truth_that_was_written(truth, simulated):
    written = pd.read_parquet(simulated.truth)
    written = written[pd.to_datetime(written["as_of"]) == pd.Timestamp(DAY)].set_index("customer_id")["pd_12m"]
    assert truth.index.tolist() == written.index.tolist()
    assert truth[0].tolist() == written.tolist()


def test_a_larger_request_never_lowers_it_and_raises_it_for_most(truth):
    assert (truth[0] <= truth[1]).all()
    assert (truth[1] <= truth[2]).all()
    assert (truth[2] > truth[1]).mean() > 0.95


def test_a_request_costs_the_riskier_customer_more_in_probability(truth):
    ordered = truth.sort_values(0)
    rise = ordered[2] - ordered[0]
    assert rise.tail(len(rise) // 4).mean() > 3 * rise.head(len(rise) // 4).mean()


def test_the_first_months_turnover_costs_about_a_quarter_of_log_odds(truth):
    rise = np.log(truth[1] / (1 - truth[1])) - np.log(truth[0] / (1 - truth[0]))
    assert 0.2 < rise.median() < 0.35


@pytest.mark.parametrize(
    "change", [{"purpose": "standard"}, {"units": [-1]}, {"days": [date(2023, 6, 29)]}, {"days": [date(2031, 1, 31)]}]
)
def test_what_cannot_be_asked_is_refused(change):
    question = {"purpose": "bulk_purchase", "units": [1], "days": [DAY]} | change
    with pytest.raises(ParameterError):
        truth_under_requests(Portfolio(customers=5, months=30, seed=1), **question)
