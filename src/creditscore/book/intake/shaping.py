"""Choose rows and turn wide ones into long ones, as the mapping says."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book.contract import Kind
from creditscore.book.intake.rows import Rows
from creditscore.book.intake.values import Mask, mask, parse, text_of
from creditscore.book.mapping import Condition, Melt, SourceMapping


def shaped(rows: Rows, source: SourceMapping) -> Rows:
    """Apply a source's own ``where`` and ``melt``."""
    kept = rows.keep(fulfilled(rows, source.where, formats=source))
    return melted(kept, source.melt, formats=source) if source.melt else kept


def fulfilled(rows: Rows, where: Mapping[str, Condition], *, formats: SourceMapping) -> Mask:
    """Tell for each row whether it fulfils all conditions."""
    fine = np.ones(len(rows), bool)
    for column, condition in where.items():
        fine &= _fulfils(rows.column(column), condition, formats)
    return fine


def melted(rows: Rows, melt: Melt, *, formats: SourceMapping) -> Rows:
    """Return one row for each present value of the columns that are not kept, series after series."""
    names = melt.only or tuple(name for name in rows.table.column_names if name not in melt.keep)
    texts = [text_of(rows.column(name), formats) for name in names]
    present = [np.flatnonzero(mask(pc.is_valid(text))) for text in texts]
    position = np.concatenate(present) if present else np.zeros(0, np.int64)
    values = [text.take(pa.array(chosen)) for text, chosen in zip(texts, present, strict=True)]
    long = rows.take(position)
    table = long.table.select(list(melt.keep))
    table = table.append_column(
        melt.names_to, pa.array(np.repeat(np.array(names, object), [len(one) for one in present]))
    )
    table = table.append_column(melt.values_to, pa.chunked_array(values, pa.string()))
    return replace(long, table=table)


def _fulfils(column: pa.Array, condition: Condition, formats: SourceMapping) -> Mask:
    text = text_of(column, formats)
    fine = np.ones(len(text), bool)
    if condition.present is not None:
        fine &= mask(pc.is_valid(text)) == condition.present
    if condition.one_of is not None:
        fine &= _among(text, condition.one_of)
    if condition.not_one_of is not None:
        fine &= ~_among(text, condition.not_one_of)
    if condition.since is not None or condition.before is not None:
        fine &= _between(column, condition.since or date.min, condition.before or date.max, formats)
    return fine


def _among(text: pa.Array, words: tuple[str, ...]) -> Mask:
    return mask(pc.is_in(text, value_set=pa.array(words, pa.string())))


def _between(column: pa.Array, since: date, before: date, formats: SourceMapping) -> Mask:
    """Tell which days lie in the period; one that does not exist stays, so that it is quarantined and not lost."""
    days = parse(column, Kind.DAY, formats=formats)
    inside = pc.and_(pc.greater_equal(days.values, pa.scalar(since)), pc.less(days.values, pa.scalar(before)))
    return np.logical_or.reduce([mask(inside), *days.broken.values()])
