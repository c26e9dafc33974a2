"""What is refused of the lines of a handoff, in the names of what a program sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import named
from baton.core.errors import NotFound, Refused
from baton.handoffs import queries
from baton.handoffs.api.shapes import LessSent
from baton.handoffs.models import Handoff, HandoffLine

_OF_A_LINE = re.compile(r"([a-z_]+)_([1-9][0-9]*)")
_MEMBERS = {
    name: name
    for name in (
        "name", "unit", "item_revision", "code", "ordered", "delivered", "accepted", "refused", "missing", "phenomenon",
    )
} | {"item": "item_code"}  # fmt: skip
"""Member of a line by the field that a change names."""


@contextmanager
def named_as_sent(places: Mapping[int, int]) -> Iterator[None]:
    """A refusal that concerns a line of a handoff names it as it was sent: ``lines.0.refused`` for ``refused_1``.
    ``places``: by the position of a line in its handoff, from 1, that among the lines that were sent, from 0."""
    try:
        yield
    except Refused as refused:
        of = _OF_A_LINE.fullmatch(refused.field)
        if of is not None and of[1] in _MEMBERS:
            place = places.get(int(of[2]))
            refused.field = "lines" if place is None else f"lines.{place}.{_MEMBERS[of[1]]}"
        raise


def places_of(request: ApiRequest, handoff: Handoff, sent: Sequence[LessSent], *, needed: bool) -> dict[int, int]:
    """By the position of a line in its handoff the place among those that were sent. Refused is a line of another
    handoff, and ``needed`` but not named."""
    if not sent:
        return {}
    lines = {one.public_id: one for one in queries.lines_of(viewer=request.actor, handoff=handoff)}
    found = {}
    for place, one in enumerate(sent):
        if one.line is not None or needed:
            line = named(lambda one=one: _among(lines, one.line), f"lines.{place}.line")  # type: ignore[misc]
            found[line.position] = place
    return found


def _among(lines: Mapping[str, HandoffLine], public_id: str | None) -> HandoffLine:
    if public_id is None or public_id not in lines:
        raise NotFound
    return lines[public_id]
