from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from creditscore.decisions import GOVERNANCE_GRID, chosen_setting, efficient, frontier
from creditscore.errors import ParameterError
from creditscore.policy import Governance, govern

START = date(2024, 1, 1)
RAW = Governance()


def scores(rows):
    """Rows of customer, day and score, and of an exposure and a default where they are told."""
    whole = [(*row, 1_000, False)[:4] + ((row[4],) if len(row) > 4 else (False,)) for row in rows]
    frame = pd.DataFrame(whole, columns=["customer_id", "day", "score", "exposure_amount", "in_default_flag"])
    days = pd.to_datetime([START + timedelta(days=day) for day in frame.pop("day")])
    return frame.assign(as_of=days)


def defaults(**on):
    days = pd.to_datetime([START + timedelta(days=day) for day in on.values()])
    return pd.DataFrame({"customer_id": pd.Series(list(on), dtype="str"), "default_on": days})


def one(frame, setting, *, policy, entered=None, **windows):
    return frontier(frame, defaults() if entered is None else entered, policy=policy, grid=[setting], **windows).iloc[0]


def test_a_year_of_one_customer_is_counted_by_hand(policy):
    # A fall on day 100, a rise 90 days later (so the fall was false), a fall 91 days later (so the rise was not).
    path = scores([("A", 0, 85.0), ("A", 100, 75.0), ("A", 190, 85.0), ("A", 281, 75.0), ("A", 365, 75.0)])
    found = one(path, RAW, policy=policy)
    years = 365 / 365.25
    assert found["flips_per_year"] == pytest.approx(3 / years)
    assert found["false_flips_per_year"] == pytest.approx(1 / years)
    assert found["false_flip_ratio"] == pytest.approx(1 / 3)
    assert found[["held_worse_ratio", "held_better_ratio", "reserve_added_ratio"]].tolist() == [0, 0, 0]


def test_a_change_is_false_only_if_the_next_one_goes_back_in_time(policy):
    fall_on = scores([("A", 0, 85.0), ("A", 10, 75.0), ("A", 20, 50.0), ("A", 111, 75.0)])
    assert one(fall_on, RAW, policy=policy)["false_flip_ratio"] == 0
    assert one(fall_on, RAW, policy=policy, reversal_days=91)["false_flip_ratio"] == pytest.approx(1 / 3)


def test_the_next_change_of_another_customer_is_no_return(policy):
    path = scores([("A", 0, 85.0), ("A", 10, 75.0), ("B", 0, 75.0), ("B", 11, 85.0)])
    assert one(path, RAW, policy=policy)["false_flip_ratio"] == 0


def test_days_late_are_the_days_by_which_red_comes_later(policy):
    # Raw red from day 10 on; with a margin of 2 points red from day 30 on; default on day 50.
    path = scores([("A", 0, 85.0), ("A", 10, 59.0), ("A", 30, 50.0), ("A", 60, 0.0, 1_000, True)])
    late = one(path, Governance(downgrade_margin=2), policy=policy, entered=defaults(A=50))
    assert late[["days_late", "late_count", "missed_red_count", "warned_default_count"]].tolist() == [20, 1, 0, 1]
    assert one(path, RAW, policy=policy, entered=defaults(A=50))["days_late"] == 0


def test_a_red_that_governance_hides_until_the_default_is_missed(policy):
    path = scores([("A", 0, 85.0), ("A", 10, 59.0), ("A", 60, 0.0, 1_000, True)])
    late = one(path, Governance(downgrade_margin=2), policy=policy, entered=defaults(A=50))
    assert late[["days_late", "late_count", "missed_red_count"]].tolist() == [40, 1, 1]


def test_only_the_horizon_before_the_default_counts(policy):
    path = scores([("A", 0, 85.0), ("A", 10, 59.0), ("A", 60, 0.0, 1_000, True)])
    late = one(path, Governance(downgrade_margin=2), policy=policy, entered=defaults(A=50), horizon_days=15)
    assert late["days_late"] == 15
    assert late["missed_red_count"] == 0  # the last scored day lies 40 days before the default


