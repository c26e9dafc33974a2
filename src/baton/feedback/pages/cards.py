"""Cards with the way to a sheet each, to be cut apart and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
from django.utils.translation import gettext

from baton.agreements.pages.document_clauses import REGIONS
from baton.core import formats
from baton.core.pdf.printing import Pdf, printed
from baton.core.texts import say
from baton.feedback.models import Wave
from baton.feedback.pages.letters import door_of, picture_of, way_of
from baton.feedback.rules.tokens import spelled

LAYOUT = Path(__file__).resolve().parent.parent / "templates" / "feedback" / "waves" / "cards.typ"


def card_rows(wave: Wave, tokens: Sequence[str], language: str) -> list[dict[str, Any]]:
    """What ``feedback/waves/cards_printed.html`` shows, a row a card."""
    return [
        {"picture": picture_of(way_of(wave, token, language)), "code": spelled(token), "door": door_of(wave, language)}
        for token in tokens
    ]


def cards_pdf(wave: Wave, tokens: Sequence[str], language: str) -> Pdf:
    """The same as PDF, kept nowhere."""
    lang, region = REGIONS.get(language, (language, None))
    title, opened = say(wave.title), wave.opened_at or wave.closes_at
    data = {
        "title": title, "short": wave.number, "foot": wave.number, "watermark": "",
        "lang": lang, "region": region,
        "date": [opened.year, opened.month, opened.day],
        "says": gettext("Scan this, or open the address and type the code. It opens one sheet, once."),
        "until": gettext("Until {moment}").format(moment=formats.moment(wave.closes_at)),
        "code-says": gettext("QR code"), "door": door_of(wave, language),
        "cards": [{"code": _svg(way_of(wave, token, language)), "spelled": spelled(token)} for token in tokens],
    }  # fmt: skip
    return printed(name=f"{wave.number}-cards.pdf", layout=LAYOUT, data=data, keep=False)


def _svg(address: str) -> str:
    """The QR code as a drawing that stands for itself, as in a file."""
    drawing: str = segno.make(address, error="m", micro=False).svg_inline(scale=4, border=2, light="white")
    return drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
