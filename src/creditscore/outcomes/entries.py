"""Entries into default: each day on which each customer entered it."""

from datetime import date

import pandas as pd

from creditscore.book import Book
from creditscore.outcomes.definition import DefaultDefinition
from creditscore.outcomes.labels import demand_payments
from creditscore.outcomes.spells import default_spells


def default_entries(
    book: Book, *, definition: DefaultDefinition, observed_until: date | None = None, after: date | None = None
) -> pd.DataFrame:
    """Return every entry into default that was known on a day, whether or not a window around it has ended.

    Labels come from :func:`outcomes`; a list of those who defaulted, without those who may yet, is no label.

    Parameters
    ----------
    book
        The book.
    definition
        What counts as a default; its horizon plays no part.
    observed_until
        Last day of observation; by default the last day on which the book learned of an invoice or a facility.
    after
        Only entries later than this day are wanted; by default all are. The later it is, the less of the ledger has to
        be followed.

    Returns
    -------
    DataFrame
        Sorted by ``customer_id`` (str) and ``default_on`` (datetime64[ms]), one row an entry.

    Raises
    ------
    ContractError
        If the definition asks for days past due and the book has invoices but no payments.
    """
    demand_payments(book, definition)
    until = observed_until or book.known_days()[1]
    with book.relations() as relations:
        spells = default_spells(relations, definition, observed_until=until, since=after)
        wanted = spells if after is None else spells.filter(spells.entered_on > after)
        keys = ["customer_id", "entered_on"]
        found = relations.fetch(wanted.select(*keys).order_by(keys)).to_pandas()
    return pd.DataFrame(
        {
            "customer_id": found["customer_id"].astype("str"),
            "default_on": pd.to_datetime(found["entered_on"]).astype("datetime64[ms]"),
        }
    )
