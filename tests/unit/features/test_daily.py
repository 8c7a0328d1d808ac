"""The state of a day serves any choice of features, those that read nothing of the ledger among them."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.book import Book
from creditscore.features import named, snapshot
from creditscore.features.daily import snapshot_by_state
from creditscore.features.daily.disk import ShelfWriter, filled, let_go
from creditscore.features.daily.ledger_facts import PAYMENT


@pytest.mark.parametrize(
    "names", [("events_365d_count",), ("open_amount", "cooperation_years"), ("orders_365d_count",)]
)
def test_a_state_without_a_total_is_kept_and_advanced_like_any_other(names, template, tmp_path):
    book, features = Book.open(template.book), [named(name) for name in names]
    for day in (date(2022, 11, 30), date(2022, 12, 1)):
        found = snapshot_by_state(book, as_of=day, folder=tmp_path, features=features).snapshot
        pd.testing.assert_frame_equal(found, snapshot(book, as_of=day, features=features), check_exact=True)


def test_facts_that_were_let_go_are_read_again_as_they_were(tmp_path):
    facts = {name: np.arange(5_000, dtype=kind) for name, kind in PAYMENT.items()}
    with ShelfWriter(tmp_path, "payments", PAYMENT) as writer:
        writer.write(facts)
    shelf = filled(tmp_path, "payments", PAYMENT)
    let_go(shelf)
    assert all(np.array_equal(shelf.base.arrays[name], values) for name, values in facts.items())
    assert np.array_equal(shelf.order, np.arange(5_000))
