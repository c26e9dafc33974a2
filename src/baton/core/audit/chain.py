"""The hash chain itself: canonical bodies and their hashes. Pure Python.

Definition (docs/methods/audit-trail.md): ``hash = SHA-256(len(prev) prev len(seq) seq len(body) body)`` with lengths as
eight-byte big-endian integers, ``seq`` as eight bytes, ``prev`` as the 64 hexadecimal characters of the entry before
(64 zeros for the first) and ``body`` as canonical JSON in UTF-8.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

GENESIS = "0" * 64


def canonical(body: dict[str, Any]) -> str:
    """The one JSON text of ``body``: sorted keys, no spaces, no NaN, Unicode as is."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def entry_hash(prev: str, seq: int, body: str) -> str:
    """Hash of one entry; see the module's definition."""
    digest = hashlib.sha256()
    for part in (prev.encode("ascii"), seq.to_bytes(8, "big"), body.encode("utf-8")):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()
