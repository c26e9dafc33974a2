"""Evidence photos of handoffs, for who may read the handoff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from baton.core.actors import Actor
from baton.core.discussions.policy import may_remove
from baton.core.errors import NotFound
from baton.handoffs.models import Handoff, HandoffPhoto, HandoffReturn
from baton.handoffs.queries.lists import EXPORT_ROWS, HandoffFilters, listed_handoffs
from baton.handoffs.queries.sight import handoff, sees_handoff

MOST_LISTED = 100
"""Returns of one handoff that can be chosen from."""
_ROW = ("found", "attachment__comment__author")
_LINK = ("handoff__link__supplier", "handoff__link__customer", "handoff__link__output")


@dataclass(frozen=True, slots=True)
class PhotoShown:
    """A photo, the names of those before and after it on its handoff (public ids; empty: none), and whether the viewer
    can remove it."""

    photo: HandoffPhoto
    before: str
    after: str
    may_remove: bool


def photos_of(*, viewer: Actor, at: datetime, handoff: Handoff) -> list[HandoffPhoto]:
    """The photos of a handoff, removed ones too, in the order in which they were added. One query beside those of the
    viewer's sight."""
    if not sees_handoff(viewer=viewer, at=at, public_id=handoff.public_id):
        return []
    return list(HandoffPhoto.objects.filter(handoff=handoff).select_related("handoff", *_ROW).order_by("pk"))


def photo(*, viewer: Actor, at: datetime, public_id: str) -> HandoffPhoto:
    """One photo; :class:`NotFound` where the viewer may not know of its handoff."""
    found = HandoffPhoto.objects.filter(public_id=public_id).select_related("handoff", *_ROW).first()
    if found is None:
        raise NotFound
    found.handoff = handoff(viewer=viewer, at=at, public_id=found.handoff.public_id)
    return found


def photo_shown(*, viewer: Actor, at: datetime, public_id: str) -> PhotoShown:
    """One photo with what its page shows; by the rules of :func:`photo`."""
    one = photo(viewer=viewer, at=at, public_id=public_id)
    there = HandoffPhoto.objects.filter(handoff=one.handoff, attachment__withdrawn_at__isnull=True)
    before = there.filter(pk__lt=one.pk).order_by("-pk").values_list("public_id", flat=True).first()
    after = there.filter(pk__gt=one.pk).order_by("pk").values_list("public_id", flat=True).first()
    return PhotoShown(one, before or "", after or "", may_remove(viewer, one.attachment))


def is_evidence_photo(attachment: str) -> bool:
    """Whether a file (public id) is an evidence photo."""
    return HandoffPhoto.objects.filter(attachment__public_id=attachment).exists()


def returns_of(*, viewer: Actor, at: datetime, handoff: Handoff) -> list[HandoffReturn]:
    """What came back of a handoff, to choose what photos are of; the latest first."""
    if not sees_handoff(viewer=viewer, at=at, public_id=handoff.public_id):
        return []
    return list(handoff.returns.order_by("-pk")[:MOST_LISTED])


def photos_to_export(*, viewer: Actor, at: datetime, filters: HandoffFilters) -> Iterator[HandoffPhoto]:
    """The photos of every handoff of the list, a handoff after the other."""
    listed = listed_handoffs(viewer=viewer, at=at, filters=filters).order_by().values("pk")
    rows = HandoffPhoto.objects.filter(handoff__in=listed).select_related(*_LINK, *_ROW)
    yield from rows.order_by("handoff_id", "pk").iterator(chunk_size=EXPORT_ROWS)
