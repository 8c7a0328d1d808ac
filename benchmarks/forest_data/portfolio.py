"""The simulated portfolio: early month ends to learn from, late ones of other customers to be judged on.

Run by the benchmark as a process of its own: ``python -m forest_data.portfolio FOLDER ROWS``.
"""

import json
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from creditscore.book import Book
from creditscore.book.simulation import Portfolio, simulate
from creditscore.domain import add_months
from creditscore.errors import ParameterError
from creditscore.features import Feature, feature_matrix
from creditscore_training.observations import MonthEnds
from creditscore_training.panel import build_panel
from creditscore_training.recipe import Recipe
from creditscore_training.recipes import trade_credit
from creditscore_training.splits import held_out_customers, window_ends
from forest_data.files import LATER, LEARNED, Part, save, save_declared

MONTHS, SEED = 48, 7
LEARNED_DAYS, LATER_DAYS = 12, 6
STRANGERS = 0.2  # share of the customers who are only judged
ROWS_A_CUSTOMER = 7.8  # learned, of each simulated customer: 12 days, less strangers, newcomers and those in default
FEATURES = 60
FEWEST_VALUES = 5  # a feature with no more says little to either forest
HORIZON = trade_credit.RECIPE.definition.horizon_months


@dataclass(frozen=True)
class FirstAndLast(MonthEnds):
    """The first and the last of the month ends whose outcomes are known; those between are an embargo."""

    def days(self, book: Book) -> list[date]:
        """Return the days to learn from and, after them, the days that judge."""
        known = book.known_days()[1]
        labelled = [day for day in super().days(book) if add_months(day, HORIZON) <= known]
        return labelled[:LEARNED_DAYS] + labelled[-LATER_DAYS:]


def write(folder: Path, rows: int) -> str:
    """Write about so many rows to learn from and those that judge; tell what they are."""
    customers = round(rows / ROWS_A_CUSTOMER)
    portfolio = Portfolio(customers=customers, months=MONTHS, seed=SEED)
    book = simulate(portfolio, book=folder / "book", truth=folder / "truth")
    learned, later = _parts(book)
    recipe = replace(trade_credit.RECIPE, features=chosen(learned))
    save_declared(folder, monotone=recipe.monotone, lenient=recipe.lenient)
    told = [f"{customers:,} customers x {MONTHS} months simulated; {_declared(recipe)}", _times(learned, later)]
    for name, frame in ((LEARNED, learned), (LATER, later)):
        part = _part(frame, recipe.features)
        save(folder, name, part)
        told.append(f"{name}: {part}")
    return "\n".join(told)


def _parts(book: Book) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows to learn from and those that judge."""
    observations = FirstAndLast(history_months=6)
    panel = build_panel(book, replace(trade_credit.RECIPE, observations=observations)).frame
    later = panel["as_of"] > pd.Timestamp(observations.days(book)[LEARNED_DAYS - 1])
    strangers = held_out_customers(panel["customer_id"], share=STRANGERS)
    return panel[~later & ~strangers], panel[later & strangers]


def _times(learned: pd.DataFrame, later: pd.DataFrame) -> str:
    """Tell the days; refuse them where an outcome is learned that ends after the first day that judges."""
    until, begins = window_ends(learned["as_of"], months=HORIZON).max(), later["as_of"].min()
    if until >= begins:
        raise ParameterError(
            where="forest_data.portfolio",
            found=f"Outcome windows end on {until:%Y-%m-%d}, the later part begins on {begins:%Y-%m-%d}.",
            fix="Simulate more months.",
        )
    return (
        f"learned: {_days(learned)}, outcome windows until {until:%Y-%m-%d}; later: {_days(later)}, customers of whom "
        "nothing is learned"
    )


def _days(rows: pd.DataFrame) -> str:
    days = rows["as_of"]
    return f"{days.nunique()} month ends, {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d}"


def chosen(learned: pd.DataFrame) -> tuple[Feature, ...]:
    """Return features that lie evenly spaced in the catalogue, among those with enough values; no label is asked."""
    telling = [one for one in trade_credit.RECIPE.features if learned[one.name].nunique() > FEWEST_VALUES]
    return tuple(telling[place] for place in np.linspace(0, len(telling) - 1, FEATURES).astype(int))


def _declared(recipe: Recipe) -> str:
    directed, lenient = np.array([recipe.monotone, recipe.lenient], dtype=bool)
    strict = int((directed & ~lenient).sum())
    return f"{len(recipe.features)} features, {directed.sum()} with a direction, {strict} of them strict where missing"


def _part(frame: pd.DataFrame, features: tuple[Feature, ...]) -> Part:
    codes = pd.factorize(frame["customer_id"])[0]
    return Part(feature_matrix(frame, features), frame["default_flag"].to_numpy(float), codes)


if __name__ == "__main__":
    print(json.dumps(write(Path(sys.argv[1]), int(sys.argv[2]))))
