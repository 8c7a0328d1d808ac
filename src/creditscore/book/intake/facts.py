"""Rows as versions of facts: which rows speak of the same fact, and which say the same about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book.contract import TableContract
from creditscore.book.intake.rows import Index
from creditscore.book.intake.values import Mask, mask

NEVER = np.iinfo(np.int64).max


def numbered_facts(tables: Sequence[pa.Table], key: Sequence[str]) -> list[Index]:
    """Give each row of several tables the number of its fact: equal keys have equal numbers."""
    codes = np.zeros(sum(len(table) for table in tables), np.int64)
    for name in key:
        column = pa.chunked_array([chunk for table in tables for chunk in table[name].chunks], tables[0][name].type)
        values = column.combine_chunks().dictionary_encode()
        codes = pd.factorize(codes * (len(values.dictionary) + 1) + values.indices.to_numpy())[0].astype(np.int64)
    return np.split(codes, np.cumsum([len(table) for table in tables])[:-1])


def days_of(column: pa.ChunkedArray) -> Index:
    """Return days as numbers that can be compared."""
    return column.cast(pa.int32()).to_numpy().astype(np.int64)


def same_content(left: pa.Table, right: pa.Table, names: Sequence[str]) -> Mask:
    """Tell row by row whether two tables say the same; missing is the same as missing."""
    same = np.ones(len(left), bool)
    for name in names:
        one, other = left[name], right[name]
        both_missing = pc.and_(pc.is_null(one), pc.is_null(other))
        same &= mask(pc.or_(pc.fill_null(pc.equal(one, other), False), both_missing))  # noqa: FBT003 - arrow's own
    return same


def ranks(facts: Index, days: Index) -> Index:
    """Rank the rows of each fact from 0 in the order of their days, and of the rows where the days are equal."""
    order = np.lexsort((np.arange(len(facts)), days, facts))
    starts = np.flatnonzero(np.diff(facts[order], prepend=-1))
    place = np.arange(len(facts)) - np.repeat(starts, np.diff(starts, append=len(facts)))
    ranked = np.empty(len(facts), np.int64)
    ranked[order] = place
    return ranked


@dataclass(frozen=True, slots=True)
class Versions:
    """Stored versions of facts, to compare others with.

    Parameters
    ----------
    table
        The versions.
    facts
        Number of the fact of each.
    """

    table: pa.Table
    facts: Index

    def compared(self, others: pa.Table, facts: Index, contract: TableContract) -> tuple[Index, Mask]:
        """Compare each other row with the stored versions of its fact.

        Returns
        -------
        tuple
            The day of the latest version, -:data:`NEVER` where there is none; and whether the version that held on the
            row's ``known_on``, or any later one, says the same as the row.
        """
        days = days_of(self.table["known_on"])
        order = np.lexsort((days, self.facts))
        sorted_facts, sorted_days = self.facts[order], days[order]
        left, right = (np.searchsorted(sorted_facts, facts, side=side) for side in ("left", "right"))
        latest = np.where(right > left, np.append(sorted_days, 0)[right - 1], -NEVER)
        other, version = _pairs(left, right)
        following = np.append(sorted_facts[1:] == sorted_facts[:-1], False)
        superseded = np.where(following, np.roll(sorted_days, -1), NEVER)
        still = superseded[version] > days_of(others["known_on"])[other]
        other, version = other[still], version[still]
        same = same_content(
            others.take(pa.array(other)), self.table.take(pa.array(order[version])), content_of(contract)
        )
        known = np.zeros(len(others), bool)
        known[other[same]] = True
        return latest, known

    def extended(self, table: pa.Table, facts: Index) -> Self:
        """Return these versions and some more."""
        return type(self)(pa.concat_tables([self.table, table]), np.concatenate([self.facts, facts]))


def content_of(contract: TableContract) -> list[str]:
    """Return what a version says: the columns that neither name the fact nor date it."""
    return [name for name in contract.schema.names if name not in {*contract.key, "known_on"}]


def _pairs(left: npt.NDArray[np.intp], right: npt.NDArray[np.intp]) -> tuple[Index, Index]:
    """Return each row's number beside the position of every version in its range."""
    count = right - left
    row = np.repeat(np.arange(len(left)), count)
    first = np.repeat(np.cumsum(count) - count, count)
    return row, np.arange(len(row)) - first + np.repeat(left, count)
