"""From a source's rows to candidates for a table of the book: its columns, its kinds, its currency."""

import re
from collections.abc import Mapping as Dict
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from creditscore.book.contract import Kind, TableContract
from creditscore.book.conversion import factor_to_book
from creditscore.book.intake.rows import Index, Rows
from creditscore.book.intake.values import (
    CANONICAL,
    Mask,
    Parsed,
    factors_for,
    mask,
    parse,
    text_of,
    to_book,
    translated,
)
from creditscore.book.mapping import Expression, Mapping, SourceMapping, TableMapping

EPOCH = date(1970, 1, 1)
Days = npt.NDArray[np.datetime64]
Problems = npt.NDArray[np.object_]  # the rule that a row breaks, "" where it breaks none


@dataclass(frozen=True, slots=True)
class Conformed:
    """Rows of one feed in the columns of the book.

    Parameters
    ----------
    table
        The rows, with the columns of the contract.
    problems
        The rule that a value of the row breaks, empty where every value could be read.
    rows
        The raw row behind each of them.
    derived
        Whether rows only tell that a fact exists (``one_row_per``) and never replace one.
    """

    table: pa.Table
    problems: Problems
    rows: Rows
    derived: bool


def conformed(
    feed: TableMapping, rows: Rows, *, contract: TableContract, mapping: Mapping, received_on: date
) -> Conformed:
    """Evaluate every column of a feed."""
    desk = _Desk(feed, rows, mapping)
    read = {name: desk.column(contract, name, expression) for name, expression in feed.columns.items()}
    if "known_on" not in read:
        read["known_on"] = Parsed(pa.repeat(pa.scalar(received_on), len(rows)))
    if any(column.name == "currency" for column in contract.columns):
        read["currency"] = Parsed(pa.repeat(mapping.currency, len(rows)))
    if feed.one_row_per:
        rows, read = _one_row_per_group(desk.text(feed.one_row_per), rows, read, feed.columns)
    empty = {
        column.name: pa.nulls(len(rows), column.kind.arrow) for column in contract.columns if column.name not in read
    }
    arrays = empty | {name: parsed.values for name, parsed in read.items()}
    table = pa.table(
        [arrays[name].cast(contract.schema.field(name).type) for name in contract.schema.names], contract.schema
    )
    return Conformed(table, _first_problem(read, len(rows)), rows, derived=feed.one_row_per is not None)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Evaluates the expressions of one feed over its rows."""

    feed: TableMapping
    rows: Rows
    mapping: Mapping

    @property
    def formats(self) -> SourceMapping:
        return self.mapping.sources[self.feed.source]

    def text(self, column: str) -> pa.Array:
        return text_of(self.rows.column(column), self.formats)

    def column(self, contract: TableContract, name: str, expression: Expression) -> Parsed:
        kind = next(column.kind for column in contract.columns if column.name == name)
        parsed = self.modified(self.origin(expression, kind), expression, kind)
        return self.in_book_currency(parsed) if kind is Kind.MONEY else parsed

    def origin(self, expression: Expression, kind: Kind) -> Parsed:
        if expression.constant is not None:
            return self.constant(expression.constant, kind)
        if expression.template is not None:
            return parse(self.filled(expression.template), kind, formats=self.formats)
        parts = [self.field(field, expression, kind) for field in expression.fields]
        if len(parts) == 1:
            return parts[0]
        choose = pc.max_element_wise if expression.latest_of else pc.min_element_wise
        broken = {
            rule: np.logical_or.reduce([part.broken[rule] for part in parts if rule in part.broken])
            for rule in dict.fromkeys(rule for part in parts for rule in part.broken)
        }
        return Parsed(choose(*(part.values for part in parts)), broken)

    def field(self, field: str, expression: Expression, kind: Kind) -> Parsed:
        formats = self.formats.model_copy(update={"dates": expression.dates}) if expression.dates else self.formats
        if expression.words is None and expression.characters is None:
            return parse(self.rows.column(field), kind, formats=formats)
        named = translated(self.text(field), expression)
        text = named.values
        if expression.characters is not None:
            text = pc.utf8_slice_codeunits(text, start=0, stop=expression.characters)
        return named.and_also(parse(text, kind, formats=formats))

    def constant(self, constant: object, kind: Kind) -> Parsed:
        one = parse(pa.array([_written(constant)]), kind, formats=CANONICAL)
        broken = {rule: np.repeat(rows, len(self.rows)) for rule, rows in one.broken.items()}
        return Parsed(pa.repeat(one.values[0], len(self.rows)), broken)

    def filled(self, template: str) -> pa.Array:
        """Fill a template; over a missing value it is missing, for an id must not come from half of its parts."""
        pieces = re.split(r"{([^{}]+)}", template)
        parts = [self.text(piece) if index % 2 else pa.scalar(piece) for index, piece in enumerate(pieces)]
        return pc.binary_join_element_wise(*parts, "", null_handling="emit_null")

    def modified(self, parsed: Parsed, expression: Expression, kind: Kind) -> Parsed:
        if expression.scale is not None:
            parsed = parsed.and_also(Parsed(pc.multiply(parsed.values.cast(pa.float64()), expression.scale)))
        if kind is Kind.WHOLE:
            parsed = parsed.and_also(Parsed(pc.round(parsed.values).cast(pa.int64())))
        if expression.shifts:
            parsed = parsed.and_also(self.shifted(parsed.values, expression))
        if expression.if_missing is not None:
            default = self.constant(expression.if_missing, kind).values.cast(parsed.values.type)
            filled = pc.coalesce(parsed.values, default)  # a broken value is quarantined whatever stands here
            parsed = parsed.and_also(Parsed(filled))
        return parsed

    def shifted(self, days: pa.Array, expression: Expression) -> Parsed:
        present = mask(pc.is_valid(days))
        moved = pc.fill_null(days, EPOCH).to_numpy(zero_copy_only=False).astype("datetime64[D]")
        if expression.month_end:
            moved = _month_ends(moved.astype("datetime64[M]"))
        broken: dict[str, Mask] = {}
        for shift, add in ((expression.plus_months, _add_months), (expression.plus_days, np.add)):
            steps = self.steps(shift)
            moved = add(moved, pc.fill_null(steps.values, 0).to_numpy().astype(np.int64))
            present &= mask(pc.is_valid(steps.values))
            broken |= steps.broken
        return Parsed(pa.array(moved, mask=~present), broken)

    def steps(self, shift: int | str) -> Parsed:
        if isinstance(shift, int):
            return Parsed(pa.repeat(shift, len(self.rows)))
        return parse(self.rows.column(shift), Kind.WHOLE, formats=self.formats)

    def in_book_currency(self, parsed: Parsed) -> Parsed:
        factor = partial(
            factor_to_book,
            book=self.mapping.currency,
            rates=self.mapping.rates,
            minor=self.feed.amounts == "minor",
        )
        currencies = self.currencies()
        factors = currencies.and_also(factors_for(currencies.values, factor))
        amounts = to_book(parsed.values, factors.values)
        known = mask(pc.is_valid(parsed.values))
        unpriced = {rule: rows & known for rule, rows in factors.broken.items()}
        return Parsed(amounts.values, {**parsed.broken, **unpriced, **amounts.broken})

    def currencies(self) -> Parsed:
        declared = self.feed.currency
        if isinstance(declared, Expression):
            return self.modified(self.origin(declared, Kind.TEXT), declared, Kind.TEXT)
        return Parsed(pa.repeat(declared or self.mapping.currency, len(self.rows)))


def _one_row_per_group(
    group: pa.Array, rows: Rows, read: Dict[str, Parsed], expressions: Dict[str, Expression]
) -> tuple[Rows, dict[str, Parsed]]:
    """Keep one row for each value of ``group``: the smallest, largest or first present value of each column.

    A column is broken where every row of the group lacks it and at least one of them could not be read; a row without
    a group is left out, for the table that it belongs to reports it.
    """
    table = pa.table(
        {"group": group, "row": pa.array(np.arange(len(rows)))} | {name: one.values for name, one in read.items()}
    )
    grouped = table.filter(pc.is_valid(group)).group_by("group", use_threads=False)
    how = {name: _aggregate(expressions.get(name)) for name in read}
    result = grouped.aggregate([("row", "min"), *how.items()])
    first = result["row_min"].to_numpy()
    members = pc.index_in(group, value_set=result["group"].combine_chunks())
    kept = {}
    for name, parsed in read.items():
        values = result[f"{name}_{how[name]}"].combine_chunks()
        lacking = mask(pc.is_null(values))
        broken = {
            rule: lacking & np.isin(np.arange(len(first)), _groups_of(members, where))
            for rule, where in parsed.broken.items()
        }
        kept[name] = Parsed(values, {rule: where for rule, where in broken.items() if where.any()})
    return replace(rows.take(first), left_out=rows.left_out + group.null_count), kept


def _groups_of(members: pa.Array, where: Mask) -> Index:
    """Return the groups of the rows where the mask is true."""
    positions: Index = pc.drop_null(members.filter(pa.array(where))).to_numpy().astype(np.int64)
    return positions


def _aggregate(expression: Expression | None) -> str:
    if expression is None:
        return "first"
    return "min" if expression.group_min else "max" if expression.group_max else "first"


def _first_problem(read: Dict[str, Parsed], count: int) -> Problems:
    problems = np.full(count, "", object)
    for parsed in read.values():
        for rule, broken in parsed.broken.items():
            problems[broken & (problems == "")] = rule
    return problems


def _written(constant: object) -> str:
    return (
        constant.isoformat()
        if isinstance(constant, date)
        else str(constant).lower()
        if isinstance(constant, bool)
        else str(constant)
    )


def _month_ends(months: Days) -> Days:
    first_after: Days = (months + np.timedelta64(1, "M")).astype("datetime64[D]")
    return first_after + np.timedelta64(-1, "D")


def _add_months(days: Days, months: Index) -> Days:
    """Add months as ``creditscore.domain.add_months`` does: a month end stays a month end."""
    start = days.astype("datetime64[M]")
    target = start + months.astype("timedelta64[M]")
    last = _month_ends(target)
    same = target.astype("datetime64[D]") + (days - start.astype("datetime64[D]"))
    return np.where((days == _month_ends(start)) | (same > last), last, same)
