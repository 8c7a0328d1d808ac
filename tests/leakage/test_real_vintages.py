"""Two real vintages of FRED-MD: a revised figure is known from the day of its revision, and not before.

Both files hold the same periods with different figures. The file of December 2019 tells that month's own figures, so it
cannot have been known before January 2020, and the current one tells January 2025.
"""

import csv
from datetime import date

import ibis
import pandas as pd
import pytest

from creditscore.domain import Reason, Verdict
from creditscore.features import Macro, feature, macro_change, macro_level, prove_no_leakage, snapshot

VINTAGES = {date(2020, 1, 31): "FRED-MD_vintage_2019-12.csv", date(2025, 2, 28): "FRED-MD_current.csv"}
THEN, NOW = VINTAGES
EVE = date(2025, 2, 27)
REVISED = ("PAYEMS", "INDPRO", "RPI", "RETAILx", "CUMFNS", "HOUST")
UNREVISED = ("UNRATE", "BAAFFM")
DECEMBER = (date(2019, 12, 31), "12/1/2019")
LEDGER = ["number,customer,issued,due,amount", "I1,C1,2019-06-03,2019-07-03,100.00"]


def source(vintage):
    return {
        "file": vintage,
        "dates": "%m/%d/%Y",
        "where": {"sasdate": {"not_one_of": "Transform:", "since": date(2015, 1, 1)}},
        "melt": {"keep": "sasdate", "names_to": "series", "values_to": "value", "only": [*REVISED, *UNREVISED]},
    }


def figures(day):
    period = {"column": "sasdate", "month_end": True}
    columns = {"series": "series", "period_end_on": period, "value": "value", "known_on": {"constant": day}}
    return {"from": f"vintage_{day.year}", "columns": columns}


MACRO = {
    "currency": "USD",
    "sources": {f"vintage_{day.year}": source(vintage) for day, vintage in VINTAGES.items()},
    "tables": {"macro": [figures(day) for day in VINTAGES]},
}


@pytest.fixture(scope="module")
def published(data):
    """Read the figures of both vintages from their files, by day of knowledge, series and period."""
    found = {}
    for day, name in VINTAGES.items():
        with (data / "macro_us" / name).open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                for series in (*REVISED, *UNREVISED):
                    found[day, series, row["sasdate"]] = float(row[series]) if row[series] else float("nan")
    return found


@pytest.fixture(scope="module")
def book(data, post_office, sales):
    post = post_office()
    post.receive(LEDGER, sales, on=date(2019, 6, 3))
    return post.receive(data / "macro_us", MACRO, on=NOW)


def figure_of(series, period):
    """Make a feature that reads the figure of one period, in the vintage that was known."""

    def figure(macro: Macro) -> ibis.Value:
        """Figure of one period, in the vintage that was known."""
        row = macro.table
        return ((row.series == series) & (row.period_end_on == period)).ifelse(row.value, ibis.null("float64")).max()

    figure.__name__ = f"{series.lower()}_december"
    return feature(family="macro", unit="level", risk="either", reason=Reason(series, en="Figure", zh="数值"))(figure)


def seen(book, day, one):
    return snapshot(book, as_of=day, features=[one])[one.name].iloc[0]


@pytest.mark.parametrize("series", REVISED)
def test_the_two_vintages_do_differ_on_the_period_that_is_looked_at(series, published):
    assert published[THEN, series, DECEMBER[1]] != published[NOW, series, DECEMBER[1]]


@pytest.mark.parametrize("series", [*REVISED, *UNREVISED])
def test_a_period_has_the_figure_of_the_vintage_that_was_known(series, book, published):
    december = figure_of(series, DECEMBER[0])
    assert pd.isna(seen(book, date(2020, 1, 30), december))
    assert seen(book, THEN, december) == published[THEN, series, DECEMBER[1]]
    assert seen(book, date(2020, 6, 30), december) == published[THEN, series, DECEMBER[1]]
    assert seen(book, EVE, december) == published[THEN, series, DECEMBER[1]]
    assert seen(book, NOW, december) == published[NOW, series, DECEMBER[1]]


@pytest.mark.parametrize("series", REVISED)
def test_a_level_and_a_growth_rate_are_read_within_one_vintage(series, book, published):
    reason = Reason("Z1", en="The economy", zh="经济")
    level = macro_level(series, risk="either", reason=reason)
    year = macro_change(series, months=12, risk="either", reason=reason, relative=True)
    five_years = macro_change(series, months=60, risk="either", reason=reason, relative=True)
    then, before = (published[THEN, series, month] for month in ("12/1/2019", "12/1/2018"))
    assert seen(book, THEN, level) == then
    assert seen(book, THEN, year) == then / before - 1
    now, earlier = (published[NOW, series, month] for month in ("1/1/2025", "1/1/2020"))
    assert seen(book, NOW, level) == now
    assert seen(book, NOW, five_years) == now / earlier - 1


def test_no_macro_feature_of_2020_moves_with_what_was_learned_by_2025(book):
    reason = [Reason(series, en="The economy", zh="经济") for series in REVISED]
    levels = [macro_level(series, risk="either", reason=one) for series, one in zip(REVISED, reason, strict=True)]
    proof = prove_no_leakage(book, as_of=THEN, features=levels)
    assert proof.verdict is Verdict.PASS
    assert proof.still == tuple(one.name for one in levels)
    (macro,) = [one for one in proof.altered if one.table == "macro"]
    assert macro.changed_count + macro.removed_count > 200  # the real revisions and the periods since
