"""Service offers for tests, made through changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from baton.agreements.changes import offering, offers
from baton.agreements.changes.clauses import add_clause
from baton.chain.changes import add_link, add_party, appoint
from baton.chain.rules import Capacity, PartyKind
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.queries import roles_of, to_sign
from baton.core.signatures import Proof
from tests.rooms.agreements.made import LINEN, ORDER
from tests.world import NOON, SYSTEM, World

TODAY = day_of(NOON)

if TYPE_CHECKING:
    from baton.agreements.models import OfferVersion
    from baton.agreements.rules import Terms
    from baton.chain.models import Link
    from baton.core.models import Person


def drafted_offer(world: World, *clauses: Terms) -> OfferVersion:
    """A draft of the Laundry for all who get its clean linen, by its head."""
    by = world.actor(world.zhao_lei)
    link = world.laundry_ward
    version = offers.begin_offer(
        by=by, at=NOON, supplier=link.supplier, output=link.output, name={"en": "Daily linen", "zh-hans": "每日布草"}
    )
    for terms in clauses or (LINEN, ORDER):
        add_clause(by=by, at=NOON, version=version, terms=terms)
    version.refresh_from_db()
    return version


def proposed_offer(
    world: World, version: OfferVersion, *links: Link, at: datetime = NOON, **options: Any
) -> OfferVersion:
    """The draft, signed by the head of the Laundry and proposed to the customers of these links."""
    who = world.zhao_lei
    digest = to_sign(viewer=SYSTEM, kind=version.kind, public_id=version.public_id).digest
    return offering.propose_offer_version(
        by=Actor(who, roles_of(who, at), "test"), at=at, version=version, links=links, expected_digest=digest,
        proof=Proof(who.public_id, ("sign_in_name", "password"), at), **options,
    )  # fmt: skip


def more_wards(world: World, count: int, head: Person) -> list[Link]:
    """So many wards more that get the Laundry's linen, all headed by one person."""
    links = []
    for number in range(count):
        ward = add_party(
            by=SYSTEM, at=NOON, party_kind=PartyKind.TEAM, name={"en": f"Ward {number + 20}"}, began_on=TODAY
        )
        appoint(by=SYSTEM, at=NOON, party=ward, person=head, capacity=Capacity.HEAD, began_on=TODAY)
        links.append(add_link(
            by=SYSTEM, at=NOON, supplier=world.laundry, customer=ward, output=world.laundry_ward.output, began_on=TODAY
        ))  # fmt: skip
    return links
