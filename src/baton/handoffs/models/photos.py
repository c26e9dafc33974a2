"""Evidence photos: how what was handed over looked, or what came back of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from baton.core.models.records import Record
from baton.handoffs.models.events import EVENTS
from baton.handoffs.models.handoffs import Handoff
from baton.handoffs.models.labels import HANDOFF, OF_WHICH, SIDES, choice_field
from baton.handoffs.models.returns import HandoffReturn
from baton.handoffs.rules import PHOTO_STEPS


class HandoffPhoto(Record):
    """A photo of a handoff, or of something that came back of it.

    The file is one of a comment in the discussion of the handoff: who added it and when stands there, and who may read
    the handoff opens it. Its author or the quality manager can remove it; its place then stays, and so does the digest
    of what it was.
    """

    kind = "handoff_photo"

    handoff = models.ForeignKey(
        Handoff, on_delete=models.PROTECT, related_name="photos", verbose_name=HANDOFF, help_text=OF_WHICH
    )
    found = models.ForeignKey(
        HandoffReturn, on_delete=models.PROTECT, null=True, blank=True, related_name="photos",
        verbose_name=pgettext_lazy("something that came back", "return"),
        help_text=_("Of what came back or is missing; empty: of the handoff."),
    )  # fmt: skip
    step = choice_field(
        _("step"), {one: EVENTS[one] for one in PHOTO_STEPS},
        _("With which step it was added; empty: with none, or as evidence of a return."), blank=True,
    )  # fmt: skip
    side = choice_field(
        _("side"), SIDES, _("Which side shows it; empty: somebody who acts for both."), blank=True
    )  # fmt: skip
    attachment = models.OneToOneField(
        "core.Attachment", on_delete=models.PROTECT, related_name="+", verbose_name=_("attachment"),
        help_text=_("The file, with its name, digest and comment."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("evidence photo")
        verbose_name_plural = _("evidence photos")
        constraints = (
            models.CheckConstraint(
                condition=Q(found__isnull=True) | Q(step=""), name="handoffs_photo_of_a_step_or_a_return"
            ),
        )

    def __str__(self) -> str:
        return self.attachment.file_name or self.public_id
