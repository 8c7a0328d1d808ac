"""The smallest amount that is enough, over scores that are known from the amount that is collected."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creditscore.domain import Colour
from creditscore.scoring import Outcome
from creditscore.scoring.improvements.remedies import OpenInvoice
from creditscore.scoring.improvements.search import FINE, first_amounts, smallest_to_better_colour

RED = Outcome(50.0, 0.0, Colour.RED)
AMOUNTS = st.lists(st.integers(1, 3_000_000), min_size=1, max_size=40)


def invoices(amounts):
    rows = [{"invoice_id": str(place), "due_on": date(2024, 1, 1 + place // 9)} for place in range(len(amounts))]
    return [OpenInvoice(row, amount) for row, amount in zip(rows, amounts, strict=True)]


class Known:
    """A trial in which a rule says whether an amount is enough; it counts its batches and remembers what it tried."""

    def __init__(self, enough):
        self.enough, self.batches, self.tried = enough, 0, []
        self.facts = SimpleNamespace(as_of=date(2024, 1, 4))
        self.book = SimpleNamespace(currency="CNY")

    def outcomes(self, hypotheses):
        amounts = [sum(row["amount"] for row in one["payments"].to_pylist()) for one in hypotheses]
        self.batches += 1
        self.tried += amounts
        return [Outcome(70.0, -1.0, Colour.YELLOW) if self.enough(amount) else RED for amount in amounts]


def found(trial, owed):
    first = first_amounts(trial, owed)
    tried = list(zip(first, trial.outcomes([one.added for one in first]), strict=True))
    return smallest_to_better_colour(trial, owed, tried, now=RED)


@given(amounts=AMOUNTS, share=st.floats(0, 1))
def test_from_some_amount_on_it_is_found_to_a_five_hundredth_of_what_is_open(amounts, share):
    whole = sum(amounts)
    needed = max(1, round(share * whole))
    attempt, outcome = found(Known(lambda amount: amount >= needed), invoices(amounts))
    assert outcome.colour == Colour.YELLOW
    assert needed <= attempt.amount <= min(needed + whole / FINE + 100, whole)


@given(amounts=AMOUNTS, gap=st.integers(2, 9))
def test_where_the_score_falls_again_what_is_found_is_enough_and_was_tried(amounts, gap):
    trial = Known(lambda amount: amount // 50_000 % gap == 1)
    answer = found(trial, invoices(amounts))
    assert (answer is None) == (not any(map(trial.enough, trial.tried)))
    if answer is not None:
        assert answer[0].amount == min(filter(trial.enough, trial.tried))


def test_the_whole_of_an_invoice_is_found_to_the_unit():
    owed = invoices([667_213, 1_000_001, 50_000_017])
    attempt, _ = found(Known(lambda amount: amount >= 667_213 + 1_000_001), owed)
    assert (attempt.amount, attempt.count) == (1_667_214, 2)


@pytest.mark.parametrize("amounts", [[], [1], [100_000]])
def test_where_nothing_is_enough_nothing_is_found(amounts):
    assert found(Known(lambda _: False), invoices(amounts)) is None


def test_a_few_batches_do():
    trial = Known(lambda amount: amount >= 123_456)
    found(trial, invoices([1_000_000] * 30))
    assert trial.batches <= 3
