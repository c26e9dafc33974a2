"""What all components are made with: their templates, the reader's request, the signs of a status."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

STATUSES = {
    "kept": ("circle-check", gettext_lazy("Kept")),
    "at_risk": ("triangle-alert", gettext_lazy("At risk")),
    "broken": ("octagon-x", gettext_lazy("Broken")),
    "in_control": ("circle-check", gettext_lazy("In control")),
    "signal": ("triangle-alert", gettext_lazy("Signal")),
    "unknown": ("circle-question-mark", gettext_lazy("Unknown")),
    "info": ("info", gettext_lazy("Information")),
}


def component(name: str, /, **values: Any) -> SafeString:
    """Render ``core/components/<name>.html``."""
    return SafeString(render_to_string(f"core/components/{name}.html", values))


def request_of(context: Context) -> HttpRequest | None:
    """The request that is answered; None where a template is rendered without one."""
    return context.get("request")