def test_a_customer_that_was_never_raw_red_is_no_warned_default(policy):
    path = scores([("A", 0, 85.0), ("A", 10, 79.0), ("B", 0, 50.0), ("B", 10, 50.0)])
    found = one(path, Governance(downgrade_margin=2), policy=policy, entered=defaults(A=50, B=5, C=5))
    assert found[["days_late", "late_count", "missed_red_count", "warned_default_count"]].tolist() == [0, 0, 0, 1]


def test_a_default_before_the_first_scored_day_counts_for_nothing(policy):
    path = scores([("A", 0, 50.0), ("A", 10, 50.0)])
    assert one(path, RAW, policy=policy, entered=defaults(A=0))["warned_default_count"] == 0


def test_the_added_reserve_is_a_share_of_that_of_raw_colours(policy):
    # Day 1 in raw green (3 %) is held yellow (8 %): 80 + 80 against 80 + 30.
    path = scores([("A", 0, 75.0), ("A", 1, 81.0)])
    found = one(path, Governance(upgrade_margin=2), policy=policy)
    assert found["reserve_added_ratio"] == pytest.approx(50 / 110)
    assert found["held_worse_ratio"] == 0.5


def test_the_policys_own_governance_plays_no_part(policy):
    bare = replace(policy, colours=replace(policy.colours, governance=RAW))
    pd.testing.assert_frame_equal(
        frontier(history(1), defaults(), policy=policy), frontier(history(1), defaults(), policy=bare)
    )


def history(seed, customers=40, days=60):
    """Scores that wander around the edges, on days of any spacing, with gaps and some defaults."""
    draws = np.random.default_rng(seed)
    on = np.cumsum(draws.integers(1, 12, days))
    walk = 70 + np.cumsum(draws.normal(0, 3, (customers, days)), axis=1)
    kept = draws.random((customers, days)) < 0.8
    rows = [
        (f"C{who:02}", int(on[day]), float(np.clip(walk[who, day], 0, 100)), int(draws.integers(0, 10**6)), False)
        for who in range(customers)
        for day in range(days)
        if kept[who, day]
    ]
    frame = scores(rows)
    return frame.assign(in_default_flag=draws.random(len(frame)) < 0.02).sample(frac=1, random_state=seed)


def naive(frame, entered, setting, *, policy, reversal_days=90, horizon_days=365):
    """The same figures, customer by customer and day by day, as the docstring says them."""
    bands = replace(policy.colours, governance=setting)
    told = dict.fromkeys(("changes", "false", "late", "late_count", "missed", "warned", "worse", "rows", "days"), 0)
    for customer, path in frame.sort_values("as_of").groupby("customer_id"):
        days = [day.date() for day in path["as_of"]]
        rank, since, ranks, raw = -1, 0, [], []
        for day, score, certain in zip(days, path["score"], path["in_default_flag"], strict=True):
            on = (day - date(1970, 1, 1)).days
            now = govern(
                bands,
                score=np.array([score]),
                on=on,
                previous_rank=np.array([rank]),
                previous_since=np.array([since]),
                certain=np.array([certain]),
            )
            rank, since = int(now.rank[0]), int(now.since[0])
            ranks.append(rank)
            raw.append(2 if certain else int(policy.colours.ranks(np.array([score]))[0]))
        moves = [(days[i], ranks[i] - ranks[i - 1]) for i in range(1, len(ranks)) if ranks[i] != ranks[i - 1]]
        told["changes"] += len(moves)
        told["false"] += sum(
            a * b < 0 and (later - day).days <= reversal_days for (day, a), (later, b) in pairwise(moves)
        )
        told["worse"] += sum(a > b for a, b in zip(ranks, raw, strict=True))
        told["rows"] += len(ranks)
        told["days"] += (days[-1] - days[0]).days
        entries = [day.date() for day in entered.loc[entered["customer_id"] == customer, "default_on"]]
        ahead = sorted(day for day in entries if day > days[0])
        if not ahead:
            continue
        colours = {}
        for place, day in enumerate(days):
            end = days[place + 1] if place + 1 < len(days) else date(2100, 1, 1)
            lasting = (min(end, ahead[0]) - day).days
            colours |= {day + timedelta(days=step): (raw[place], ranks[place]) for step in range(lasting)}
        near = {day: pair for day, pair in colours.items() if (ahead[0] - day).days <= horizon_days}
        late = sum(a == 2 and b < 2 for a, b in near.values())
        told["late"] += late
        told["late_count"] += late > 0
        told["warned"] += any(a == 2 for a, _ in near.values())
        last = max((day for day in days if day < ahead[0]), default=None)
        told["missed"] += last in near and near[last][0] == 2 and near[last][1] < 2
    return told


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_frontier_is_what_a_loop_over_customers_and_days_finds(policy, seed):
    frame = history(seed)
    draws = np.random.default_rng(seed)
    entered = defaults(**{f"C{who:02}": int(draws.integers(0, 400)) for who in range(0, 40, 2)})
    grid = [RAW, Governance(upgrade_margin=2, upgrade_dwell_days=30), *GOVERNANCE_GRID[26::25]]
    found = frontier(frame, entered, policy=policy, grid=grid, horizon_days=120)
    for setting, (_, row) in zip(grid, found.iterrows(), strict=True):
        told = naive(frame, entered, setting, policy=policy, horizon_days=120)
        years = told["days"] / 365.25
        assert row["flips_per_year"] == pytest.approx(told["changes"] / years)
        assert row["false_flips_per_year"] == pytest.approx(told["false"] / years)
        assert row["late_count"] == told["late_count"]
        assert row["missed_red_count"] == told["missed"]
        assert row["warned_default_count"] == told["warned"]
        assert row["days_late"] == pytest.approx(told["late"] / told["warned"])
        assert row["held_worse_ratio"] == pytest.approx(told["worse"] / told["rows"])


