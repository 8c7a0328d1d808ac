"""Strict reading: plain content becomes frozen dataclasses, or an error names the key at fault."""

import types
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml

from creditscore.errors import PolicyError, some

T = TypeVar("T")


class _UniqueKeys(yaml.SafeLoader):
    """YAML in which a key may stand only once; plain YAML lets the last one win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - the signature of PyYAML
        names = [key.value for key, _ in node.value]
        twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
        if twice:
            raise PolicyError(
                where=f"policy line {node.start_mark.line + 1}",
                found=f"{some(twice)} stands more than once.",
                fix="Keep the one that holds.",
            )
        return super().construct_mapping(node, deep)


def read_yaml(path: Path) -> object:
    """Read a YAML file.

    Raises
    ------
    PolicyError
        If the file is no YAML in UTF-8, or a key stands twice.
    """
    try:
        return yaml.load(path.read_text("utf-8"), _UniqueKeys)  # noqa: S506 - a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        place = "" if line is None else f" at line {line + 1}"
        raise PolicyError(
            where=f"policy file {path.name!r}",
            found=f"It is no YAML in UTF-8{place}.",
            fix="Start again from the shipped policy.",
        ) from error


def build_from(kind: type[T], path: Path, *, where: str) -> T:
    """Build a dataclass from a YAML file with exactly its fields; an error names the line too.

    Raises
    ------
    PolicyError
        As :func:`read_yaml` and :func:`build` do.
    """
    content = read_yaml(path)
    try:
        return build(kind, content, where=where)
    except PolicyError as error:
        line = _lines_of(path, where=where).get(_place(error.where))
        found_at = error.where if line is None else f"line {line} of {error.where}"
        raise PolicyError(where=found_at, found=error.found, fix=error.fix) from None


def build(kind: type[T], content: object, *, where: str) -> T:
    """Build a dataclass from a mapping with exactly its fields.

    Raises
    ------
    PolicyError
        If a key is missing, unknown, of another type, or contradicts another one.
    """
    if not isinstance(content, Mapping):
        raise _unexpected(where, content, "a mapping")
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    missing = [name for name in names if name not in content]
    unknown = [key for key in content if key not in names]
    if missing or unknown:
        what = f"{some(missing)} missing" if missing else f"{some(unknown)} unknown"
        raise PolicyError(where=where, found=f"{what}.", fix=f"Give {', '.join(names)}.")
    values = {name: _value(hints[name], content[name], where=f"{where}.{name}") for name in names}
    try:
        return kind(**values)
    except PolicyError as error:  # the numbers of a section contradict each other: say which section, or where in it
        below = error.where.partition(".")[0].partition("[")[0] in names
        at_fault = f"{where}.{error.where}" if below else f"{where} ({error.where})"
        raise PolicyError(where=at_fault, found=error.found, fix=error.fix) from None


def _place(where: str) -> str:
    """Return the place of an error without the section that ``build`` adds in brackets."""
    return where.rpartition(" (")[0] if where.endswith(")") else where


def _lines_of(path: Path, *, where: str) -> dict[str, int]:
    """Return the line of each key and item of a YAML file, by what ``build`` calls its place."""
    root = yaml.compose(path.read_text("utf-8"), _UniqueKeys)
    return dict(_lines(root, where, set())) if root is not None else {}


def _lines(node: yaml.Node, where: str, walked: set[int]) -> Iterator[tuple[str, int]]:
    if id(node) in walked:  # an alias, which may even lead back to itself
        return
    walked.add(id(node))
    below: list[tuple[str, yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        below = [(f"{where}.{key.value}", key, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        below = [(f"{where}[{index}]", value, value) for index, value in enumerate(node.value)]
    for place, start, value in below:
        yield place, start.start_mark.line + 1
        yield from _lines(value, place, walked)


def _value(kind: Any, content: object, *, where: str) -> Any:  # noqa: ANN401 - a field may have any type
    if is_dataclass(kind):
        return build(kind, content, where=where)  # type: ignore[arg-type]
    if get_origin(kind) is tuple:
        return _items(get_args(kind)[0], content, where=where)
    if get_origin(kind) in {Union, types.UnionType}:
        inner = next(option for option in get_args(kind) if option is not types.NoneType)
        return None if content is None else _value(inner, content, where=where)
    return _plain(kind, content, where=where)


def _items(kind: type, content: object, *, where: str) -> tuple[Any, ...]:
    if not isinstance(content, list):
        raise _unexpected(where, content, "a list")
    return tuple(_value(kind, item, where=f"{where}[{index}]") for index, item in enumerate(content))


def _plain(kind: type[Any], content: object, *, where: str) -> object:
    if issubclass(kind, StrEnum):
        return _one_of(kind, content, where=where)
    if kind is date:
        return _day(content, where=where)
    accepted = (int, float) if kind is float else (kind,)
    if not isinstance(content, accepted) or (isinstance(content, bool) and kind is not bool):
        raise _unexpected(
            where, content, {float: "a number", int: "a whole number", str: "a text", bool: "true or false"}[kind]
        )
    return kind(content)


def _one_of(kind: type[StrEnum], content: object, *, where: str) -> StrEnum:
    words = ", ".join(kind)
    if not isinstance(content, str):
        raise _unexpected(where, content, f"one of {words}")
    if content not in list(kind):
        raise PolicyError(where=where, found=f"{content!r} is unknown.", fix=f"Give one of {words}.")
    return kind(content)


def _day(content: object, *, where: str) -> date:
    """Read a day as YAML gives it, or as JSON writes it."""
    if type(content) is date:
        return content
    try:
        return date.fromisoformat(content)  # type: ignore[arg-type]  # what is no text raises too
    except (TypeError, ValueError):
        raise _unexpected(where, content, "a day such as 2026-01-31") from None


def _unexpected(where: str, content: object, expected: str) -> PolicyError:
    shown = "nothing" if content is None else f"a {type(content).__name__}"
    return PolicyError(where=where, found=f"It holds {shown}.", fix=f"Give {expected}.")
