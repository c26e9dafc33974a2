"""How the controls of forms are written: Django's own, and lines of text without a template for each.

A page with a few forms has dozens of such lines, and a template within a template for each of them takes longer than
the rest of the form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_LINES = frozenset(
    f"django/forms/widgets/{name}.html"
    for name in ("input", "text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "file")
)


class Renderer(DjangoTemplates):
    """Writes ``<input>`` as Django's templates do, in one go."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        if template_name in _LINES:
            return _line(context["widget"])
        return SafeString(super().render(template_name, context, request))


def _line(widget: Mapping[str, Any]) -> SafeString:
    attributes = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        attributes["value"] = widget["value"]
    parts = [
        f" {conditional_escape(name)}" + ("" if value is True else f'="{conditional_escape(value)}"')
        for name, value in (attributes | widget["attrs"]).items()
        if value is not False
    ]
    return mark_safe(f"<input{''.join(parts)}>")  # each part is escaped
