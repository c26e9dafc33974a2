"""The complaint form on paper, as table 5-1 lays it out: one page, both signatures, and a code that leads to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext, override, pgettext

from baton.core import formats
from baton.core.days import day_of
from baton.core.pdf.printing import Pdf, printed
from baton.core.queries import SignatureStanding
from baton.core.signature_words import in_a_line
from baton.core.texts import say
from baton.feedback.models import Complaint
from baton.feedback.models.complaints import COMPLAINT_ACTS, COMPLAINT_STATES, MATTERS
from baton.feedback.pages.complaints import Signed, parts
from baton.feedback.rules.complaints import ComplaintAct, ComplaintState

LAYOUT = Path(__file__).resolve().parent.parent / "templates" / "feedback" / "complaints" / "complaint.typ"
_REGIONS = {"zh-hans": ("zh", "cn")}
_TONES = {
    ComplaintState.RECEIVED: "warn", ComplaintState.INVESTIGATED: "warn", ComplaintState.DECIDED: "accent",
    ComplaintState.RESOLVED: "accent", ComplaintState.CLOSED: "good", ComplaintState.DROPPED: "plain",
}  # fmt: skip
_SPACE, _BELOW = 14, 4
"""Millimetres left free in a part of the form in which nothing stands yet, to be written by hand; and below words."""


def complaint_pdf(one: Complaint, signed: Signed, *, handles: bool, language: str) -> Pdf:
    """The form in a language, called ``CO-2026-0001-zh-hans.pdf``; with the customer's data where the reader
    ``handles`` the complaint. Nothing of it stays in memory."""
    with override(language):
        data = form_data(one, signed, handles=handles)
        return printed(name=f"{one.number}-{language}.pdf", layout=LAYOUT, data=data, keep=False)


def form_data(one: Complaint, signed: Signed, *, handles: bool) -> dict[str, Any]:
    """What :data:`LAYOUT` shows, in the reader's language."""
    language = get_language() or settings.LANGUAGE_CODE
    lang, region = _REGIONS.get(language, (language, None))
    state, received = ComplaintState(one.state), day_of(one.received_at)
    supplier = say(one.supplier.name) if one.supplier else ""
    sides = [part for part in (say(one.customer.name) if one.customer else "", supplier) if part]
    given = parts(one, signed)
    return {
        "lang": lang, "region": region, "title": gettext("Complaint form"), "short": one.number,
        "date": [received.year, received.month, received.day], "foot": one.number, "watermark": "",
        "subtitle": " → ".join(reversed(sides)), "state": {"word": str(COMPLAINT_STATES[state]), "tone": _TONES[state]},
        "code": _qr(settings.BASE_URL + reverse("complaints:complaint", args=[one.public_id])),
        "code-says": gettext("The QR code leads to this complaint in Baton, where its signatures are checked."),
        "rows": _head(one, handles=handles), "matter": _matter(one), "things": _things(one),
        "parts": [_phenomenon(one), *(_part(row) for row in given)],
        "signatures": [line for row in given for line in _lines(row["act"], row["signatures"])],
        "remarks": _remarks(one, handles=handles),
    }  # fmt: skip


def _head(one: Complaint, *, handles: bool) -> list[list[dict[str, Any]]]:
    name, number, telephone = (one.customer_name, one.customer_number, one.telephone) if handles else ("", "", "")
    return [
        _row((pgettext("complaint form", "Number"), one.number),
             (pgettext("complaint form", "Date received"), formats.day(day_of(one.received_at))),
             (pgettext("complaint form", "Received by"), say(one.received_by.name))),
        _row((pgettext("complaint form", "Customer’s name"), name),
             (pgettext("complaint form", "Customer number"), number),
             (pgettext("complaint form", "Telephone"), telephone)),
    ]  # fmt: skip


def _things(one: Complaint) -> list[list[dict[str, Any]]]:
    shipped = formats.day(one.shipped_on) if one.shipped_on else ""
    last = _row((pgettext("complaint form", "Shipped on"), shipped),
                (pgettext("complaint form", "Invoice number"), one.invoice))  # fmt: skip
    last[-1]["span"] = 3
    return [
        _row((pgettext("complaint form", "Product"), one.product), (pgettext("complaint form", "Model"), one.model),
             (pgettext("complaint form", "Lot"), one.lot)),
        last,
    ]  # fmt: skip


def _row(*pairs: tuple[str, str]) -> list[dict[str, Any]]:
    """Label and value by turns, as cells."""
    return [
        {"value": text, "is-label": place == 0, "span": 1}
        for pair in pairs
        for place, text in enumerate(pair)
    ]  # fmt: skip


def _matter(one: Complaint) -> dict[str, Any]:
    choices = [{"word": str(word), "chosen": one.matter == matter} for matter, word in MATTERS.items()]
    return {"label": pgettext("complaint form", "Matter"), "choices": choices}


def _phenomenon(one: Complaint) -> dict[str, Any]:
    return {"label": pgettext("complaint form", "Phenomenon"), "words": one.phenomenon, "space": _BELOW, "signing": []}


def _part(row: dict[str, Any]) -> dict[str, Any]:
    """A part of the form: its words, and who signs it where it is signed."""
    act, step, signatures = row["act"], row["step"], row["signatures"]
    label = str(COMPLAINT_ACTS[act])
    who = {
        ComplaintAct.CAUSE: pgettext("complaint form", "Person in charge"),
        ComplaintAct.DISPOSITION: pgettext("complaint form", "Manager"),
    }.get(act)
    given: SignatureStanding | None = signatures[-1] if signatures else None
    name = say(given.signature.printed_name) if given is not None else ""
    day = formats.day(day_of(given.signature.signed_at)) if given is not None else ""
    signing = [(who, name), (pgettext("complaint form", "Date"), day)] if who else []
    words = step.words if step is not None else ""
    return {"label": label, "words": words, "space": _BELOW if words else _SPACE, "signing": signing}


def _lines(act: ComplaintAct, signatures: Sequence[SignatureStanding]) -> list[dict[str, str]]:
    return [{"label": str(COMPLAINT_ACTS[act]), "says": in_a_line(standing)} for standing in signatures]


def _remarks(one: Complaint, *, handles: bool) -> list[str]:
    if one.forgotten_at is not None:
        return [gettext("The customer’s data were destroyed.")]
    return (
        [] if handles else [gettext("The customer’s name and telephone are read by who handles the complaint alone.")]
    )


def _qr(address: str) -> str:
    # A quarter of it may be under a stamp or a fold.
    drawn = segno.make(address, error="q", micro=False).svg_inline(border=2, light="white")
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
