"""Handoffs by their number or reference, for the search over everything: of millions no index of words is kept."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.models import Q

from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.registries import Findable
from baton.core.texts import clean_text, say
from baton.handoffs.models import Handoff
from baton.handoffs.models.conditions import HasReference
from baton.handoffs.models.labels import STATES
from baton.handoffs.queries.sight import handoffs_in_sight
from baton.handoffs.rules import REFERENCE_LENGTH, State

SHORTEST = 2
"""Characters of the shortest beginning that is looked for."""
MOST_LOOKED_AT = 1_000
"""Handoffs that begin so among which those in sight are looked for; whoever types more of it has fewer before him."""
_NUMBER = re.compile(r"HO-\d[\d-]{0,14}")
_LAST = chr(0x10FFFF)


def handoffs_found(*, viewer: Actor, at: datetime, text: str, limit: int) -> list[Findable]:
    """Handoffs in the viewer's sight with this number or reference (order, lot, case, sample), then those that begin
    so, the newest first. Five queries beside those of his sight, each by an index."""
    wanted = clean_text(text).strip()
    if not SHORTEST <= len(wanted) <= REFERENCE_LENGTH:
        return []
    typed = tuple(dict.fromkeys((wanted, wanted.upper(), wanted.lower())))
    exact = Q(number=wanted.upper()) | (Q(HasReference("reference")) & Q(reference__in=typed))
    found = _in_sight(viewer, at, exact, limit)
    if len(found) < limit:
        known = {one.pk for one in found}
        begins = Q(pk__in=_beginning(typed))
        found += [one for one in _in_sight(viewer, at, begins, limit + len(known)) if one.pk not in known]
    return [_findable(one) for one in found[:limit]]


def reference_begins(wanted: str) -> Q:
    """Those whose reference begins so, as each database takes its index for it."""
    begins = Q(reference__startswith=wanted)
    if connection.vendor == "sqlite":  # which takes none for a pattern; its texts are ordered by their code points
        begins = Q(reference__gte=wanted, reference__lt=f"{wanted}{_LAST}")
    return Q(HasReference("reference")) & begins


def _number_begins(wanted: str) -> Q:
    if connection.vendor == "sqlite":
        return Q(number__gte=wanted, number__lt=f"{wanted}{_LAST}")
    return Q(number__startswith=wanted)


def _beginning(typed: tuple[str, ...]) -> list[int]:
    """Keys of the first handoffs whose number or reference begins so."""
    wanted = [reference_begins(one) for one in typed]
    if _NUMBER.fullmatch(typed[0].upper()):
        wanted.append(_number_begins(typed[0].upper()))
    found: list[int] = []
    for one in wanted:  # each by itself: with "or" between them a database may look through all rows
        rows = Handoff.objects.filter(one).order_by().values_list("pk", flat=True)
        found += rows[: MOST_LOOKED_AT - len(found)]
    return found


def _in_sight(viewer: Actor, at: datetime, wanted: Q, limit: int) -> list[Handoff]:
    rows = handoffs_in_sight(viewer=viewer, at=at).filter(wanted)
    return list(rows.select_related("link__supplier", "link__customer", "link__output").order_by("-pk")[:limit])


def _findable(one: Handoff) -> Findable:
    link = one.link
    name = {
        code: f"{say(link.supplier.name, code)} → {say(link.customer.name, code)}, {say(link.output.name, code)}"
        for code, _label in settings.LANGUAGES
    }
    note = " · ".join(filter(None, [one.reference, str(STATES[State(one.state)])]))
    return Findable(
        public_id=one.public_id, number=one.number, name=name, note=note,
        ended_on=day_of(one.withdrawn_at) if one.withdrawn_at is not None else None,
    )  # fmt: skip
