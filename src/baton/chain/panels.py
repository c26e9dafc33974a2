"""Panels that the chain offers to pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from baton.chain import queries
from baton.chain.pages.gaps import shown

if TYPE_CHECKING:
    from django.http import HttpRequest

    from baton.core.middleware import BatonRequest
    from baton.core.registries import Subject


def assigned_gaps(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The gaps that the reader is to close, the earliest day first; nothing where there is none."""
    asked = cast("BatonRequest", request)
    rows = queries.assigned_gaps(viewer=asked.actor, at=asked.now)
    return {"gaps": [shown(row) for row in rows]} if rows else None
