"""Addresses at which calendar programs read the dates of a person: made, withdrawn."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.utils.crypto import salted_hmac

from baton.core import policy
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.errors import Forbidden
from baton.core.ids import ALPHABET
from baton.core.models import CalendarFeed, Person

TOKEN_LENGTH = 40
"""Characters of an address, some 200 bits: nobody guesses one."""


def feed_digest(token: str) -> str:
    """By which an address is found."""
    return salted_hmac("baton.core.feeds", token, algorithm="sha256").hexdigest()


def make_feed(*, by: Actor, at: datetime) -> tuple[CalendarFeed, str]:
    """A new address for ``by`` himself, and what stands in it, which is shown once. One made before ends."""
    policy.demand(policy.may_use(by))
    if by.person is None or by.via:
        raise Forbidden
    token = "".join(secrets.choice(ALPHABET) for _ in range(TOKEN_LENGTH))
    with change(by=by, at=at) as trail:
        _withdraw(trail, by.person)
        feed = CalendarFeed(owner=by.person, digest=feed_digest(token))
        return trail.save(feed, "calendar_feed.made"), token


def withdraw_feed(*, by: Actor, at: datetime) -> None:
    """Nothing is read any more at the address of ``by``. Withdrawn twice is once."""
    policy.demand(policy.is_signed_in(by))
    with change(by=by, at=at) as trail:
        if by.person is not None:
            _withdraw(trail, by.person)


def forget_owner(*, by: Actor, at: datetime, person: Person) -> None:
    """Withdraw the address of somebody who is forgotten."""
    with change(by=by, at=at) as trail:
        _withdraw(trail, person)


def _withdraw(trail: Trail, owner: Person) -> None:
    for held in CalendarFeed.objects.filter(owner=owner, withdrawn_at__isnull=True):
        feed = trail.lock(CalendarFeed, held)
        feed.withdrawn_at = trail.at
        trail.save(feed, "calendar_feed.withdrawn")
