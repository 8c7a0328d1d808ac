"""A feature moves where a single bit of it differs; all missing values are one."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from creditscore.book import Book
from creditscore.features import named
from creditscore.features.leakage.entrances import AFTER_DAYS, ENTRANCES, Moment, as_snapshot, movers, on_the_day
from creditscore.features.leakage.perturbing import LAG_DAYS


def frame(**columns):
    return pd.DataFrame(columns, index=pd.Index(["C1", "C2", "C3"], name="customer_id"))


TRUTH = frame(x=[1.0, np.nan, 0.1], y=[0.0, 2.0, 3.0])


def moved(found):
    return {name: index.tolist() for name, index in movers(TRUTH, found).items()}


def test_equal_values_and_missing_ones_do_not_move():
    assert moved(frame(x=[1.0, -np.nan, 0.1], y=[0.0, 2.0, 3.0])) == {}


def test_the_last_bit_the_sign_of_zero_and_a_value_gone_missing_all_count():
    assert moved(frame(x=[1.0, np.nan, np.nextafter(0.1, 1)], y=[-0.0, np.nan, 3.0])) == {
        "x": ["C3"],
        "y": ["C1", "C2"],
    }


def test_a_customer_who_comes_or_goes_is_told_as_a_move_of_the_list_itself():
    assert moved(TRUTH.rename(index={"C3": "C4"})) == {"customer_id": ["C3", "C4"]}


def test_a_frame_without_features_is_compared_by_its_customers():
    assert movers(TRUTH[[]], TRUTH[[]]) == {}
    assert list(movers(TRUTH[[]], TRUTH[[]].iloc[:2])) == ["customer_id"]


def test_the_days_around_are_within_the_book_and_after_all_that_is_learned_later():
    moment = Moment(date(2024, 3, 15), first=date(2024, 3, 1))
    assert moment.before == date(2024, 3, 1)
    assert (moment.after - moment.as_of).days == AFTER_DAYS > LAG_DAYS


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_every_way_to_the_features_of_a_day_gives_the_snapshot(entrance, template):
    book = Book.open(template.book)
    moment = Moment(date(2022, 12, 31), book.known_days()[0])
    features = [named(name) for name in ("open_amount", "delay_mean_365d_days", "events_365d_count")]
    truth = on_the_day(as_snapshot(book, moment, features), moment)
    assert len(truth) > 50
    assert movers(truth, on_the_day(ENTRANCES[entrance](book, moment, features), moment)) == {}


@pytest.mark.parametrize("entrance", ENTRANCES)
def test_a_book_of_facilities_alone_can_be_looked_at_in_every_way(entrance, template):
    book = Book.open(template.book)
    few = Book(book.folder, book.currency, {name: book.files[name] for name in ("customers", "facilities")})
    moment = Moment(date(2022, 12, 31), few.known_days()[0])
    assert len(on_the_day(ENTRANCES[entrance](few, moment, [named("cooperation_years")]), moment)) > 50
