"""Requests as observations, and the gates of scenario models."""

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from creditscore.advice import ASKED
from creditscore.errors import ParameterError
from creditscore.features import named
from creditscore.models import ScenarioModel
from creditscore.outcomes import DefaultDefinition
from creditscore_training.scenarios.evaluation import judge
from creditscore_training.scenarios.learning import fitted, with_strangers
from creditscore_training.scenarios.recipe import ScenarioGates
from creditscore_training.scenarios.requests import BASE, request_panel, requests_of
from creditscore_training.splits import held_out_customers

ASKED_ON = date(2022, 5, 20)


def facility(key, *, customer="A", asked_on=ASKED_ON, granted=True, purpose="bulk_purchase", term=60):
    """A request and, where it is granted, its second version a week later."""
    asked = {
        "facility_id": key,
        "customer_id": customer,
        "purpose": purpose,
        "requested_amount": 1_000_000,
        "requested_term_days": term,
        "known_on": asked_on,
    }
    later = asked_on + timedelta(days=7)
    answer = {**asked, "granted_on": later, "limit_amount": 900_000, "term_days": 45, "known_on": later}
    return [asked, answer] if granted else [asked]


class Shares:
    """A base model whose log-odds are the share that is past due, so that a test can follow it by eye."""

    def log_odds(self, X):
        return np.nan_to_num(X[:, 0]) - 3.0


@pytest.fixture
def base():
    definition = DefaultDefinition(version="t", days_past_due=90, material_amount=1, horizon_months=3, events=())
    return SimpleNamespace(features=(named("overdue_ratio"),), model=Shares(), definition=definition)


@pytest.fixture
def book_with(ledger_book, table):
    """Return a function that adds facilities to the book of three customers."""

    def write(*facilities):
        rows = [row for versions in facilities for row in versions]
        return ledger_book.write({"facilities": table("facilities", rows)})

    return write


def test_a_request_is_seen_as_it_was_first_known_the_day_before_it(book_with):
    found = requests_of(book_with(facility("F1")), "bulk_purchase").iloc[0]
    assert found["as_of"] == pd.Timestamp(ASKED_ON - timedelta(days=1))
    assert (found["requested_amount"], found["requested_term_days"]) == (1_000_000, 60)
    assert found["granted_flag"]


def test_a_grant_that_is_not_known_yet_is_none(book_with):
    book = book_with(facility("F1"))
    assert not requests_of(book, "bulk_purchase", observed_until=ASKED_ON)["granted_flag"].any()


def test_a_base_that_looks_at_requests_itself_does_not_hide_what_is_asked(book_with, base):
    also = SimpleNamespace(**{**vars(base), "features": (*base.features, named("requested_amount"))})
    book = book_with(facility("F1"))
    rows, _ = request_panel(book, also, "bulk_purchase", min_history_days=30)
    plain, _ = request_panel(book, base, "bulk_purchase", min_history_days=30)
    pd.testing.assert_frame_equal(rows, plain)


def test_only_granted_requests_of_the_purpose_teach_and_the_rest_is_counted(book_with, base):
    book = book_with(
        facility("F1"),
        facility("F2", granted=False),
        facility("F3", purpose="term_extension"),
        facility("F4", customer="C", asked_on=date(2022, 6, 15)),
        facility("F5", asked_on=date(2023, 6, 1)),
    )
    rows, counts = request_panel(book, base, "bulk_purchase", min_history_days=30)
    assert rows["facility_id"].tolist() == ["F1"]
    assert (counts.asked_count, counts.kept_count) == (4, 1)
    assert (counts.not_granted_count, counts.not_known_count, counts.immature_count) == (1, 1, 1)


def test_what_is_asked_is_measured_against_the_history_of_the_day_before(book_with, base):
    rows, _ = request_panel(book_with(facility("F1")), base, "bulk_purchase", min_history_days=30)
    # Five invoices of 500,000 since 15 January, 124 days before: 125 days are 4.11 months.
    months = 125 / (365 / 12)
    assert rows[list(ASKED)].to_numpy()[0] == pytest.approx([1_000_000 / (2_500_000 / months), 30.0])


