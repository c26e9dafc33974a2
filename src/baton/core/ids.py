"""Public ids and spoken numbers."""

from __future__ import annotations

import secrets

# No vowels and none of the characters that people mistake for one another.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 16


def new_public_id() -> str:
    """A random id of 76 bits for addresses, API and QR codes; it says nothing about order or number."""
    # 256 bits for 76: what the division leaves uneven is beyond measure, and one call is as quick for a million rows.
    rest, base, found = secrets.randbits(256), len(ALPHABET), ""
    for _place in range(LENGTH):
        rest, digit = divmod(rest, base)
        found += ALPHABET[digit]
    return found


def spoken_number(prefix: str, year: int, ordinal: int, digits: int = 4) -> str:
    """The number that people say on the phone, such as ``L-2026-0042``; filled up to so many ``digits``."""
    return f"{prefix}-{year}-{ordinal:0{digits}d}"
