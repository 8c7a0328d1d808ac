"""Advice over the wire is the library's own."""

import json
from itertools import product

import numpy as np
import pandas as pd
import pytest

from creditscore.advice import Advice, Request, ScenarioContents, advise, set_scenario, write_scenario
from creditscore.models import ScenarioModel, Support
from creditscore_serving.schemas.decisions import AdviceAnswer

ROWS = 2_000


@pytest.fixture(scope="module")
def advised(scored, desk):
    """Return the workspace with a scenario model for bulk purchases on its champion."""
    draws = np.random.default_rng(4)
    base = draws.normal(-2.5, 1.5, ROWS)
    X = np.column_stack([draws.uniform(0, 4, ROWS), draws.integers(0, 61, ROWS)])
    y = (draws.random(ROWS) < 1 / (1 + np.exp(-base - 0.5 * X[:, 0] - 0.02 * X[:, 1]))).astype(float)
    model = desk.editions.current.model
    contents = ScenarioContents(
        purpose="bulk_purchase",
        model=ScenarioModel().fit(X, y, base_log_odds=base),
        support=Support(base, X, fewest=20, width=1.0),
        base_bundle_hash=model.bundle.hash,
        horizon_months=model.bundle.horizon_months,
        min_history_days=30,
        policy_hash=model.policies.latest.hash,
        training={"learned_until": "2022-12-31"},
        metrics={"log_loss_test": 0.2},
        evaluation=pd.DataFrame({"customer_id": ["C1"], "default_flag": [0.0]}),
    )
    set_scenario(scored, write_scenario(scored, contents))
    return scored


def test_advice_is_the_librarys_answer(client, advised, desk):
    day = desk.editions.current.day.run.as_of
    answered = []
    for customer, amount in product(("C0000001", "C0000002", "C0000003", "C0000004"), (2_500_000, 10**15)):
        asked = {"customer_id": customer, "purpose": "bulk_purchase", "amount": amount}
        told = client.post("/v1/advice", json=asked).json()
        found = advise(advised, customer, Request(purpose="bulk_purchase", amount=amount), as_of=day)
        AdviceAnswer.model_validate(told)
        assert told["answered"] == isinstance(found, Advice)
        assert told["provenance"]["base_bundle_hash"] == found.provenance.base_bundle_hash
        if isinstance(found, Advice):
            assert told["under"]["pd_12m"] == found.under.default_probability
            assert told["largest_amount"]["value"] == found.largest_amount.value
        answered.append(told["answered"])
    assert answered == [True, False] * 4  # nobody in the data asked for as much as the second amount


@pytest.mark.usefixtures("advised")
def test_the_typed_client_reads_advice_and_why_there_is_none(typed, answers):
    told = typed.advice(customer_id="C0000001", purpose="bulk_purchase", amount=2_500_000)
    assert json.loads(told.model_dump_json(by_alias=True, exclude_unset=True)) == json.loads(answers[-1])
    refused = typed.advice(customer_id="C0000001", purpose="bulk_purchase", amount=10**15)
    assert not refused.answered
    assert refused.reasons


@pytest.mark.usefixtures("advised")
def test_without_a_scenario_model_of_the_purpose_the_answer_says_so(client):
    asked = {"customer_id": "C0000001", "purpose": "term_extension", "term_days": 90}
    answer = client.post("/v1/advice", json=asked)
    assert answer.status_code == 409
    assert "creditscore train term_extension" in answer.json()["detail"]


@pytest.mark.usefixtures("advised")
def test_a_stranger_gets_no_advice(client):
    asked = {"customer_id": "stranger", "purpose": "bulk_purchase", "amount": 1}
    assert client.post("/v1/advice", json=asked).status_code == 404


@pytest.mark.usefixtures("advised")
def test_a_request_that_asks_for_nothing_is_the_callers_mistake(client):
    answer = client.post("/v1/advice", json={"customer_id": "C0000001", "purpose": "bulk_purchase"})
    assert (answer.status_code, "amount" in answer.json()["detail"]) == (400, True)
