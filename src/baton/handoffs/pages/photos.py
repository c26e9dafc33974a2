"""Evidence photos as pages show them: what each shows, who added it and when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext, pgettext

from baton.core import formats
from baton.handoffs.models import HandoffPhoto
from baton.handoffs.models.labels import SIDES
from baton.handoffs.rules import Side


def photo_row(one: HandoffPhoto) -> dict[str, Any]:
    """A photo: what it is of, which side shows it, who added it, when; the alternative text says all of that."""
    file = one.attachment
    side = str(SIDES[Side(one.side)]) if one.side else ""
    # With a return that is contested nothing else says so.
    of = one.found.number if one.found is not None else str(one.get_step_display()) if one.step else ""
    what = formats.remarks([part for part in (of or pgettext("evidence photo", "Handoff"), side) if part])
    who, when = str(file.comment.author), formats.moment(one.recorded_at)
    alternative = gettext("Photo: {what}, {who}, {when}").format(what=what, who=who, when=when)
    return {
        "photo": one, "file": file, "what": what, "who": who, "when": one.recorded_at, "alternative": alternative,
        "is_gone": file.withdrawn_at is not None,
    }  # fmt: skip


def photo_rows(photos: Sequence[HandoffPhoto]) -> list[dict[str, Any]]:
    """Several, in their order."""
    return [photo_row(one) for one in photos]
