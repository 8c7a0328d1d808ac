"""What the world tells of the customer and of its neighbors, computed by hand."""

import math

import pytest


@pytest.fixture
def events(desk):
    return [
        desk.event("E1", occurred=10, amount=500, severity=0.4),
        desk.event("E2", occurred=180, kind="negative_news", severity=0.2),
        desk.event("E3", occurred=360, amount=300, severity=0.3),
        desk.event("E4", occurred=400, kind="default", severity=0.9),
        desk.event("E5", occurred=2, kind="dishonesty", known=-1),
    ]


def test_events_are_counted_within_their_windows_once_they_are_known(desk, events):
    names = ("events_90d_count", "events_365d_count", "litigation_365d_count", "negative_news_365d_count")
    assert desk.features(*names, "dishonesty_365d_count", events=events) == [1, 3, 2, 1, 0]


def test_penalties_and_pledges_are_counted_by_their_kinds(desk):
    events = [
        desk.event("E1", occurred=364, kind="environmental_penalty"),
        desk.event("E2", occurred=365, kind="environmental_penalty"),
        desk.event("E3", occurred=0, kind="equity_pledge"),
        desk.event("E4", occurred=90, kind="equity_pledge"),
    ]
    names = ("environmental_penalty_365d_count", "equity_pledge_365d_count")
    assert desk.features(*names, events=events) == [1, 2]


def test_an_event_is_halved_every_180_days(desk, events):
    (level,) = desk.features("events_decayed_level", events=events)
    assert level == pytest.approx(sum(2 ** (-age / 180) for age in (10, 180, 360, 400)), abs=2e-6)


@pytest.mark.parametrize(
    ("name", "kind", "half_life"),
    [
        ("broken_promise_decayed_level", "broken_promise", 90),
        ("negative_news_decayed_level", "negative_news", 90),
        ("litigation_decayed_level", "litigation", 180),
        ("dishonesty_decayed_level", "dishonesty", 365),
    ],
)
def test_each_kind_of_event_is_forgotten_at_its_own_pace(desk, name, kind, half_life):
    ages = (0, half_life, 3 * half_life)  # count 1, a half and an eighth
    events = [desk.event(f"E{age}", occurred=age, kind=kind) for age in ages]
    others = [desk.event("E", occurred=1, kind="equity_pledge")]
    assert desk.features(name, events=events + others) == [1 + 1 / 2 + 1 / 8]


def test_broken_promises_to_pay_are_counted_for_a_year(desk):
    events = [desk.event(f"E{age}", occurred=age, kind="broken_promise") for age in (3, 364, 365)]
    assert desk.features("broken_promise_365d_count", events=events) == [2]


def test_pledged_equity_is_compared_with_the_registered_capital(desk):
    customers = [{"customer_id": "C1", "known_on": desk.ago(400), "registered_capital_amount": 1000}]
    pledges = [desk.event(f"E{age}", occurred=age, kind="equity_pledge", amount=age) for age in (100, 200, 365)]
    events = [*pledges, desk.event("E", occurred=5, amount=700)]
    ratio = desk.features("equity_pledge_to_capital_ratio", customers=customers, events=events)
    assert ratio == [(100 + 200) / 1000]
    (unknown,) = desk.features("equity_pledge_to_capital_ratio", events=events)
    assert math.isnan(unknown)


def test_severity_is_the_worst_of_the_year(desk, events):
    assert desk.features("severity_worst_365d_level", "event_kinds_365d_count", events=events) == [0.4, 2]


def test_defaults_are_never_forgotten(desk, events):
    assert desk.features("default_events_count", events=events) == [1]


def test_months_since_are_counted_from_the_day_it_happened(desk, events):
    values = desk.features("since_event_months", "since_litigation_months", events=events[1:])
    assert values == [180 / 30.4375, 360 / 30.4375]


def test_litigation_is_compared_with_orders(desk, events):
    names = ("litigation_365d_amount", "litigation_to_orders_ratio")
    assert desk.features(*names, events=events, invoices=[desk.invoice("I1", issued=9)]) == [800, 8.0]


def test_without_an_event_counts_are_zero_and_times_missing(desk):
    names = ("events_365d_count", "events_decayed_level", "litigation_365d_amount", "since_event_months")
    *zeros, since = desk.features(*names, events=[desk.event("E1", occurred=5) | {"customer_id": "C9"}])
    assert zeros == [0, 0, 0]
    assert math.isnan(since)


def test_trouble_of_linked_companies_is_seen_from_both_ends_of_the_link(desk):
    links = [desk.link("C1", "C2", "guarantees"), desk.link("C3", "C1", "owns"), desk.link("C2", "C1", "affiliated")]
    events = [
        desk.event("E1", occurred=30, kind="default") | {"customer_id": "C2"},
        desk.event("E2", occurred=20, kind="write_off") | {"customer_id": "C2"},
        desk.event("E3", occurred=10, kind="negative_news") | {"customer_id": "C3"},
        desk.event("E4", occurred=10, kind="default") | {"customer_id": "C4"},
    ]
    names = ("neighbors_defaulted_365d_count", "neighbor_events_365d_count", "default_events_count")
    assert desk.features(*names, links=links, events=events) == [1, 3, 0]


def test_linked_companies_pass_on_what_they_are_past_due(desk):
    invoices = [desk.invoice("I1", issued=60, customer_id="C2"), desk.invoice("I2", issued=10, customer_id="C2")]
    tables = {"links": [desk.link("C2", "C1", "controls")], "invoices": invoices, "payments": []}
    assert desk.features("neighbors_overdue_amount", "neighbors_overdue_ratio", **tables) == [100, 0.5]
