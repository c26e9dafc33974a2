"""Signatures in words. Loaded with ``{% load baton %}``."""

from __future__ import annotations

from typing import Any

from django import template

from baton.core import signature_words
from baton.core.queries import SignatureStanding

register = template.Library()


@register.simple_tag
def signature_lines(standing: SignatureStanding) -> dict[str, Any]:
    """``{% signature_lines standing as said %}``: its ``lines`` (term, value), and whether it holds as a ``status``
    with its word, ``state``."""
    return {
        "lines": signature_words.lines(standing)[:-1],
        "status": signature_words.STATUSES[standing.fate],
        "state": signature_words.FATES[standing.fate],
    }
