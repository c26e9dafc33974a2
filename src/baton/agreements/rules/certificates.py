"""How a certificate stands on a day. Pure Python."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum


class CertificateState(StrEnum):
    """How a certificate stands.

    VALID     it holds
    RUNS_OUT  it holds, and the day on which it must be thought of has come
    EXPIRED   its last day is over
    NOT_YET   its first day has not come
    ENDED     it was given back, withdrawn by who issued it, or replaced
    """

    VALID = "valid"
    RUNS_OUT = "runs_out"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    ENDED = "ended"


ALERT_DAYS = 90
"""How many days before its end a certificate must be thought of, where nobody says otherwise: an audit takes weeks."""
ALERT_RANGE = range(366)


def state_of(
    began_on: date | None, ends_on: date | None, alert_days: int, *, ended: bool, day: date
) -> CertificateState:
    """How a certificate stands on a day; ``ends_on`` None: it has no end."""
    if ended:
        return CertificateState.ENDED
    if ends_on is not None and ends_on < day:
        return CertificateState.EXPIRED
    if began_on is not None and began_on > day:
        return CertificateState.NOT_YET
    if ends_on is not None and ends_on - timedelta(days=alert_days) <= day:
        return CertificateState.RUNS_OUT
    return CertificateState.VALID
