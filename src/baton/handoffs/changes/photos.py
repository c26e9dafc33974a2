"""Photos show how a handoff was, or what came back of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from django.conf import settings
from django.utils.translation import gettext, override

from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.discussions.changes import add_comment
from baton.core.errors import Refused
from baton.core.formats import labelled
from baton.handoffs import policy
from baton.handoffs.changes.checks import begin_any
from baton.handoffs.models import Handoff, HandoffPhoto, HandoffReturn
from baton.handoffs.models.events import EVENTS
from baton.handoffs.rules import MOST_PHOTOS, STEPS, Side, Step
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.policy import Standing
    from baton.core.attachments.keeping import KeptFile

FIELD = "attached"
R = TypeVar("R", Handoff, HandoffReturn)


def add_photos(
    *, by: Actor, at: datetime, handoff: Handoff, files: Sequence[KeptFile], words: str = "",
    found: HandoffReturn | None = None, step: Step | None = None, side: Side | None = None,
) -> HandoffPhoto:  # fmt: skip
    """Add photos to a handoff, or to a return of it, by who acts for a side; the last of them. ``files`` come from
    :func:`baton.core.attachments.keeping.kept_photos`; ``words`` say what they show. ``side`` shows it; None: that of
    the step, else the only one for which ``by`` acts."""
    if not files:
        raise Refused(
            field=FIELD,
            expected=gettext_noop("Expected at least one photo."),
            found=gettext_noop("None was chosen."),
            remedy=gettext_noop("Take one, or choose one."),
        )
    with change(by=by, at=at) as trail:
        fresh, standing = begin_any(trail, handoff, None)
        _refuse_many(fresh, len(files))
        side = side or _side(standing, fresh, step)
        said = add_comment(
            by=by, at=at, kind=Handoff.kind, public_id=fresh.public_id, words=words or _shows(fresh, found, step),
            files=files,
        )  # fmt: skip
        made = [
            trail.save(
                HandoffPhoto(handoff=fresh, found=found, step=step or "", side=side or "", attachment=one),
                "handoff_photo.added",
            )
            for one in said.attachments.order_by("pk")
        ]
        return made[-1]


def with_photos(
    *, by: Actor, at: datetime, files: Sequence[KeptFile], write: Callable[[], R], step: Step | None = None
) -> R:
    """Take a step of a handoff, or contest a return, and keep the photos that show it: both or neither."""
    if not files:
        return write()
    with change(by=by, at=at):
        made = write()
        found = made if isinstance(made, HandoffReturn) else None
        handoff = made.handoff if isinstance(made, HandoffReturn) else made
        side = Side.SUPPLIER if found is not None else None
        add_photos(by=by, at=at, handoff=handoff, files=files, found=found, step=step, side=side)
        return made


def _refuse_many(handoff: Handoff, more: int) -> None:
    there = HandoffPhoto.objects.filter(handoff=handoff, attachment__withdrawn_at__isnull=True).count()
    if there + more > MOST_PHOTOS:
        raise Refused(
            field=FIELD,
            expected=gettext_noop("Expected at most {most} photos of one handoff."),
            found=gettext_noop("It has {there}, and {more} would come on top."),
            remedy=gettext_noop("Choose those that show it best."),
            most=MOST_PHOTOS,
            there=there,
            more=more,
        )


def _side(standing: Standing, handoff: Handoff, step: Step | None) -> Side | None:
    """Who shows it: the side that takes the step, else the only one for which the actor acts."""
    if step is not None:
        return Side(STEPS[step].taker.value)
    sides = policy.acts_for(standing, handoff.link)
    return next(iter(sides)) if len(sides) == 1 else None


def _shows(handoff: Handoff, found: HandoffReturn | None, step: Step | None) -> str:
    """What the comment says that holds the files, in the language of the organisation."""
    with override(settings.LANGUAGE_CODE):
        of = found.number if found is not None else str(EVENTS[step]) if step is not None else handoff.number
        return labelled(gettext("Evidence photos"), of)
