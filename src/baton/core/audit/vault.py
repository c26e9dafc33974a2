"""Personal values of the audit trail: apart from it, encrypted under one key per data subject.

The trail itself holds only a keyed digest, so that it verifies for ever; destroying the subject's key makes the values,
and any guess at them, unreadable.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from baton.core.models import PersonalValue, SubjectKey


def _key(subject: str) -> bytes:
    row, _created = SubjectKey.objects.get_or_create(subject=subject, defaults={"key": secrets.token_bytes(32)})
    return bytes(row.key)


def _text(field: str, old: Any, new: Any) -> bytes:
    return json.dumps([field, old, new], sort_keys=True, ensure_ascii=False, allow_nan=False).encode()


def digest(subject: str, field: str, old: Any, new: Any) -> str:
    """HMAC-SHA-256 of the change under the subject's key, as it stands in the trail."""
    return hmac.new(_key(subject), _text(field, old, new), hashlib.sha256).hexdigest()


def keep(seq: int, subject: str, values: Mapping[str, tuple[Any, Any]]) -> None:
    """Store old and new value of each personal field of entry ``seq``, sealed."""
    if not values:
        return
    cipher = AESGCM(_key(subject))
    rows = []
    for name, (old, new) in values.items():
        nonce = secrets.token_bytes(12)
        sealed = nonce + cipher.encrypt(nonce, _text(name, old, new), f"{seq}:{name}".encode())
        rows.append(PersonalValue(seq=seq, subject=subject, field=name, sealed=sealed))
    PersonalValue.objects.bulk_create(rows)


def opened(seq: int) -> dict[str, tuple[Any, Any]]:
    """The personal values of an entry that can still be read: field -> (old, new)."""
    found: dict[str, tuple[Any, Any]] = {}
    for row in PersonalValue.objects.filter(seq=seq):
        key = SubjectKey.objects.filter(subject=row.subject).first()
        if key is None:
            continue
        sealed = bytes(row.sealed)
        plain = AESGCM(bytes(key.key)).decrypt(sealed[:12], sealed[12:], f"{seq}:{row.field}".encode())
        _field, old, new = json.loads(plain)
        found[row.field] = (old, new)
    return found


def destroy(subject: str) -> bool:
    """Forget the key of ``subject``; returns whether there was one."""
    deleted, _rows = SubjectKey.objects.filter(subject=subject).delete()
    return bool(deleted)
