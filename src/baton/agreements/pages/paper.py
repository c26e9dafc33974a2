"""A version on paper: the page that is signed or chopped, and the QR code that binds it to its exact text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from baton.agreements.changes.signing import Mark
from baton.agreements.models import AgreementVersion
from baton.agreements.pages.signing import version_text
from baton.core.queries import SignatureStanding
from baton.core.signatures import short

_MARK = re.compile(r"/agreements/versions/([0-9a-z]{16})/print/([0-9a-f]{64})/?")


def printed_context(
    version: AgreementVersion, signatures: Sequence[SignatureStanding], digest: str, at: datetime
) -> dict[str, Any]:
    """What ``agreements/print.html`` shows: the text, the signatures given so far, places for those to come."""
    return {
        **version_text(version, at), "signatures": signatures, "mark": short(digest),
        "code": qr_code(address_of(version, digest)),
    }  # fmt: skip


def address_of(version: AgreementVersion, digest: str) -> str:
    """What the QR code says: the page that tells whether this text still stands."""
    return settings.BASE_URL + reverse("agreements:marked", args=[version.public_id, digest])


def marks_in(codes: Iterable[str]) -> list[Mark]:
    """The versions that the QR codes of a scan name; whatever else they say is left out. The host does not count: the
    paper may be older than the address of the installation."""
    found = (_MARK.search(code) for code in codes)
    return list(dict.fromkeys(Mark(one[1], one[2]) for one in found if one is not None))


@lru_cache(maxsize=256)
def qr_code(text: str, *, scale: int = 3) -> SafeString:
    """The QR code of an address of ours, as a picture in the page."""
    # A quarter of it may be under a chop or a fold. Built of squares alone; the text is ours.
    return mark_safe(segno.make(text, error="q", micro=False).svg_inline(scale=scale, border=4, light="white"))
