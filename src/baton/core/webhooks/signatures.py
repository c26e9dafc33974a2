"""How a call is signed, and how a receiver checks it. Standard library only: a receiver may copy this file.

As https://www.standardwebhooks.com describes it: the headers ``webhook-id``, ``webhook-timestamp`` (seconds since
1970-01-01 UTC) and ``webhook-signature``, which holds ``v1,`` and the base64 of HMAC-SHA256 over
``<id>.<timestamp>.<body>``. The secret reads ``whsec_`` and the base64 of its bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping

SECRET_BYTES = 32
TOLERANCE = 300
"""Seconds by which the clocks may differ and a call may be late."""


class NotGenuine(ValueError):
    """The call was not sent by who knows the secret, or it is too old, or it came before."""


def new_secret() -> str:
    """A random secret as the receiver gets it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, event: str, timestamp: int, body: bytes) -> str:
    """The value of ``webhook-signature``."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{event}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers(secret: str, event: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a call carries beside its body."""
    return {
        "webhook-id": event,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, event, timestamp, body),
    }


def verify(
    secret: str,
    received: Mapping[str, str],
    body: bytes,
    *,
    now: float,
    came_before: Callable[[str], bool] = lambda event: False,
    tolerance: float = TOLERANCE,
) -> str:
    """The id of a genuine call, seen at ``now`` (seconds since 1970-01-01 UTC); :class:`NotGenuine` for every other.

    ``received`` are the call's headers, their names in any case. ``came_before(id)`` says whether the receiver has
    handled this event: calls come at least once, and somebody may send an old one again within ``tolerance``.
    """
    said = {name.lower(): value for name, value in received.items()}
    event, stamp = said.get("webhook-id", ""), said.get("webhook-timestamp", "")
    if not event or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12):
        raise NotGenuine("webhook-id or webhook-timestamp is missing")
    if abs(now - int(stamp)) > tolerance:
        raise NotGenuine("too old, or from the future")
    try:
        right = signature(secret, event, int(stamp), body).encode()
    except (binascii.Error, ValueError) as bad:
        raise NotGenuine("the secret cannot be read") from bad
    given = said.get("webhook-signature", "").encode().split()
    if not any(hmac.compare_digest(right, one) for one in given):
        raise NotGenuine("the signature does not fit")
    if came_before(event):
        raise NotGenuine("came before")
    return event
