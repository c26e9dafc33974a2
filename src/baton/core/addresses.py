"""Addresses of records, for pages that lead to hundreds of them."""

from __future__ import annotations

from functools import cache

from django.urls import get_script_prefix, reverse

_PLACE = "2222222222222222"
"""Stands for a public id."""


def address_of(name: str, public_id: str) -> str:
    """As ``reverse(name, args=[public_id])``, which looks through all that the name could mean each time."""
    before, after = _frame(name, get_script_prefix())
    return f"{before}{public_id}{after}"


@cache
def _frame(name: str, prefix: str) -> tuple[str, str]:
    """What stands before and behind the public id, on a server that answers below ``prefix``."""
    before, _place, after = reverse(name, args=[_PLACE]).partition(_PLACE)
    return before, after
