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


def reading_page(*, viewer: Actor) -> ReadingPage:
    """How far members read along the chain, for who says so."""
    demand(policy.may_say_how_far_members_read(viewer))
    said = Reading.objects.first()
    history = history_of(viewer=viewer, object_ids=[said.public_id]) if said is not None else []
    return ReadingPage(said or Reading(), history)
