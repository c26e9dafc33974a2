"""Panels that the agreements offer to pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baton.agreements import policy, queries
from baton.agreements.pages.agreements import panel_context
from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.days import day_of
from baton.core.registries import Panel

if TYPE_CHECKING:
    from django.http import HttpRequest

    from baton.core.middleware import BatonRequest
    from baton.core.registries import Subject


def of_link(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    """What is agreed on a link, or how to begin."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    row = queries.row_of_link(viewer=viewer, at=at, link=subject.public_id)
    if row is None:
        link = chain.link(viewer=viewer, at=at, public_id=subject.public_id)
        may = policy.may_write(standing_of(viewer, day_of(at)), link)
        begin = reverse("agreements:begin", args=[subject.public_id]) if may else ""
        return panel_context(None, [], begin=begin)
    held = queries.clauses_by_version(viewer=viewer, versions=[row.version]).get(row.version.pk, [])
    return panel_context(row, [queries.held_on(one, day_of(at)) for one in held], begin="")


OF_LINK = Panel("link", _("Agreement"), "agreements/_panel.html", of_link, order=5)
