"""Affiliations: which companies belong together on a day."""

from collections.abc import Collection
from datetime import date

import ibis
import pandas as pd

from creditscore.accounts.frame import TEXT, framed
from creditscore.accounts.standing import not_over, standing_facts
from creditscore.book import Book
from creditscore.errors import ParameterError

AFFILIATED = {"source_id": TEXT, "target_id": TEXT, "kind": TEXT}


def affiliations(book: Book, as_of: date, *, kinds: Collection[str]) -> pd.DataFrame:
    """Return the links of some kinds that last on a day and were known then.

    A link lasts from ``since_on`` to ``until_on``, both included, or for ever where it has no end.

    Parameters
    ----------
    book
        The book; without links there is none.
    as_of
        Last day whose information is used.
    kinds
        Kinds of links wanted, such as ``("owns", "controls")``.

    Returns
    -------
    DataFrame
        ``source_id``, ``target_id`` and ``kind`` (str), sorted by them, each link once; none from a company to itself.

    Raises
    ------
    ParameterError
        If ``kinds`` is a single text.
    """
    if isinstance(kinds, str):
        raise ParameterError(where="affiliations", found="kinds is a single text.", fix="Give a tuple of kinds.")
    with book.relations() as relations:
        links = standing_facts(relations, "links", as_of)
        wanted = links.filter(links.kind.isin(sorted(kinds)) & (links.source_id != links.target_id))
        lasting = wanted.filter((wanted.since_on <= ibis.literal(as_of)) & not_over(wanted.until_on, as_of))
        pairs = lasting.select(*AFFILIATED).distinct()
        return framed(relations.fetch(pairs.order_by(*AFFILIATED)), AFFILIATED)
