"""Point in time: which version of a fact was known on a day."""

import ibis
import ibis.expr.types as ir

from creditscore.book.contract import TableContract


def with_validity(table: ir.Table, contract: TableContract) -> ir.Table:
    """Add ``superseded_on``: the day a later version of the same fact reached us, missing for the latest version.

    A version holds on ``as_of`` when ``known_on <= as_of`` and ``superseded_on`` is missing or later than ``as_of``.
    Nothing but that comparison may use ``superseded_on``.
    """
    versions = ibis.window(group_by=list(contract.key), order_by="known_on")
    return table.mutate(superseded_on=table.known_on.lead().over(versions))


def holds_on(table: ir.Table, as_of: ir.DateValue) -> ir.BooleanValue:
    """Tell for each row of a table :func:`with_validity` whether it is the version known on ``as_of``."""
    return (table.known_on <= as_of) & (table.superseded_on.isnull() | (table.superseded_on > as_of))
