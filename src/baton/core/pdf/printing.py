"""Asks the process that sets documents, and says what it refused."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext, ngettext

from baton.core import formats
from baton.core.errors import Refused
from baton.core.pdf.characters import Printable
from baton.core.pdf.limits import SECONDS
from baton.core.versions import Memory
from baton_analysis.errors import gettext_noop

_PACKAGES = Path(__file__).resolve().parents[3]
_SHARED = Path(__file__).resolve().parent / "page.typ"
_NAMED = 10
_log = logging.getLogger(__name__)

PDF_TYPE = "application/pdf"
_KEPT: Memory[bytes] = Memory(most=16)
"""The documents asked for last, by all that they are made of: many open the one that was just proposed."""


@dataclass(frozen=True, slots=True)
class Pdf:
    """A document that was made; ``name`` is that of its file, one of ours and never a reader's."""

    name: str
    content: bytes

    def answer(self) -> HttpResponse:
        """The file, to be looked at in the browser."""
        response = HttpResponse(self.content, content_type=PDF_TYPE)
        response["Content-Disposition"] = f'inline; filename="{self.name}"'
        return response


class NotPrinted(Refused):
    """The document could not be made."""

    status = 503


def is_available() -> bool:
    """Whether this installation has what sets documents."""
    return find_spec("typst") is not None


def printed(*, name: str, layout: Path, data: Mapping[str, Any], keep: bool = True) -> Pdf:
    """The PDF that ``layout`` makes of ``data``: texts, numbers, lists and mappings of them, for the reader's language.

    A character for which the font has no form stands as its code, such as [U+1F600], and a line at the end of the
    document says so. Unless ``keep``, nothing of it stays in memory: it holds what nobody may read twice. Raises
    :class:`NotPrinted` where the package is missing or the document takes too long.
    """
    printable = Printable()
    shown = printable.all_of(data)
    asked = {
        "source": _SHARED.read_text("utf-8") + layout.read_text("utf-8"),
        "data": {**shown, "remark": _remark(printable.codes), "pages": _page_words()},
    }
    encoded = json.dumps(asked).encode()
    if not keep:
        return Pdf(name, _made(encoded))
    return Pdf(name, _KEPT.get(sha256(encoded).digest(), lambda: _made(encoded)))


def _made(encoded: bytes) -> bytes:
    made = _asked(encoded)
    if not made.startswith(b"%PDF-"):
        raise _not_printed(made)
    return made


def _page_words() -> list[str]:
    """What stands before, between and behind the number of the page and that of all pages."""
    before, _page, rest = gettext("Page {page} of {pages}").partition("{page}")
    between, _pages, behind = rest.partition("{pages}")
    return [before, between, behind]


def _remark(codes: list[str]) -> str:
    if not codes:
        return ""
    more = " …" if len(codes) > _NAMED else ""
    said = ngettext(
        "The font has no form for one character; it stands as its code: {codes}.",
        "The font has no form for some characters; they stand as their codes: {codes}.",
        len(codes),
    )
    return said.format(codes=formats.listing(codes[:_NAMED]) + more)


def _asked(encoded: bytes) -> bytes:
    command = [sys.executable, "-m", "baton.core.pdf.printer"]
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH") if name in os.environ}
    try:
        ran = subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=False, input=encoded,
            env={**kept, "PYTHONPATH": str(_PACKAGES), "RAYON_NUM_THREADS": "1", "PYTHONUTF8": "1"},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return b""
    if not ran.stdout:
        _log.warning("a document was not set: %s", ran.stderr[-500:].decode("utf-8", "replace"))
    return ran.stdout


def _not_printed(said: bytes) -> NotPrinted:
    try:
        told = json.loads(said)
    except ValueError:
        told = {"refused": "failed", "why": ""}
    if told["refused"] == "missing":
        return NotPrinted(
            expected=gettext_noop("Making a PDF takes the package typst."),
            found=gettext_noop("It is not installed here."),
            remedy=gettext_noop("Ask the administrator to install typst, or print the page from the browser."),
        )
    if told["why"]:
        _log.error("a document was not set: %s", told["why"])
    return NotPrinted(
        expected=gettext_noop("Expected a document that can be set within {seconds} seconds."),
        found=gettext_noop("This one takes longer, or more memory than is given to it."),
        remedy=gettext_noop("Try again in a minute; if it stays so, tell the administrator, who finds it in the log."),
        seconds=SECONDS,
    )
