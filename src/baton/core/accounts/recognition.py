"""Whom an account at a provider means: the person whom it is linked to, else, the first time, the one with its
confirmed e-mail or its staff number."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from baton.core import changes
from baton.core.accounts.providers import IdentityProvider
from baton.core.accounts.refusals import SignInRefused, Why
from baton.core.actors import Actor
from baton.core.identity_queries import (
    identities_in_use,
    person_of_email,
    person_of_staff_number,
    was_unlinked,
)
from baton.core.models import Person
from baton.core.queries import is_name_taken
from baton.core.rules import is_subject
from baton.core.texts import clean_text, say

Claims = dict[str, Any]

_LONGEST = 254


def recognise(provider: IdentityProvider, claims: Claims, *, at: datetime, request: str) -> Person:
    """The person who signs in with the verified ``claims``; the first time the account is linked to him.

    Raises :class:`SignInRefused`.
    """
    subject = str(claims["sub"])
    if not is_subject(subject):
        raise SignInRefused(Why.TOKEN, provider=say(provider.names), detail=_("it cannot be read"))
    held = identities_in_use(issuer=provider.issuer, subject=subject)
    if held:
        _demand_active(provider, held[0].person, subject)
        return held[0].person
    if was_unlinked(issuer=provider.issuer, subject=subject):
        raise SignInRefused(Why.UNLINKED, provider=say(provider.names), subject=subject)
    by = Actor.system("sign-in", request)
    with transaction.atomic():
        person = _known(provider, claims) or _added(provider, claims, by=by, at=at)
        changes.link_identity(by=by, at=at, person=person, issuer=provider.issuer, subject=subject)
    return person


def asks_second_factor(provider: IdentityProvider, claims: Claims) -> bool:
    """Whether Baton asks for its own second factor after this sign-in."""
    methods = claims.get("amr")
    said = {str(method) for method in methods} if isinstance(methods, list) else set()
    said.add(str(claims.get("acr", "")))
    return provider.second_factor.asked and said.isdisjoint(provider.second_factor.unless)


def _known(provider: IdentityProvider, claims: Claims) -> Person | None:
    """Whom Baton knows with what the provider said; None for nobody, where people are added."""
    key = _key(provider, claims)
    person = person_of_staff_number(key) if provider.staff_number else person_of_email(key)
    subject = str(claims["sub"])
    if person is None:
        if not provider.adds_people:
            raise SignInRefused(Why.UNKNOWN, provider=say(provider.names), claim=_claim_name(provider), subject=subject)
        return None
    _demand_active(provider, person, subject)
    if identities_in_use(issuer=provider.issuer, subject=subject, person=person):
        raise SignInRefused(
            Why.OTHER, provider=say(provider.names), claim=_claim_name(provider), subject=subject,
            person_id=person.public_id,
        )  # fmt: skip
    return person


def _demand_active(provider: IdentityProvider, person: Person, subject: str) -> None:
    if not person.is_active:
        raise SignInRefused(Why.OFF, provider=say(provider.names), subject=subject, person_id=person.public_id)


def _added(provider: IdentityProvider, claims: Claims, *, by: Actor, at: datetime) -> Person:
    """Somebody new, without any role."""
    key = _key(provider, claims)
    email = _said(claims, "email") if _is_confirmed(provider, claims) else ""
    if provider.staff_number and (not email.isascii() or is_name_taken(email)):
        email = ""
    name = clean_text(_said(claims, "name") or _said(claims, "preferred_username") or key)[:200]
    return changes.add_person(by=by, at=at, sign_in_name=key, name={settings.LANGUAGE_CODE: name}, email=email)


def _key(provider: IdentityProvider, claims: Claims) -> str:
    """The staff number, or the e-mail that the provider has confirmed."""
    key = _said(claims, provider.staff_number or "email")
    subject = str(claims["sub"])
    if not key:
        raise SignInRefused(Why.UNSAID, provider=say(provider.names), claim=_claim_name(provider), subject=subject)
    if not provider.staff_number and not _is_confirmed(provider, claims):
        raise SignInRefused(Why.UNCONFIRMED, provider=say(provider.names), subject=subject)
    return key


def _is_confirmed(provider: IdentityProvider, claims: Claims) -> bool:
    """Whether the provider has confirmed the e-mail; some say so in a word."""
    domain = _said(claims, "email").rpartition("@")[2].lower()
    return claims.get("email_verified") in (True, "true") or domain in provider.email_domains


def _said(claims: Claims, name: str) -> str:
    """A claim as text; empty where it is missing, or cannot be a name or an address."""
    value = claims.get(name)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        return ""
    return value.strip()


def _claim_name(provider: IdentityProvider) -> Any:
    return _("staff number") if provider.staff_number else _("e-mail")
