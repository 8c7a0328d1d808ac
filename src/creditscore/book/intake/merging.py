"""Versions: what of a source is new, what is known already, what replaces an older version of a fact."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book.contract import TableContract
from creditscore.book.intake.facts import Versions, content_of, days_of, numbered_facts, ranks, same_content
from creditscore.book.intake.rows import Index
from creditscore.book.intake.values import Mask

APPEARS_ONCE = "each_fact_appears_once_per_knowledge_day"
ARRIVES_LATER = "a_correction_arrives_after_what_it_corrects"
CONCERNS_THE_LATEST = "a_correction_concerns_the_latest_version_in_its_source"
EPOCH = date(1970, 1, 1)


class Fate(StrEnum):
    """What becomes of a candidate; any other word in its place is the rule that it breaks."""

    NEW = "new"
    VERSION = "version"
    CORRECTION = "correction"
    UNCHANGED = "unchanged"


Fates = npt.NDArray[np.object_]
STORED = (Fate.NEW, Fate.VERSION, Fate.CORRECTION)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Candidates that keep all rules of their table.

    Parameters
    ----------
    table
        The rows, in the columns of the contract.
    files
        A number for the file that each came from.
    derived
        Whether each only tells that its fact exists, and so never replaces a version.
    received_on
        Day on which they reached us.
    """

    table: pa.Table
    files: Index
    derived: Mask
    received_on: date


def merged(stored: pa.Table, arrivals: Arrivals, contract: TableContract) -> tuple[pa.Table, Fates]:
    """Merge arrivals into a stored table; return it and the fate of each arrival.

    Arrivals are taken in the order of their ``known_on``, version after version, derived ones last. One that says what
    the version said that held on its ``known_on``, or any later one, is unchanged: what was ingested once changes
    nothing when it comes again. Other content that became known later is a new version; other content dated earlier is
    a correction that reached us only now.
    """
    known, facts = numbered_facts([stored, arrivals.table], contract.key)
    versions = Versions(stored, known)
    fates = _repeated(arrivals, facts, contract)
    for derived in (False, True):
        waiting = np.flatnonzero((fates == "") & (arrivals.derived == derived))
        rank = ranks(facts[waiting], days_of(arrivals.table["known_on"])[waiting])
        last = _last(facts[waiting], rank)
        for turn in range(int(rank.max(initial=-1)) + 1):
            chosen = waiting[rank == turn]
            part = arrivals.table.take(pa.array(chosen))
            latest, same = versions.compared(part, facts[chosen], contract)
            fate = _judged(days_of(part["known_on"]), latest, same, last=last[rank == turn], on=arrivals.received_on)
            if derived:
                fate[fate != Fate.NEW] = Fate.UNCHANGED
            fates[chosen] = fate
            taken = np.isin(fate, STORED)
            versions = versions.extended(
                _dated(part, fate, arrivals.received_on).filter(pa.array(taken)), facts[chosen][taken]
            )
    return versions.table, fates


def _repeated(arrivals: Arrivals, facts: Index, contract: TableContract) -> Fates:
    """Settle arrivals that repeat a fact of a knowledge day; overlapping files may hold the same content twice."""
    fates = np.full(len(facts), "", object)
    days = days_of(arrivals.table["known_on"])
    dated = numbered_facts([arrivals.table], [*contract.key, "known_on"])[0]
    mine = np.flatnonzero(~arrivals.derived)
    place = ranks(dated[mine], days[mine])
    if not place.any():
        return fates
    first = np.zeros(int(dated.max()) + 1, np.int64)
    first[dated[mine[place == 0]]] = mine[place == 0]
    again = mine[place > 0]
    original = first[dated[again]]
    same = same_content(
        arrivals.table.take(pa.array(again)), arrivals.table.take(pa.array(original)), content_of(contract)
    )
    elsewhere = arrivals.files[again] != arrivals.files[original]
    fates[again] = np.where(same & elsewhere, Fate.UNCHANGED.value, APPEARS_ONCE)
    return fates


def _last(facts: Index, rank: Index) -> Mask:
    """Tell which arrivals are the last of their fact."""
    highest = np.zeros(int(facts.max(initial=-1)) + 1, np.int64)
    np.maximum.at(highest, facts, rank)
    last: Mask = rank == highest[facts]
    return last


def _judged(days: Index, latest: Index, same: Mask, *, last: Mask, on: date) -> Fates:
    """Judge one arrival a fact, by the day of its latest stored version and whether that says the same."""
    rest = np.where((on - EPOCH).days > latest, Fate.CORRECTION.value, ARRIVES_LATER)
    rest = np.where(last, rest, CONCERNS_THE_LATEST)
    rest = np.where(days > latest, Fate.VERSION.value, rest)
    rest = np.where(same, Fate.UNCHANGED.value, rest)
    return np.where(latest < np.iinfo(np.int32).min, Fate.NEW.value, rest).astype(object)


def _dated(part: pa.Table, fate: Fates, received_on: date) -> pa.Table:
    """Give corrections the day on which they reached us."""
    corrected = pa.array(fate == Fate.CORRECTION)
    days = pc.if_else(corrected, pa.scalar(received_on, pa.date32()), part["known_on"])
    return part.set_column(part.schema.get_field_index("known_on"), "known_on", days)
