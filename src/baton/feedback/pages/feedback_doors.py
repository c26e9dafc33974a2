"""Open pages for feedback: their addresses, codes and posters."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, gettext_lazy, override, pgettext_lazy

from baton.agreements.pages.document_clauses import REGIONS
from baton.core import formats
from baton.core.pdf.printing import Pdf, printed
from baton.core.texts import say
from baton.feedback.models import FeedbackDoor
from baton.feedback.rules.inbox import BY_CODE

LAYOUT = Path(__file__).resolve().parent.parent / "templates" / "feedback" / "inbox" / "poster.typ"
ACTIONS = {
    "feedback_door.opened": (pgettext_lazy("history", "Open page for feedback opened"), "lock-open"),
    "feedback_door.closed": (pgettext_lazy("history", "Open page for feedback closed"), "lock"),
}
_INVITES = gettext_lazy("Tell us: what was good, what went wrong, what could be better?")
_SAYS = gettext_lazy("Scan this, or open the address. No sign-in, no app; your name only if you want an answer.")


def address_of(door: FeedbackDoor, *, by_code: bool = False) -> str:
    """Where anybody tells something; ``by_code``: as it stands in a QR code."""
    path = reverse("tell:form", kwargs={"door": door.public_id})
    return f"{settings.BASE_URL}{path}{f'?by={BY_CODE}' if by_code else ''}"


def about(door: FeedbackDoor, language: str | None = None) -> str:
    """What it is about, as it stands on the page."""
    name = say(door.party.name, language)
    return formats.labelled(name, say(door.link.output.name, language)) if door.link is not None else name


def picture_of(door: FeedbackDoor) -> SafeString:
    """The QR code of its address, as a picture in the page."""
    return mark_safe(_code(door))


def poster(door: FeedbackDoor, language: str) -> Pdf:
    """A page to hang up: what it is about, the code and the address, in all languages of the interface."""
    lang, region = REGIONS.get(language, (language, None))
    opened = door.recorded_at
    said = []
    for code, _label in settings.LANGUAGES:
        with override(code):
            said.append({"about": about(door, code), "invites": str(_INVITES), "says": str(_SAYS)})
    data = {
        "title": about(door), "short": "", "foot": address_of(door), "watermark": "", "lang": lang, "region": region,
        "date": [opened.year, opened.month, opened.day], "code-says": gettext("QR code"),
        "code": _code(door).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1),
        "address": address_of(door), "languages": said,
    }  # fmt: skip
    return printed(name="feedback-poster.pdf", layout=LAYOUT, data=data)


def rows(doors: Any) -> list[dict[str, Any]]:
    """Open pages with what they are about and their address."""
    return [{"door": one, "about": about(one), "address": address_of(one)} for one in doors]


def _code(door: FeedbackDoor) -> str:
    drawing: str = segno.make(address_of(door, by_code=True), error="q", micro=False).svg_inline(
        scale=5, border=4, light="white"
    )
    return drawing
