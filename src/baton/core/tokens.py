"""Tokens of the API: how they are spelled and recognised, and who has which.

A token reads ``baton_<prefix>_<secret>``: the prefix stands in lists and finds the row, the secret (190 bits) is
compared by its keyed digest. It is random, so one fast hash is enough: there is nothing to guess.
"""

from __future__ import annotations

import re
from datetime import datetime

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from baton.core import policy
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.ids import ALPHABET
from baton.core.models import ApiToken, TokenUse

PREFIX_LENGTH = 8
SECRET_LENGTH = 40

_SPELLING = re.compile(f"baton_([{ALPHABET}]{{{PREFIX_LENGTH}}})_([{ALPHABET}]{{{SECRET_LENGTH}}})")


def spelled(prefix: str, secret: str) -> str:
    """The token as its owner gets it."""
    return f"baton_{prefix}_{secret}"


def parts_of(text: str) -> tuple[str, str] | None:
    """Prefix and secret of what claims to be a token; None where it is not spelled like one."""
    found = _SPELLING.fullmatch(text)
    return (found[1], found[2]) if found else None


def digest_of(prefix: str, secret: str) -> str:
    """HMAC-SHA-256 of the token under the installation's secret key."""
    return salted_hmac("baton.core.tokens", spelled(prefix, secret), algorithm="sha256").hexdigest()


def recognised(prefix: str, secret: str, at: datetime) -> ApiToken | None:
    """The token with its owner, if it is accepted at ``at``: known, right, alive, its owner able to sign in."""
    found = ApiToken.objects.select_related("owner").filter(prefix=prefix).first()
    right = constant_time_compare(found.digest if found else "", digest_of(prefix, secret))
    if found is None or not right or not found.is_alive(at):
        return None
    owner = found.owner
    return found if owner.is_active and not owner.must_change_password else None


def tokens_of(*, viewer: Actor) -> QuerySet[ApiToken]:
    """The viewer's own tokens, the newest first."""
    return ApiToken.objects.filter(owner=viewer.person).order_by("-recorded_at", "-pk")


def all_tokens(*, viewer: Actor) -> QuerySet[ApiToken]:
    """Everybody's tokens, the newest first."""
    policy.demand(policy.may_list_tokens(viewer))
    return ApiToken.objects.select_related("owner").order_by("-recorded_at", "-pk")


def token(*, viewer: Actor, public_id: str) -> ApiToken:
    """One token that the viewer may withdraw; NotFound for every other one."""
    found = ApiToken.objects.select_related("owner").filter(public_id=public_id).first()
    if found is None or not policy.may_withdraw_token(viewer, found.owner):
        raise NotFound
    return found


def last_uses(*, viewer: Actor, tokens: list[ApiToken]) -> dict[str, datetime]:
    """When each of these tokens, which the viewer was shown to see, was last used, by public id."""
    ids = [token.public_id for token in tokens if policy.may_withdraw_token(viewer, token.owner)]
    return dict(TokenUse.objects.filter(token__in=ids).values_list("token", "used_at"))
