"""The hash chain itself: canonical bodies and their hashes. Pure Python.

Definition (docs/methods/audit-trail.md): ``hash = SHA-256(len(prev) prev len(seq) seq len(body) body)`` with lengths as
eight-byte big-endian integers, ``seq`` as eight bytes, ``prev`` as the 64 hexadecimal characters of the entry before
(64 zeros for the first) and ``body`` as canonical JSON in UTF-8.
"""

from __future__ import annotations

import json
import struct
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any

GENESIS = "0" * 64

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode
# Everything before the body has a fixed length, so one call packs it.
_head = struct.Struct(">Q64sQQQ").pack


def canonical(body: dict[str, Any]) -> str:
    """The one JSON text of ``body``: sorted keys, no spaces, no NaN, Unicode as is."""
    return _encode(body)


def canonical_value(value: Any) -> str:
    """The JSON text of one value as it stands within a canonical body."""
    return encode_basestring(value) if type(value) is str else _encode(value)


def entry_hash(prev: str, seq: int, body: str) -> str:
    """Hash of one entry; see the module's definition. ``prev`` has 64 ASCII characters (``ValueError`` otherwise)."""
    if len(prev) != 64:
        raise ValueError(f"a hash has 64 characters, this has {len(prev)}: {prev!r}")
    text = body.encode("utf-8")
    return sha256(_head(64, prev.encode("ascii"), 8, seq, len(text)) + text).hexdigest()
