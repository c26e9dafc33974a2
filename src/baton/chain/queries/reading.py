"""How far members read along the chain."""

from __future__ import annotations

from dataclasses import dataclass

from baton.chain import policy
from baton.chain.models import Reading
from baton.core.actors import Actor
from baton.core.history import HistoryEntry, history_of
from baton.core.policy import demand


@dataclass(frozen=True, slots=True)
class ReadingPage:
    """The rule that holds, a new one as long as nobody has said any, and who said what."""

    reading: Reading
    history: list[HistoryEntry]


def how_far_members_read(*, viewer: Actor) -> Reading:
    """How far members read along the chain, for who says so; a new one as long as nobody has said any."""
    demand(policy.may_say_how_far_members_read(viewer))
    return Reading.objects.first() or Reading()


def reading_page(*, viewer: Actor) -> ReadingPage:
    """Everything that the page shows to who says how far members read."""
    said = how_far_members_read(viewer=viewer)
    return ReadingPage(said, history_of(viewer=viewer, object_ids=[said.public_id]) if said.pk else [])
