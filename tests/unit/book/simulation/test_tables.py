"""The tables beside the ledger."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from creditscore.book.simulation import Portfolio, run, simulate


def test_requests_of_all_purposes_are_granted_and_declined(frames):
    facilities = frames["facilities"]
    granted = facilities.groupby("facility_id").agg(
        purpose=("purpose", "first"), granted=("granted_on", "count"), versions=("known_on", "size")
    )
    for purpose in ("standard", "bulk_purchase", "term_extension"):
        of_purpose = granted[granted["purpose"] == purpose]
        assert 0 < of_purpose["granted"].mean() < 1
    assert (granted["versions"] == 1 + granted["granted"]).all()


def test_a_request_is_known_before_its_grant(frames):
    facilities = frames["facilities"]
    requests = facilities[facilities["granted_on"].isna()].set_index("facility_id")["known_on"]
    grants = facilities[facilities["granted_on"].notna()]
    assert (grants["granted_on"] > grants["facility_id"].map(requests)).all()


def test_an_extension_asks_for_a_longer_term_than_the_standard_one(frames):
    standard = frames["facilities"].query("purpose == 'standard'").groupby("customer_id")["requested_term_days"].max()
    longer = frames["facilities"].query("purpose == 'term_extension'")
    usual = longer["customer_id"].map(standard)
    assert (longer["requested_term_days"] > usual)[usual.notna()].all()


def test_all_kinds_of_events_happen(frames):
    assert set(frames["events"]["kind"]) == {
        "default", "dishonesty", "environmental_penalty", "equity_pledge", "insolvency", "litigation", "negative_news",
        "write_off",
    }  # fmt: skip


def test_each_default_comes_first_and_once(frames):
    events = frames["events"]
    failed = events.query("kind == 'default'").set_index("customer_id")["occurred_on"]
    assert failed.index.is_unique
    ends = events[events["kind"].isin(["insolvency", "write_off"])]
    assert (ends["occurred_on"] > ends["customer_id"].map(failed)).all()
    others = events[~events["kind"].isin(["default", "insolvency", "write_off"])]
    assert not (others["occurred_on"] > others["customer_id"].map(failed)).any()


def test_statements_balance(frames):
    values = frames["statements"].pivot_table(index=["customer_id", "period_end_on"], columns="item", values="value")
    assert len(values.columns) == 11
    assert not values.isna().any().any()
    assert values["total_assets"].to_numpy() == pytest.approx(values["total_liabilities"] + values["equity"], abs=0.05)
    assert (values["current_assets"] <= values["total_assets"]).all()
    assert (values["cash"] + values["inventory"] <= values["current_assets"]).all()


def test_statements_come_a_quarter_late_and_not_from_everybody(frames):
    statements, customers = frames["statements"], frames["customers"].set_index("customer_id")
    lag = (statements["known_on"] - statements["period_end_on"]).dt.days
    before = statements["customer_id"].map(customers["onboarded_on"]) < statements["period_end_on"]
    assert lag[before].between(90, 120).all()
    assert 0.8 < statements["customer_id"].nunique() / len(customers) < 1


def test_all_but_the_smallest_companies_also_report_half_years(tmp_path, monkeypatch):
    few = replace(run.DEFAULTS, statements=replace(run.DEFAULTS.statements, half_yearly=-0.5))
    monkeypatch.setattr(run, "DEFAULTS", few)
    book = simulate(Portfolio(customers=300, months=18, seed=5), book=tmp_path / "book", truth=tmp_path / "truth")
    customers, statements = (pd.read_parquet(book.path(name)) for name in ("customers", "statements"))
    months = pd.to_datetime(statements["period_end_on"]).dt.month
    capital = customers.set_index("customer_id")["registered_capital_amount"]
    assert capital[statements["customer_id"][months == 6].unique()].median() > 1.2 * capital.median()


def test_groups_are_linked_and_name_at_least_two(frames):
    sizes = frames["customers"]["group_id"].value_counts()
    assert sizes.max() <= 5
    assert (sizes >= 2).mean() > 0.5
    assert set(frames["links"]["kind"]) == {"affiliated", "controls", "guarantees", "owns", "supplies"}


def test_control_is_a_majority(frames):
    links = frames["links"]
    assert (links.query("kind == 'controls'")["share_ratio"] > 0.5).all()
    assert (links.query("kind == 'owns'")["share_ratio"] <= 0.5).all()


def test_each_registration_number_is_one_company_s(frames):
    numbers = frames["customers"]["registration_number"]
    assert numbers.is_unique
    assert (numbers.str.len() == 18).all()


def test_the_revised_figure_is_close_to_the_first(frames):
    gap = frames["macro"].query("series == 'output_gap'").sort_values("known_on")
    versions = gap.groupby("period_end_on")["value"].agg(["first", "last", "size"])
    revised = versions[versions["size"] == 2]
    change = revised["last"] - revised["first"]
    assert len(revised) > 40
    assert 0.1 < np.sqrt(np.mean(change**2)) < 0.8
    assert (frames["macro"].query("series == 'interest_rate'").groupby("period_end_on").size() == 1).all()


def test_industries_differ_in_prosperity(frames):
    latest = frames["industry"].query("series == 'prosperity'")
    assert latest["industry_code"].nunique() == 12
    assert set(frames["customers"]["industry_code"]) <= set(latest["industry_code"])
    assert latest.groupby("industry_code")["value"].mean().std() > 1
    assert pd.api.types.is_float_dtype(latest["value"])
