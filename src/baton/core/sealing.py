"""Secrets that must be read again, encrypted under the installation's secret key.

Whoever has a copy of the database, or a backup of it, and not the key, has none of them.
"""

from __future__ import annotations

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from baton.core.errors import Refused
from baton_analysis.errors import gettext_noop


def sealed(purpose: str, text: str) -> str:
    """``text`` encrypted (AES-256-GCM) for ``purpose``, base64; it opens for no other purpose."""
    nonce = secrets.token_bytes(12)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, text.encode(), purpose.encode())).decode()


def opened(purpose: str, seal: str) -> str:
    """The text again; :class:`Refused` where it was sealed under another key of the installation."""
    raw = base64.b64decode(seal)
    try:
        return _cipher().decrypt(raw[:12], raw[12:], purpose.encode()).decode()
    except InvalidTag as other:
        raise Refused(
            expected=gettext_noop("Expected a secret that was stored under this installation’s key."),
            found=gettext_noop("It was stored under another one."),
            remedy=gettext_noop("Bring the old BATON_SECRET_KEY back, or make the secret anew."),
        ) from other


def _cipher() -> AESGCM:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"baton.core.sealing")
    return AESGCM(key.derive(settings.SECRET_KEY.encode()))
