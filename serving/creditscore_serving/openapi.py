"""The description of the endpoints, OpenAPI 3.1, made from the models that check and the table of operations."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from pydantic_core import to_json

from creditscore import __version__
from creditscore_serving.routes.every import OPERATIONS
from creditscore_serving.routes.operation import Operation
from creditscore_serving.schemas.common import LONGEST_ID, Problem
from creditscore_serving.schemas.decisions import EditionAnswer

REFERENCE = "#/components/schemas/{model}"
PROBLEMS = {
    400: "A field is missing, unknown or of the wrong kind",
    401: "No key or token, or one that is unknown, revoked or has ended",
    403: "The key or token does not allow it",
    404: "The customer or the day has no score",
    408: "The body did not arrive in time",
    409: "No model was trained for this purpose, or none on the champion of now",
    413: "The body is too large",
    422: "The idempotency key stands for another request",
    429: "Too many requests",
    500: "An unforeseen error",
    503: "Not ready or overloaded, or what the answer rests on is gone",
    504: "The answer took too long",
}
POSTED = (408, 413)
EVERYWHERE = (400, 401, 403, 429, 500, 503, 504)
NAMED = {
    "X-Request-Id": "The caller's, or one that was made",
    "X-Edition": "What is served: alike in every worker that serves the same",
    "X-Bundle": "Hash of the bundle that decides",
    "X-Run": "The run of the latest scored day",
    "X-As-Of": "The latest scored day",
    "X-Edition-Age": "Seconds since what is served was last known to be the newest",
}
Document = dict[str, Any]
Mode = Literal["validation", "serialization"]


@lru_cache(maxsize=8)
def description(horizon_months: int) -> bytes:
    """Return the document for bundles with a horizon, as JSON."""
    models: list[tuple[type[BaseModel], Mode]] = [(Problem, "serialization"), (EditionAnswer, "serialization")]
    for one in OPERATIONS:
        models += [(one.asks, "validation"), (one.model(horizon_months), "serialization")]
    references, definitions = models_json_schema(models, ref_template=REFERENCE)
    paths: Document = {}
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, references, horizon_months)
    paths["/readyz"] = {"get": _readiness(references)}
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "creditscore",
            "version": __version__,
            "summary": "Daily credit scores of customers, what was decided on them, and why.",
        },
        "paths": paths,
        "components": {"schemas": definitions["$defs"]},
    }
    return to_json(document)


def _operation(one: Operation, references: Mapping[Any, Any], horizon_months: int) -> Document:
    answer = references[one.model(horizon_months), "serialization"]
    codes = sorted({*EVERYWHERE, *(POSTED if one.is_posted else ()), *one.statuses})
    responses = {
        "200": {
            "description": "The answer",
            "headers": {name: {"description": text, "schema": {"type": "string"}} for name, text in NAMED.items()},
            "content": {"application/json": {"schema": answer}},
        },
        **({} if one.is_posted else {"304": {"description": "What `If-None-Match` names is still the answer"}}),
        **{str(code): _problem(code, references) for code in codes},
    }
    asked = references[one.asks, "validation"]
    body = {"application/json": {"schema": asked, **({} if one.example is None else {"example": one.example})}}
    return {
        "operationId": one.name,
        "summary": one.summary,
        "parameters": _parameters(one),
        **({"requestBody": {"required": True, "content": body}} if one.is_posted else {}),
        "responses": responses,
    }


def _parameters(one: Operation) -> list[Document]:
    found = []
    if "{customer_id}" in one.path:
        schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_ID}
        found.append({"name": "customer_id", "in": "path", "required": True, "schema": schema, "example": "C0000042"})
    if not one.is_posted:
        found.extend(_query_parameters(one.asks))
    return found + [{"name": name, "in": "header", "required": False, **told} for name, told in one.headers.items()]


def _query_parameters(model: type[BaseModel]) -> list[Document]:
    """Return the fields of a model of a query; a parameter that may be left out is never null."""
    found = []
    for name, schema in model.model_json_schema(by_alias=True).get("properties", {}).items():
        plain = {key: value for key, value in schema.items() if key not in {"title", "description", "default"}}
        options = [option for option in plain.pop("anyOf", []) if option.get("type") != "null"]
        told = {**(options[0] if options else {}), **plain}
        if schema.get("default") is not None:
            told["default"] = schema["default"]
        entry = {"name": name, "in": "query", "required": False, "schema": told}
        found.append({**entry, "description": schema["description"]} if "description" in schema else entry)
    return found


def _problem(code: int, references: Mapping[Any, Any]) -> Document:
    content = {"application/problem+json": {"schema": references[Problem, "serialization"]}}
    return {"description": PROBLEMS[code], "content": content}


def _readiness(references: Mapping[Any, Any]) -> Document:
    content = {"application/json": {"schema": references[EditionAnswer, "serialization"]}}
    return {
        "operationId": "readiness",
        "summary": "Whether scores can be answered, and what is served",
        "responses": {
            "200": {"description": "Ready", "content": content},
            "503": {"description": "Not ready yet", "content": content},
        },
    }
