"""What the starters read: drafts of the first-run wizard, and what they need of the chain."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.errors import Refused
from baton.core.queries import person_named
from baton.starters import policy
from baton.starters.models import StartDraft
from baton.starters.rules import HOSPITAL, PEOPLE, DemoPerson
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Party


def party_numbered(*, viewer: Actor, at: datetime, number: str) -> Party:
    """The live party of that number; refused where there is none in sight."""
    wanted = number.strip().upper()
    for party in chain.parties_to_choose(viewer=viewer, at=at):
        if party.number == wanted:
            return chain.party(viewer=viewer, at=at, public_id=party.public_id)
    raise Refused(
        field="under",
        expected=gettext_noop("Expected the number of a party that has not ended, such as P-2026-0001."),
        found=gettext_noop("Found {number}."),
        remedy=gettext_noop("Look it up in the list of parties."),
        number=number,
    )


def kept_answers(*, viewer: Actor) -> dict[str, Any] | None:
    """The viewer's own draft of the first-run wizard; None where he has not begun one."""
    draft = StartDraft.objects.filter(person=viewer.person, entered_at__isnull=True).first()
    return None if draft is None else dict(draft.answers)


def begins_here(*, viewer: Actor) -> bool:
    """Whether the first page of an empty installation leads the viewer to the first-run wizard by itself: he may begin
    and has not looked at it yet."""
    return policy.may_start(viewer) and not StartDraft.objects.filter(person=viewer.person).exists()


def parties_there(*, viewer: Actor, at: datetime) -> int:
    """How many parties there are, for the remark that what is entered stands beside them."""
    policy.demand_start(viewer)
    return len(chain.parties_to_choose(viewer=Actor.system("start"), at=at))


def demo_people() -> tuple[DemoPerson, ...]:
    """Who may sign in to the demonstration that is loaded, whoever asks; those of the hospital until one is.

    The second of its people is in no other sector's demonstration.
    """
    loaded = (people for people in PEOPLE.values() if person_named(people[1].sign_in_name) is not None)
    return next(loaded, HOSPITAL)
