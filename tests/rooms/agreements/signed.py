"""Signatures for tests: who signs, for which side, and what a browser sees of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.test import Client

from baton.agreements import changes
from baton.agreements.models import Acceptance, AgreementVersion
from baton.agreements.rules import Side
from baton.core.actors import Actor
from baton.core.models import Person
from baton.core.queries import Fate, signatures_of, to_sign
from baton.core.signatures import Proof
from tests.rooms.agreements.made import LINEN, ORDER
from tests.world import NOON, SYSTEM, World

LATER = NOON + timedelta(hours=1)
PASSWORD = "seven brown horses"


def digest_of(version: AgreementVersion) -> str:
    return to_sign(viewer=SYSTEM, kind="agreement_version", public_id=version.public_id).digest


def sign(
    world: World, version: AgreementVersion, person: Person, side: Side, *, at: Any = NOON, digest: str = ""
) -> Acceptance:
    """The person signs for the side, having shown who he is."""
    from baton.core.queries import roles_of

    proof = Proof(person.public_id, ("sign_in_name", "password"), at)
    return changes.accept_version(
        by=Actor(person, roles_of(person, at), "test"), at=at, version=version, side=side,
        expected_digest=digest or digest_of(version), proof=proof,
    )  # fmt: skip


def both(world: World, version: AgreementVersion) -> AgreementVersion:
    sign(world, version, world.zhao_lei, Side.SUPPLIER)
    sign(world, version, world.wang_fang, Side.CUSTOMER)
    version.refresh_from_db()
    return version


def fates(version: AgreementVersion) -> list[Fate]:
    found = signatures_of(viewer=SYSTEM, kind="agreement_version", public_id=version.public_id)
    return [one.fate for one in found]


def with_password(person: Person) -> Client:
    """A browser of a person who has a password."""
    from baton.core.changes import change_password

    person = change_password(by=SYSTEM, at=NOON, person=person, password=PASSWORD)
    return World.client(person)


def page_digest(answer: Any) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', answer.content.decode())
    assert found is not None, answer.content.decode()
    return found[1]


def bought(world: World) -> AgreementVersion:
    """What the Laundry and LinenCo, which is outside, agree about new linen; proposed by the Laundry."""
    by = world.actor(world.zhao_lei)
    version = changes.begin_agreement(by=by, at=NOON, link=world.linenco_laundry, clauses=[LINEN, ORDER])
    return changes.propose_version(by=by, at=NOON, version=version)