def test_nothing_known_from_the_day_of_the_request_on_moves_what_it_is_measured_by(book_with, base, table):
    book = book_with(facility("F1"), facility("F2", customer="B"))
    rows, _ = request_panel(book, base, "bulk_purchase", min_history_days=30)
    more = {
        "invoice_id": "new",
        "customer_id": "A",
        "issued_on": date(2022, 3, 1),
        "due_on": date(2022, 3, 2),
        "amount": 77_000_000,
        "currency": "EUR",
        "known_on": ASKED_ON,
    }
    invoices = book.read("invoices").to_pylist()
    payment = {"payment_id": "new", "invoice_id": "new", "paid_on": date(2022, 3, 2), "amount": 77_000_000}
    payments = [*book.read("payments").to_pylist(), {**payment, "known_on": ASKED_ON}]
    book = book.write({"invoices": table("invoices", [*invoices, more]), "payments": table("payments", payments)})
    again, _ = request_panel(book, base, "bulk_purchase", min_history_days=30)
    pd.testing.assert_frame_equal(again[[BASE, *ASKED]], rows[[BASE, *ASKED]])


def test_two_requests_of_a_day_are_two_observations(book_with, base):
    rows, _ = request_panel(book_with(facility("F1"), facility("F2")), base, "bulk_purchase", min_history_days=30)
    assert rows["facility_id"].tolist() == ["F1", "F2"]


def test_a_history_that_is_too_short_is_left_out_and_without_any_request_it_is_said(book_with, base):
    with pytest.raises(ParameterError, match="Of 1 requests none"):
        request_panel(book_with(facility("F1")), base, "bulk_purchase", min_history_days=300)


GOOD = {
    "default_count_test": 60.0,
    "log_loss_test": 0.17,
    "log_loss_test_base": 0.18,
    "log_loss_gain_p": 0.9,
    "calibration_slope_test_scenario": 1.0,
    "rise_test": 0.5,
}


def test_a_good_model_passes_every_gate():
    assert all(result.passed for result in judge(ScenarioGates(), GOOD))


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"default_count_test": 29.0}, "enough_defaults"),
        ({"log_loss_gain_p": 0.01}, "no_worse_than_base"),
        ({"calibration_slope_test_scenario": 0.3}, "calibrated"),
        ({"calibration_slope_test_scenario": float("nan")}, "calibrated"),
        ({"rise_test": 0.0}, "tells_sizes_apart"),
    ],
)
def test_each_gate_refuses_its_own_fault(change, name):
    assert [result.name for result in judge(ScenarioGates(), GOOD | change) if not result.passed] == [name]


@pytest.mark.parametrize("change", [{"min_defaults": -1}, {"significance": 0.0}, {"calibration_slope": (2.0, 1.0)}])
def test_gates_that_cannot_be_met_are_refused(change):
    with pytest.raises(ParameterError, match="cannot all be met"):
        ScenarioGates(**change)


@pytest.fixture
def rows():
    """Four hundred requests of as many customers in each period, with outcomes at random."""
    draws = np.random.default_rng(5)
    count = 1_200
    asked = {name: draws.uniform(0, 4, count) for name in ASKED}
    return pd.DataFrame(
        {
            "customer_id": [f"C{number:05d}" for number in range(count)],
            "split": np.repeat(["development", "calibration", "test"], count // 3),
            "default_flag": (draws.random(count) < 0.3).astype(float),
            BASE: draws.normal(-1.0, 1.0, count),
            **asked,
        }
    )


@pytest.mark.parametrize(("training", "share"), [({"unseen_share": "0.2"}, 0.2), ({}, 0.0)])
def test_the_champions_strangers_are_those_whom_its_training_held_out(rows, training, share):
    found = with_strangers(rows, SimpleNamespace(training=training))["stranger_flag"]
    assert found.tolist() == held_out_customers(rows["customer_id"], share=share).tolist()
    assert found.mean() == pytest.approx(share, abs=0.05)


def test_the_term_learns_from_development_and_is_calibrated_on_the_later_period_and_on_strangers(rows):
    rows = rows.assign(stranger_flag=rows.index % 5 == 0)
    honest = (rows["split"] == "calibration") | ((rows["split"] == "development") & rows["stranger_flag"])
    early = rows["split"] == "development"
    model = ScenarioModel(trees=5).fit(
        rows.loc[early, list(ASKED)], rows.loc[early, "default_flag"], base_log_odds=rows.loc[early, BASE]
    )
    model.calibrate(
        rows.loc[honest, list(ASKED)], rows.loc[honest, "default_flag"], base_log_odds=rows.loc[honest, BASE]
    )
    assert fitted(ScenarioModel(trees=5), rows).to_files() == model.to_files()


def test_nothing_is_learned_from_the_test(rows):
    rows = rows.assign(stranger_flag=rows.index % 5 == 0)
    test = rows["split"] == "test"
    other = rows.assign(default_flag=rows["default_flag"].where(~test, 1 - rows["default_flag"]))
    models = [fitted(ScenarioModel(trees=5), one) for one in (rows, other)]
    assert models[0].to_files() == models[1].to_files()
