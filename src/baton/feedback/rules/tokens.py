"""Tokens: what lets somebody hand in one sheet of one wave. Pure Python.

A token is 25 characters of an alphabet without look-alikes, in groups of five: 24 that are random (114 bits) and one
that checks the others, so that a typing error is told before anything is looked up. The database keeps only its digest,
by wave; with the token itself what its sheet asks about is unsealed.
"""

from __future__ import annotations

import hmac
import re
import secrets
from hashlib import sha256

ALPHABET = "23456789bcdfghjkmnpqrstvwxz"
LETTERS = 24
GROUP = 5

_SPELLING = re.compile(f"[{ALPHABET}]{{{LETTERS + 1}}}")


def new_token() -> str:
    """A token, without hyphens."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return letters + _check(letters)


def spelled(token: str) -> str:
    """As it is printed: ``bcdfg-hjkmn-…``."""
    return "-".join(token[start : start + GROUP] for start in range(0, len(token), GROUP))


def token_in(typed: str) -> str | None:
    """The token that somebody typed, in whatever case and with whatever between its groups; None where it is none,
    because a character is wrong, missing or too many."""
    if len(typed) > 4 * LETTERS:
        return None
    bare = re.sub(r"[\s\-\u2010-\u2015]+", "", typed).lower()
    if not _SPELLING.fullmatch(bare) or _check(bare[:LETTERS]) != bare[LETTERS]:
        return None
    return bare


def digest_of(token: str, wave: str) -> str:
    """What the database keeps of a token: SHA-256 of it with the wave's public id; one of another wave is another."""
    return sha256(f"baton.feedback.ballot\0{wave}\0{token}".encode()).hexdigest()


def key_of(token: str, wave: str) -> bytes:
    """The key (32 bytes) under which the ballot keeps what its sheet asks about."""
    return hmac.new(token.encode(), f"baton.feedback.scope\0{wave}".encode(), sha256).digest()


def _check(letters: str) -> str:
    """A character that differs when one letter is wrong, or two neighbours that differ changed places: a sum modulo 27
    with the weights 1 and 2 in turn, neither of which has a divisor in common with 27."""
    total = sum((1 + place % 2) * ALPHABET.index(letter) for place, letter in enumerate(letters))
    return ALPHABET[total % len(ALPHABET)]
