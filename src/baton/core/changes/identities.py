"""With which accounts of the organisation's identity providers people sign in."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from baton.core import policy
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Refused
from baton.core.identity_queries import identities_in_use
from baton.core.models import Identity, Person
from baton.core.rules import is_subject
from baton_analysis.errors import gettext_noop


def link_identity(*, by: Actor, at: datetime, person: Person, issuer: str, subject: str) -> Identity:
    """From now on ``person`` signs in with the account ``subject`` of the provider ``issuer``.

    What he has already is returned as it stands. Refused: a subject that is none, one that somebody else has, and a
    second one of the same provider.
    """
    policy.demand(policy.may_manage_people(by))
    subject = subject.strip()
    if not is_subject(subject):
        raise Refused(
            field="subject",
            expected=gettext_noop("Expected what the provider calls the account (sub): at most 255 characters."),
            found=gettext_noop("Found {length} characters, or some that cannot be in it."),
            remedy=gettext_noop("Copy it from the page of the account at the provider."),
            length=len(subject),
        )
    with change(by=by, at=at) as trail:
        for held in identities_in_use(issuer=issuer, person=person, subject=subject):
            if held.person_id == person.pk and held.subject == subject:
                return held
            _refuse_second(held.person_id == person.pk)
        linked = Identity(person=person, issuer=issuer, subject=subject)
        return trail.save(linked, "identity.linked", person=person.public_id)


def unlink_identity(*, by: Actor, at: datetime, identity: Identity, expected_seq: int | None = None) -> Identity:
    """The account signs nobody in any more, until an administrator links it again. Open sessions end, too. Unlinked
    twice is once."""
    policy.demand(policy.may_manage_people(by))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Identity, identity, expected_seq=expected_seq)
        if fresh.unlinked_at is not None:
            return fresh
        fresh.unlinked_at = at
        person = trail.lock(Person, fresh.person)
        person.sessions_valid_from = at
        trail.save(person, "person.sessions_ended")
        return trail.save(fresh, "identity.unlinked", person=person.public_id)


def _refuse_second(own: bool) -> NoReturn:
    if own:
        raise Refused(
            field="subject",
            expected=gettext_noop("A person signs in with one account of a provider."),
            found=gettext_noop("This one has another account there already."),
            remedy=gettext_noop("Take that one away first."),
        )
    raise Refused(
        field="subject",
        expected=gettext_noop("An account signs one person in."),
        found=gettext_noop("Somebody else signs in with this one."),
        remedy=gettext_noop("Check it, or take it away from the other person first."),
    )
