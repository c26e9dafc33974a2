"""Tasks for people outside: made, sent, used, withdrawn."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import constant_time_compare, salted_hmac

from baton.core import jobs, registries
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes.signatures import name_given
from baton.core.errors import Forbidden, NotFound, Refused, TooLong, VersionChanged
from baton.core.ids import ALPHABET
from baton.core.models import TaskLink
from baton.core.models.task_links import WORDS_LENGTH
from baton.core.rules import normal_reset_code
from baton.core.signatures import digest_now, short
from baton.core.signing_rules import TASK_LINK_DAYS, TASK_LINK_TRIES, LinkFate
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

SEND_JOB = "core.send_task_link"
TOKEN_LENGTH = 32
PROCESS = "task_link"
"""Under which name the trail knows what is done through a task link."""


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link just made; ``code`` and, where it is not sent, ``token`` are shown once and kept nowhere."""

    link: TaskLink
    code: str
    token: str


def make_task_link(
    *,
    by: Actor,
    at: datetime,
    task: str,
    public_id: str,
    digest: str,
    name: str,
    days: int,
    side: str = "",
    email: str = "",
    language: str = "",
) -> MadeLink:
    """Ask somebody outside, called ``name``, to do a registered ``task`` within ``days``, with the version of the
    record whose digest is ``digest``. With an ``email`` a worker sends the link there; the code goes another way.

    Called by the room, which has asked who may. Raises :class:`VersionChanged` for another version than now stands.
    """
    if by.via or by.person is None:
        raise Forbidden
    kind = registries.outside_tasks.get(task).kind
    token = _random(TOKEN_LENGTH)
    code = "-".join(_random(4) for _ in range(2))
    asked = name_given(name)
    with change(by=by, at=at) as trail:
        now = digest_now(kind, public_id)
        if now != digest:
            raise VersionChanged(shown=short(digest), now=short(now), digest=now)
        link = TaskLink(
            task=task, object_id=public_id, side=side, digest=digest, name=asked, email=_email_given(email),
            language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
            token_digest=token_digest(token), code_digest=_code_digest(code), made_by=by.person,
            expires_at=at + timedelta(days=_days_given(days)),
        )  # fmt: skip
        link = trail.save(link, "task_link.made")
        if link.email:
            jobs.enqueue(SEND_JOB, link=link.public_id)
        return MadeLink(link, code, "" if link.email else token)


def renew_token(*, by: Actor, at: datetime, link: TaskLink) -> str | None:
    """A new address for a link that is being sent; the one before opens nothing any more. None where it is over."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(TaskLink, link)
        if fresh.fate(at) is not LinkFate.OPEN:
            return None
        token = _random(TOKEN_LENGTH)
        fresh.token_digest = token_digest(token)
        trail.save(fresh, "task_link.sent")
        return token


def withdraw_task_link(*, by: Actor, at: datetime, link: TaskLink) -> TaskLink:
    """Take a link back that was not used; its room has asked who may."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(TaskLink, link)
        if fresh.fate(at) is not LinkFate.OPEN:
            return fresh
        fresh.withdrawn_at = at
        return trail.save(fresh, "task_link.withdrawn")


def try_code(*, at: datetime, link: TaskLink, code: str, request: str = "") -> bool:
    """Whether this is the code of an open link; a wrong one is counted, and :data:`TASK_LINK_TRIES` lock it."""
    by = Actor.system(PROCESS, request)
    with change(by=by, at=at) as trail:
        fresh = trail.lock(TaskLink, link)
        if fresh.fate(at) is not LinkFate.OPEN:
            return False
        if constant_time_compare(fresh.code_digest, _code_digest(code)):
            return True
        fresh.tries += 1
        trail.save(fresh, "task_link.locked" if fresh.tries >= TASK_LINK_TRIES else "task_link.refused")
        return False


def accept_through(*, at: datetime, link: TaskLink, code: str, digest: str, name: str, request: str = "") -> TaskLink:
    """Accept the version through the link, which is used up then; whoever does it gives his ``name``. Of a task that
    signs nothing this is his consent."""
    by = Actor.system(PROCESS, request)
    with change(by=by, at=at) as trail:
        fresh = _to_use(trail, link, code)
        if digest != fresh.digest:
            raise NotFound
        task = registries.outside_tasks.get(fresh.task)
        fresh.signature = task.accept(by=by, at=at, link=fresh, digest=digest, name=name)
        fresh.used_at = at
        return trail.save(fresh, "task_link.accepted")


def object_through(
    *, at: datetime, link: TaskLink, code: str, words: str, about: str = "", request: str = ""
) -> TaskLink:
    """Say through the link what speaks against the version, or against the part ``about`` of it; it is used up then,
    and who asked is told."""
    said = clean_text(words)
    if not said:
        raise Refused(
            field="words",
            expected=gettext_noop("Expected a sentence that says what speaks against it."),
            found=gettext_noop("Nothing was entered."),
            remedy=gettext_noop("Say what should be otherwise; the other side reads it."),
        )
    if len(said) > WORDS_LENGTH:
        raise TooLong(field="words", most=WORDS_LENGTH, length=len(said))
    by = Actor.system(PROCESS, request)
    with change(by=by, at=at) as trail:
        fresh = _to_use(trail, link, code)
        fresh.words, fresh.used_at = said, at
        fresh = trail.save(fresh, "task_link.objected")
        registries.outside_tasks.get(fresh.task).objected(by=by, at=at, link=fresh, about=about)
        return fresh


def token_digest(token: str) -> str:
    """HMAC-SHA-256 of what stands in the address under the installation's secret key."""
    return salted_hmac("baton.core.task_links", token, algorithm="sha256").hexdigest()


def _to_use(trail: Trail, link: TaskLink, code: str) -> TaskLink:
    """The link, locked, still open, with its code."""
    fresh = trail.lock(TaskLink, link)
    right = constant_time_compare(fresh.code_digest, _code_digest(code))
    if fresh.fate(trail.at) is not LinkFate.OPEN or not right:
        raise Refused(
            expected=gettext_noop("A task link works once, within its days and with its code."),
            found=gettext_noop("This one does not work any more."),
            remedy=gettext_noop("Ask whoever sent it to you for a new one."),
        )
    return fresh


def _code_digest(code: str) -> str:
    return salted_hmac("baton.core.task_links.code", normal_reset_code(code), algorithm="sha256").hexdigest()


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _email_given(raw: str) -> str:
    email = clean_text(raw)
    if not email:
        return ""
    try:
        validate_email(email)
    except ValidationError as wrong:
        raise Refused(
            field="email",
            expected=gettext_noop("Expected an e-mail address such as li.wei@example.org, or nothing."),
            found=gettext_noop("What was entered is not one."),
            remedy=gettext_noop("Check it, or leave it empty and hand the link over yourself."),
        ) from wrong
    return email


def _days_given(days: int) -> int:
    if days not in TASK_LINK_DAYS:
        raise Refused(
            field="days",
            expected=gettext_noop("Expected {least} to {most} days."),
            found=gettext_noop("Found {days}."),
            remedy=gettext_noop("Choose a shorter time; a new link is quickly made."),
            least=TASK_LINK_DAYS.start,
            most=TASK_LINK_DAYS.stop - 1,
            days=days,
        )
    return days
