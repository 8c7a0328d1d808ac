"""Snapshots, panels and observations: their shape, their agreement and their refusals."""

from datetime import date, timedelta

import duckdb
import numpy as np
import pandas as pd
import pytest

from creditscore.errors import ContractError, ParameterError
from creditscore.features import catalogue, evaluation, feature_matrix, named, observe, panel, snapshot, snapshot_hash

FEW = tuple(named(name) for name in ("open_amount", "delay_mean_365d_days", "company_age_years", "neighbors_count"))


@pytest.fixture
def book(desk):
    return desk.book(
        customers=[
            {"customer_id": "C3", "known_on": desk.ago(700), "founded_on": desk.ago(900)},
            {"customer_id": "C2", "known_on": desk.ago(20)},
        ],
        invoices=[desk.invoice("I1", issued=300), desk.invoice("I2", issued=60, customer_id="C3", amount=7)],
        payments=[desk.payment("I1", paid=50)],
    )


def test_a_snapshot_has_a_row_for_each_customer_known_on_the_day(book, desk):
    frame = snapshot(book, as_of=desk.as_of, features=FEW)
    assert frame["customer_id"].tolist() == ["C1", "C2", "C3"]
    assert list(frame.columns) == ["customer_id", "as_of", *(feature.name for feature in FEW)]
    assert snapshot(book, as_of=desk.ago(21), features=FEW)["customer_id"].tolist() == ["C1", "C3"]


def test_columns_have_the_types_that_others_rely_on(book, desk):
    frame = snapshot(book, as_of=desk.as_of)
    assert frame["customer_id"].dtype == "str"
    assert frame["as_of"].dtype == "datetime64[ms]"
    assert {str(dtype) for dtype in frame.dtypes.iloc[2:]} == {"float64"}
    assert len(frame.columns) == len(catalogue()) + 2


def test_a_panel_is_its_snapshots_stacked(book, desk):
    days = [desk.as_of, desk.ago(280), desk.ago(30)]
    stacked = pd.concat([snapshot(book, as_of=day) for day in days])
    expected = stacked.sort_values(["customer_id", "as_of"], ignore_index=True)
    pd.testing.assert_frame_equal(panel(book, days=days), expected, check_exact=True)


def test_observations_are_rows_of_the_panel(book, desk):
    days = [desk.as_of, desk.ago(30)]
    whole = panel(book, days=days, features=FEW)
    picked = whole.iloc[[3, 0]][["customer_id", "as_of"]].assign(note="kept aside")
    expected = whole.iloc[[0, 3]].reset_index(drop=True)
    pd.testing.assert_frame_equal(observe(book, picked, features=FEW), expected, check_exact=True)


def test_a_panel_in_pieces_is_the_panel_at_once(book, desk, monkeypatch):
    days = [desk.as_of - timedelta(days=day) for day in range(9)]
    at_once = panel(book, days=days)
    monkeypatch.setattr(evaluation, "OBSERVATIONS_AT_ONCE", 5)
    pd.testing.assert_frame_equal(panel(book, days=days), at_once, check_exact=True)


def test_progress_ends_with_all_done(book, desk):
    steps = []
    panel(book, days=[desk.as_of], features=FEW, progress=lambda *step: steps.append(step))
    assert steps == [("ledger", 3, 3), ("features", 1, 2), ("features", 2, 2)]  # there are no links


def test_one_thread_gives_the_bits_of_many(book, desk, monkeypatch):
    many = snapshot_hash(snapshot(book, as_of=desk.as_of))
    connect, opened = duckdb.connect, []

    def on_one_thread(*arguments, **options):
        opened.append(connect(*arguments, **options))
        opened[-1].execute("SET threads = 1")
        return opened[-1]

    monkeypatch.setattr(duckdb, "connect", on_one_thread)
    assert snapshot_hash(snapshot(book, as_of=desk.as_of)) == many
    assert opened


def test_a_quiet_day_after_the_last_fact_is_scored_too(book, desk):
    assert len(snapshot(book, as_of=desk.as_of + timedelta(days=90), features=FEW)) == 3


def test_a_day_before_the_first_fact_is_refused(book):
    with pytest.raises(ParameterError, match="The first fact became known on 2023-09-04, after 2023-09-03"):
        snapshot(book, as_of=date(2023, 9, 3), features=FEW)


@pytest.mark.parametrize("days", [[], [date(2024, 6, 30)] * 2])
def test_a_panel_of_no_day_or_of_a_day_twice_is_refused(book, days):
    with pytest.raises(ParameterError, match="each day once"):
        panel(book, days=days, features=FEW)


@pytest.mark.parametrize(
    ("observations", "complaint"),
    [
        ({"customer_id": ["C1"]}, "The column as_of is missing"),
        ({"customer_id": ["C1", "C1"], "as_of": [date(2024, 6, 30)] * 2}, "1 observations appear twice"),
        (
            {"customer_id": list("ABCDE"), "as_of": [date(2024, 6, 30)] * 5},
            "5 .* not known on their day: A, B, C and 2",
        ),
        ({"customer_id": ["C2"], "as_of": [date(2024, 6, 9)]}, "1 .* not known on their day: C2"),
    ],
)
def test_observations_that_cannot_be_are_refused(book, observations, complaint):
    with pytest.raises(ParameterError, match=complaint):
        observe(book, pd.DataFrame(observations), features=FEW)


def test_no_observation_gives_no_row(book):
    nothing = pd.DataFrame({"customer_id": pd.Series(dtype="str"), "as_of": pd.Series(dtype="datetime64[ms]")})
    frame = observe(book, nothing, features=FEW)
    assert (len(frame), len(frame.columns)) == (0, 6)


def test_a_book_without_customers_is_refused(desk):
    with pytest.raises(ContractError, match="It has no customers"):
        snapshot(type(desk.book())(desk.folder / "book", "CNY", {}), as_of=desk.as_of)


def test_the_matrix_has_the_features_in_the_order_asked_for(book, desk):
    frame = snapshot(book, as_of=desk.as_of)
    matrix = feature_matrix(frame, FEW[::-1])
    assert matrix.shape == (3, 4)
    assert matrix.dtype == np.float64
    np.testing.assert_array_equal(matrix[:, 3], frame["open_amount"])


def test_a_frame_that_lacks_a_feature_is_refused(book, desk):
    frame = snapshot(book, as_of=desk.as_of, features=FEW[:1])
    with pytest.raises(ContractError, match="3 of 4 features are missing"):
        feature_matrix(frame, FEW)


def test_the_hash_moves_with_any_bit_and_not_with_the_kind_of_missing(book, desk):
    frame = snapshot(book, as_of=desk.as_of, features=FEW)
    told = snapshot_hash(frame)
    assert snapshot_hash(frame.copy()) == told
    moved = frame.assign(open_amount=np.nextafter(frame["open_amount"], np.inf))
    assert snapshot_hash(moved) != told
    assert snapshot_hash(frame.rename(columns={"open_amount": "owed_amount"})) != told
    assert snapshot_hash(frame.assign(neighbors_count=-np.nan)) == told
