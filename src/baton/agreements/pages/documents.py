"""The document of a version: a PDF to be filed, taken along, or printed and signed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext, override, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from baton.agreements.models import AgreementVersion, Guarantee, ServiceStep
from baton.agreements.pages import words
from baton.agreements.pages.agreements import STATE_SIGNS
from baton.agreements.pages.consulting import took_part
from baton.agreements.pages.document_clauses import REGIONS, clause_shown, is_long, other_languages
from baton.agreements.pages.paper import address_of, qr_code
from baton.agreements.queries.documents import VersionDocument, version_document
from baton.agreements.rules import (
    Side,
    VersionState,
)
from baton.core import formats
from baton.core.actors import Actor
from baton.core.pdf.printing import Pdf, printed
from baton.core.queries import SignatureStanding
from baton.core.signature_words import FATES, in_a_line, lines
from baton.core.signatures import digest_in_groups, short
from baton.core.texts import say

LAYOUT = Path(__file__).resolve().parent.parent / "templates" / "agreements" / "agreement.typ"
OVER = frozenset({
    VersionState.SUPERSEDED, VersionState.EXPIRED, VersionState.ENDED, VersionState.WITHDRAWN, VersionState.DECLINED,
})  # fmt: skip
TONES = {"kept": "good", "at_risk": "warn", "broken": "bad", "info": "accent", "unknown": "plain"}
"""Colours of the layout by the status under which a page shows the same."""


class Copy(StrEnum):
    """What a document is for.

    READING  to be read and filed: marked as a draft until both sides have signed, as void where a signature is
    SIGNING  to be signed or chopped on paper: with places for the signatures that are missing, without such a mark
    """

    READING = "reading"
    SIGNING = "signing"


def version_pdf(
    *, viewer: Actor, at: datetime, public_id: str, language: str, copy: Copy = Copy.READING
) -> Pdf:  # fmt: skip
    """A version as PDF in a language, called ``A-2026-0001-v2-zh-hans.pdf``; :class:`NotFound` where the viewer may not
    know of it."""
    page = version_document(viewer=viewer, at=at, public_id=public_id)
    name = f"{page.version.agreement.number}-v{page.version.version}-{language}.pdf"
    with override(language):
        return printed(name=name, layout=LAYOUT, data=document(page, copy))


def document(page: VersionDocument, copy: Copy = Copy.READING) -> dict[str, Any]:
    """What :data:`LAYOUT` shows of a version, in the reader's language. Nothing in it depends on the day on which it is
    asked for."""
    version, link = page.version, page.version.agreement.link
    state = VersionState(version.state)
    numbered = gettext("{number}, version {n}").format(number=version.agreement.number, n=version.version)
    title = str(link.output)
    sections = (_left_out(page), steps_shown(page.steps), guarantees_shown(page.guarantees))
    return {
        **frame(
            title=title,
            short=numbered,
            mark=short(page.digest),
            code=address_of(version, page.digest),
            written=version.recorded_at,
        ),
        "kind": gettext("Internal service agreement"),
        "subtitle": f"{link.supplier} → {link.customer}",
        "watermark": watermark(state, page.signed, copy),
        "states": [{"word": str(version.get_state_display()), "tone": TONES[STATE_SIGNS[state]]}],
        "facts": _facts(page, numbered),
        "digest": digest_in_groups(page.digest),
        "parts": [_part(page, side) for side in Side],
        "sections": [one for one in sections if one["entries"]],
        "signing": _signing(page, copy),
    }


def frame(*, title: str, short: str, mark: str, code: str, written: datetime) -> dict[str, Any]:
    """What every document has: language, running head and foot, and the code that leads to the exact version.
    ``written`` is when the version was begun, which does not change."""
    lang, region = REGIONS.get(_language(), (_language(), None))
    return {
        "lang": lang, "region": region, "title": title, "short": short,
        "date": [written.year, written.month, written.day],
        "foot": f"{short} – {mark}",
        "mark": mark, "mark-label": gettext("Mark of the version"),
        "code": _qr(code), "code-heading": gettext("Is this the text that stands?"),
        "code-says": gettext(
            "Scan the QR code: Baton shows this version, and tells whether it still is exactly what stands here."
        ),
        "digest-label": gettext("Digest of the version (SHA-256)"),
    }  # fmt: skip


def watermark(state: VersionState, signed: Mapping[Side, SignatureStanding], copy: Copy) -> str:
    """What stands across every page: void, draft, or that the version is over; nothing on what both sides have signed
    and on what is to be signed on paper."""
    if copy is Copy.SIGNING:
        return ""
    if any(not one.holds for one in signed.values()):
        return pgettext("across a document", "Void")
    if state in OVER:
        return str(dict(AgreementVersion._meta.get_field("state").flatchoices)[state])
    return "" if len(signed) == len(Side) else pgettext("across a document", "Draft")


def _facts(page: VersionDocument, numbered: str) -> list[tuple[str, str]]:
    version, link = page.version, page.version.agreement.link
    said = [
        (gettext("Agreement"), numbered),
        (gettext("Supplier"), formats.labelled(link.supplier.number, link.supplier)),
        (gettext("Customer"), formats.labelled(link.customer.number, link.customer)),
        (gettext("Link"), link.number),
        (gettext("Service offer"), _offer(version)),
        (gettext("First day"), _day(version.starts_on, gettext("with the last signature"))),
        (gettext("Last day"), _day(version.ends_on, gettext("no end"))),
        (gettext("In force since"), _day(version.activated_at)),
        (gettext("Review"), _day(version.review_on)),
        *took_part(version),
        (gettext("Participation"), _wanted(version)),
        (gettext("Reason"), version.reason),
        (gettext("Why it was closed"), version.closed_because),
    ]
    return [(label, value) for label, value in said if value]


def _offer(version: AgreementVersion) -> str:
    held = version.offer_version
    return formats.labelled(held, say(held.offer.name)) if held is not None else ""


def _day(value: Any, otherwise: str = "") -> str:
    return formats.day(value) if value else otherwise


def _wanted(version: AgreementVersion) -> str:
    minimum = version.minimum_participation
    return gettext("at least {share} % are wanted").format(share=minimum) if minimum else ""


def _part(page: VersionDocument, side: Side) -> dict[str, Any]:
    link = page.version.agreement.link
    owed = [one for one in page.clauses if one.owed_by == side]
    return {
        "heading": heading_of(side, link.supplier if side is Side.SUPPLIER else link.customer),
        "empty": gettext("Nothing."),
        "clauses": [
            clause_shown(one, f"{'P' if side is Side.SUPPLIER else 'D'}{place}", page.offered)
            for place, one in enumerate(owed, start=1)
        ],
    }


def heading_of(side: Side, party: Any) -> str:
    """What the part of a document is called in which stands what a side owes."""
    template = gettext("What {party} promises") if side is Side.SUPPLIER else gettext("What {party} owes")
    return template.format(party=party)


def _left_out(page: VersionDocument) -> dict[str, Any]:
    entries = [
        {"title": say(one.characteristic), "others": other_languages(one.characteristic), "rows": [
            (gettext("The service offer says"), words.target_of(one) or formats.MISSING)
        ], "long": False}
        for one in page.left_out
    ]  # fmt: skip
    return {
        "heading": gettext("What of the service offer does not hold here"), "entries": entries, "remarks": [],
    }  # fmt: skip


def steps_shown(steps: Sequence[ServiceStep]) -> dict[str, Any]:
    """The steps of the service as they are printed, in their order."""
    entries = []
    for place, one in enumerate(steps, start=1):
        rows = [
            (gettext("Who does it"), say(one.role)),
            (gettext("Time"), gettext("{n} min").format(n=formats.number(one.minutes)) if one.minutes else ""),
            (gettext("What to bring"), say(one.bring)),
        ]
        title = f"{place}. {say(one.name)}"
        rows = [(label, value) for label, value in rows if value]
        entries.append({"title": title, "others": other_languages(one.name), "rows": rows, "long": False})
    return {"heading": gettext("How the service runs"), "entries": entries, "remarks": []}


def guarantees_shown(guarantees: Sequence[Guarantee]) -> dict[str, Any]:
    """Guarantees as they are printed. They may be given and ended while a version is in force."""
    remark = gettext("They go with it, and are not part of what is signed.")
    entries = [guarantee_shown(one) for one in guarantees]
    return {"heading": gettext("Guarantees"), "entries": entries, "remarks": [remark]}


def guarantee_shown(one: Guarantee) -> dict[str, Any]:
    """A guarantee as it is printed."""
    points = gettext("{n} points").format(n=one.penalty_points) if one.penalty_points else ""
    rows = [
        (gettext("Remedy"), " / ".join([say(one.remedy), *(other["text"] for other in other_languages(one.remedy))])),
        (gettext("How it is called"), say(one.how_to_call)),
        (gettext("Without approval"), gettext("yes") if one.at_once else gettext("no")),
        (gettext("Penalty"), points),
    ]
    return {
        "title": say(one.promise), "others": other_languages(one.promise),
        "rows": [(label, value) for label, value in rows if value], "long": is_long(value for _label, value in rows),
    }  # fmt: skip


_BLANKS = (pgettext_lazy("of a person", "Name"), _("Place and day"), _("Signature or chop"))


def _signing(page: VersionDocument, copy: Copy) -> dict[str, Any]:
    link = page.version.agreement.link
    current = {one.signature.pk for one in page.signed.values()}
    remark = gettext(
        "To be signed or chopped here; then scan all pages and register the scan on the page of the agreement."
    )
    return {
        "heading": gettext("Signatures"),
        "remarks": [remark] if copy is Copy.SIGNING else [],
        "sides": [
            signature_shown(
                page.signed.get(side),
                label=gettext("For the supplier") if side is Side.SUPPLIER else gettext("For the customer"),
                party=str(link.supplier if side is Side.SUPPLIER else link.customer),
                copy=copy,
            )
            for side in Side
        ],
        "earlier-heading": gettext("Signatures under earlier states"),
        "earlier": [in_a_line(one) for one in page.signatures if one.signature.pk not in current],
    }


def signature_shown(standing: SignatureStanding | None, *, label: str, party: str, copy: Copy) -> dict[str, Any]:
    """Who signed for a side: printed name, meaning, time with its zone, grade, digest, whether it holds; where nobody
    did, or it became void, the places for it on a copy that is to be signed."""
    holds = standing is not None and standing.holds
    said = lines(standing) if standing is not None else []
    if standing is not None:
        said.append((gettext("Digest (SHA-256)"), digest_in_groups(standing.signature.digest)))
    word = gettext("Not signed") if standing is None else _upper(str(FATES[standing.fate]))
    tone = "plain" if standing is None else "good" if holds else "bad"
    blanks = [str(one) for one in _BLANKS] if copy is Copy.SIGNING and not holds else []
    return {
        "label": label, "party": party, "state": {"word": word, "tone": tone}, "lines": said, "blanks": blanks,
        "long": is_long(value for _label, value in said),
    }  # fmt: skip


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _qr(text: str) -> str:
    """The QR code as a drawing that stands for itself, as in a file."""
    return str(qr_code(text)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE
