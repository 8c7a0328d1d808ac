"""The JSON schema of a policy file, for editors: what may stand where, and what it means."""

import inspect
import re
import types
from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from creditscore.policy.policy import Policy

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TYPES = {
    float: {"type": "number"},
    int: {"type": "integer"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
}
# A parameter of a docstring: its names at the margin, what it means indented below.
DESCRIBED = re.compile(r"^(\w+(?:, \w+)*)\n((?: +\S.*\n?)+)", re.MULTILINE)


def policy_schema() -> dict[str, Any]:
    """Return the JSON schema (2020-12) of a policy file.

    It knows keys, types and meanings. That numbers do not contradict each other is checked when the file is loaded.
    """
    return {"$schema": DIALECT, "title": "creditscore policy", **_schema(Policy)}


def _schema(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a field may have any type
    if is_dataclass(kind):
        return _mapping(kind)
    if get_origin(kind) is tuple:
        return {"type": "array", "items": _schema(get_args(kind)[0])}
    if get_origin(kind) in {Union, types.UnionType}:
        inner = next(option for option in get_args(kind) if option is not types.NoneType)
        return {"anyOf": [_schema(inner), {"type": "null"}]}
    if issubclass(kind, StrEnum):
        return {"type": "string", "enum": [str(word) for word in kind]}
    return dict(TYPES[kind])


def _mapping(kind: Any) -> dict[str, Any]:  # noqa: ANN401 - a dataclass
    hints, told = get_type_hints(kind), _descriptions(kind)
    names = [field.name for field in fields(kind)]
    return {
        "type": "object",
        "description": _summary(kind),
        "properties": {name: _described(_schema(hints[name]), told.get(name)) for name in names},
        "required": names,
        "additionalProperties": False,
    }


def _described(schema: dict[str, Any], meaning: str | None) -> dict[str, Any]:
    return schema if meaning is None else {**schema, "description": meaning}


def _summary(kind: type) -> str:
    return (inspect.getdoc(kind) or "").partition("\n")[0]


def _descriptions(kind: type) -> dict[str, str]:
    """Return what the docstring says of each parameter; of two that it names together it says the same."""
    _, _, parameters = (inspect.getdoc(kind) or "").partition("Parameters\n----------\n")
    return {
        name: " ".join(meaning.split())
        for names, meaning in DESCRIBED.findall(parameters)
        for name in names.split(", ")
    }
