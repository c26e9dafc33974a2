"""What views of all rooms do with a form that makes or changes a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib import messages
from django.utils.translation import gettext_lazy as _

from baton.core.forms import RecordForm
from baton.core.middleware import BatonRequest
from baton.core.models import Record

R = TypeVar("R", bound=Record)

SAVED = _("Saved.")


def carried_out(
    request: BatonRequest, form: RecordForm, write: Callable[[], R], *, said: Any = SAVED
) -> R | None:  # fmt: skip
    """The record that the posted form made or changed, with a message that says so; None where there is a form to show:
    nothing was posted, or something is to be mended, and then the form says what.

    ``write`` is called for a form that is valid. ``said`` is the message, or makes it of the record; empty: none.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    saved = form.carry_out(by=request.actor, at=request.now, write=write)
    if saved is not None and said:
        messages.success(request, said(saved) if callable(said) else said)
    return saved


def version_sent(request: BatonRequest) -> int:
    """The version of the record that a button sends along; where it sends none 0, which no record has: what it asks
    for counts as stale then."""
    raw = request.POST.get("version", "")
    return int(raw) if raw.isdecimal() and len(raw) < 19 else 0


def small_number(raw: str, otherwise: int) -> int:
    """A number of at most two digits as it stands in an address."""
    return int(raw) if raw.isdecimal() and len(raw) < 3 else otherwise
