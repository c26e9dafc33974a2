"""Panels that other rooms offer to the pages of the chain."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, cast

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from baton.chain.policy import company_of
from baton.core import vocabulary
from baton.core.days import day_of
from baton.core.middleware import BatonRequest
from baton.core.once import once, once_in_here, only_reads
from baton.core.registries import Panel, Subject, panels_of
from baton.core.versions import Memory, Version, models_of, version_of

Drawn = tuple[SafeString, ...]
"""The content of a panel; empty where it has nothing to say."""

_KEPT: Memory[Drawn] = Memory(most=1_000)
"""By all on which it depends: what the panel reads, its subject, who looks, how he reads, and when."""

FORM = 'name="csrfmiddlewaretoken"'
"""What stands in a form of one answer, and in no other."""


def panels_for(request: HttpRequest, subject: Subject) -> list[tuple[str, Any, SafeString]]:
    """Name, title and content of the panels for the slot ``subject.kind``, in their order; rendered in this process."""
    asked, panels = cast(BatonRequest, request), panels_of(subject.kind)
    keys = _keys(asked, subject, panels)
    # What is drawn to be kept takes nothing over from the rest of the page, which was read before the versions were.
    fresh: dict[Hashable, Any] = {}
    shown = []
    for name, panel in panels:
        key = keys.get(name)
        drawn = _draw(asked, subject, panel) if key is None else _kept(asked, subject, panel, key, fresh)
        if drawn:
            shown.append((name, panel.title, drawn[0]))
    return shown


def _keys(request: BatonRequest, subject: Subject, panels: list[tuple[str, Panel]]) -> dict[str, Hashable]:
    """Under what each panel is kept, read before any of them is drawn; those that are drawn each time have none."""
    may_be = [(name, panel) for name, panel in panels if panel.reads]
    if not may_be or request.GET or not only_reads():
        return {}
    return {
        name: (
            name, subject, *_reads(), _reader(request, one), _when(request, one), _version(one.reads),
            one.state(request, subject),
        )
        for name, one in may_be
    }  # fmt: skip


def _kept(request: BatonRequest, subject: Subject, panel: Panel, key: Hashable, fresh: dict[Hashable, Any]) -> Drawn:
    found = _KEPT.peek(key)
    if found is None:
        with once_in_here(fresh):
            found = _draw(request, subject, panel)
        if not any(FORM in content for content in found):
            _KEPT.keep(key, found)
    return found


def _reads() -> tuple[Hashable, ...]:
    """How he reads who looks, and in whose words."""
    return get_language(), get_current_timezone_name(), vocabulary.version()


def _reader(request: BatonRequest, panel: Panel) -> Hashable:
    """Who looks, as he stood in the records when the request came; what he is, where all such see the same."""
    viewer = request.actor
    if panel.alike:
        return company_of(viewer, day_of(request.now)), viewer.via
    return viewer.id, viewer.person and viewer.person.changed_seq, viewer.roles, viewer.via


def _when(request: BatonRequest, panel: Panel) -> Hashable:
    return day_of(request.now) if panel.by_day else request.now.replace(second=0, microsecond=0)


def _version(reads: tuple[str, ...]) -> Version:
    return once(("chain.panels", reads), lambda: version_of(*models_of(*reads)))


def _draw(request: BatonRequest, subject: Subject, panel: Panel) -> Drawn:
    context = panel.context(request, subject)
    return () if context is None else (render_to_string(panel.template, context, request),)
