"""Panels that other rooms offer to the pages of the chain."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from baton.core.registries import Subject, panels_of


def panels_for(request: HttpRequest, subject: Subject) -> list[tuple[str, Any, SafeString]]:
    """Name, title and content of the panels for the slot ``subject.kind``, in their order; rendered in this process."""
    shown = []
    for name, panel in panels_of(subject.kind):
        context = panel.context(request, subject)
        if context is not None:
            shown.append((name, panel.title, render_to_string(panel.template, context, request)))
    return shown
