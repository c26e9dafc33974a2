"""Organisation-wide roles, states and thresholds of the core. Pure Python."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

START_REFUSED = 3
"""Exit code of a process that does not start; gunicorn ends with its web processes when one of them ends so, with any
other code it would start the next one, for ever."""


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


class BatchState(StrEnum):
    """How far a bulk entry has come.

    STAGING    its rows are being entered; nobody sees them, but their unique keys are taken
    SEALED     all rows are there and count, from one moment on
    WITHDRAWN  was sealed and is taken back as a whole: its rows count no more and their keys are given back
    ABANDONED  was never sealed: its rows never counted, and their keys are given back
    """

    STAGING = "staging"
    SEALED = "sealed"
    WITHDRAWN = "withdrawn"
    ABANDONED = "abandoned"


class ImportState(StrEnum):
    """How far an import has come.

    BROUGHT    the table is kept; which column holds what is not said yet
    CHECKING   a worker looks at every row
    CHECKED    every row was looked at; nothing is entered
    ENTERING   a worker enters the new rows, seals them, and then applies the changes
    ENTERED    all of it counts
    FAILED     it could not be read or entered; nothing of it counts
    WITHDRAWN  it was taken back as a whole
    """

    BROUGHT = "brought"
    CHECKING = "checking"
    CHECKED = "checked"
    ENTERING = "entering"
    ENTERED = "entered"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class ImportOrigin(StrEnum):
    """By which door a table came."""

    FILE = "file"
    PASTE = "paste"
    FOLDER = "folder"
    COMMAND = "command"


TAKEN_BACK = (BatchState.WITHDRAWN, BatchState.ABANDONED)

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


class TokenKind(StrEnum):
    """For whom a token of the API is.

    PERSONAL  for the scripts of its owner
    MACHINE   for another system that works unattended; lives longer, and only an administrator or quality manager
              makes one
    """

    PERSONAL = "personal"
    MACHINE = "machine"


class DayKind(StrEnum):
    """In what a day of a calendar differs from its week.

    HOLIDAY  nothing opens
    MAKE_UP  it works like a named weekday, such as a Saturday with the hours of a Monday
    """

    HOLIDAY = "holiday"
    MAKE_UP = "make_up"


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Days of the week as calendars keep them."""

CALENDAR_DAYS = 5_000
"""Most holidays and make-up days of one calendar: a hundred years of a country that has many."""

OPENINGS_A_DAY = 8
"""Most openings of one weekday: shifts and what lies between breaks."""


TOKEN_DAYS = {TokenKind.PERSONAL: 365, TokenKind.MACHINE: 1096}
"""Longest life of a token in days."""

TOKENS_A_PERSON = 50
"""Most tokens that one person has at a time."""


VIEWS_A_LIST = 50
"""Most saved views that one person keeps of one list."""


class ActionState(StrEnum):
    """How far something that is done to many rows of a list has come.

    PROPOSED  the rows are chosen; nothing is changed
    RUNNING   row after row is changed or refused
    FINISHED  every row was changed or refused
    STOPPED   given up before; the rows that were not dealt with stay as they were
    """

    PROPOSED = "proposed"
    RUNNING = "running"
    FINISHED = "finished"
    STOPPED = "stopped"


ACTION_ROWS = 20_000
"""Most rows of a list to which something is done at once."""

AT_ONCE = 100
"""So many rows are dealt with while the person waits; more by a worker."""


class Protocol(StrEnum):
    """How a receiver of webhooks wants to be spoken to.

    STANDARD  a program: which record, what happened, signed as Standard Webhooks
    WECOM     the robot of a group chat in WeCom: a sentence for people
    DINGTALK  the same in DingTalk
    FEISHU    the same in Feishu or Lark
    """

    STANDARD = "standard"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"


class WebhookState(StrEnum):
    """Whether a subscription is sent to.

    ACTIVE  events are sent
    PAUSED  nothing is sent; events wait and are sent when it is resumed
    ENDED   for good
    """

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class DeliveryState(StrEnum):
    """How far an event for a subscription has come.

    WAITING    in the queue; sent in its turn, again until it is taken
    ASKED      a test or a repetition: sent once, at once
    DELIVERED  the receiver took it
    FAILED     a test or repetition that was not taken
    SKIPPED    somebody decided that it is not sent
    WITHHELD   the owner may no longer see what it is about; not everybody in a group chat may
    LATE       so old that a group chat is not told of it any more
    """

    WAITING = "waiting"
    ASKED = "asked"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"
    WITHHELD = "withheld"
    LATE = "late"


FIRST_GAP = timedelta(minutes=1)
LONGEST_GAP = timedelta(hours=6)


LONGEST_SILENCE = timedelta(days=1)
"""What happened longer ago is not told to a group chat any more, as when it was paused."""

