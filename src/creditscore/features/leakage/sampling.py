"""A part of a book: some customers, with all that is known of them and of those linked to them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book import TABLES

ENDS = ("source_id", "target_id")


def drawn(customers: "pd.Series[str]", count: int, *, seed: int) -> "pd.Series[str]":
    """Return so many of the customers, in their order; all where there are no more.

    >>> drawn(pd.Series(["C1", "C2", "C3"]), 2, seed=0).tolist()
    ['C2', 'C3']
    """
    places = np.random.default_rng(seed).choice(len(customers), size=min(count, len(customers)), replace=False)
    return customers.iloc[np.sort(places)]


def part_of(tables: Mapping[str, pa.Table], customers: "pd.Series[str]") -> dict[str, pa.Table]:
    """Return the facts about the customers and those linked to them, the links between these, and all series.

    All that the features of the customers read is there, that of their neighbors included, so they have the values
    that they have in the whole book.
    """
    chosen = pa.array(customers, pa.string())
    people = _with_neighbors(tables["links"], chosen) if "links" in tables else chosen
    part = {name: _about(tables[name], people) for name in TABLES if name in tables}
    if {"invoices", "payments"} <= set(part):
        settles = pc.is_in(part["payments"]["invoice_id"], value_set=pc.unique(part["invoices"]["invoice_id"]))
        part["payments"] = part["payments"].filter(settles)
    return part


def _with_neighbors(links: pa.Table, chosen: pa.Array) -> pa.Array:
    touching = links.filter(pc.or_(*(pc.is_in(links[end], value_set=chosen) for end in ENDS)))
    return pc.unique(pa.chunked_array([chosen, *(touching[end].combine_chunks() for end in ENDS)]))


def _about(table: pa.Table, people: pa.Array) -> pa.Table:
    for name in ("customer_id", *ENDS):
        if name in table.schema.names:
            table = table.filter(pc.is_in(table[name], value_set=people))
    return table
