"""Writes the questions, answers and methods of the client from the description of the endpoints.

    make client

A test compares what this gives with what is there, so that client and service never drift apart.
"""

import json
import keyword
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from creditscore_serving.openapi import description

CLIENT = Path(__file__).parent / "creditscore_client"
HORIZON_MONTHS = 12  # any: the probability of default is told by a property, whatever its horizon
PROBABILITY = re.compile(r"pd_\d+m")
REFERENCE = "#/components/schemas/"
PLAIN = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}
FAULT = "FieldError"  # of a problem, which the client tells as an error
HEAD = '"""{title}: generated from its description, not written by hand."""\n\n'
METHODS = '''
class Operations(ABC):
    """One method an endpoint."""

    @abstractmethod
    def ask(self, asked: Asked, answer: type[Answered]) -> Answered:
        """Ask, and return the answer."""

'''
Schema = Mapping[str, Any]


def main() -> None:
    """Write the modules."""
    for name, text in modules().items():
        (CLIENT / name).write_text(text, "utf-8")


def modules() -> dict[str, str]:
    """Return the text of each module by its file name, as the formatter leaves it."""
    document = json.loads(description(HORIZON_MONTHS))
    operations = list(_operations(document))
    schemas = document["components"]["schemas"]
    asked = _reached(schemas, [name for one in operations for name in _parts_of_body(one, document)])
    answered = _reached(schemas, [*map(_answer, operations), FAULT])
    texts = {
        "questions.py": _models("Parts of what the service is asked", schemas, asked),
        "answers.py": _models("What the service answers", schemas, answered),
        "operations.py": _methods(operations, document),
    }
    return {name: _formatted(text, name) for name, text in texts.items()}


def _models(title: str, schemas: Mapping[str, Schema], names: list[str]) -> str:
    imports = "from datetime import date\nfrom typing import Any, Literal\n\n"
    imports += "from pydantic import Field\n\nfrom creditscore_client.parts import Answer, Question, ScoredAnswer\n\n"
    return HEAD.format(title=title) + imports + "\n\n".join(_model(name, schemas[name]) for name in names)


def _model(name: str, schema: Schema) -> str:
    if "enum" in schema:
        return f"{name} = Literal{schema['enum']!r}\n"
    base = "Question" if schema.get("additionalProperties") is False else "Answer"
    if any(PROBABILITY.fullmatch(field) for field in schema.get("properties", {})):
        base = "ScoredAnswer"
    lines = [f"class {name}({base}):", f'    """{schema["description"]}"""', ""]
    required = schema.get("required", [])
    fields = {field: one for field, one in schema.get("properties", {}).items() if not PROBABILITY.fullmatch(field)}
    lines += [f"    {_field(field, one, required=field in required)}" for field, one in fields.items()]
    return "\n".join(lines) + "\n"


def _field(name: str, schema: Schema, *, required: bool) -> str:
    nothing = [] if schema.get("type") == "array" else None
    settled = [] if required else [f"default={schema.get('default', nothing)!r}"]
    if keyword.iskeyword(name):
        settled.append(f"alias={name!r}")
    if "description" in schema:
        settled.append(f"description={schema['description']!r}")
    value = f" = Field({', '.join(settled)})" if settled else ""
    return f"{_python(name)}: {_type(schema)}{value}"


def _type(schema: Schema) -> str:  # noqa: PLR0911 - one line a kind
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(REFERENCE)
    if "anyOf" in schema:
        return " | ".join(sorted({_type(one) for one in schema["anyOf"]}, key=lambda one: (one == "None", one)))
    if "enum" in schema:
        return f"Literal{schema['enum']!r}"
    if schema.get("type") == "array":
        if "prefixItems" in schema:
            return f"tuple[{', '.join(_type(one) for one in schema['prefixItems'])}]"
        return f"list[{_type(schema['items'])}]"
    if schema.get("type") == "object":
        inner = schema.get("additionalProperties")
        return f"dict[str, {_type(inner)}]" if isinstance(inner, dict) else "dict[str, Any]"
    if schema.get("type") == "string":
        return "date" if schema.get("format") == "date" else "str"
    return PLAIN.get(schema.get("type", ""), "Any")


