"""The ledger's engine says what DuckDB says, and leaves to it what it does not read."""

from datetime import timedelta

import ibis
import numpy as np
import pandas as pd
import pytest

from creditscore.domain import Reason
from creditscore.features import Orders, Receivables, feature, observe, panel
from creditscore.features.ledger.plan import Plan, features_of_ledger
from creditscore.features.relations.arithmetic import amount_where, count_where, ratio, total

WORDS = {"family": "behaviour", "unit": "level", "risk": "either"}


def made(function):
    return feature(**WORDS, reason=Reason(function.__name__, en="A reason", zh="原因"))(function)


@made
def recent_or_disputed_level(receivables: Receivables) -> ibis.Value:
    """Invoices that are recent or disputed."""
    return count_where(receivables.issued_within(30) | receivables.disputed_flag)


@made
def neither_recent_nor_paid_level(receivables: Receivables) -> ibis.Value:
    """Invoices that are neither recent nor settled lately."""
    return count_where(~(receivables.issued_within(30) | receivables.settled_within(60)))


@made
def outside_a_window_level(receivables: Receivables) -> ibis.Value:
    """Amount of what was not settled in a window, where it was settled or not."""
    return total((~receivables.settled_within(45)).ifelse(receivables.amount, -receivables.amount))


@made
def smallest_recent_level(orders: Orders) -> ibis.Value:
    """Smallest recent order."""
    return orders.issued_within(90).ifelse(orders.amount, ibis.null("int64")).min()


@made
def window_by_comparison_level(orders: Orders) -> ibis.Value:
    """Orders that are older than a week, told the other way round."""
    return count_where((ibis.literal(7) < orders.age_days) & (orders.age_days <= 100))


@made
def aged_amount_level(orders: Orders) -> ibis.Value:
    """Amounts times their age: the day is in what is added up."""
    return total(orders.amount * orders.age_days)


@made
def bare_sum_level(orders: Orders) -> ibis.Value:
    """A sum that is missing over nothing."""
    return orders.amount.sum()


@made
def different_amounts_level(orders: Orders) -> ibis.Value:
    """Number of different amounts."""
    return orders.amount.nunique()


READ = (
    recent_or_disputed_level,
    neither_recent_nor_paid_level,
    outside_a_window_level,
    smallest_recent_level,
    window_by_comparison_level,
)
LEFT = (aged_amount_level, bare_sum_level, different_amounts_level)


@pytest.fixture
def ledger(desk):
    invoices = [
        desk.invoice(f"I{age}", issued=age, amount=100 + age, disputed_flag=(True, False, None)[age % 3])
        for age in range(0, 200, 7)
    ]
    corrected = desk.invoice("I14", issued=14, amount=7, known_on=desk.ago(3))
    payments = [desk.payment(f"I{age}", paid=age // 2, amount=100 + age) for age in range(0, 200, 21)]
    return desk.book(invoices=[*invoices, corrected], payments=payments)


def test_what_the_engine_reads_and_what_it_leaves():
    plan, left = Plan.of(features_of_ledger((*READ, *LEFT)))
    assert set(left) == {one.name for one in LEFT}
    assert set(plan.finals) == {one.name for one in READ}


@pytest.mark.parametrize("one", [*READ, *LEFT], ids=lambda one: one.name)
def test_whole_days_equal_observations_to_the_bit(ledger, desk, one):
    days = [desk.as_of - timedelta(days=back) for back in (0, 1, 29, 30, 60, 150)]
    whole = panel(ledger, days=days, features=[one])
    observed = observe(ledger, whole[["customer_id", "as_of"]], features=[one])
    pd.testing.assert_frame_equal(observed, whole, check_exact=True)
    assert len(set(whole[one.name].dropna())) > 1


def test_amounts_beyond_64_bits_are_added_up_in_wider_numbers(desk):
    @made
    def weighted_level(receivables: Receivables) -> ibis.Value:
        """Amount-weighted term."""
        settled = receivables.settled_within(90)
        weighted = amount_where(settled, receivables.amount * receivables.term_days)
        return ratio(total(weighted), total(amount_where(settled, receivables.amount)))

    vast = 3 * 10**16
    invoices = [desk.invoice(f"I{n}", issued=50, amount=vast, term=100) for n in range(5)]
    payments = [desk.payment(f"I{n}", paid=10, amount=vast) for n in range(5)]
    frame = panel(desk.book(invoices=invoices, payments=payments), days=[desk.as_of], features=[weighted_level])
    assert frame.set_index("customer_id")["weighted_level"]["C1"] == 100


def test_a_book_that_cannot_be_prepared_gives_the_same(ledger, desk, monkeypatch):
    expected = panel(ledger, days=[desk.as_of], features=READ)

    def refuses(_):
        raise PermissionError

    for module in ("features.whole_days", "book.prepared"):
        monkeypatch.setattr(f"creditscore.{module}.prepared_receivables", refuses)
    pd.testing.assert_frame_equal(panel(ledger, days=[desk.as_of], features=READ), expected, check_exact=True)


def test_a_prepared_file_is_made_once_and_follows_the_book(ledger, desk):
    panel(ledger, days=[desk.as_of], features=READ)
    (first,) = (ledger.folder / "prepared").iterdir()
    written_at = first.stat().st_mtime_ns
    panel(ledger, days=[desk.ago(5)], features=READ)
    assert first.stat().st_mtime_ns == written_at
    grown = ledger.write({"payments": ledger.read("payments").slice(1)})
    panel(grown, days=[desk.as_of], features=READ)
    (second,) = (ledger.folder / "prepared").iterdir()
    assert second != first


def test_a_panel_of_many_days_is_read_at_once(ledger, desk):
    days = [desk.as_of - timedelta(days=back) for back in range(100)]
    whole = panel(ledger, days=days, features=READ)
    picked = whole[whole["as_of"] == pd.Timestamp(desk.ago(37))].reset_index(drop=True)
    pd.testing.assert_frame_equal(picked, panel(ledger, days=[desk.ago(37)], features=READ), check_exact=True)
    assert np.isfinite(whole[recent_or_disputed_level.name]).all()
