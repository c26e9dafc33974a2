"""Organisation-wide roles, states and thresholds of the core. Pure Python."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum


class Role(StrEnum):
    """A part somebody plays for the whole organisation; what he is in one department is a membership.

    ADMINISTRATOR    runs the installation: people, sign-ins, settings; sees no more of the records than others
    QUALITY_MANAGER  keeps the chain and its standards true; sees every link
    DIRECTOR         sees every link and every result, changes none of them
    HR               people and appraisal
    AUDITOR          reads everything, including the audit trail, and changes nothing
    GUEST            an outsider: sees only what is shared with him
    """

    ADMINISTRATOR = "administrator"
    QUALITY_MANAGER = "quality_manager"
    DIRECTOR = "director"
    HR = "hr"
    AUDITOR = "auditor"
    GUEST = "guest"


# Whoever can take over one of these can do or see what he was not given.
POWERFUL = frozenset(Role) - {Role.GUEST}

SESSION_IDLE = timedelta(minutes=30)
SESSION_ABSOLUTE = timedelta(hours=12)
RESET_CODE_LIFE = timedelta(hours=24)
SIGN_IN_FAILURES = 10
ADDRESS_FAILURES = 100
SIGN_IN_COOL_OFF = timedelta(minutes=15)
LAST_SEEN_GRAIN = timedelta(minutes=1)
TOTP_STEP = timedelta(seconds=30)
TOTP_TOLERANCE = 1
PASSWORD_LENGTH = range(10, 129)


def normal_sign_in_name(raw: str) -> str:
    """The one spelling under which a sign-in name, e-mail or phone is stored and looked up.

    NFKC and case folding, so that two names that look alike are the same name (cf. CVE-2019-19844).
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raw).strip().casefold())


_PHONE_PUNCTUATION = str.maketrans("", "", " \t-\u2010\u2011\u2012\u2013()./")


def normal_phone(raw: str) -> str:
    """The one spelling of a telephone number: ASCII digits, a leading plus if one was given, no punctuation."""
    return normal_sign_in_name(raw).translate(_PHONE_PUNCTUATION)


def masked_phone(phone: str) -> str:
    """A number that can be recognised but not dialled: ``138****1234``."""
    return f"{phone[:-8]}****{phone[-4:]}" if len(phone) > 8 else "*" * len(phone)


def why_no_session(*, began: datetime | None, seen: datetime | None, at: datetime, valid_from: datetime | None) -> str:
    """Why a session is over at ``at``: ``unknown``, ``absolute``, ``idle``, ``ended``; empty while it lasts."""
    if began is None or seen is None:
        return "unknown"
    if at - began > SESSION_ABSOLUTE:
        return "absolute"
    if at - seen > SESSION_IDLE:
        return "idle"
    return "ended" if valid_from is not None and began < valid_from else ""


def normal_reset_code(raw: str) -> str:
    """A one-time code as it is stored: lower case, without the hyphens between its groups."""
    return "".join(c for c in normal_sign_in_name(raw) if c.isalnum())