ROBOT_WINDOW, ROBOT_MOST, ROBOT_LINES = timedelta(minutes=2), 20, 8
"""Robots take 20 messages a minute and lock who sends more for ten. Told are at most so many events in twice that time,
because a run goes on for half a minute after the moment that stands in the log, and several of them in one message."""

ROBOT_LOCK = timedelta(minutes=10)


def gap_after(failures: int) -> timedelta:
    """How long to wait after so many failed calls in a row: 1, 2, 4 ... minutes, at most six hours."""
    return min(FIRST_GAP * int(2 ** min(max(failures - 1, 0), 20)), LONGEST_GAP)


class MailRhythm(StrEnum):
    """How soon somebody is told by e-mail of a kind of message; inside the product he always is at once.

    AT_ONCE  as soon as it happens, outside his quiet hours
    DAILY    once a day, together with everything else
    NEVER    not by e-mail
    """

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


class MailState(StrEnum):
    """How far an e-mail has come.

    WAITING  to be sent, again until the mail server takes it
    SENT     the mail server took it
    FAILED   given up: refused for good, or not taken for days
    """

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


QUIET_FROM, QUIET_UNTIL, DAILY_AT = 20, 7, 8
"""Hours of the day in somebody's own zone, unless he chooses others: no e-mail from and until, and the daily one."""


def mail_due(
    rhythm: MailRhythm, at: datetime, zone: str, *, quiet_from: int = QUIET_FROM, quiet_until: int = QUIET_UNTIL,
    daily_at: int = DAILY_AT,
) -> datetime:  # fmt: skip
    """When an e-mail about what happened at ``at`` may go. The hours are full ones (0-23) in ``zone``; quiet hours may
    go over midnight, and there are none where both are the same."""
    local = at.astimezone(ZoneInfo(zone))
    if rhythm is MailRhythm.DAILY:
        return _next_hour(local, daily_at).astimezone(at.tzinfo)
    is_quiet = (local.hour - quiet_from) % 24 < (quiet_until - quiet_from) % 24
    return _next_hour(local, quiet_until).astimezone(at.tzinfo) if is_quiet else at


def _next_hour(local: datetime, hour: int) -> datetime:
    """The next time at which a clock on the wall shows the full ``hour``."""
    today = datetime.combine(local.date(), time(hour), local.tzinfo)
    return today if today > local else datetime.combine(local.date() + timedelta(days=1), time(hour), local.tzinfo)


def normal_sign_in_name(raw: str) -> str:
    """The one spelling under which a sign-in name, e-mail or phone is stored and looked up.

    NFKC and case folding, so that two names that look alike are the same name (cf. CVE-2019-19844).
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", raw).strip().casefold())


PHONE = re.compile(r"\+?[0-9]{3,20}")
"""A telephone number in the spelling of :func:`normal_phone`; short ones are extensions of the house."""

_PHONE_PUNCTUATION = str.maketrans("", "", " \t-\u2010\u2011\u2012\u2013()./")


def normal_phone(raw: str) -> str:
    """The one spelling of a telephone number: ASCII digits, a leading plus if one was given, no punctuation."""
    return normal_sign_in_name(raw).translate(_PHONE_PUNCTUATION)


def masked_phone(phone: str) -> str:
    """A number that can be recognised but not dialled: ``138****1234``."""
    return f"{phone[:-8]}****{phone[-4:]}" if len(phone) > 8 else "*" * len(phone)


def masked_email(email: str) -> str:
    """An address that can be recognised but not written to: ``l***@example.org``; empty for none."""
    local, _at, host = email.rpartition("@")
    return f"{local[:1]}***@{host}" if email else ""


CONTACT_PATTERN = r"@|^\+?[0-9][-0-9 ()./]{9,}$"
"""What tells an e-mail or a telephone number from a staff number among sign-in names in their normal spelling."""


def is_contact(sign_in_name: str) -> bool:
    """Whether somebody signs in with an e-mail or a telephone number instead of a staff number."""
    return re.search(CONTACT_PATTERN, sign_in_name) is not None


def masked_sign_in_name(name: str) -> str:
    """The name as it stands, but masked where it is an e-mail or a telephone number."""
    if not is_contact(name):
        return name
    return masked_email(name) if "@" in name else masked_phone(normal_phone(name))


ISSUER_LENGTH = 500
"""Longest address of an identity provider."""

SUBJECT_LENGTH = 255
"""Longest name that a provider gives an account (OpenID Connect Core 1.0, 2)."""


def is_subject(raw: str) -> bool:
    """Whether this can be what a provider calls an account: something, printable, and not too long."""
    return 0 < len(raw) <= SUBJECT_LENGTH and raw.isprintable()


def forgotten_name(public_id: str) -> str:
    """The sign-in name of somebody who was forgotten; nobody signs in with it."""
    return f"forgotten-{public_id}"


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
