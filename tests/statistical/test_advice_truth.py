"""Advice on a simulated portfolio, held against what is known to be true of it."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from scipy.stats import spearmanr

from creditscore.advice import Advice, Advisor, Request, ScenarioBundle
from creditscore.book import Book
from creditscore.book.simulation import Portfolio, simulate, truth_under_requests
from creditscore.domain import Workspace
from creditscore.features import named
from creditscore.models import MonotoneForest
from creditscore.scoring import open_champion
from creditscore_training.gates import Gates
from creditscore_training.loading import load_recipe
from creditscore_training.observations import MonthEnds
from creditscore_training.pipeline import train
from creditscore_training.recipes.trade_credit import RECIPE
from creditscore_training.scenarios.pipeline import train_scenario

pytestmark = pytest.mark.slow

PORTFOLIO = Portfolio(customers=30_000, months=60, seed=3, first_month=date(2020, 1, 1))
UNITS = (0, 1, 2, 3, 4)  # months of usual turnover
ASKED = 600  # customers advised
ALLOWED = 0.45  # log-odds by which the risk may rise above that of the smallest request
FEATURES = (
    "overdue_ratio",
    "overdue_oldest_days",
    "payback_365d_ratio",
    "orders_365d_count",
    "cooperation_years",
    "registered_capital_amount",
    "beyond_terms_90d_days",
    "beyond_terms_365d_days",
    "orders_trend_ratio",
    "roll_current_ratio",
    "since_order_days",
    "bulk_requests_365d_count",
    "extension_requests_365d_count",
)


class QuarterEnds(MonthEnds):
    """Every third month end: enough for a champion, in a third of the time."""

    def days(self, book):
        return super().days(book)[::3]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A portfolio large enough for requests to teach, with a champion and both scenario models."""
    workspace = Workspace(tmp_path_factory.mktemp("portfolio"))
    simulate(PORTFOLIO, book=workspace.book, truth=workspace.truth)
    uri = f"sqlite:///{workspace.root / 'mlruns' / 'mlflow.db'}"
    recipe = replace(
        RECIPE,
        name="light",
        features=tuple(named(name) for name in FEATURES),
        observations=QuarterEnds(history_months=12),
        estimator=MonotoneForest(trees=60, feature_share=0.3),
        rivals={},
        blend_with=None,
        gates=Gates(min_auc=0.6, beats_logistic=False, calibration_slope=(0.5, 2.0)),
    )
    assert train(recipe, workspace, tracking_uri=uri).promoted_flag
    results = {
        purpose: train_scenario(load_recipe(purpose), workspace, tracking_uri=uri)
        for purpose in ("bulk_purchase", "term_extension")
    }
    return SimpleNamespace(workspace=workspace, results=results)


@pytest.mark.parametrize("purpose", ["bulk_purchase", "term_extension"])
def test_a_scenario_model_passes_its_gates_and_is_no_worse_than_the_base_alone(trained, purpose):
    result = trained.results[purpose]
    assert result.promoted_flag, [gate.sentence for gate in result.gates]
    assert result.metrics["log_loss_gain"] > 0


def judged(trained, purpose, *, units):
    """Requests of the test with the true log-odds of default at the end of the month before, under two sizes."""
    rows = ScenarioBundle.open(trained.results[purpose].bundle_folder).evaluation()
    rows = rows[rows["split"] == "test"]
    month_end = rows["as_of"] + pd.Timedelta(days=1) - pd.offsets.MonthEnd(1)
    found = truth_under_requests(
        PORTFOLIO, purpose=purpose, units=units, days=sorted({day.date() for day in month_end})
    ).pivot_table(index=["customer_id", "as_of"], columns="units", values="pd_12m")
    truth = found.reindex(pd.MultiIndex.from_arrays([rows["customer_id"], month_end])).to_numpy()
    known = np.isfinite(truth).all(axis=1)
    return rows[known], logit(truth[known])


