"""Tokens of the API: made, withdrawn, their use noted."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from baton.core import policy, registries
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Forbidden, Refused
from baton.core.ids import ALPHABET
from baton.core.models import ApiToken, Person, TokenUse
from baton.core.rules import LAST_SEEN_GRAIN, TOKEN_DAYS, TOKENS_A_PERSON, TokenKind
from baton.core.texts import clean_text
from baton.core.tokens import PREFIX_LENGTH, SECRET_LENGTH, digest_of, spelled
from baton_analysis.errors import gettext_noop


def make_token(
    *, by: Actor, at: datetime, name: str, scopes: Sequence[str], days: int, token_kind: TokenKind = TokenKind.PERSONAL
) -> tuple[ApiToken, str]:
    """A new token of ``by`` himself, and its text, which is shown once and kept nowhere. It ends after ``days``."""
    owner, kind = by.person, TokenKind(token_kind)
    policy.demand(policy.may_make_tokens(by))
    policy.demand(kind is TokenKind.PERSONAL or policy.may_make_machine_tokens(by))
    if owner is None or by.via:
        raise Forbidden
    _check(name=name, scopes=scopes, days=days, most_days=TOKEN_DAYS[kind])
    prefix, secret = _random(PREFIX_LENGTH), _random(SECRET_LENGTH)
    with change(by=by, at=at) as trail:
        if _alive(owner, at) >= TOKENS_A_PERSON:
            raise Refused(
                expected=gettext_noop("Expected at most {most} tokens of one person."),
                remedy=gettext_noop("Withdraw those that are no longer used."),
                most=TOKENS_A_PERSON,
            )
        token = ApiToken(
            owner=owner, token_kind=kind, name=clean_text(name), prefix=prefix, digest=digest_of(prefix, secret),
            scopes=sorted(set(scopes)), expires_at=at + timedelta(days=days),
        )  # fmt: skip
        return trail.save(token, "api_token.made"), spelled(prefix, secret)


def withdraw_token(*, by: Actor, at: datetime, token: ApiToken) -> ApiToken:
    """Refuse the token from ``at`` on. Withdrawn twice is once."""
    policy.demand(policy.may_withdraw_token(by, token.owner))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(ApiToken, token)
        if fresh.withdrawn_at is not None:
            return fresh
        fresh.withdrawn_at = at
        return trail.save(fresh, "api_token.withdrawn")


def forget_owner(*, by: Actor, at: datetime, person: Person) -> None:
    """Withdraw the tokens of somebody who is forgotten, and what he called them."""
    with change(by=by, at=at) as trail:
        for held in ApiToken.objects.filter(owner=person):
            token = trail.lock(ApiToken, held)
            token.name, token.digest = "", ""
            token.withdrawn_at = token.withdrawn_at or at
            trail.save(token, "api_token.forgotten")


def note_use(*, token: ApiToken, at: datetime) -> None:
    """Note that the token was used, once a minute at most. No record: the table may be lost, so no audit row."""
    known = TokenUse.objects.filter(token=token.public_id).values_list("used_at", flat=True).first()
    if known is None or at - known >= LAST_SEEN_GRAIN:
        TokenUse.objects.update_or_create(token=token.public_id, defaults={"used_at": at})


def _alive(owner: Person, at: datetime) -> int:
    return ApiToken.objects.filter(owner=owner, withdrawn_at__isnull=True, expires_at__gt=at).count()


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _check(*, name: str, scopes: Sequence[str], days: int, most_days: int) -> None:
    if not 1 <= len(clean_text(name)) <= 100:
        raise Refused(
            field="name",
            expected=gettext_noop("Expected a name of at most 100 characters that says what the token is for."),
            remedy=gettext_noop("Enter one, such as: nightly report."),
        )
    if not scopes or any(scope not in registries.api_scopes for scope in scopes):
        raise Refused(
            field="scopes",
            expected=gettext_noop("Expected at least one of the scopes that are offered."),
            remedy=gettext_noop("Choose what the token may be used for."),
        )
    if not 1 <= days <= most_days:
        raise Refused(
            field="days",
            expected=gettext_noop("Expected a life of 1 to {most} days."),
            found=gettext_noop("Found {days}."),
            remedy=gettext_noop("Choose a shorter one; a new token is quickly made."),
            most=most_days,
            days=days,
        )
