"""All calls of all rooms put together, under /api/v1/."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from pydantic.json_schema import JsonSchemaMode

from baton.core import registries
from baton.core.api.components import renamed, room_of, with_names
from baton.core.api.door import ApiRequest
from baton.core.api.explaining import explained, summary
from baton.core.errors import NotFound
from baton.core.guards import TOKEN
from baton.core.problems import PREFIX, problem, refusal
from baton_analysis.errors import BatonError

VERSION = "1"


class _SentBody(Parser):
    """The body as the door has read it."""

    def parse_body(self, request: ApiRequest) -> dict[str, Any]:  # type: ignore[override]
        return request.sent


class BatonAPI(NinjaAPI):
    """The calls, with refusals as problem details."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """As ninja's, but what was found is kept, to be named in the answer."""
        errors = []
        for context in error_contexts:
            model = context.model
            for error in context.pydantic_validation_error.errors(include_url=False):
                place = getattr(model, "__ninja_flatten_map_reverse__", {}).get(error["loc"], error["loc"])
                errors.append({**error, "loc": (model.__ninja_param_source__, *place)})
        return ValidationError(errors)


@cache
def api() -> BatonAPI:
    """The one API; its calls are those that rooms have registered when it is first asked for."""
    made = BatonAPI(
        title="Baton", version=VERSION, openapi_url=None, docs_url=None, urls_namespace="api", parser=_SentBody(),
        description="Everybody has a customer: parties, links and how they go.",
    )  # fmt: skip
    for prefix, router in registries.api_routers:
        found = import_string(router) if isinstance(router, str) else router
        made.add_router(f"/{prefix}" if prefix else "", found, tags=[prefix or "general"])
    handlers: dict[type[Exception], Callable[..., HttpResponse]] = {
        BatonError: refusal,
        ValidationError: _not_as_described,
        HttpError: _error_of_ninja,
        Http404: lambda request, error: refusal(request, NotFound()),
    }
    for kind, handler in handlers.items():
        made.add_exception_handler(kind, handler)
    return made


def routes() -> list[URLPattern]:
    """The addresses of all calls. Each answers HEAD as GET without a body, OPTIONS with what is allowed, and any other
    method with 405; headers that would override the method are not looked at."""
    patterns, _app, _namespace = api().urls
    return [
        path(str(pattern.pattern), _entrance(pattern.callback), name=pattern.name)
        for pattern in patterns
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]


def _entrance(view: Callable[..., Any]) -> Callable[..., Any]:
    @csrf_exempt  # no cookie counts here, so no other site can make a browser act in its owner's name
    @wraps(view)
    def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        method = request.method
        if method == "HEAD":
            request.method = "GET"
        response: HttpResponse = view(request, *args, **kwargs)
        if response.status_code == 405:
            return _other_method(request, response["Allow"].split(", "))
        if method == "HEAD":
            length = str(len(response.content))
            response.content = b""
            response["Content-Length"] = length
        return response

    entered.policy = TOKEN  # type: ignore[attr-defined]
    return entered


def _other_method(request: HttpRequest, allowed: list[str]) -> HttpResponse:
    """What is allowed: the answer to OPTIONS, and to a method that an address does not have."""
    allowed = sorted({*allowed, "OPTIONS", *(["HEAD"] if "GET" in allowed else [])})
    headers = {"Allow": ", ".join(allowed)}
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers=headers)
    detail = gettext("Expected one of the methods {methods}.").format(methods=headers["Allow"])
    return problem(request, 405, kind="no-such-method", detail=detail, headers=headers)


def _not_as_described(request: HttpRequest, error: ValidationError) -> HttpResponse:
    if any(one["loc"][0] == "path" for one in error.errors):
        return refusal(request, NotFound())
    errors = explained(error.errors)
    return problem(request, 422, kind="refused", detail=summary(errors), errors=errors)


def _error_of_ninja(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, error.status_code, detail=str(error))


class _Document(OpenAPISchema):
    """OpenAPI as ninja writes it, in a fifth of the time: answers that several calls have in common, above all
    refusals, are described once and not for each call and status anew. What rooms call the same has names of its own;
    see :mod:`baton.core.api.components`."""

    def __init__(self, of: NinjaAPI, path_prefix: str) -> None:
        self._described: dict[tuple[Any, ...], tuple[dict[str, Any], bool]] = {}
        self._room, self._names = "", dict[str, str]()
        super().__init__(of, path_prefix)

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        self._names = renamed(self.schemas, definitions, self._room)
        for name, described in definitions.items():
            self.schemas[self._names.get(name, name)] = with_names(described, self._names)

    def _extract_parameters(self, model: Any) -> Any:
        self._room, self._names = room_of(model), {}
        return with_names(super()._extract_parameters(model), self._names)

    def _create_schema_from_model(
        self, model: Any, by_alias: bool = True, remove_level: bool = True, mode: JsonSchemaMode = "validation"
    ) -> tuple[dict[str, Any], bool]:
        # The model of an answer is made for its call and holds nothing but what is answered.
        answered = model.model_fields["response"].annotation if list(model.model_fields) == ["response"] else model
        key = (answered, by_alias, remove_level, mode)
        if key not in self._described:
            self._room, self._names = room_of(answered), {}
            described, required = super()._create_schema_from_model(model, by_alias, remove_level, mode)
            self._described[key] = with_names(described, self._names), required
        return self._described[key]


def schema() -> dict[str, Any]:
    """OpenAPI as ninja writes it."""
    return dict(_Document(api(), PREFIX))
