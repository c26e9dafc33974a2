"""How sheets and envelopes are sealed. Pure Python with NaCl.

A sheet is sealed to the wave's public key (X25519 sealed box: Bernstein's crypto_box with a key pair that is used once)
and cannot be opened without the private one, not by who sealed it either. Everything is filled up to one of few
lengths, so that how much somebody wrote says nothing.
"""

from __future__ import annotations

import json
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random

LENGTHS = (8_192, 65_536, 524_288)
"""To which contents are filled up, in bytes; what is longer does not fit. Few, and the shortest such that ratings of
five links with some 2,000 Chinese characters fit: a seal that is longer than others says that somebody wrote a lot."""
ENVELOPE = 256
MOST_BYTES = LENGTHS[-1] - 4


class CannotOpen(Exception):
    """It was sealed under another key, or changed."""


class TooMuch(ValueError):
    """It does not fit into the longest of :data:`LENGTHS`."""


def new_key() -> bytes:
    """A private key (32 bytes) for a wave."""
    return bytes(PrivateKey.generate())


def public_key(private: bytes) -> bytes:
    """The public key that belongs to it."""
    return bytes(PrivateKey(private).public_key)


def envelope_key() -> bytes:
    """A key (32 bytes) for the envelopes of a wave."""
    return random(SecretBox.KEY_SIZE)


def sealed_sheet(sheet: Any, public: bytes) -> bytes:
    """``sheet`` (JSON values) as nobody reads it without the private key; TooMuch above :data:`MOST_BYTES`."""
    return SealedBox(PublicKey(public)).encrypt(_filled(_packed(sheet), LENGTHS))


def opened_sheet(seal: bytes, private: bytes) -> Any:
    """What was sealed; CannotOpen with another key."""
    try:
        return json.loads(_emptied(SealedBox(PrivateKey(private)).decrypt(seal)))
    except CryptoError as other:
        raise CannotOpen from other


def sealed_under(contents: Any, key: bytes, length: int = ENVELOPE) -> bytes:
    """``contents`` (JSON values) under a key of 32 bytes, filled up to ``length`` bytes or, where they need more, to
    the next of :data:`LENGTHS`."""
    return bytes(SecretBox(key).encrypt(_filled(_packed(contents), (length, *LENGTHS))))


def opened_under(seal: bytes, key: bytes) -> Any:
    """What was sealed; CannotOpen with another key."""
    try:
        return json.loads(_emptied(SecretBox(key).decrypt(bytes(seal))))
    except CryptoError as other:
        raise CannotOpen from other


def _packed(contents: Any) -> bytes:
    return json.dumps(contents, ensure_ascii=False, separators=(",", ":")).encode()


def _filled(packed: bytes, lengths: tuple[int, ...]) -> bytes:
    needed = len(packed) + 4
    length = next((one for one in lengths if one >= needed), None)
    if length is None:
        raise TooMuch(f"{needed} bytes are more than {lengths[-1]}")
    return len(packed).to_bytes(4, "big") + packed + b"\0" * (length - needed)


def _emptied(filled: bytes) -> bytes:
    return filled[4 : 4 + int.from_bytes(filled[:4], "big")]
