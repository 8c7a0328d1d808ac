"""All candidates of one table, from every source that feeds it."""

from collections.abc import Mapping as Dict
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from creditscore.book.contract import TableContract
from creditscore.book.intake.conforming import Conformed, Problems, conformed
from creditscore.book.intake.rows import BrokenLine, Index, Rows
from creditscore.book.intake.shaping import fulfilled
from creditscore.book.intake.values import Mask
from creditscore.book.mapping import Mapping
from creditscore.book.quarantine import Quarantined, as_json, keys_of
from creditscore.book.rules import ROW


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows that a table might take in, and the lines that could not become rows.

    Parameters
    ----------
    contract
        The table.
    parts
        The rows, one part for each source that feeds the table.
    broken
        Lines of these sources that could not become rows.
    """

    contract: TableContract
    parts: tuple[Conformed, ...]
    broken: tuple[BrokenLine, ...]

    @property
    def table(self) -> pa.Table:
        """All rows in the columns of the contract, numbered."""
        table = pa.concat_tables([part.table for part in self.parts])
        return table.append_column(ROW, pa.array(np.arange(len(table)), pa.int64())).combine_chunks()

    @property
    def problems(self) -> Problems:
        """The rule that a value of each row breaks, "" where all could be read."""
        return np.concatenate([part.problems for part in self.parts])

    @property
    def derived(self) -> Mask:
        """Whether each row only tells that its fact exists."""
        return np.concatenate([np.full(len(part.rows), part.derived) for part in self.parts])

    @property
    def files(self) -> Index:
        """A number for the file that each row came from."""
        offsets = np.cumsum([0, *(len(part.rows.names) for part in self.parts)])
        return np.concatenate([part.rows.files + offset for part, offset in zip(self.parts, offsets, strict=False)])

    @property
    def left_out(self) -> int:
        """How many rows the mapping leaves out."""
        return sum(part.rows.left_out for part in self.parts)

    def quarantined(self, fates: Problems, rules: Mask, *, received_on: date) -> list[Quarantined]:
        """Return the broken lines, and the rows where ``rules`` tells that the fate is a broken rule."""
        name = self.contract.name
        listed = [
            Quarantined(name, line.rule, None, line.file, line.number, received_on, as_json({"line": line.text}))
            for line in self.broken
        ]
        start = 0
        for part in self.parts:
            chosen = np.flatnonzero(rules[start : start + len(part.rows)])
            raw = part.rows.take(chosen)
            keys = keys_of(part.table.take(pa.array(chosen)), self.contract.key)
            listed += [
                Quarantined(name, fates[start + position], key, raw.names[file], int(number), received_on, as_json(row))
                for position, key, file, number, row in zip(
                    chosen, keys, raw.files, raw.numbers, raw.table.to_pylist(), strict=True
                )
            ]
            start += len(part.rows)
        return listed


def candidates_for(
    contract: TableContract, sources: Dict[str, Rows], *, mapping: Mapping, received_on: date
) -> Candidates:
    """Conform every source that feeds a table."""
    feeds = [feed for feed in mapping.tables[contract.name] if feed.source in sources]
    parts = []
    for feed in feeds:
        rows = sources[feed.source]
        kept = rows.keep(fulfilled(rows, feed.where, formats=mapping.sources[feed.source]))
        parts.append(conformed(feed, kept, contract=contract, mapping=mapping, received_on=received_on))
    mine = {name for name in sources if _reporter(mapping, name) == contract.name}
    return Candidates(contract, tuple(parts), tuple(line for name in sorted(mine) for line in sources[name].broken))


def _reporter(mapping: Mapping, source: str) -> str | None:
    """Return the table that reports the broken lines of a source: the first that takes it row by row."""
    fed = [
        (feed.one_row_per is not None, table)
        for table, feeds in mapping.tables.items()
        for feed in feeds
        if feed.source == source
    ]
    return min(fed, key=lambda one: one[0])[1] if fed else None
