"""What could be learned of a table later: facts that are new, other versions of known ones, and what came anyway."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book import TABLES, Column, Kind, TableContract
from creditscore.features.leakage.altering import Integers, other_values, shifted, some_of
from creditscore.features.leakage.rows import Pools, days_to_the_latest, first_of, numbered, replaced, without

MOST = 20_000  # new facts, and other versions, of one table
LEAST = 200  # new facts, where the table has any, so that a small table is not left to chance
LAG_DAYS = 30  # what is learned later is learned within so many days, half of it on the next one
RECENT_DAYS = 10  # the latest new fact of an entity happened within so many days before the last one
EARLIER_DAYS = 90  # another version says that all happened up to so many days earlier
STRETCH_DAYS = 30  # and that what came of it, such as a due day, came up to so many days later after it
ELSEWHERE_SHARE = 0.3  # of the facts, so many come to belong to somebody or something else
HALF = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Alteration:
    """What was altered in one table.

    Parameters
    ----------
    table
        Name of the table.
    new_count
        Facts that were added, back-dated but learned later.
    version_count
        Known facts that got another version with other content, learned later.
    changed_count, removed_count
        Versions that the book learned later anyway and that now say something else, or never came.
    """

    table: str
    new_count: int
    version_count: int
    changed_count: int
    removed_count: int


@dataclass(frozen=True, slots=True)
class Perturbed:
    """One table as it stood on a day, and in two other lives.

    Parameters
    ----------
    stood
        What was known on the day.
    later
        The same, and other things learned later than in truth.
    in_time
        What was known, and the new facts and other versions of ``later``, learned on the day itself.
    alteration
        What was altered.
    """

    stood: pa.Table
    later: pa.Table
    in_time: pa.Table
    alteration: Alteration


def perturbed(tables: Mapping[str, pa.Table], *, as_of: date, seed: int) -> dict[str, Perturbed]:
    """Perturb each table of a book that has a row; equal tables and seeds give equal perturbations.

    Parameters
    ----------
    tables
        The tables, by name.
    as_of
        Day after which everything is altered.
    seed
        Seed of all that is drawn.
    """
    pools = Pools(tables)
    return {
        name: _Perturber(TABLES[name], pools, as_of, np.random.default_rng([seed, place])).perturb(tables[name])
        for place, name in enumerate(TABLES)
        if name in tables and tables[name].num_rows
    }


@dataclass(frozen=True, slots=True)
class _Perturber:
    """Perturbs one table; the kinds of its columns say how."""

    contract: TableContract
    pools: Pools
    as_of: date
    draws: np.random.Generator

    def perturb(self, table: pa.Table) -> Perturbed:
        known = pc.less_equal(table["known_on"], pa.scalar(self.as_of))
        stood, came = table.filter(known), table.filter(pc.invert(known))
        new = self.new_facts(stood if stood.num_rows else table, taken=stood)
        versions = self.other_versions(self.sample(stood, min(stood.num_rows, MOST)))
        changed = self.other_versions(self.sample(came, came.num_rows // 2))
        told = pa.concat_tables([new, versions])
        return Perturbed(
            stood,
            self.each_once(self.learned(told, self.lags(told.num_rows)), changed, stood),
            self.each_once(self.learned(told, np.zeros(told.num_rows, np.int64)), stood),
            Alteration(
                table=self.contract.name,
                new_count=new.num_rows,
                version_count=versions.num_rows,
                changed_count=changed.num_rows,
                removed_count=came.num_rows - changed.num_rows,
            ),
        )

    def new_facts(self, models: pa.Table, *, taken: pa.Table) -> pa.Table:
        """Copy facts under keys of their own, with other content; those of one entity end not long ago."""
        rows = self.recent(self.sample(models, min(max(models.num_rows, LEAST), MOST)))
        for column in self.contract.columns:
            change = self.another_key if column.name in self.contract.key else self.another
            rows = replaced(rows, column.name, change(column, rows[column.name]))
        return without(first_of(rows, self.contract.key), taken, self.contract.key)

    def other_versions(self, rows: pa.Table) -> pa.Table:
        """Return the same facts with other content, all that happened dated a little earlier, and terms longer."""
        by = -self.draws.integers(1, EARLIER_DAYS + 1, size=rows.num_rows)
        for column in self.contract.columns:
            if column.name not in self.contract.key:
                rows = replaced(rows, column.name, self.another(column, rows[column.name]))
                rows = self.moved(rows, column, by)
                by = by + self.draws.integers(STRETCH_DAYS, size=rows.num_rows) if column in self.days else by
        return rows

    def recent(self, rows: pa.Table) -> pa.Table:
        """Move the days of each entity's facts together, so that its latest fact happened a short while ago."""
        entity, day = self.contract.order[0], self.days[0].name
        ago = self.draws.integers(RECENT_DAYS, size=rows.num_rows)[numbered(rows[entity])]
        by = days_to_the_latest(rows, entity, day, last=self.as_of) - ago
        for column in self.days:
            rows = self.moved(rows, column, by)
        return rows

    def moved(self, rows: pa.Table, column: Column, by: Integers) -> pa.Table:
        """Move the days of a column, where it is one of days on which something happens."""
        if column not in self.days:
            return rows
        return replaced(rows, column.name, shifted(rows[column.name].combine_chunks(), by))

    @property
    def days(self) -> list[Column]:
        """Columns of days on which something happens."""
        return [column for column in self.contract.columns if column.kind is Kind.DAY and column.name != "known_on"]

    def another_key(self, column: Column, values: pa.ChunkedArray) -> pa.Array:
        """Return names of their own, or, where a key has several columns, the same entity with somebody else."""
        if len(self.contract.key) == 1:
            return pa.array([f"perturbed-{number:06d}" for number in range(len(values))])
        same = column.name == self.contract.order[0] or not self.pools.refers(column)
        return values.combine_chunks() if same else self.elsewhere(column, values.combine_chunks())

    def another(self, column: Column, values: pa.ChunkedArray) -> pa.Array:
        if column.name == "known_on":
            return values.combine_chunks()
        change = self.elsewhere if column.kind is Kind.KEY else self.other
        return change(column, values.combine_chunks())

    def elsewhere(self, column: Column, values: pa.Array) -> pa.Array:
        return some_of(values, self.other(column, values), ELSEWHERE_SHARE, self.draws)

    def other(self, column: Column, values: pa.Array) -> pa.Array:
        return other_values(column, values, self.pools.of(column, self.contract), draws=self.draws)

    def learned(self, rows: pa.Table, lags: Integers) -> pa.Table:
        on = pa.array(np.full(rows.num_rows, np.datetime64(self.as_of)), pa.date32())
        return replaced(rows, "known_on", shifted(on, lags))

    def lags(self, count: int) -> Integers:
        lags: Integers = self.draws.integers(2, LAG_DAYS + 1, size=count)
        return np.where(self.draws.random(count) < HALF, 1, lags)

    def sample(self, rows: pa.Table, count: int) -> pa.Table:
        """Draw so many rows, each once unless there are fewer."""
        if not rows.num_rows:
            return rows
        chosen = self.draws.choice(rows.num_rows, size=count, replace=count > rows.num_rows)
        return rows.take(pa.array(np.sort(chosen)))

    def each_once(self, *parts: pa.Table) -> pa.Table:
        """Put rows together; of those that tell the same fact on the same day the first holds."""
        return first_of(pa.concat_tables(parts), (*self.contract.key, "known_on"))
