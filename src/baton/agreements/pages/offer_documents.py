"""The document of a version of a service offer, as PDF."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override, pgettext

from baton.agreements.models import Clause, OfferVersion
from baton.agreements.pages.document_clauses import clause_shown
from baton.agreements.pages.documents import (
    LAYOUT,
    TONES,
    Copy,
    frame,
    guarantees_shown,
    signature_shown,
    steps_shown,
)
from baton.agreements.pages.offers import STATE_SIGNS
from baton.agreements.queries.offer_documents import OfferDocument, offer_document
from baton.agreements.rules import OfferState, Side
from baton.core import formats
from baton.core.actors import Actor
from baton.core.pdf.printing import Pdf, printed
from baton.core.signature_words import in_a_line
from baton.core.signatures import digest_in_groups, short
from baton.core.texts import say

_OVER = frozenset({OfferState.SUPERSEDED, OfferState.ENDED})


def offer_pdf(*, viewer: Actor, at: datetime, public_id: str, language: str) -> Pdf:
    """A version as PDF in a language, called ``SO-2026-0001-v2-zh-hans.pdf``; :class:`NotFound` where the viewer may
    not know of it."""
    page = offer_document(viewer=viewer, at=at, public_id=public_id)
    name = f"{page.version.offer.number}-v{page.version.version}-{language}.pdf"
    with override(language):
        return printed(name=name, layout=LAYOUT, data=document(page))


def address_of(version: OfferVersion, digest: str) -> str:
    """What the QR code says: the page that tells whether this text still stands."""
    return settings.BASE_URL + reverse("agreements:marked_offer", args=[version.public_id, digest])


def document(page: OfferDocument) -> dict[str, Any]:
    """What the layout of agreements shows of a version of an offer, in the reader's language. Nothing in it depends on
    the day on which it is asked for."""
    version, offer = page.version, page.version.offer
    numbered = gettext("{number}, version {n}").format(number=offer.number, n=version.version)
    sections = [steps_shown(page.steps), guarantees_shown(page.guarantees)]
    return {
        **frame(
            title=say(offer.name), short=numbered, mark=short(page.digest), code=address_of(version, page.digest),
            written=version.recorded_at,
        ),
        "kind": gettext("Service offer"),
        "subtitle": formats.labelled(offer.supplier, offer.output),
        "watermark": _watermark(page),
        "states": [
            {"word": str(version.get_state_display()), "tone": TONES[STATE_SIGNS[OfferState(version.state)]]}
        ],
        "facts": _facts(page, numbered),
        "digest": digest_in_groups(page.digest),
        "parts": [
            _part(page, Side.SUPPLIER, gettext("What {party} promises").format(party=offer.supplier)),
            _part(page, Side.CUSTOMER, gettext("What every customer owes")),
        ],
        "sections": [one for one in sections if one["entries"]],
        "signing": _signing(page),
    }  # fmt: skip


def _watermark(page: OfferDocument) -> str:
    last = page.signatures[-1] if page.signatures else None
    if last is not None and not last.holds:
        return pgettext("across a document", "Void")
    if OfferState(page.version.state) in _OVER:
        return str(page.version.get_state_display())
    return "" if last is not None else pgettext("across a document", "Draft")


def _facts(page: OfferDocument, numbered: str) -> list[tuple[str, str]]:
    version, offer = page.version, page.version.offer
    said = [
        (gettext("Service offer"), numbered),
        (gettext("Supplier"), formats.labelled(offer.supplier.number, offer.supplier)),
        (gettext("Output"), str(offer.output)),
        (gettext("First day"), formats.day(version.starts_on) if version.starts_on else
         gettext("with each customer’s signature")),
        (gettext("The version before holds until"), formats.day(version.holds_until) if version.holds_until else ""),
        (gettext("Proposed"), formats.day(version.proposed_at) if version.proposed_at else ""),
        (gettext("Reason"), version.reason),
    ]  # fmt: skip
    return [(label, value) for label, value in said if value]


def _part(page: OfferDocument, side: Side, heading: str) -> dict[str, Any]:
    owed: list[Clause] = [one for one in page.clauses if one.owed_by == side]
    letter = "P" if side is Side.SUPPLIER else "D"
    return {
        "heading": heading, "empty": gettext("Nothing."),
        "clauses": [clause_shown(one, f"{letter}{place}", {}, offered=True) for place, one in enumerate(owed, start=1)],
    }  # fmt: skip


def _signing(page: OfferDocument) -> dict[str, Any]:
    last = page.signatures[-1] if page.signatures else None
    accepts = gettext("Each customer accepts it with a signature under the agreement of his own link.")
    return {
        "heading": gettext("Signatures"),
        "remarks": [accepts],
        "sides": [
            signature_shown(
                last, label=gettext("For the supplier"), party=str(page.version.offer.supplier), copy=Copy.READING
            )
        ],
        "earlier-heading": gettext("Signatures under earlier states"),
        "earlier": [in_a_line(one) for one in page.signatures[:-1]],
    }
