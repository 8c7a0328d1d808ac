"""Two bundles are held against each other on rows that neither learned from, or not at all."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore import validation
from creditscore.book import Book
from creditscore.errors import ParameterError
from creditscore.outcomes import outcomes
from creditscore.policy import decide
from creditscore.scoring import (
    LEARNED_UNTIL,
    challenge,
    compare_models,
    contest,
    score_days,
    set_champion,
    shared_rows,
    write_bundle,
)

MONTHS = pd.to_datetime([f"2022-{month:02d}-28" for month in range(1, 10)]).astype("datetime64[ms]")


@pytest.fixture
def judged(workspace, contents):
    """Return a function that writes a bundle with this split of the months and this noise in its log odds."""

    def write(name, splits, *, noise, **changes):
        changes = {"evaluation": evaluation(splits, noise=noise)} | changes
        return write_bundle(workspace.bundles / name, contents=replace(contents(seed=1), **changes))

    return write


def evaluation(splits, *, noise, customers=200):
    draws = np.random.default_rng(round(100 * noise))
    rows = pd.DataFrame(
        {
            "customer_id": np.repeat([f"C{number:03d}" for number in range(customers)], len(MONTHS)),
            "as_of": np.tile(MONTHS, customers),
            "split": np.tile(splits, customers),
        }
    )
    risk = np.repeat(np.linspace(-4, 0, customers), len(MONTHS))
    defaults = np.random.default_rng(7).random(len(rows)) < 1 / (1 + np.exp(-risk))
    return rows.assign(default_flag=defaults.astype(float), log_odds=risk + noise * draws.normal(size=len(rows)))


def months(development, calibration, test):
    return ["development"] * development + ["calibration"] * calibration + ["test"] * test


def test_both_are_judged_on_the_rows_that_were_out_of_time_for_both(judged, policy):
    first = judged("one", months(3, 2, 4), noise=0.1)
    second = judged("two", months(4, 2, 3), noise=3.0)
    shared = shared_rows(first, second)
    assert sorted(shared.frame["as_of"].unique()) == list(MONTHS[6:])
    assert shared.warnings == (
        "200 of 800 test rows of one lie on days until 2022-06-28, from which two learned; they are left out.",
    )
    found = contest(shared.frame, policy)
    assert (found.row_count, found.customer_count) == (600, 200)
    assert found.first.auc.value > found.second.auc.value
    rows = first.evaluation().merge(second.evaluation(), on=["customer_id", "as_of"], suffixes=("", "_two"))
    rows = rows[rows["as_of"] >= MONTHS[6]]
    expected = validation.paired_delong(
        rows["default_flag"], rows["log_odds"], rows["log_odds_two"], customers=rows["customer_id"]
    )
    assert found.difference == expected
    assert expected.p_value < 0.001


def test_customers_that_would_change_colour_are_counted_once_on_their_last_day(judged, policy):
    first, second = judged("one", months(3, 2, 4), noise=0.1), judged("two", months(3, 2, 4), noise=1.0)
    found = contest(shared_rows(first, second).frame, policy)
    colours = [
        decide(policy, log_odds=one["log_odds"], exposure_amount=np.zeros(len(one), np.int64)).colour
        for one in (frame[frame["as_of"] == MONTHS[-1]] for frame in (first.evaluation(), second.evaluation()))
    ]
    assert found.colours.to_numpy().sum() == 200
    assert found.changed_count == (colours[0] != colours[1]).sum() > 0


def test_a_bundle_held_against_itself_differs_in_nothing(judged, policy):
    one = judged("one", months(3, 2, 4), noise=0.5)
    found = contest(shared_rows(one, one).frame, policy)
    assert (found.difference.difference, found.psi.value, found.changed_count) == (0.0, 0.0, 0)


def test_no_shared_row_is_refused_and_says_who_learned_from_what(judged, workspace):
    judged("one", months(2, 1, 2) + ["later"] * 4, noise=0.1)
    judged("two", months(4, 2, 3), noise=0.2)
    with pytest.raises(
        ParameterError, match=r"two learned from days until 2022-06-28, and one was tested on 2022-04-28"
    ):
        compare_models(workspace, "one", "two")


def test_a_bundle_that_was_tested_on_nothing_shares_no_row(judged, workspace):
    judged("one", months(6, 3, 0), noise=0.1)
    judged("two", months(0, 0, 9), noise=0.2)
    with pytest.raises(ParameterError, match="one learned from days until 2022-09-28"):
        compare_models(workspace, "one", "two")
    judged("three", [*months(0, 0, 0), *["later"] * 9], noise=0.1)
    with pytest.raises(ParameterError, match="No row was out of time for both"):
        compare_models(workspace, "three", "two")


def test_bundles_that_foretell_different_things_are_refused(judged, workspace, contents):
    definition = replace(contents(seed=1).definition, version="other", days_past_due=30)
    judged("one", months(3, 2, 4), noise=0.1)
    judged("two", months(3, 2, 4), noise=0.2, definition=definition)
    with pytest.raises(ParameterError, match="They foretell different things: 'test-1' within 12 months and 'other'"):
        compare_models(workspace, "one", "two")


def test_the_outcome_of_whoever_knows_more_counts(judged):
    first = judged("one", months(3, 2, 4), noise=0.1, training={LEARNED_UNTIL: "2023-06-30"})
    frame = first.evaluation().assign(default_flag=1.0)
    second = judged("two", months(3, 2, 4), noise=0.1, training={LEARNED_UNTIL: "2024-06-30"}, evaluation=frame)
    assert (shared_rows(first, second).frame["default_flag"] == 1.0).all()
    assert (shared_rows(second, first).frame["default_flag"] == 1.0).all()


def test_too_few_defaults_are_refused(judged, policy):
    one = judged("one", months(3, 2, 4), noise=0.1)
    rows = shared_rows(one, one).frame.assign(default_flag=0.0)
    with pytest.raises(ParameterError, match="0 defaults and 800 others"):
        contest(rows, policy)


def test_a_bundle_without_log_odds_of_its_test_is_refused_by_name(workspace):
    with pytest.raises(ParameterError, match=r"bundle 'first': .* lack log_odds"):
        compare_models(workspace, "first", "second")


def test_daily_scores_of_both_are_judged_where_the_outcome_is_known(workspace, contents):
    three_months = replace(contents(seed=1).definition, days_past_due=15, horizon_months=3)
    for name, seed in (("one", 1), ("two", 2)):
        made = contents(seed=seed)
        made.model.horizon_months = 3
        made = replace(made, definition=three_months, evaluation=evaluation(months(3, 2, 4), noise=0.1))
        write_bundle(workspace.bundles / name, contents=made)
    set_champion(workspace, "one")
    challenge(workspace, "two")
    days = [date(2022, 9, 29), date(2022, 9, 30), date(2022, 10, 31)]
    score_days(workspace, days)
    found = compare_models(workspace, "two", "one")
    book = Book.open(workspace.book)
    assert found.lived is not None, found.notes
    assert found.lived.first_on == pd.Timestamp(days[1])
    assert "3 days; of the last day of each month" in found.notes[-1]
    pairs = pd.DataFrame({"customer_id": book.read("customers").to_pandas()["customer_id"].unique()})
    labels = outcomes(book, pairs.assign(as_of=pd.Timestamp(days[1])), definition=three_months)
    assert found.lived.row_count <= 2 * len(labels)