def test_the_effect_of_the_size_is_recovered(trained):
    rows, truth = judged(trained, "bulk_purchase", units=(1, 4))
    model = ScenarioBundle.open(trained.results["bulk_purchase"].bundle_folder).model
    asked = [np.column_stack([np.full(len(rows), size), np.zeros(len(rows))]) for size in (1.0, 4.0)]
    small, large = (model.log_odds(X, base_log_odds=rows["base_log_odds"]) for X in asked)
    ratio = (large - small).mean() / (truth[:, 1] - truth[:, 0]).mean()
    assert 0.7 < ratio < 1.4
    assert spearmanr(large, truth[:, 1])[0] > 0.75


def test_the_effect_of_the_term_is_recovered(trained):
    rows, truth = judged(trained, "term_extension", units=(1, 2))
    model = ScenarioBundle.open(trained.results["term_extension"].bundle_folder).model
    asked = [np.column_stack([np.ones(len(rows)), np.full(len(rows), days)]) for days in (30.0, 60.0)]
    short, long = (model.log_odds(X, base_log_odds=rows["base_log_odds"]) for X in asked)
    ratio = (long - short).mean() / (truth[:, 1] - truth[:, 0]).mean()
    assert 0.6 < ratio < 1.5


def months_of_turnover(trained, customers):
    """A twelfth of what was invoiced in the last year, in minor units."""
    invoices = Book.open(trained.workspace.book).read("invoices").to_pandas()
    last = pd.to_datetime(invoices["issued_on"]) > pd.Timestamp(PORTFOLIO.last_day) - pd.DateOffset(years=1)
    return invoices[last & (invoices["amount"] > 0)].groupby("customer_id")["amount"].sum().reindex(customers) / 12


@pytest.fixture(scope="module")
def advice(trained):
    """Largest bulk purchases under a probability of each customer's own, and the truth of them all, on the last day.

    What the risk may rise by is counted from a request of one month of turnover, the smallest whose truth is known.
    """
    advisor = Advisor.open(trained.workspace)
    truth = truth_under_requests(PORTFOLIO, purpose="bulk_purchase", units=UNITS, days=[PORTFOLIO.last_day])
    truth = truth.pivot_table(index="customer_id", columns="units", values="pd_12m")
    customers = list(truth.index[:: len(truth) // ASKED])
    advisor.look_up(customers)
    found = []
    for customer, month in months_of_turnover(trained, customers).dropna().astype(int).items():
        first = advisor.advise(customer, Request(purpose="bulk_purchase", amount=month))
        if not isinstance(first, Advice):
            continue
        allowed = float(expit(first.under.log_odds + ALLOWED))
        answer = advisor.advise(customer, Request(purpose="bulk_purchase", amount=1, max_default_probability=allowed))
        most = answer.largest_amount
        asked = 0 if most.value is None else most.value
        under = advisor.advise(customer, Request(purpose="bulk_purchase", amount=max(asked, 1)))
        found.append((customer, asked, most.ended_by, allowed, under.under.default_probability))
    names = ["customer_id", "largest_amount", "ended_by", "allowed", "promised"]
    return pd.DataFrame(found, columns=names).set_index("customer_id"), truth


def test_the_largest_amount_lies_within_a_month_of_turnover_of_the_true_one_for_most(trained, advice):
    found, truth = advice
    found = found[found["ended_by"] == "default_probability"]
    sizes = found["largest_amount"] / months_of_turnover(trained, found.index)
    rise = logit(truth.loc[found.index]).sub(logit(truth.loc[found.index, 1]), axis=0)
    largest = (rise <= ALLOWED).sum(axis=1) - 1 + 0.5  # a size counts as the nearest whole number of months
    assert len(found) > 400
    assert ((sizes - largest).abs() <= 1.0).mean() > 0.9


def test_who_is_granted_the_largest_amount_defaults_about_as_often_as_was_promised(trained, advice):
    found, truth = advice
    sizes = (found["largest_amount"] / months_of_turnover(trained, found.index)).round().clip(0, 4).astype(int)
    true = np.array([truth.loc[customer, size] for customer, size in sizes.items()])
    assert 0.75 < true.mean() / found["promised"].mean() < 1.25


def test_the_champion_is_the_base_of_both(trained):
    base = open_champion(trained.workspace).hash
    for result in trained.results.values():
        assert ScenarioBundle.open(result.bundle_folder).base_bundle_hash == base
