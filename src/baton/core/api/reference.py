"""The reference of the API: OpenAPI 3.1, completed with what ninja cannot know, and the same as a page shows it."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from baton.core.api import service
from baton.core.problems import CONTENT_TYPE

_SECRET = "$BATON_TOKEN"


@cache
def openapi() -> dict[str, Any]:
    """The OpenAPI document. Refusals are problem details; every body and answer has an example."""
    text = json.dumps(service.schema(), default=str).replace("ProblemShown", "Problem")
    document: dict[str, Any] = json.loads(text)
    document["servers"] = [{"url": settings.BASE_URL}]
    document["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    components = document["components"]["schemas"]
    for methods in document["paths"].values():
        for method, call in list(methods.items()):
            call = methods[method] = deepcopy(call)
            for status, answer in call["responses"].items():
                _complete(int(status), answer, components)
            body = call.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None:
                body.setdefault("example", example_of(body["schema"], components))
    return document


def _complete(status: int, answer: dict[str, Any], components: dict[str, Any]) -> None:
    content = answer.get("content", {})
    if status < 400:
        for media in content.values():
            media["example"] = example_of(media["schema"], components)
        answer.setdefault("headers", {})["ETag"] = {
            "description": "Version of one record, for If-Match.", "schema": {"type": "string"},
        }  # fmt: skip
        return
    answer["description"] = HTTPStatus(status).phrase
    if status == HTTPStatus.REQUEST_URI_TOO_LONG:
        # The web server refuses such an address before Baton reads the call.
        answer["content"] = {"text/html": {"schema": {"type": "string"}}}
        return
    answer["content"] = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if status == 429:
        answer["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}


def example_of(schema: dict[str, Any], components: dict[str, Any], depth: int = 0) -> Any:
    """A value that fits ``schema``, made of the examples in it."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rsplit("/", 1)[-1]], components, depth + 1)
    for name in ("example", "const", "default"):
        if schema.get(name) not in (None, "", [], {}):
            return schema[name]
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("enum"):
        return schema["enum"][0]
    if "anyOf" in schema or "allOf" in schema:
        kinds = schema.get("anyOf") or schema["allOf"]
        chosen = next((kind for kind in kinds if kind.get("type") != "null"), kinds[0])
        return example_of(chosen, components, depth + 1)
    return _plain(schema, components, depth)


def _plain(schema: dict[str, Any], components: dict[str, Any], depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        members = schema.get("properties", {})
        return (
            {name: example_of(member, components, depth + 1) for name, member in members.items()} if depth < 8 else {}
        )
    if kind == "array":
        return [example_of(schema["items"], components, depth + 1)] if "items" in schema and depth < 8 else []
    formats = {"date": "2026-03-31", "date-time": "2026-03-31T08:00:00Z"}
    texts = {"string": formats.get(schema.get("format", ""), ""), "integer": schema.get("minimum", 0), "number": 0.5}
    return texts.get(str(kind), False if kind == "boolean" else None)


def page() -> list[dict[str, Any]]:
    """The calls by tag, as the page about the API shows them: ``tag``, ``calls`` (method, path, id, summary,
    description, scope, parameters, body, answer, curl)."""
    document = openapi()
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            found.setdefault(call["tags"][0], []).append(_shown(path, method.upper(), call, document))
    return [{"tag": tag, "calls": calls} for tag, calls in found.items()]


def _shown(path: str, method: str, call: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    body = call.get("requestBody", {}).get("content", {}).get("application/json", {})
    good = next(answer for status, answer in call["responses"].items() if int(status) < 400)
    media: dict[str, Any] = next(iter(good.get("content", {}).values()), {})
    answer = media.get("example")
    components = document["components"]["schemas"]
    return {
        "id": call["operationId"],
        "method": method,
        "path": path,
        "summary": gettext(call["summary"]),
        "description": gettext(call["description"]) if call.get("description") else "",
        "scope": call.get("x-scope", ""),
        "parameters": [_parameter(one, components) for one in call.get("parameters", [])],
        "members": _members(body.get("schema", {}), components),
        "answer": json.dumps(answer, indent=2, ensure_ascii=False) if answer is not None else "",
        "curl": _curl(path, method, body.get("example")),
    }


def _members(schema: dict[str, Any], components: dict[str, Any]) -> list[dict[str, Any]]:
    if "$ref" in schema:
        schema = components[schema["$ref"].rsplit("/", 1)[-1]]
    required = set(schema.get("required", []))
    return [
        _parameter({"name": name, "schema": member, "required": name in required}, components)
        for name, member in schema.get("properties", {}).items()
    ]


def _parameter(one: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": one["name"],
        "place": one.get("in", ""),
        "required": one.get("required", False),
        "kind": _kind(one["schema"], components),
        "text": one.get("description") or one["schema"].get("description", ""),
    }


def _kind(schema: dict[str, Any], components: dict[str, Any]) -> str:
    """``text``, ``whole number``, or the values of an enumeration."""
    if "$ref" in schema:
        return _kind(components[schema["$ref"].rsplit("/", 1)[-1]], components)
    if "anyOf" in schema:
        kinds = [_kind(kind, components) for kind in schema["anyOf"] if kind.get("type") != "null"]
        return ", ".join(kinds)
    if schema.get("enum"):
        return " | ".join(map(str, schema["enum"]))
    return str(schema.get("format") or schema.get("type") or "")


def _curl(path: str, method: str, body: Any) -> str:
    lines = [f"curl -X {method} {settings.BASE_URL}{path}", f'-H "Authorization: Bearer {_SECRET}"']
    if body is not None:
        lines += ['-H "Content-Type: application/json"', '-H "Idempotency-Key: $RANDOM$RANDOM$RANDOM"']
        lines.append(f"-d '{json.dumps(body, ensure_ascii=False)}'")
    return " \\\n  ".join(lines)
