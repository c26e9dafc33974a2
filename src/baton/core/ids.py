"""Public ids and spoken numbers."""

from __future__ import annotations

import os

# No vowels and none of the characters that people mistake for one another.
ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LENGTH = 16
# Nine bytes mean each letter; those beyond nine times the alphabet would make some letters likelier, and are left out.
_LETTERS = bytes(ord(ALPHABET[byte % len(ALPHABET)]) for byte in range(256))
_UNEVEN = bytes(range(256 - 256 % len(ALPHABET), 256))


def new_public_id() -> str:
    """A random id of 76 bits for addresses, API and QR codes; it says nothing about order or number."""
    found = b""
    while len(found) < LENGTH:  # once: of 32 bytes fewer than 16 are left out in one of 10^14 cases
        found = os.urandom(2 * LENGTH).translate(_LETTERS, _UNEVEN)
    return found[:LENGTH].decode("ascii")


def spoken_number(prefix: str, year: int, ordinal: int, digits: int = 4) -> str:
    """The number that people say on the phone, such as ``L-2026-0042``; filled up to so many ``digits``."""
    return f"{prefix}-{year}-{ordinal:0{digits}d}"
