"""Who agreed to be written to in confidence, and how many talks a year had. Talks themselves are read nowhere here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import demand
from baton.core.queries import colleagues
from baton.feedback import policy
from baton.feedback.models import Confidant, TalkTally
from baton.feedback.rules.talks import FEWEST_TOLD


def confidants(*, viewer: Actor) -> list[Confidant]:
    """Everybody who is listed, by name."""
    demand(policy.may_write_to_confidants(viewer))
    rows = Confidant.objects.filter(ended_at__isnull=True, person__is_active=True).select_related("person")
    return sorted(rows, key=str)


def confidant(*, viewer: Actor, public_id: str) -> Confidant:
    """One of them; NotFound for any other."""
    found = next((one for one in confidants(viewer=viewer) if one.public_id == public_id), None)
    if found is None:
        raise NotFound
    return found


def own_confidant(*, viewer: Actor) -> Confidant | None:
    """That the viewer is listed himself; None: he is not."""
    if viewer.person is None:
        return None
    return Confidant.objects.filter(person=viewer.person, ended_at__isnull=True).select_related("person").first()


def was_confidant(*, viewer: Actor) -> bool:
    """Whether the viewer is or was listed, so that somebody may have written to him. One query."""
    return viewer.person is not None and Confidant.objects.filter(person=viewer.person).exists()


def talks_by_year(*, viewer: Actor, at: datetime) -> list[tuple[int, int]]:
    """(year, talks) of years that are over, the last first; nothing of a year with fewer than ten. Of the current year
    nobody is told: a number that rises while one looks would say when."""
    if not policy.may_see_talk_tally(viewer):
        return []
    rows = TalkTally.objects.filter(year__lt=day_of(at).year, count__gte=FEWEST_TOLD)
    return list(rows.order_by("-year").values_list("year", "count"))


def names_of(*, viewer: Actor, public_ids: Collection[str]) -> dict[str, str]:
    """Names of the others in talks that the viewer reads, by public id."""
    demand(policy.may_write_to_confidants(viewer))
    found = colleagues(viewer=viewer).filter(public_id__in=list(public_ids)) if public_ids else ()
    return {one.public_id: str(one) for one in found}
