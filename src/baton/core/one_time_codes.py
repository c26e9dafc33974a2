"""One-time codes of authenticator apps (RFC 6238)."""

from __future__ import annotations

import hmac

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.utils import decrypt


def totp_step(authenticator: Authenticator, code: str) -> int | None:
    """The time step (30 s) to which ``code`` belongs, None when it belongs to none that is accepted now.

    The clock of the phone may be one step off in either direction.
    """
    secret = decrypt(authenticator.data["secret"])
    typed = "".join(code.split())
    for step in sorted(yield_hotp_counters_from_time(), reverse=True):
        if hmac.compare_digest(typed.encode(), format_hotp_value(hotp_value(secret, step)).encode()):
            return int(step)
    return None
