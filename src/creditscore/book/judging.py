"""Facts that come in the columns of the book, without a mapping: judged by the rules that ingest judges by."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from creditscore.book.contract import TableContract
from creditscore.book.intake.checking import first_broken_rules
from creditscore.book.intake.conforming import Problems
from creditscore.book.intake.merging import STORED, Arrivals, Fate, merged
from creditscore.book.intake.values import Mask
from creditscore.book.rules import GENERAL, ROW, RULES
from creditscore.book.tables import TABLES

KNOWN_ON = "known_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenFact:
    """A row that broke a rule.

    Parameters
    ----------
    table, row
        Its table, and its place there from 0.
    rule
        The rule.
    column
        The column that the rule is about, where it is about one.
    """

    table: str
    row: int
    rule: str
    column: str | None


@dataclass(frozen=True, slots=True)
class JudgedFacts:
    """What became of facts.

    Parameters
    ----------
    kept
        For each table, which of its rows a book would take in: those that broke no rule and told something new.
    broken
        The rows that broke a rule.
    """

    kept: Mapping[str, Mask]
    broken: tuple[BrokenFact, ...]


def judged(tables: Mapping[str, pa.Table]) -> JudgedFacts:
    """Judge facts by the rules of their tables and as versions of each other, as ingest does for an empty book.

    Parameters
    ----------
    tables
        Rows in the columns of the contracts, by table.
    """
    taken: dict[str, pa.Table] = {}
    fates: dict[str, Problems] = {}
    for name, contract in TABLES.items():
        if name in tables:
            fates[name] = _fates(tables[name], contract, taken)
            taken[name] = tables[name].filter(pa.array(np.isin(fates[name], STORED)))
    broken = [
        BrokenFact(table=name, row=int(row), rule=found[row], column=column_of(name, found[row]))
        for name, found in fates.items()
        for row in np.flatnonzero(~np.isin(found, list(Fate)))
    ]
    return JudgedFacts({name: np.isin(found, STORED) for name, found in fates.items()}, tuple(broken))


@lru_cache(maxsize=64)
def column_of(table: str, rule: str) -> str | None:
    """Return the column of a table that a rule is about, beside the day of knowledge; ``None`` where it is several.

    >>> column_of("payments", "each_payment_is_positive"), column_of("invoices", "each_fact_appears_once")
    ('amount', None)
    """
    found = [one for one in (*GENERAL, *RULES[table]) if one.__name__ == rule]
    if not found:
        return None
    asked = _asked(table)
    others = {name: _asked(name) for name in list(inspect.signature(found[0]).parameters)[1:] if name in TABLES}
    general = {"contract": TABLES[table]} if found[0] in GENERAL else {}
    value = found[0](asked, **others, **general)
    read = {field.name for field in value.op().find(ops.Field) if field.rel == asked.op()} - {ROW, KNOWN_ON}
    return read.pop() if len(read) == 1 else None


def _fates(table: pa.Table, contract: TableContract, taken: Mapping[str, pa.Table]) -> Problems:
    """Return what becomes of each row of a table, beside the tables that were taken in before."""
    if not len(table):
        return np.array([], object)
    numbered = table.append_column(ROW, pa.array(np.arange(len(table)), pa.int64())).combine_chunks()
    fates = first_broken_rules(numbered, contract, lambda name: taken.get(name, TABLES[name].schema.empty_table()))
    fine = fates == ""
    count = int(fine.sum())
    arrivals = Arrivals(
        table.filter(pa.array(fine)).combine_chunks(),
        files=np.zeros(count, np.int64),
        derived=np.zeros(count, np.bool_),
        received_on=date.min,
    )
    _, fates[fine] = merged(contract.schema.empty_table(), arrivals, contract)
    return fates


def _asked(table: str) -> ir.Table:
    columns = dict(ibis.Schema.from_pyarrow(TABLES[table].schema))
    return ibis.table({**columns, ROW: "int64"}, name=table)
