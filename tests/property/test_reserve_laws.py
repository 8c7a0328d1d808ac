"""The reserve ledger adds up over any days: customers come and go, exposures are unknown, colours flip."""

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from creditscore.decisions import closings, settle_book
from creditscore.decisions.reserves import MOVEMENT_AMOUNTS
from creditscore.policy import load_policy, reserve_amounts

SHIPPED = load_policy().reserve
CUSTOMERS = ["C1", "C2", "C3", "C4", "C5"]
COLOURS = ["green", "yellow", "red"]
SEGMENTS = pd.DataFrame(
    {
        "customer_id": CUSTOMERS,
        "industry": ["food", "food", "steel", "steel", None],
        "region": ["north", "south", "north", "south", "south"],
    }
)
EXPOSURES = st.none() | st.integers(-(2**40), 2**55)
ROWS = st.dictionaries(st.sampled_from(CUSTOMERS), st.tuples(EXPOSURES, st.sampled_from(COLOURS)))
DAYS = st.lists(st.tuples(st.integers(1, 40), ROWS), min_size=1, max_size=8)
RATES = st.builds(
    replace,
    st.just(SHIPPED),
    top_up_on_downgrade=st.booleans(),
    release_after_days=st.sampled_from([0, 1, 30]),
)


def ledger(rates, days):
    """Yield each day's holdings before it, its book and its ledger."""
    as_of, previous, held, since = date(2024, 1, 1), None, None, {}
    for gap, rows in days:
        as_of += timedelta(days=gap)
        since = {who: since.get(who, {}) for who in rows}
        since = {who: {rows[who][1]: since[who].get(rows[who][1], as_of)} for who in rows}
        today = pd.DataFrame(
            {
                "customer_id": pd.Series(list(rows), dtype="str"),
                "exposure_amount": pd.array([exposure for exposure, _ in rows.values()], dtype="Int64"),
                "governed_colour": pd.Series([colour for _, colour in rows.values()], dtype="str"),
                "governed_since": [since[who][rows[who][1]] for who in rows],
            }
        )
        found = settle_book(rates, held, today, as_of=as_of, previous_as_of=previous)
        yield held, today, found
        held, previous = found.holdings, as_of


def held_by(holdings):
    return {} if holdings is None else dict(zip(holdings["customer_id"], holdings["held_amount"], strict=True))


@settings(max_examples=30, deadline=None)
@given(rates=RATES, days=DAYS)
def test_of_every_customer_and_in_total_opening_plus_movements_is_closing(rates, days):
    for held, _, found in ledger(rates, days):
        opening, closing = held_by(held), held_by(found.holdings)
        moved = found.movements.groupby("customer_id")["amount"].sum().to_dict()
        for who in CUSTOMERS:
            assert opening.get(who, 0) + moved.get(who, 0) == closing.get(who, 0)
        assert sum(opening.values()) + found.movements["amount"].sum() == sum(closing.values())


@settings(max_examples=20, deadline=None)
@given(rates=RATES, days=DAYS)
def test_the_closing_figures_add_up_on_every_row_and_over_every_dimension(rates, days):
    for held, _, found in ledger(rates, days):
        figures = closings(found.holdings, found.movements, SEGMENTS)
        moved = figures[list(MOVEMENT_AMOUNTS)].sum(axis=1)
        assert (figures["opening_amount"] + moved == figures["closing_amount"]).all()
        sums = figures.groupby("dimension").sum(numeric_only=True)
        assert (sums == sums.loc["total"]).all(axis=None)
        assert sums["opening_amount"].iloc[0] == sum(held_by(held).values())


@settings(max_examples=30, deadline=None)
@given(rates=RATES, days=DAYS)
def test_what_is_held_is_exactly_the_exposure_times_the_rate_that_is_held(rates, days):
    for _, _, found in ledger(rates, days):
        opened = found.holdings[found.holdings["exposure_amount"].notna()]
        exposure, points = (opened[name].to_numpy("int64") for name in ("exposure_amount", "held_basis_points"))
        assert reserve_amounts(exposure, basis_points=points).tolist() == opened["held_amount"].tolist()
        assert set(points) <= set(rates.basis_points)


@settings(max_examples=30, deadline=None)
@given(rates=RATES, days=DAYS)
def test_no_less_is_held_than_required_where_the_exposure_is_known(rates, days):
    at_once = replace(rates, top_up_on_downgrade=True)
    for _, today, found in ledger(at_once, days):
        known = found.holdings["required_amount"].notna()
        assert known.tolist() == today["exposure_amount"].notna().tolist()
        assert (found.holdings["held_amount"] >= found.holdings["required_amount"])[known].all()


@settings(max_examples=30, deadline=None)
@given(rates=RATES, days=DAYS)
def test_an_unknown_exposure_moves_nothing(rates, days):
    for _, today, found in ledger(rates, days):
        unknown = today["customer_id"][today["exposure_amount"].isna()]
        assert not found.movements["customer_id"].isin(unknown).any()
