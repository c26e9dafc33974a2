"""What the starters read of the chain."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Party


def party_numbered(*, viewer: Actor, at: datetime, number: str) -> Party:
    """The live party of that number; refused where there is none in sight."""
    wanted = number.strip().upper()
    for party in chain.parties_to_choose(viewer=viewer, at=at):
        if party.number == wanted:
            return party
    raise Refused(
        field="under",
        expected=gettext_noop("Expected the number of a party that has not ended, such as P-2026-0001."),
        found=gettext_noop("Found {number}."),
        remedy=gettext_noop("Look it up in the list of parties."),
        number=number,
    )
