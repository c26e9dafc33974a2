"""Somebody of the demonstration does what he would do himself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements import changes as agreements
from baton.agreements.rules import Side
from baton.core.actors import Actor
from baton.core.queries import roles_of
from baton.core.signatures import Proof, digest_now

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion
    from baton.core.models import Person


def acting(person: Person, at: datetime) -> Actor:
    """The person with the roles that he has then."""
    return Actor(person, roles_of(person, at))


def sign(by: Actor, at: datetime, version: AgreementVersion, side: Side) -> None:
    """Sign for a side as everybody of the demonstration would, who all have the one password."""
    digest = digest_now(version.kind, version.public_id)
    proof = Proof(by.id, ("sign_in_name", "password"), at)
    agreements.accept_version(by=by, at=at, version=version, side=side, expected_digest=digest, proof=proof)
