"""Panels that other rooms offer to the pages of the chain."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from baton.core.actors import Actor
from baton.core.middleware import BatonRequest
from baton.core.once import once, only_reads
from baton.core.registries import Panel, Subject, panels_of
from baton.core.versions import Memory, Version, models_of, version_of

Drawn = tuple[SafeString, ...]
"""The content of a panel; empty where it has nothing to say."""

_KEPT: Memory[Drawn] = Memory(most=1_000)
"""By all on which it depends: what the panel reads, its subject, who looks, how he reads, and the minute."""

FORM = 'name="csrfmiddlewaretoken"'
"""What stands in a form of one answer, and in no other."""


def panels_for(request: HttpRequest, subject: Subject) -> list[tuple[str, Any, SafeString]]:
    """Name, title and content of the panels for the slot ``subject.kind``, in their order; rendered in this process."""
    shown = []
    for name, panel in panels_of(subject.kind):
        if drawn := _drawn(cast(BatonRequest, request), subject, name, panel):
            shown.append((name, panel.title, drawn[0]))
    return shown


def _drawn(request: BatonRequest, subject: Subject, name: str, panel: Panel) -> Drawn:
    if not panel.reads or request.GET or not only_reads():
        return _draw(request, subject, panel)
    minute = request.now.replace(second=0, microsecond=0)
    state = panel.state(request, subject)
    key = (name, subject, *_reader(request.actor), minute, _version(panel.reads), state)
    found = _KEPT.peek(key)
    if found is None:
        found = _draw(request, subject, panel)
        if not any(FORM in content for content in found):
            _KEPT.keep(key, found)
    return found


def _reader(viewer: Actor) -> tuple[Hashable, ...]:
    """Who looks, in which roles, and how he reads."""
    return viewer.id, viewer.roles, viewer.via, get_language(), get_current_timezone_name()


def _version(reads: tuple[str, ...]) -> Version:
    return once(("chain.panels", reads), lambda: version_of(*models_of(*reads)))


def _draw(request: BatonRequest, subject: Subject, panel: Panel) -> Drawn:
    context = panel.context(request, subject)
    return () if context is None else (render_to_string(panel.template, context, request),)
