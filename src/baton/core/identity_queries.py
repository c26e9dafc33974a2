"""Reads about accounts at identity providers, and whom a sign-in there means."""

from __future__ import annotations

from django.db.models import Q

from baton.core import policy
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.models import Identity, Person


def identities(*, viewer: Actor, person: Person) -> list[Identity]:
    """Every account at a provider with which ``person`` signs in or signed in, those in use first."""
    policy.demand(policy.may_list_people(viewer) or policy.is_self(viewer, person))
    return sorted(Identity.objects.filter(person=person).order_by("-pk"), key=lambda held: held.unlinked_at is not None)


def identity(*, viewer: Actor, public_id: str) -> Identity:
    """One account at a provider, with its person."""
    found = Identity.objects.select_related("person").filter(public_id=public_id).first()
    if found is None or not policy.may_list_people(viewer):
        raise NotFound
    return found


def identities_in_use(*, issuer: str, subject: str, person: Person | None = None) -> list[Identity]:
    """Accounts of the provider that are this one, or belong to ``person``; for signing in and linking only."""
    wanted = Q(subject=subject) | Q(person=person) if person is not None else Q(subject=subject)
    return list(Identity.objects.select_related("person").filter(wanted, issuer=issuer, unlinked_at__isnull=True))


def was_unlinked(*, issuer: str, subject: str) -> bool:
    """Whether somebody has taken this account from a person; for signing in only."""
    return Identity.objects.filter(issuer=issuer, subject=subject, unlinked_at__isnull=False).exists()


def person_of_email(address: str) -> Person | None:
    """Whose e-mail this is, letter by letter but for upper and lower case; for signing in only.

    Nothing is folded beyond that: a mailbox whose name only looks alike belongs to somebody else (cf. CVE-2019-19844).
    """
    wanted = address.strip().lower()
    return Person.objects.filter(email=wanted).first() if wanted and wanted.isascii() else None


def person_of_staff_number(number: str) -> Person | None:
    """Whose sign-in name this is, letter by letter but for upper and lower case; for signing in only."""
    wanted = number.strip().casefold()
    return Person.objects.filter(sign_in_name=wanted).first() if wanted else None
