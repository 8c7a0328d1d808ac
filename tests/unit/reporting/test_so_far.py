"""What is known so far of open windows: against labels at the horizon elapsed, and against Uno's estimator."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from creditscore.book import TABLES, Book
from creditscore.outcomes import DefaultDefinition, outcomes
from creditscore.reporting.so_far import with_defaults_seen
from creditscore.validation import auc

EARLY, UNTIL = date(2020, 1, 1), date(2024, 6, 30)
YEAR = DefaultDefinition(version="test-1", days_past_due=None)
DAYS = ["2023-05-31", "2023-06-30", "2024-01-31", "2024-04-30"]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """A book of 60 customers, some with one default or two between 2023 and mid 2024, a few known late."""
    rng = np.random.default_rng(3)
    events = []
    for number in range(60):
        for day in rng.choice(pd.date_range("2023-07-01", "2024-06-25"), rng.integers(0, 3)):
            known = pd.Timestamp(day) + pd.Timedelta(days=int(rng.choice([0, 0, 0, 60])))
            row = {"customer_id": f"C{number:02}", "kind": "default", "occurred_on": pd.Timestamp(day).date()}
            events.append({"event_id": f"E{len(events)}", "known_on": known.date(), **row})
    rows = {"customers": [{"customer_id": f"C{n:02}", "known_on": EARLY} for n in range(60)], "events": events}
    tables = {name: pa.Table.from_pylist(found, schema=TABLES[name].schema) for name, found in rows.items()}
    return Book.create(tmp_path_factory.mktemp("seen") / "book", currency="USD").write(tables)


@pytest.fixture(scope="module")
def judged():
    days = pd.to_datetime(DAYS).astype("datetime64[ms]")
    return pd.DataFrame([(f"C{n:02}", day) for day in days for n in range(60)], columns=["customer_id", "as_of"])


def test_what_is_seen_so_far_is_the_label_at_the_horizon_elapsed(book, judged):
    seen = with_defaults_seen(book, judged, definition=YEAR, observed_until=UNTIL)
    for day, months in (("2024-01-31", 5), ("2024-04-30", 2)):
        own = seen[seen["as_of"] == day].reset_index(drop=True)
        shorter = DefaultDefinition(version="test-1", days_past_due=None, horizon_months=months)
        labels = outcomes(book, own, definition=shorter, observed_until=UNTIL)
        assert own["default_seen_flag"].sum() > 0
        assert own["default_seen_flag"].tolist() == labels["default_flag"].tolist()


def test_a_window_that_has_ended_is_left_to_its_outcome(book, judged):
    seen = with_defaults_seen(book, judged, definition=YEAR, observed_until=UNTIL)
    missing = seen["default_seen_flag"].isna()
    assert set(seen.loc[missing, "as_of"]) == set(pd.to_datetime(["2023-05-31", "2023-06-30"]))
    pd.testing.assert_frame_equal(seen[["customer_id", "as_of"]], judged)


def test_a_default_that_became_known_later_is_not_seen(book, judged):
    then, now = (
        with_defaults_seen(book, judged, definition=YEAR, observed_until=day)["default_seen_flag"]
        for day in (date(2024, 5, 31), UNTIL)
    )
    both = then.notna() & now.notna()
    assert (then[both] <= now[both]).all()
    assert then[both].sum() < now[both].sum()


def test_nothing_is_read_where_every_window_has_ended(judged):
    ended = judged[judged["as_of"] < "2023-12-31"]
    assert with_defaults_seen(None, ended, definition=YEAR, observed_until=UNTIL)["default_seen_flag"].isna().all()


def test_nothing_is_read_where_no_window_has_begun(judged):
    unread = SimpleNamespace(has=lambda _: False)
    last = judged[judged["as_of"] == DAYS[-1]]
    seen = with_defaults_seen(unread, last, definition=YEAR, observed_until=date(2024, 4, 30))
    assert seen["default_seen_flag"].eq(0.0).all()


def test_a_book_without_payments_tells_nothing_of_days_past_due(judged):
    class Unpaid:
        def has(self, name):
            return name == "invoices"

    definition = DefaultDefinition(version="test-1")
    seen = with_defaults_seen(Unpaid(), judged, definition=definition, observed_until=UNTIL)
    assert seen["default_seen_flag"].isna().all()


def test_unos_estimator_is_the_plain_auc_where_all_are_observed_equally_long():
    # Uno et al. 2007 with Kaplan and Meier's estimate of who is still observed, at the day on which all are censored.
    rng = np.random.default_rng(9)
    risk, elapsed = rng.normal(size=400).round(1), 90.0
    default_at = rng.exponential(400 * np.exp(-risk))
    seen = default_at <= elapsed
    observed = np.minimum(default_at, elapsed)
    still_observed = np.array([_still_observed(time, observed, censored=~seen) for time in observed])
    weight = seen / still_observed
    above = (risk[:, None] > risk) + 0.5 * (risk[:, None] == risk)
    ordered = (weight[:, None] * above)[:, ~seen].sum()
    estimate = ordered / (weight.sum() * (~seen).sum())
    assert (weight[seen] == 1).all()
    assert estimate == pytest.approx(auc(seen.astype(float), risk).value, abs=1e-12)


def _still_observed(time, observed, *, censored):
    """Return Kaplan and Meier's probability of not being censored before a time."""
    left = 1.0
    for day in np.unique(observed[censored & (observed < time)]):
        left *= 1 - (censored & (observed == day)).sum() / (observed >= day).sum()
    return left
