"""The mapping file: how a source in somebody else's names and formats becomes the nine tables."""

import difflib
import re
from collections.abc import Iterator
from collections.abc import Mapping as Dict
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from creditscore.book.contract import Kind
from creditscore.book.tables import TABLES
from creditscore.errors import ContractError, some

DEFAULT_DATES = ("%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
DEFAULT_MISSING = ("", "NA", "N/A", "NULL", "null", "NaN", "nan", "None")
SHIFTING = ("month_end", "plus_days", "plus_months")

Constant = str | int | float | bool | date
Columns = Annotated[tuple[str, ...], BeforeValidator(lambda given: (given,) if isinstance(given, str) else given)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True, populate_by_name=True)


class Expression(_Model):
    """One canonical column, from exactly one origin, then changed by any of the modifiers, in the order listed.

    Origins: ``column``, ``constant``, ``template``, ``latest_of``, ``earliest_of`` (across the columns of a row),
    ``group_min``, ``group_max`` (over the rows of a group, with ``one_row_per``).
    """

    column: str | None = None
    constant: Constant | None = None
    template: str | None = None
    latest_of: Columns | None = None
    earliest_of: Columns | None = None
    group_min: str | None = None
    group_max: str | None = None
    words: dict[str, str] | None = Field(default=None, alias="values")
    otherwise: str | None = None
    characters: int | None = Field(default=None, gt=0)
    dates: Columns | None = None
    scale: float | None = None
    month_end: bool = False
    plus_months: int | str = 0
    plus_days: int | str = 0
    if_missing: Constant | None = None

    @model_validator(mode="after")
    def _has_one_origin(self) -> Self:
        origins = ("column", "constant", "template", "latest_of", "earliest_of", "group_min", "group_max")
        given = [name for name in origins if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"A column needs exactly one of {', '.join(origins)}; this has {len(given)}.")
        if self.otherwise is not None and self.words is None:
            raise ValueError("`otherwise` says what a value outside `values` becomes; give `values` too.")
        return self

    @property
    def fields(self) -> tuple[str, ...]:
        """Source columns from which the value itself comes."""
        if self.template is not None:
            return tuple(re.findall(r"{([^{}]+)}", self.template))
        one = self.column or self.group_min or self.group_max
        return (one,) if one else self.latest_of or self.earliest_of or ()

    @property
    def shifts(self) -> bool:
        """Whether a modifier that only days have is used."""
        return any(getattr(self, name) for name in SHIFTING)


def _short(given: Any) -> Any:  # noqa: ANN401 - whatever YAML gives
    return {"column": given} if isinstance(given, str) else given


Shorthand = Annotated[Expression, BeforeValidator(_short)]


class Condition(_Model):
    """What a source column must fulfil for a row to be taken; all parts that are given must hold."""

    present: bool | None = None
    one_of: Columns | None = None
    not_one_of: Columns | None = None
    since: date | None = None
    before: date | None = None


class Melt(_Model):
    """Turn each column that is not kept into rows: one row for each of its present values."""

    keep: Columns
    names_to: str
    values_to: str
    only: Columns | None = None


class SourceMapping(_Model):
    """Where rows come from and how their text is to be read.

    Exactly one of ``file`` (a glob inside SOURCE), ``table`` and ``query`` (of the database SOURCE).
    """

    file: str | None = None
    table: str | None = None
    query: str | None = None
    optional: bool = False
    encoding: str = "utf-8"
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    header: Columns | None = None
    skip_lines: int = Field(default=0, ge=0)
    stop_at: str | None = None
    dates: Columns = DEFAULT_DATES
    decimal: Literal[".", ","] = "."
    thousands: str = Field(default="", max_length=1)
    true_words: Columns = ("true", "yes", "y", "t", "1", "是")
    false_words: Columns = ("false", "no", "n", "f", "0", "否")
    missing: Columns = DEFAULT_MISSING
    where: dict[str, Condition] = {}
    melt: Melt | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if sum(origin is not None for origin in (self.file, self.table, self.query)) != 1:
            raise ValueError("A source is exactly one of `file`, `table` or `query`.")
        if self.file is not None and self.file.startswith("/"):
            raise ValueError("`file` is looked for inside SOURCE; write it without the leading slash.")
        if self.thousands == self.decimal:
            raise ValueError("`thousands` and `decimal` are the same sign.")
        try:
            "".encode(self.encoding)
        except LookupError:
            raise ValueError(f"Python knows no encoding {self.encoding!r}; utf-8, gbk and cp1252 are common.") from None
        return self


class TableMapping(_Model):
    """How one source feeds one table."""

    source: str = Field(alias="from")
    where: dict[str, Condition] = {}
    one_row_per: str | None = None
    currency: str | Expression | None = None
    amounts: Literal["major", "minor"] = "major"
    columns: dict[str, Shorthand]

    @property
    def uses(self) -> set[str]:
        """Columns of the source that this needs."""
        used = {*self.where, *([self.one_row_per] if self.one_row_per else [])}
        currency = [self.currency] if isinstance(self.currency, Expression) else []
        for expression in (*self.columns.values(), *currency):
            used.update(expression.fields)
            used.update(shift for shift in (expression.plus_days, expression.plus_months) if isinstance(shift, str))
        return used


Feeds = Annotated[
    tuple[TableMapping, ...], BeforeValidator(lambda given: (given,) if isinstance(given, dict) else given)
]


class Mapping(_Model):
    """A whole mapping file.

    Parameters
    ----------
    currency
        ISO 4217 code of the book.
    rates
        Value of one unit of each foreign currency in units of the book's currency.
    sources
        The sources by a name of your choice.
    tables
        For each table of the book, the sources that feed it.
    """

    currency: str = Field(pattern=r"^[A-Z]{3}$")
    rates: dict[str, Annotated[float, Field(gt=0, allow_inf_nan=False)]] = {}
    sources: dict[str, SourceMapping] = Field(min_length=1)
    tables: dict[str, Feeds] = Field(min_length=1)

    @model_validator(mode="after")
    def _fits_the_contracts(self) -> Self:
        for complaint in _complaints(self):
            raise ValueError(complaint)
        return self


def load_mapping(path: str | Path) -> Mapping:
    """Read and check a mapping file.

    Raises
    ------
    ContractError
        If there is no such file, it is not YAML, or a key is unknown, missing or contradicts another one; the message
        names the key.
    """
    path = Path(path)
    where = f"mapping {path.name!r}"
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader with fewer words
    except (OSError, UnicodeDecodeError):
        raise ContractError(where=where, found="It cannot be read as UTF-8 text.", fix="Give a YAML file.") from None
    except yaml.YAMLError as error:
        line = f" at line {mark.line + 1}" if (mark := getattr(error, "problem_mark", None)) else ""
        problem = getattr(error, "problem", None) or "it is no YAML"
        raise ContractError(where=where, found=f"It is no YAML{line}: {problem}.", fix="Correct that line.") from None
    return parse_mapping(content, where=where)


def parse_mapping(content: object, *, where: str = "mapping") -> Mapping:
    """Check a mapping given as nested dictionaries.

    Examples
    --------
    >>> parse_mapping({"currency": "USD", "sources": {"a": {"fle": "a.csv"}}, "tables": {}})
    Traceback (most recent call last):
    creditscore.errors.ContractError: mapping, key sources.a.fle: No such key. Did you mean `file`? (and 1 more problem)
    """
    try:
        return Mapping.model_validate(content)
    except ValidationError as error:
        problems = error.errors()
        first = min(problems, key=lambda problem: problem["type"] != "extra_forbidden")
        more = len(problems) - 1
        also = f" (and {more} more problem{'s' * (more > 1)})" if more else ""
        key = ".".join(str(part) for part in first["loc"]) or "(whole file)"
        found, fix = _explained(first)
        raise ContractError(where=f"{where}, key {key}", found=found, fix=fix + also) from None


def _explained(problem: ErrorDetails) -> tuple[str, str]:
    if problem["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(problem["loc"][-1]), _known_keys(), n=1)
        return "No such key.", f"Did you mean `{close[0]}`?" if close else "Remove it; docs/ingest.md lists the keys."
    if problem["type"] == "missing":
        return "The key is missing.", "Add it; docs/ingest.md lists the keys."
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"]), "Correct this key."
    return f"{problem['msg']}.", "Correct this value."


def _known_keys() -> list[str]:
    models: tuple[type[_Model], ...] = (Mapping, SourceMapping, TableMapping, Expression, Condition, Melt)
    return [field.alias or name for model in models for name, field in model.model_fields.items()]


def _complaints(mapping: Mapping) -> Iterator[str]:
    for name, feeds in mapping.tables.items():
        if name not in TABLES:
            yield f"There is no table {name!r}; the book has {', '.join(TABLES)}."
            continue
        for feed in feeds:
            yield from _complaints_of(name, feed, mapping.sources)
            if isinstance(feed.currency, str) and feed.currency not in {mapping.currency, *mapping.rates}:
                yield f"Table {name} is in {feed.currency}, for which `rates` has no rate."
            yield from _complaints_about_melt(name, feed, mapping.sources)


def _complaints_of(name: str, feed: TableMapping, sources: Dict[str, SourceMapping]) -> Iterator[str]:
    contract = TABLES[name]
    kinds = {column.name: column.kind for column in contract.columns}
    if feed.source not in sources:
        yield f"Table {name} comes from {feed.source!r}, but the sources are {some(sources)}."
    for column in feed.columns:
        if column not in kinds:
            yield f"Table {name} has no column {column!r}; it has {', '.join(kinds)}."
        elif column == "currency":
            yield f"The book keeps one currency: give {name}.currency beside `columns`, not in it."
        else:
            yield from _complaints_about(f"{name}.{column}", feed.columns[column], kind=kinds[column], feed=feed)
    lacking = [one for one in contract.required if one not in feed.columns and one not in {"known_on", "currency"}]
    if lacking:
        yield f"Table {name} requires {', '.join(lacking)}; map it under `columns`."
    if isinstance(feed.currency, Expression) and (feed.currency.group_min or feed.currency.group_max):
        yield f"The currency of {name} cannot come from a group; give `column` or a code."


def _complaints_about_melt(name: str, feed: TableMapping, sources: Dict[str, SourceMapping]) -> Iterator[str]:
    melt = sources[feed.source].melt if feed.source in sources else None
    gone = feed.uses - {*melt.keep, melt.names_to, melt.values_to} if melt else set()
    if gone:
        yield f"Table {name} uses {some(sorted(gone))}, which `melt` turns into rows; name it under `keep`."


def _complaints_about(where: str, expression: Expression, *, kind: Kind, feed: TableMapping) -> Iterator[str]:
    if expression.shifts and kind is not Kind.DAY:
        yield f"{where} is no day, so {', '.join(SHIFTING)} cannot change it."
    if kind is Kind.DAY and not (_is_day(expression.constant) and _is_day(expression.if_missing)):
        yield f"{where} has a constant that is no day; write it as 2025-01-31."
    if expression.scale is not None and kind not in {Kind.MONEY, Kind.WHOLE, Kind.REAL}:
        yield f"{where} is no number, so `scale` cannot change it."
    if (expression.group_min or expression.group_max) and not feed.one_row_per:
        yield f"{where} looks at a group of rows; say with `one_row_per` which rows are one group."
    if expression.template is not None and not expression.fields:
        yield f"{where} has a template without a {{column}}; use `constant` instead."


def _is_day(constant: Constant | None) -> bool:
    try:
        date.fromisoformat(str(constant))
    except ValueError:
        return constant is None
    return True


class _Loader(yaml.SafeLoader):
    """YAML in which ``Yes``, ``No``, ``on`` and ``off`` are words, and no key is given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - yaml's own signature
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = {str(key) for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.MarkedYAMLError(
                problem=f"the key {some(sorted(twice))} is given twice", problem_mark=node.start_mark
            )
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
