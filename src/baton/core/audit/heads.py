"""Signed heads of the audit trail.

A bare chain cannot show that its whole history was rewritten or its tail cut off: both give another chain that holds.
Once a day the number and hash of the last entry are signed (Ed25519) and added to a file in the data folder, which is
to be carried to where administrators of this machine cannot change it; where a mail server is set, the line is also
sent to the mailboxes of BATON_AUDIT_HEADS_TO. ``baton verify --head FILE`` then compares.

One line of the file is canonical JSON: ``at`` (UTC), ``seq``, ``hash``, ``key`` (public key, hexadecimal) and
``signature`` (hexadecimal) over the canonical JSON of the other four.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext

from baton.core.actors import Actor
from baton.core.audit.chain import canonical
from baton.core.audit.values import plain
from baton.core.errors import Refused
from baton.core.models import AuditEntry
from baton_analysis.errors import gettext_noop


class HeadsUnreadable(Refused):
    """A file of signed heads that is damaged, forged or signed by somebody else."""


@dataclass(frozen=True, slots=True)
class Head:
    """Entry ``seq`` had the hash ``hash`` at ``at`` (ISO 8601, UTC)."""

    at: str
    seq: int
    hash: str


def key_file() -> Path:
    """The private key, PEM, readable by its owner only."""
    return Path(settings.DATA_DIR) / "audit_head_key.pem"


def heads_file() -> Path:
    """The signed heads of this installation, a line each, oldest first."""
    return Path(settings.DATA_DIR) / "audit_heads.jsonl"


def public_key() -> str:
    """This installation's public key, hexadecimal; empty before the first head is signed."""
    return _hex(_load_key().public_key()) if key_file().exists() else ""


def sign_head(*, by: Actor, at: datetime, progress: Any = None) -> Head | None:
    """Sign the head as it stands, send it off the machine and add it to the file; None for an empty trail or a head
    already signed."""
    last = AuditEntry.objects.order_by("-seq").values_list("seq", "hash").first()
    if last is None:
        return None
    known = read_heads(heads_file()) if heads_file().exists() else []
    if known and (known[-1].seq, known[-1].hash) == last:
        return None
    key = _load_key() if key_file().exists() else _make_key()
    said = {"at": plain(at), "seq": last[0], "hash": last[1], "key": _hex(key.public_key())}
    line = canonical({**said, "signature": key.sign(canonical(said).encode()).hex()}) + "\n"
    # Before the file: what could not be sent is signed and sent again when the job is repeated.
    if settings.SENDS_MAIL and settings.AUDIT_HEADS_TO:
        send_mail(f"Baton: {gettext('Audit trail')} {last[0]}", line, None, settings.AUDIT_HEADS_TO)
    descriptor = os.open(heads_file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(line.encode())
        out.flush()
        os.fsync(out.fileno())
    return Head(said["at"], *last)


def read_heads(file: Path) -> list[Head]:
    """The heads of ``file`` in its order, each signature checked.

    The signatures must be this installation's (where it has a key) and all by one key. Raises :class:`HeadsUnreadable`
    with the line that is wrong.
    """
    trusted = public_key()
    heads: list[Head] = []
    for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        try:
            said = json.loads(line)
            signature = bytes.fromhex(said.pop("signature"))
            trusted = trusted or said["key"]
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(trusted)).verify(signature, canonical(said).encode())
            heads.append(Head(str(said["at"]), int(said["seq"]), str(said["hash"])))
        except (ValueError, KeyError, TypeError, AttributeError, InvalidSignature) as wrong:
            raise HeadsUnreadable(
                expected=gettext_noop("Each line of {file} is a head of the audit trail signed by this installation."),
                found=gettext_noop("Line {row} is damaged, changed or signed with another key."),
                remedy=gettext_noop("Use the file as it was exported, or look into who changed it."),
                file=file.name,
                row=number,
            ) from wrong
    return heads


def _make_key() -> Ed25519PrivateKey:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    descriptor = os.open(key_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(pem)
    return key


def _load_key() -> Ed25519PrivateKey:
    key = serialization.load_pem_private_key(key_file().read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{key_file()} does not hold an Ed25519 key")
    return key


def _hex(key: Ed25519PublicKey) -> str:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw).hex()
