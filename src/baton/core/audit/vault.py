"""Personal values of the audit trail: apart from it, encrypted under one key per data subject.

The trail itself holds only a keyed digest, so that it verifies for ever; destroying the subject's key makes the values,
and any guess at them, unreadable. A destroyed key is never replaced: of somebody who was forgotten nothing can be kept
again.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from baton.core.models import PersonalValue, SubjectKey

Changed = tuple[Any, Any]
_DESTROYED = b""


def _key(subject: str) -> bytes:
    """The subject's key, made when there is none yet; empty when it was destroyed. Under the lock of the trail."""
    row, _created = SubjectKey.objects.get_or_create(subject=subject, defaults={"key": secrets.token_bytes(32)})
    return bytes(row.key)


def _text(field: str, change: Changed) -> bytes:
    return json.dumps([field, *change], sort_keys=True, ensure_ascii=False, allow_nan=False).encode()


def _place(seq: int, field: str) -> bytes:
    return f"{seq}:{field}".encode()


def keep(seq: int, subject: str, values: Mapping[str, Changed]) -> dict[str, str]:
    """Store old and new value of each personal field of entry ``seq``, sealed.

    Returns by field what stands in the trail instead: HMAC-SHA-256 of entry, field, old and new value under the
    subject's key (of a forgotten subject: random, nothing is stored).
    """
    if not values:
        return {}
    key = _key(subject)
    if key == _DESTROYED:
        return {name: secrets.token_hex(32) for name in values}
    cipher = AESGCM(key)
    rows, digests = [], {}
    for name, changed in values.items():
        text, place, nonce = _text(name, changed), _place(seq, name), secrets.token_bytes(12)
        sealed = nonce + cipher.encrypt(nonce, text, place)
        rows.append(PersonalValue(seq=seq, subject=subject, field=name, sealed=sealed))
        digests[name] = hmac.new(key, place + b"\0" + text, hashlib.sha256).hexdigest()
    PersonalValue.objects.bulk_create(rows)
    return digests


def opened(seqs: Iterable[int]) -> dict[int, dict[str, Changed]]:
    """The personal values that can still be read: entry -> field -> (old, new)."""
    rows = list(PersonalValue.objects.filter(seq__in=list(seqs)))
    keys = dict(SubjectKey.objects.filter(subject__in={row.subject for row in rows}).values_list("subject", "key"))
    found: dict[int, dict[str, Changed]] = defaultdict(dict)
    for row in rows:
        key, sealed = bytes(keys.get(row.subject, _DESTROYED)), bytes(row.sealed)
        if key == _DESTROYED:
            continue
        try:
            text = AESGCM(key).decrypt(sealed[:12], sealed[12:], _place(row.seq, row.field))
        except InvalidTag:
            continue
        _field, old, new = json.loads(text)
        found[row.seq][row.field] = (old, new)
    return dict(found)


def destroy(subject: str) -> bool:
    """Empty the key of ``subject`` for good and drop what was sealed with it; returns whether there was one.

    After the commit the traces of both are to be scrubbed from the files (:mod:`baton.core.database.scrubbing`).
    """
    had_one = SubjectKey.objects.filter(subject=subject).exclude(key=_DESTROYED).exists()
    SubjectKey.objects.update_or_create(subject=subject, defaults={"key": _DESTROYED})
    PersonalValue.objects.filter(subject=subject).delete()
    return had_one
