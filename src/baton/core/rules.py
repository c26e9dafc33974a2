"""Organisation-wide roles, states and thresholds of the core. Pure Python."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
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


SESSION_IDLE = timedelta(minutes=30)
SESSION_ABSOLUTE = timedelta(hours=12)
RESET_CODE_LIFE = timedelta(hours=24)
SIGN_IN_FAILURES = 10
SIGN_IN_COOL_OFF = timedelta(minutes=15)
PASSWORD_LENGTH = range(10, 129)


def normal_sign_in_name(raw: str) -> str:
    """The one spelling under which a sign-in name, e-mail or phone is stored and looked up.

    NFKC and case folding, so that two names that look alike are the same name (cf. CVE-2019-19844).
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raw).strip().casefold())
