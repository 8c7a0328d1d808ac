"""Versions: what of a source is new, what is known already, what replaces an older version of a fact."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book.contract import TableContract
from creditscore.book.intake.checking import engine
from creditscore.book.intake.rows import Index
from creditscore.book.intake.values import Mask, mask
from creditscore.book.knowledge import with_validity
from creditscore.book.rules import ROW

APPEARS_ONCE = "each_fact_appears_once_per_knowledge_day"
ARRIVES_LATER = "a_correction_arrives_after_what_it_corrects"
CONCERNS_THE_LATEST = "a_correction_concerns_the_latest_version_in_its_source"


class Fate(StrEnum):
    """What becomes of a candidate; any other word in its place is the rule that it breaks."""

    NEW = "new"
    VERSION = "version"
    CORRECTION = "correction"
    UNCHANGED = "unchanged"


Fates = npt.NDArray[np.object_]
STORED = (Fate.NEW, Fate.VERSION, Fate.CORRECTION)


@dataclass(frozen=True, slots=True)
class Merged:
    """The table with what was taken in, and the fate of each candidate."""

    table: pa.Table
    fates: Fates

    @property
    def grew(self) -> bool:
        """Whether anything was taken in."""
        return bool(np.isin(self.fates, STORED).any())


def merged(
    stored: pa.Table, candidates: pa.Table, *, contract: TableContract, files: Index, derived: Mask, received_on: date
) -> Merged:
    """Merge candidates, which keep all rules, into a stored table.

    Candidates are taken in the order of their ``known_on``, version after version. One whose content equals the version
    that held on its ``known_on``, or any later one, is unchanged: whatever was ingested once changes nothing when it
    comes again. Other content that became known later is a new version; other content dated earlier is a correction
    that reached us only now. Derived candidates tell that a fact exists, and never replace one.
    """
    fates = np.full(len(candidates), "", object)
    fates[_repeated(candidates, contract, fates, files=files, derived=derived)] = APPEARS_ONCE
    for ranks, is_derived in (
        (_ranks(candidates, contract, (fates == "") & ~derived), False),
        (_ranks(candidates, contract, derived), True),
    ):
        last = _last_of_key(candidates, contract, ranks)
        for rank in range(1 if is_derived else int(ranks.max(initial=0))):
            chosen = np.flatnonzero(ranks == rank + 1)
            if not len(chosen):
                continue
            part = candidates.take(pa.array(chosen))
            found = _compared(stored, part, contract)
            fate, known_on = _judged(part, found, last=last[chosen], received_on=received_on)
            if is_derived:
                fate[fate != Fate.NEW] = Fate.UNCHANGED
            fates[chosen] = fate
            stored = _extended(stored, part, known_on, taken=np.isin(fate, STORED))
        fates[(ranks > 0) & (fates == "")] = Fate.UNCHANGED
    return Merged(stored, fates)


def _repeated(candidates: pa.Table, contract: TableContract, fates: Fates, *, files: Index, derived: Mask) -> Mask:
    """Tell which candidates repeat a fact of a knowledge day; overlapping files may hold the same content twice."""
    key = [*contract.key, "known_on"]
    base = candidates.append_column("file_number", pa.array(files)).filter(pa.array(~derived))
    table = ibis.memtable(base)
    window = ibis.window(group_by=key, order_by=ROW)
    content = [name for name in contract.schema.names if name not in key]
    first = {f"first_{name}": table[name].first(include_null=True).over(window) for name in (*content, "file_number")}
    ranked = table.mutate(place=ibis.row_number().over(window), **first)
    same = reduce(
        and_, (ranked[name].identical_to(ranked[f"first_{name}"]) for name in content), ibis.literal(value=True)
    )
    ranked = ranked.mutate(same=same, elsewhere=ranked.file_number != ranked.first_file_number)
    with engine() as backend:
        again = backend.to_pyarrow(ranked.filter(ranked.place > 0).select(ROW, "same", "elsewhere"))
    harmless = mask(pc.and_(again["same"].combine_chunks(), again["elsewhere"].combine_chunks()))
    position = np.searchsorted(candidates[ROW].to_numpy(), again[ROW].to_numpy())
    fates[position[harmless]] = Fate.UNCHANGED
    repeated = np.zeros(len(candidates), bool)
    repeated[position[~harmless]] = True
    return repeated


def _ranks(candidates: pa.Table, contract: TableContract, among: Mask) -> Index:
    """Rank the candidates of each fact from 1 in the order of ``known_on``; 0 for those that do not take part."""
    table = ibis.memtable(candidates.filter(pa.array(among)))
    window = ibis.window(group_by=list(contract.key), order_by=["known_on", ROW])
    with engine() as backend:
        ranked = backend.to_pyarrow(table.select(ROW, rank=ibis.row_number().over(window) + 1))
    ranks = np.zeros(len(candidates), np.int64)
    ranks[np.searchsorted(candidates[ROW].to_numpy(), ranked[ROW].to_numpy())] = ranked["rank"].to_numpy()
    return ranks


def _last_of_key(candidates: pa.Table, contract: TableContract, ranks: Index) -> Mask:
    """Tell which candidates are the last version of their fact in the source."""
    if ranks.max(initial=0) <= 1:
        return ranks > 0
    table = ibis.memtable(candidates.append_column("rank", pa.array(ranks)).filter(pa.array(ranks > 0)))
    last = table["rank"] == table["rank"].max().over(group_by=list(contract.key))
    with engine() as backend:
        rows = backend.to_pyarrow(table.filter(last).select(ROW))[ROW].to_numpy()
    return np.isin(candidates[ROW].to_numpy(), rows)


def _compared(stored: pa.Table, part: pa.Table, contract: TableContract) -> pa.Table:
    """Return for each row of ``part`` when its fact was last known, and whether its content is known already."""
    incoming = ibis.memtable(part)
    versions = with_validity(ibis.memtable(stored), contract)
    versions = versions.rename({f"stored_{name}": name for name in versions.columns})
    pairs = incoming.join(versions, [incoming[name] == versions[f"stored_{name}"] for name in contract.key])
    content = [name for name in contract.schema.names if name not in {*contract.key, "known_on"}]
    same = reduce(
        and_, (pairs[name].identical_to(pairs[f"stored_{name}"]) for name in content), ibis.literal(value=True)
    )
    still = pairs.stored_superseded_on.isnull() | (pairs.stored_superseded_on > pairs.known_on)
    known = pairs.mutate(known_already=same & still).group_by(ROW)
    found = known.agg(
        latest_on=lambda pair: pair.stored_known_on.max(), known_already=lambda pair: pair.known_already.any()
    )
    joined: ir.Table = (
        incoming.select(ROW).left_join(found, ROW).select(ROW, "latest_on", "known_already").order_by(ROW)
    )
    with engine() as backend:
        return backend.to_pyarrow(joined)


def _judged(part: pa.Table, found: pa.Table, *, last: Mask, received_on: date) -> tuple[Fates, pa.Array]:
    known_on, latest_on = part["known_on"].combine_chunks(), found["latest_on"].combine_chunks()
    received = pa.scalar(received_on, pa.date32())
    rest = np.where(mask(pc.greater(received, latest_on)), Fate.CORRECTION.value, ARRIVES_LATER)
    rest = np.where(last, rest, CONCERNS_THE_LATEST)
    rest = np.where(mask(pc.greater(known_on, latest_on)), Fate.VERSION.value, rest)
    rest = np.where(mask(found["known_already"].combine_chunks()), Fate.UNCHANGED.value, rest)
    fates = np.where(mask(pc.is_null(latest_on)), Fate.NEW.value, rest).astype(object)
    corrected = pa.array(fates == Fate.CORRECTION)
    return fates, pc.if_else(corrected, received, known_on)


def _extended(stored: pa.Table, part: pa.Table, known_on: pa.Array, *, taken: Mask) -> pa.Table:
    position = part.schema.get_field_index("known_on")
    dated = part.set_column(position, "known_on", known_on).drop_columns([ROW])
    return pa.concat_tables([stored, dated.filter(pa.array(taken))])
