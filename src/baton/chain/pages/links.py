"""The page of a link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from baton.chain.models import Link
from baton.chain.pages.history import timeline
from baton.chain.queries import LinkPage
from baton.core.registries import Subject, panels_of


def link_context(page: LinkPage) -> dict[str, Any]:
    """What ``chain/link.html`` shows of the chain itself."""
    return {"page": page, "link": page.link, "history": timeline(page.history)}


def panels_for(request: HttpRequest, link: Link) -> list[tuple[str, Any, SafeString]]:
    """Name, title and content of the panels that rooms offer to the page of a link, in their order."""
    subject = Subject(kind="link", public_id=link.public_id, measured_as=link.measured_as)
    shown = []
    for name, panel in panels_of("link"):
        context = panel.context(request, subject)
        if context is not None:
            content = render_to_string(panel.template, context, request)
            shown.append((name, panel.title, content))
    return shown
