"""The OpenAPI document says of every call what that call takes and answers, though rooms call different things the
same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ninja.schema import NinjaGenerateJsonSchema

from baton.core.api import service
from baton.core.api.components import renamed, with_names

PREFIX = "#/components/schemas/"

pytestmark = pytest.mark.sqlite


def resolved(described: Any, components: dict[str, Any], within: tuple[str, ...] = ()) -> Any:
    """With what each reference means in its place; what holds itself ends where it begins anew."""
    if isinstance(described, list):
        return [resolved(one, components, within) for one in described]
    if not isinstance(described, dict):
        return described
    if "$ref" in described:
        name = described["$ref"].removeprefix(PREFIX)
        rest = {key: value for key, value in described.items() if key != "$ref"}
        found = "again" if name in within else resolved(components[name], components, (*within, name))
        return {"is": found, **rest}
    return {key: resolved(value, components, within) for key, value in described.items()}


def in_document(document: dict[str, Any]) -> dict[tuple[str, int], Any]:
    """What the document says, by call and status."""
    calls = [call for methods in document["paths"].values() for call in methods.values()]
    said = {
        (call["operationId"], status): answer["content"]["application/json"]["schema"]
        for call in calls
        for status, answer in call["responses"].items()
        if "application/json" in answer.get("content", {})
    }
    return {key: resolved(one, document["components"]["schemas"]) for key, one in said.items()}


def of_models() -> Iterator[tuple[str, int, Any]]:
    """Call, status and what the model of the answer is by itself."""
    views = [view for _prefix, router in service.api()._routers for view in router.path_operations.values()]
    for operation in (one for view in views for one in view.operations):
        name = operation.operation_id or service.api().get_openapi_operation_id(operation)
        for status, model in operation.response_models.items():
            if model is not None:
                own = model.model_json_schema(
                    ref_template=PREFIX + "{model}", schema_generator=NinjaGenerateJsonSchema, mode="serialization"
                )
                yield name, status, resolved(own["properties"]["response"], own.get("$defs", {}))


def test_every_answer_is_described_as_its_model_is(db: None) -> None:
    said = in_document(service.schema())
    compared = {
        (name, status): said[name, status] == own for name, status, own in of_models() if (name, status) in said
    }
    assert [key for key, same in compared.items() if not same] == []
    assert len(compared) > 300


def test_a_name_that_is_taken_gets_that_of_its_room_and_references_follow() -> None:
    there = {"State": {"enum": ["open"]}, "Shown": {"properties": {"state": {"$ref": f"{PREFIX}State"}}}}
    new = {"Shown": {"properties": {"state": {"$ref": f"{PREFIX}State"}}}, "State": {"enum": ["late", "kept"]}}
    names = renamed(there, new, "handoffs")
    assert names == {"State": "HandoffsState", "Shown": "HandoffsShown"}
    assert with_names(new["Shown"], names) == {"properties": {"state": {"$ref": f"{PREFIX}HandoffsState"}}}
    assert renamed(there, there, "handoffs") == {}


def test_a_third_meaning_is_numbered() -> None:
    there = {"State": {"enum": ["a"]}, "ChainState": {"enum": ["b"]}}
    assert renamed(there, {"State": {"enum": ["c"]}}, "chain") == {"State": "ChainState2"}
    assert renamed(there, {"State": {"enum": ["b"]}}, "chain") == {"State": "ChainState"}
