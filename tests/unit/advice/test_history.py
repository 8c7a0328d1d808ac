"""What a request is measured against."""

import numpy as np
import pandas as pd
import pytest

from creditscore.advice import History, asked_of
from creditscore.advice.history import FIRST_ORDER, ORDERED, USUAL_TERM


def row(ordered=365_000.0, term=45.4, days=800.0):
    return pd.Series({ORDERED: ordered, USUAL_TERM: term, FIRST_ORDER: days})


def test_a_month_is_a_twelfth_of_a_year_of_orders_and_the_term_is_whole_days():
    history = History.of(row(), min_days=90)
    assert history.monthly_amount == pytest.approx(365_000 / 12)
    assert history.usual_term_days == 45


def test_a_customer_of_half_a_year_has_its_months_counted():
    assert History.of(row(days=181.0), min_days=90).monthly_amount == pytest.approx(365_000 / (182 / (365 / 12)))


@pytest.mark.parametrize(
    "known", [{"ordered": np.nan}, {"ordered": 0.0}, {"term": np.nan}, {"days": np.nan}, {"days": 89.0}]
)
def test_a_missing_or_short_history_is_none(known):
    assert History.of(row(**known), min_days=90) is None


def test_a_shorter_term_counts_as_the_usual_one():
    history = History(monthly_amount=100.0, usual_term_days=60)
    assert history.asked(250, 30).tolist() == [[2.5, 0.0]]
    assert history.asked(250, 90).tolist() == [[2.5, 30.0]]


def test_a_request_that_does_not_say_what_it_asks_for_is_missing():
    rows = pd.DataFrame([row(), row(), row(days=10.0)])
    rows["requested_amount"], rows["requested_term_days"] = [365_000, None, 1], [75, 75, 75]
    asked = asked_of(rows, min_days=90)
    assert asked[0].tolist() == pytest.approx([12.0, 30.0])
    assert np.isnan(asked[1:]).all()
