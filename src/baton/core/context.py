"""What every template may use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The acting person and the frame of the page."""
    return {"actor": getattr(request, "actor", None), "demo": settings.DEMO}
