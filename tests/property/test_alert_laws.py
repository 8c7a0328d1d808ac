"""Laws of alerts and freezes: against a memory kept by hand, and against the closure computed without arrays."""

import json
from datetime import date, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from creditscore.decisions import follow_alerts, follow_freezes, freezes, standing_alerts
from creditscore.policy import ALERT_LEVELS, load_policy

ALERTS = load_policy().alerts
START = date(2024, 1, 1)
NUMBERS = ["term_elapsed_ratio", "paid_ratio", "days_past_due"]
STATES = [(0.4, 0.0, 0), (0.5, 0.79, 0), (0.5, 0.8, 0), (2.0, 0.1, 30), (2.1, 0.1, 31), (2.1, 0.9, 31)]
# What is open on a day: its numbers by invoice; and the levels that the rules give these numbers.
DAYS = st.lists(
    st.dictionaries(st.sampled_from(["I1", "I2", "I3", "I4"]), st.sampled_from(STATES)), min_size=1, max_size=7
)
LEVELS = dict(zip(STATES, (0, 1, 0, 1, 2, 2), strict=True))

COMPANIES = [f"C{n}" for n in range(9)]
KINDS = ["owns", "controls", "affiliated", "guarantees", "supplies"]
LINKS = st.lists(st.tuples(st.sampled_from(COMPANIES), st.sampled_from(KINDS), st.sampled_from(COMPANIES)), max_size=14)
CAUSES = st.lists(st.sampled_from(COMPANIES), max_size=4)


def receivables(day):
    rows = [("C" + invoice, invoice, *told, 100) for invoice, told in day.items()]
    frame = pd.DataFrame(rows, columns=["customer_id", "invoice_id", *NUMBERS, "open_amount"])
    return frame.astype({"customer_id": "str", "invoice_id": "str", "days_past_due": "int64", "open_amount": "int64"})


def replayed(days, *, jump=1):
    """Return the alerts of each day that is scored: the last one, and those a jump apart before it."""
    standing, found = None, []
    for number, day in enumerate(days):
        if (len(days) - 1 - number) % jump == 0:
            as_of = START + timedelta(days=number)
            standing = follow_alerts(receivables(day), ALERTS, as_of=as_of, standing=standing)
            found.append(standing)
    return found


@settings(max_examples=25, deadline=None)
@given(days=DAYS)
def test_what_stands_is_always_what_the_rules_say_today(days):
    for day, alerts in zip(days, replayed(days), strict=True):
        standing = standing_alerts(alerts)
        said = {invoice: ALERT_LEVELS[LEVELS[told]] for invoice, told in day.items() if LEVELS[told] > 0}
        assert dict(zip(standing["invoice_id"], standing["level"], strict=True)) == said


@settings(max_examples=25, deadline=None)
@given(days=DAYS)
def test_alerts_of_a_cause_open_and_close_in_turn_and_move_only_in_between(days):
    alive = {}
    for number, alerts in enumerate(replayed(days)):
        as_of = pd.Timestamp(START + timedelta(days=number))
        assert alerts["invoice_id"].is_unique
        assert alerts["invoice_id"].is_monotonic_increasing
        for row in alerts.to_dict("records"):
            invoice, level, change = row["invoice_id"], row["level"], row["change"]
            before = alive.pop(invoice, None)
            assert (before is None) == (change == "opened")
            opened_on, level_before, since = before or (as_of, None, as_of)
            expected = {"opened": level, "stands": level, "closed": level, "escalated": "yellow", "eased": "red"}[
                change
            ]
            assert level_before in {None, expected}
            assert row["opened_on"] == opened_on
            assert row["level_since"] == (as_of if change in {"opened", "escalated", "eased"} else since)
            if change != "closed":
                alive[invoice] = (opened_on, level, row["level_since"])
        assert set(alive) == set(standing_alerts(alerts)["invoice_id"])


@settings(max_examples=25, deadline=None)
@given(days=DAYS, jump=st.integers(2, 5))
def test_a_run_after_several_days_finds_the_levels_that_daily_runs_find(days, jump):
    daily, jumping = (standing_alerts(replayed(days, jump=step)[-1]) for step in (1, jump))
    assert daily[["invoice_id", "level", *NUMBERS]].equals(jumping[["invoice_id", "level", *NUMBERS]])


def red(causes):
    return pd.DataFrame({"customer_id": pd.Series(causes, dtype="str"), "level": "red", "change": "stands"})


def network(links):
    return pd.DataFrame(links, columns=["source_id", "kind", "target_id"], dtype="str")


def distances(cause, links):
    """Return how many links lead to each company, by spreading until nothing changes."""
    found = {cause: 0}
    pairs = {frozenset((source, target)) for source, kind, target in links if kind != "supplies" and source != target}
    for distance in range(1, len(COMPANIES)):
        near = {company for company in found if found[company] == distance - 1}
        for pair in pairs:
            for company in pair if pair & near else ():
                found.setdefault(company, distance)
    return found


@settings(max_examples=60, deadline=None)
@given(causes=CAUSES, links=LINKS)
def test_exactly_those_are_frozen_that_links_lead_to_and_by_the_nearest_cause_of_the_smallest_id(causes, links):
    found = freezes(red(causes), network(links), red=ALERTS.red)
    reached = {}
    for cause in set(causes):
        for company, distance in distances(cause, links).items():
            reached[company] = min(reached.get(company, (distance, cause)), (distance, cause))
    told = {row["customer_id"]: (row["distance"], row["cause_id"]) for row in found.to_dict("records")}
    assert told == reached
    assert found["customer_id"].tolist() == sorted(reached)


@settings(max_examples=60, deadline=None)
@given(causes=CAUSES, links=LINKS)
def test_every_path_leads_over_links_that_exist_from_the_cause_to_the_company(causes, links):
    for row in freezes(red(causes), network(links), red=ALERTS.red).to_dict("records"):
        path, here = json.loads(row["path"]), row["cause_id"]
        assert len(path) == row["distance"]
        for source, kind, target in path:
            assert (source, kind, target) in links
            assert kind != "supplies"
            assert here in {source, target}
            here = target if here == source else source
        assert here == row["customer_id"]


@settings(max_examples=25, deadline=None)
@given(causes=CAUSES, links=LINKS, data=st.data())
def test_freezes_do_not_depend_on_the_order_of_alerts_and_links_or_on_links_said_twice(causes, links, data):
    found = freezes(red(causes), network(links), red=ALERTS.red)
    shuffled, mixed = data.draw(st.permutations(causes)), data.draw(st.permutations(links + links[:3]))
    pd.testing.assert_frame_equal(found, freezes(red(shuffled), network(mixed), red=ALERTS.red))


@settings(max_examples=25, deadline=None)
@given(before=CAUSES, after=CAUSES, links=LINKS)
def test_a_freeze_is_lifted_when_and_only_when_no_red_alert_reaches_the_company_any_more(before, after, links):
    first, second = (freezes(red(causes), network(links), red=ALERTS.red) for causes in (before, after))
    followed = follow_freezes(first, as_of=START)
    changes = follow_freezes(second, as_of=START + timedelta(days=1), standing=followed).groupby("change")[
        "customer_id"
    ]
    told = {change: set(companies) for change, companies in changes}
    here, there = set(first["customer_id"]), set(second["customer_id"])
    assert told.get("lifted", set()) == here - there
    assert told.get("stands", set()) == here & there
    assert told.get("frozen", set()) == there - here
