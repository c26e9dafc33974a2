"""Cells that hold an e-mail address or a phone number."""

from __future__ import annotations

import re
import unicodedata

from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells.texts import CellProblem, clean_text, has_invisible, problem, refusal

_LOCAL = r"[^\s@<>()\[\]\\,;:\"]{1,64}"
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_EMAIL = re.compile(rf"(?!\.)(?!.*\.\.)({_LOCAL})(?<!\.)@((?:{_LABEL}\.)+{_LABEL})")
_PHONE = re.compile(r"\+?[0-9]{3,15}")
_EXTENSION = re.compile(r"\s*(?:ext\.?|x|#|分机|转|轉)\s*([0-9]{1,6})$", re.IGNORECASE)


def parse_email(text: str | None) -> str | CellProblem | None:
    """One e-mail address, its domain in small letters; letters of every script are allowed, invisible ones are not."""
    if text is None:
        return None
    if bad := refusal(text):
        return bad
    clean = clean_text(text).removeprefix("mailto:")
    if not clean:
        return None
    found = _EMAIL.fullmatch(clean) if len(clean) <= 254 else None
    if found is None or has_invisible(text.strip()):
        return problem(
            text,
            expected=gettext_noop("One e-mail address was expected, for example name@example.org."),
            found=gettext_noop("“{value}” is not one."),
            remedy=gettext_noop("Correct it, or leave the cell empty; only one address belongs into a cell."),
        )
    return f"{found[1]}@{found[2].lower()}"


def parse_phone(text: str | None) -> str | CellProblem | None:
    """A phone number as its digits, with + before a country code and x before an extension: "+8613800138000x12".

    Blanks, hyphens, points, strokes and brackets between the digits are left out.
    """
    if text is None:
        return None
    if bad := refusal(text):
        return bad
    plain = unicodedata.normalize("NFKC", clean_text(text[:200])).removeprefix("tel:")
    if not plain:
        return None
    extension = _EXTENSION.search(plain)
    digits = re.sub(r"[\s().\-/\u2010-\u2015]", "", plain[: extension.start()] if extension else plain)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not _PHONE.fullmatch(digits) or len(text) > 200:
        return problem(
            text,
            expected=gettext_noop("One phone number of 3 to 15 digits was expected, for example +86 138 0013 8000."),
            found=gettext_noop("“{value}” is not one."),
            remedy=gettext_noop("Correct it, or leave the cell empty; only one number belongs into a cell."),
        )
    return digits + (f"x{extension[1]}" if extension else "")
