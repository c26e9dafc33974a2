"""Links and handoffs that somebody names by their number when he takes down a complaint."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.errors import Refused
from baton.core.texts import clean_text
from baton.handoffs.queries.sight import numbered
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.handoffs.models import Handoff


def link_numbered(*, viewer: Actor, at: datetime, number: str) -> Link | None:
    """The link in sight with this number; None: none was named. Refused beside the field ``link``: any other."""
    named = clean_text(number).upper()
    if not named:
        return None
    found = chain.links_in_sight(viewer=viewer, at=at).filter(number=named).first()
    if found is None:
        raise Refused(
            field="link",
            expected=gettext_noop("Expected the number of a link that you see."),
            found=gettext_noop("No link that you see has the number {number}."),
            remedy=gettext_noop("Correct it, or leave it empty."),
            number=named[:16],
        )
    return found


def handoff_numbered(*, viewer: Actor, at: datetime, number: str) -> Handoff | None:
    """The handoff in sight with this number; None: none was named. Refused beside the field ``handoff``: any other."""
    if not clean_text(number):
        return None
    try:
        return numbered(viewer=viewer, at=at, number=number)
    except Refused as refused:
        refused.field = "handoff"
        raise