def test_the_shipped_grid_holds_the_setting_of_all_zeros():
    assert GOVERNANCE_GRID[0] == RAW
    assert len(set(GOVERNANCE_GRID)) == len(GOVERNANCE_GRID)


def table(*rows):
    columns = ["upgrade_margin", "flips_per_year", "days_late", "missed_red_count", "reserve_added_ratio"]
    rest = {"downgrade_margin": 0.0, "downgrade_dwell_days": 0, "upgrade_dwell_days": 14}
    return pd.DataFrame(rows, columns=columns).assign(**rest)


def test_the_fewest_changes_within_the_bounds_are_chosen():
    found = table((0, 3.0, 0, 0, 0.0), (1, 2.0, 0, 0, 0.02), (2, 1.0, 0, 0, 0.021), (3, 0.5, 1, 1, 0.0))
    assert chosen_setting(found) == Governance(upgrade_margin=1, upgrade_dwell_days=14)
    assert chosen_setting(found, most_days_late=1).upgrade_margin == 3
    assert chosen_setting(found, most_reserve_added_ratio=0.03).upgrade_margin == 2


def test_of_equally_many_changes_the_cheapest_is_chosen():
    assert chosen_setting(table((1, 2.0, 0, 0, 0.02), (2, 2.0, 0, 0, 0.01))).upgrade_margin == 2


def test_bounds_that_no_setting_keeps_are_refused():
    with pytest.raises(ParameterError, match="None of 1 settings keeps both bounds"):
        chosen_setting(table((1, 2.0, 3, 0, 0.02)))


def test_a_setting_that_another_beats_is_not_efficient():
    found = table((0, 3.0, 0, 0, 0.0), (1, 2.0, 0, 0, 0.02), (2, 2.0, 1, 0, 0.02), (3, 2.0, 0, 0, 0.02))
    assert efficient(found).tolist() == [True, True, False, True]


@pytest.mark.parametrize(
    ("frame", "named"),
    [
        (scores([("A", 0, 50.0)]).drop(columns="score"), "Column score is missing"),
        (scores([("A", 0, 50.0), ("A", 0, 60.0)]), "1 of them of a customer and day that is there already"),
        (scores([("A", 0, 50.0)]).iloc[:0], "0 rows"),
        (scores([("A", 0, 50.0), ("B", 1, 50.0)]), "at least two scored days of a customer"),
    ],
)
def test_a_history_that_cannot_be_replayed_is_refused(policy, frame, named):
    with pytest.raises(ParameterError, match=named):
        frontier(frame, defaults(), policy=policy)


def test_no_setting_is_refused(policy):
    with pytest.raises(ParameterError, match="0 settings"):
        frontier(history(1), defaults(), policy=policy, grid=[])
