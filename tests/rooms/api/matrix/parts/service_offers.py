"""Service offers, their versions, and deviations on links."""

from __future__ import annotations

from baton.agreements import changes
from baton.agreements.changes.offers import withdraw_offer_version
from baton.agreements.models import AgreementVersion
from tests.rooms.agreements.made import LINEN
from tests.rooms.agreements.offering import drafted_offer, more_wards, proposed_offer
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, LINKS_ALL, OF_THE_LAUNDRY, OF_THE_WARD, SEES_LINEN
from tests.world import NOON, World

# what was proposed is seen by who sees the Laundry; a draft by who writes it, and by who sees all links
SEES_OFFER = SEES_LINEN
SEES_DRAFT = LINKS_ALL | {"zhao_lei"}
SEES_LINK = LINKS_ALL | OF_THE_WARD | {"zhao_lei", "gao_ming"}
STAFF = EVERYBODY - GUESTS

READS: Reads = {
    "list_offers": (STAFF, {"": 403}),
    "read_offer": (SEES_OFFER, {"tom_reed": 403, "": 404}),
    **dict.fromkeys(("read_offer_version", "read_offer_pdf"), (SEES_DRAFT, {"tom_reed": 403, "": 404})),
}

WRITES: Writes = {
    "begin_offer": (OF_THE_LAUNDRY, SEES_LINEN, 422),
    **dict.fromkeys(
        ("rename_offer", "publish_offer", "take_offer_down", "end_offer"),
        (OF_THE_LAUNDRY, SEES_OFFER, 404),
    ),
    **dict.fromkeys(
        ("draft_offer_version", "describe_offer_version", "add_offered_clause", "set_service_steps"),
        (OF_THE_LAUNDRY, SEES_DRAFT, 404),
    ),
    # both sides of a link that accepts the offer, and the quality manager
    "deviate": (OF_THE_LAUNDRY | {"zhou_min"}, SEES_LINK, 422),
    "invite_to_offer": (OF_THE_LAUNDRY, SEES_LINK, 422),
}


def made(world: World) -> Made:
    """By the head of the Laundry: an offer that a ward talks over, a draft of another one, and one without any."""
    by = world.actor(world.zhao_lei)
    link, other = more_wards(world, 2, world.zhou_min)
    version = proposed_offer(world, drafted_offer(world, LINEN), link)
    mine = AgreementVersion.objects.get(offer_version=version)
    mine = changes.open_consultation(by=by, at=NOON, version=mine)
    draft, idle = drafted_offer(world), drafted_offer(world)
    idle = withdraw_offer_version(by=by, at=NOON, version=idle)
    clause = {"owed_by": "supplier", "characteristic": {"en": "Linen is ironed"}, "measure": "share", "unit": "%"}
    name = {"name": {"en": "Linen at night"}}
    return Made(
        own={"service-offers": version.offer, "offer-versions": draft},
        of_call={"draft_offer_version": idle.offer, "invite_to_offer": version},
        bodies={
            "begin_offer": {
                "supplier": world.laundry.public_id, "output": world.laundry_ward.output.public_id, **name,
            },
            "rename_offer": {**name, "version": VERSION},
            "draft_offer_version": {"reason": "Nights, too"},
            "publish_offer": {"lines": [version.clauses.get().line], "version": VERSION},
            "take_offer_down": {"version": VERSION},
            "end_offer": {"why": "Bought outside from now on", "version": VERSION},
            "describe_offer_version": {"holds_until": "2099-12-31", "version": VERSION},
            "add_offered_clause": clause,
            "set_service_steps": {"steps": [{"name": {"en": "Hand in used linen"}, "minutes": 15}], "version": VERSION},
            "invite_to_offer": {"links": [other.public_id]},
            "deviate": {
                "agreement_version": mine.public_id, "line": version.clauses.get().line, **clause, "target": 98,
            },
        },
    )  # fmt: skip
