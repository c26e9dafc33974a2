"""The discussion of a record on its page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from baton.core.discussion_forms import CommentForm
from baton.core.discussions import queries
from baton.core.errors import NotFound

register = template.Library()


@register.simple_tag(takes_context=True)
def discussion(context: Context, kind: str, public_id: str) -> SafeString:
    """``{% discussion "link" link.public_id %}``: a card with the latest comments on the record and the form for the
    next; nothing for readers to whom the discussion is not open."""
    request: Any = context.get("request")
    if request is None:
        return SafeString("")
    try:
        thread = queries.thread(viewer=request.actor, at=request.now, kind=kind, public_id=public_id)
    except NotFound:
        return SafeString("")
    values = {"thread": thread, "form": CommentForm()}
    return SafeString(render_to_string("core/_discussion_card.html", values, request))
