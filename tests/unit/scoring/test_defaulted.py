import math
import shutil
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from creditscore.book import TABLES, Book
from creditscore.errors import ContractError
from creditscore.scoring import IN_DEFAULT, read_scores, read_snapshot, reason_texts, score_portfolio, score_rows

DAY = date(2023, 2, 27)
NOBODY = "C0000003"


@pytest.fixture
def both(bundle, policy, snapshot_rows):
    """Return the scores of all rows, and of the same rows with every second customer in default."""
    flags = np.arange(len(snapshot_rows)) % 2.0
    flagged = snapshot_rows.assign(**{IN_DEFAULT: flags})
    return score_rows(bundle, policy, snapshot_rows), score_rows(bundle, policy, flagged), flags == 1


def test_who_is_in_default_is_certain_to_default_and_red(both):
    _, flagged, rows = both
    found = flagged[rows]
    assert (found["pd_12m"] == 1).all()
    assert (found["score"] == 0).all()
    assert (found["colour"] == "red").all()
    assert found["log_odds"].map(math.isfinite).all()


def test_the_default_is_the_first_reason_before_those_of_the_model(both):
    plain, flagged, rows = both
    assert (flagged.loc[rows, "reason_1"] == "D01").all()
    for later, earlier in (("reason_2", "reason_1"), ("reason_3", "reason_2")):
        pd.testing.assert_series_equal(flagged.loc[rows, later], plain.loc[rows, earlier], check_names=False)
    assert reason_texts(["D01"], language="en") == ["The customer is in default"]


def test_everybody_else_keeps_every_bit(both):
    plain, flagged, rows = both
    pd.testing.assert_frame_equal(flagged[~rows], plain[~rows])


@pytest.mark.parametrize("flag", [0.5, 2, "yes"])
def test_a_flag_that_is_neither_0_nor_1_is_refused(bundle, policy, snapshot_rows, flag):
    with pytest.raises(ContractError, match="something else than 0, 1"):
        score_rows(bundle, policy, snapshot_rows.assign(**{IN_DEFAULT: flag}))


def test_a_missing_flag_is_no_default(bundle, policy, snapshot_rows):
    missing = snapshot_rows.assign(**{IN_DEFAULT: np.nan})
    pd.testing.assert_frame_equal(score_rows(bundle, policy, missing), score_rows(bundle, policy, snapshot_rows))


def insolvency(*, known_on):
    row = {
        "event_id": "test-1",
        "customer_id": NOBODY,
        "occurred_on": date(2023, 2, 20),
        "kind": "insolvency",
        "known_on": known_on,
    }
    schema = TABLES["events"].schema
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | row], schema=schema)


@pytest.mark.parametrize(("known_on", "in_default"), [(DAY, True), (date(2023, 2, 28), False)])
def test_the_daily_run_takes_an_insolvency_into_account_from_the_day_it_is_known(workspace, known_on, in_default):
    book = Book.open(workspace.book)
    book.write({"events": pa.concat_tables([book.read("events"), insolvency(known_on=known_on)])})
    score_portfolio(workspace, as_of=DAY)
    score = read_scores(workspace, as_of=DAY).set_index("customer_id").loc[NOBODY]
    snapshot = read_snapshot(workspace, as_of=DAY).set_index("customer_id")
    assert (snapshot.loc[NOBODY, IN_DEFAULT] == 1) == in_default
    assert (score["colour"] == "red" and score["reason_1"] == "D01") == in_default
    assert (snapshot[IN_DEFAULT] == 0).sum() > len(snapshot) / 2


def test_a_book_without_payments_accuses_nobody_of_not_paying(workspace):
    book = Book.open(workspace.book)
    kept = {name: book.read(name) for name in ("customers", "invoices", "events")}
    shutil.rmtree(workspace.book)
    Book.create(workspace.book, currency=book.currency).write(kept)
    score_portfolio(workspace, as_of=DAY)
    flagged = read_snapshot(workspace, as_of=DAY).set_index("customer_id")[IN_DEFAULT]
    events = kept["events"].to_pandas()
    accused = events[events["kind"].isin(["default", "insolvency", "write_off"]) & (events["known_on"] <= DAY)]
    assert set(flagged[flagged == 1].index) <= set(accused["customer_id"])
    assert flagged.notna().all()
