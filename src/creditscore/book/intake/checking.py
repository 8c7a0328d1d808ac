"""Judge candidates by the rules of their table."""

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis.backends.duckdb import Backend

from creditscore.book.contract import TableContract
from creditscore.book.intake.conforming import Problems
from creditscore.book.intake.values import mask
from creditscore.book.rules import GENERAL, ROW, RULES

Facts = Callable[[str], pa.Table]


@contextmanager
def engine() -> Iterator[Backend]:
    """Open an embedded DuckDB that fetches nothing from outside and ends with the block."""
    backend = ibis.duckdb.connect(autoinstall_known_extensions=False, autoload_known_extensions=False)
    try:
        yield backend
    finally:
        backend.disconnect()


def first_broken_rules(candidates: pa.Table, contract: TableContract, facts: Facts) -> Problems:
    """Return for each candidate the first rule that it breaks, "" where it keeps all.

    Parameters
    ----------
    candidates
        Rows in the columns of the contract, and their :data:`~creditscore.book.rules.ROW`.
    contract
        The table that they are for.
    facts
        Gives the other tables by name.
    """
    table = ibis.memtable(candidates)
    others: dict[str, ir.Table] = {}
    kept = {}
    for rule in (*GENERAL, *RULES[contract.name]):
        wanted = list(inspect.signature(rule).parameters)[1:]
        for name in set(wanted) - {"contract", *others}:
            others[name] = ibis.memtable(facts(name))
        known = {**others, "contract": contract}
        kept[rule.__name__] = rule(table, **{name: known[name] for name in wanted})
    with engine() as backend:
        judged = backend.to_pyarrow(table.select(ROW, **kept).order_by(ROW))
    problems = np.full(len(candidates), "", object)
    for name in kept:
        broken = mask(pc.invert(judged[name].combine_chunks()))
        problems[broken & (problems == "")] = name
    return problems