def _methods(operations: list[Schema], document: Schema) -> str:
    answers = sorted(set(map(_answer, operations)))
    parts = sorted({name for one in operations for name in _parts_of_body(one, document)})
    imports = "from abc import ABC, abstractmethod\nfrom datetime import date\nfrom typing import Any, Literal\n\n"
    imports += f"from creditscore_client.answers import {', '.join(answers)}\n"
    imports += "from creditscore_client.asked import Asked, path_of\n"
    imports += "from creditscore_client.parts import Answered\n"
    imports += f"from creditscore_client.questions import {', '.join(parts)}\n\n"
    methods = "\n".join(_method(one, document) for one in operations)
    return HEAD.format(title="What the service can be asked") + imports + METHODS + methods


def _method(operation: Schema, document: Schema) -> str:
    verb, path, told = operation["method"], operation["path"], operation["told"]
    parameters = told.get("parameters", [])
    given = [f"{one['name']}: str" for one in parameters if one["in"] == "path"]
    query = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
    body = _body(told, document)
    rest = [_argument(name, one, required=False) for name, one in query.items()]
    needed = body.get("required", ())
    rest += [_argument(name, one, required=name in needed) for name, one in body["properties"].items()]
    records = any(one["in"] == "header" for one in parameters)
    rest += ["idempotency_key: str | None = None"] if records else []
    signature = ", ".join(["self", *given, *(["*", *sorted(rest, key=lambda one: "=" in one)] if rest else [])])
    named = "".join(f", {one['name']}={one['name']}" for one in parameters if one["in"] == "path")
    passed = [f'"{verb.upper()}"', f'path_of("{path}"{named})' if given else f'"{path}"']
    passed += [f"query={_passed(query)}"] if query else []
    passed += [f"body={_passed(body['properties'])}"] if body["properties"] else []
    passed += ["key=idempotency_key", "records=True"] if records else []
    name = re.sub(r"(?<=[a-z])[A-Z]", lambda found: "_" + found[0].lower(), told["operationId"])
    return (
        f"    def {name}({signature}) -> {_answer(operation)}:\n"
        f'        """{told["summary"]}."""\n'
        f"        return self.ask(Asked({', '.join(passed)}), {_answer(operation)})\n"
    )


def _argument(name: str, schema: Schema, *, required: bool) -> str:
    kind = _type(schema)
    if required:
        return f"{_python(name)}: {kind}"
    return f"{_python(name)}: {kind if kind.endswith('None') else f'{kind} | None'} = None"


def _passed(names: Mapping[str, Any]) -> str:
    return "{" + ", ".join(f'"{name}": {_python(name)}' for name in names) + "}"


def _body(told: Schema, document: Schema) -> Schema:
    if "requestBody" not in told:
        return {"properties": {}}
    name = told["requestBody"]["content"]["application/json"]["schema"]["$ref"].removeprefix(REFERENCE)
    found: Schema = document["components"]["schemas"][name]
    return found


def _operations(document: Schema) -> Iterator[Schema]:
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield {"method": method, "path": path, "told": told}


def _answer(operation: Schema) -> str:
    content = operation["told"]["responses"]["200"]["content"]["application/json"]
    return str(content["schema"]["$ref"]).removeprefix(REFERENCE)


def _parts_of_body(operation: Schema, document: Schema) -> Iterator[str]:
    """Yield the models that the fields of an operation's body name; the fields themselves are arguments."""
    return _references(_body(operation["told"], document)["properties"])


def _references(thing: Any) -> Iterator[str]:  # noqa: ANN401 - any part of it
    """Yield the models that a part of the description names."""
    if isinstance(thing, dict):
        if isinstance(thing.get("$ref"), str):
            yield thing["$ref"].removeprefix(REFERENCE)
        for one in thing.values():
            yield from _references(one)
    elif isinstance(thing, list):
        for one in thing:
            yield from _references(one)


def _reached(schemas: Mapping[str, Schema], names: list[str]) -> list[str]:
    """Return the models that these need, each after those that it needs itself."""
    order: list[str] = []

    def visit(name: str) -> None:
        if name not in order:
            for inner in _references(schemas[name]):
                visit(inner)
            order.append(name)

    for name in names:
        visit(name)
    return order


def _python(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _formatted(text: str, name: str) -> str:
    ruff = Path(sys.executable).with_name("ruff")
    for words in (["check", "--fix", "--quiet", "--exit-zero"], ["format", "--quiet"]):
        command = [ruff, *words, "--stdin-filename", str(CLIENT / name), "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=True)  # noqa: S603 - ruff
        text = done.stdout
    return text


if __name__ == "__main__":
    main()
