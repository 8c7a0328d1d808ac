"""What was published of the economy and of industries, as features: the same for all customers of an industry."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from creditscore.book import Book
from creditscore.features import Feature, panel
from creditscore.features.relations import Industry, IndustryReleases, Macro, MacroReleases
from creditscore.scoring.posted.keeper import FIRST_DAY, kept, rows_of
from creditscore.scoring.twins import small_book

PUBLISHED = frozenset({Macro, MacroReleases, Industry, IndustryReleases})
OTHER = ""  # stands for every industry of which nothing is published


def published_figures(book: Book, features: Sequence[Feature], *, as_of: date) -> pd.DataFrame:
    """Return features of the economy and of industries on a day, by industry code.

    Parameters
    ----------
    book
        The book.
    features
        Features of the relations in :data:`PUBLISHED`.
    as_of
        The day.

    Returns
    -------
    pandas.DataFrame
        One column a feature; the row :data:`OTHER` is that of a customer without a code, or with another one.
    """
    codes = [OTHER, *sorted(set(book.read("industry")["industry_code"].to_pylist()))]
    names = [f"{place}" for place in range(len(codes))]
    members = [
        {"customer_id": name, "industry_code": code or None, "known_on": FIRST_DAY}
        for name, code in zip(names, codes, strict=True)
    ]
    with small_book(book, kept(book, {"customers": rows_of("customers", members)})) as small:
        found = panel(small, days=[as_of], features=features).set_index("customer_id")
    return found.loc[names].set_axis(codes)[[one.name for one in features]]
