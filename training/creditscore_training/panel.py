"""The training panel: observations with their outcomes and features, and a count of what was left out."""

from dataclasses import dataclass

import pandas as pd

from creditscore.book import Book
from creditscore.domain import Progress, silent
from creditscore.errors import ParameterError
from creditscore.outcomes import outcomes
from creditscore_training.observations import DAY, KEYS
from creditscore_training.recipe import Recipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Attrition:
    """How many observations the recipe asks for, and why some of them teach nothing.

    Parameters
    ----------
    observed_count
        Pairs of customer and day that the recipe asks for.
    immature_count
        Those whose outcome window has not ended: they have no label, and none is made up.
    in_default_count
        Those of customers already in default on the day: they cannot enter it.
    kept_count
        The others.
    """

    observed_count: int
    immature_count: int
    in_default_count: int
    kept_count: int


@dataclass(frozen=True, slots=True)
class Panel:
    """Labelled observations.

    Parameters
    ----------
    frame
        ``customer_id``, ``as_of``, ``default_flag`` (0 or 1), ``default_on`` (day of the default, missing where there
        is none) and one column a feature, the exposure among them, sorted by customer and day.
    attrition
        What was left out.
    """

    frame: pd.DataFrame
    attrition: Attrition


def build_panel(book: Book, recipe: Recipe, *, progress: Progress = silent) -> Panel:
    """Observe the customers of a book as a recipe says, and label what can be labelled.

    Labels come first, so that no feature is computed for an observation that has none.

    Parameters
    ----------
    book
        The book.
    recipe
        The recipe.
    progress
        Told of the days whose features are done.

    Raises
    ------
    ParameterError
        If nothing is observed, or no outcome window has ended.
    """
    observed = recipe.observations.pairs(book)
    if recipe.observed_until is not None:
        observed = observed[observed["as_of"] <= pd.Timestamp(recipe.observed_until)]
    labelled, attrition = _labelled(book, observed, recipe)
    wanted = recipe.observed_features
    features = recipe.observations.features(book, labelled[KEYS], features=wanted, progress=progress)
    frame = labelled.merge(features, on=KEYS, how="inner", validate="1:1").sort_values(KEYS, ignore_index=True)
    return Panel(frame.copy(), attrition)  # a copy lays the columns side by side, so that more can be added cheaply


def _labelled(book: Book, observed: pd.DataFrame, recipe: Recipe) -> tuple[pd.DataFrame, Attrition]:
    definition = recipe.definition
    found = outcomes(book, observed, definition=definition, observed_until=recipe.observed_until).astype({"as_of": DAY})
    mature = found["default_flag"].notna()
    performing = ~found["in_default_flag"]
    kept = found.loc[mature & performing, [*KEYS, "default_flag", "default_on"]]
    attrition = Attrition(
        observed_count=len(found),
        immature_count=int((~mature).sum()),
        in_default_count=int((mature & ~performing).sum()),
        kept_count=len(kept),
    )
    if kept.empty:
        raise _nothing_to_learn(attrition, horizon_months=definition.horizon_months)
    return kept, attrition


def _nothing_to_learn(attrition: Attrition, *, horizon_months: int) -> ParameterError:
    return ParameterError(
        where="training panel",
        found=f"Of {attrition.observed_count:,} observations, {attrition.immature_count:,} have an outcome window of "
        f"{horizon_months} months that has not ended and {attrition.in_default_count:,} are in default already; "
        "none is left.",
        fix="Observe earlier days, shorten the horizon, or ingest what happened since.",
    )
