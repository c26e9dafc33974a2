"""Parties, who belongs to them, their keys, and links that somebody proposes."""

from __future__ import annotations

from typing import Any

from baton.chain import changes as chain
from baton.chain.changes.proposals import ProposedLink
from baton.chain.models import Membership, Party
from baton.chain.rules import Side
from baton.core import changes
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import (
    EVERYBODY,
    GUESTS,
    HEADS_OF_THE_WARD,
    NEAR_THE_WARD,
    OF_THE_WARD,
    SEES_ALL,
)
from tests.world import NOON, SYSTEM, World

READS: Reads = {
    **dict.fromkeys(("list_parties", "find_party", "list_memberships", "list_successions"), (EVERYBODY, {})),
    **dict.fromkeys(("read_party", "read_membership"), (SEES_ALL | NEAR_THE_WARD, {"": 404})),
    "read_holdings": (HEADS_OF_THE_WARD, {**dict.fromkeys(SEES_ALL | OF_THE_WARD | GUESTS, 403), "": 404}),
    "list_proposals": (EVERYBODY - GUESTS, {"": 403}),
    "read_reading": (frozenset({"lin_mei"}), {"": 403}),
}

WRITES: Writes = {
    **dict.fromkeys(("add_party", "appoint"), (HEADS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 422)),
    **dict.fromkeys(
        ("rename_party", "give_party_key", "withdraw_party_key", "end_membership"),
        (HEADS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 404),
    ),
    "move_party": (frozenset({"lin_mei", "liu_yang"}), SEES_ALL | OF_THE_WARD, 404),
    **dict.fromkeys(("end_party", "merge_parties", "split_party"), (HEADS_OF_THE_WARD, SEES_ALL | OF_THE_WARD, 404)),
    "describe_partner": (frozenset({"lin_mei"}), SEES_ALL | {"zhao_lei", "gao_ming", "he_ping"} | OF_THE_WARD, 404),
    "propose_link": (OF_THE_WARD | {"lin_mei"}, SEES_ALL | NEAR_THE_WARD, 422),
    **dict.fromkeys(
        ("accept_proposal", "decline_proposal"),
        (HEADS_OF_THE_WARD | {"zhou_min"}, HEADS_OF_THE_WARD | {"zhou_min", "chen_jie"}, 404),
    ),
    "withdraw_proposal": (frozenset({"chen_jie"}), HEADS_OF_THE_WARD | {"zhou_min"}, 404),
    "say_how_far_members_read": (frozenset({"lin_mei"}), EVERYBODY, 403),
}


def made(world: World) -> Made:
    """Ward 3 with a key of another system and a shift of its own, and a link that one of its nurses proposes."""
    changes.give_external_key(
        by=SYSTEM, at=NOON, kind="party", object_id=world.ward.public_id, system="SAP", key="4000-1"
    )  # fmt: skip
    day_shift = chain.add_party(
        by=SYSTEM, at=NOON, party_kind="shift", name={"en": "Day shift"}, parent=world.ward
    )  # fmt: skip
    (proposal,) = chain.propose_links(
        by=world.actor(world.chen_jie), at=NOON, party=world.ward,
        links=[ProposedLink(Side.SUPPLIER, "Pharmacy", "Ready trays")],
    )  # fmt: skip
    below_ward = ("move_party", "end_party", "merge_parties", "split_party", "read_holdings")
    return Made(
        own={
            "parties": world.ward,
            "memberships": Membership.objects.get(person=world.chen_jie),
            "proposals": proposal,
        },
        of_call={**dict.fromkeys(below_ward, world.night_shift), "describe_partner": world.linenco},
        queries={"find_party": "?system=SAP&key=4000-1"},
        bodies=bodies(world, day_shift),
    )


def bodies(world: World, day_shift: Party) -> dict[str, dict[str, Any]]:
    """Name of a call -> what it sends."""
    ward = world.ward.public_id
    return {
        "add_party": {"kind": "team", "name": {"en": "New"}, "parent": ward},
        "rename_party": {"name": {"en": "Ward three"}, "version": VERSION},
        "move_party": {"parent": world.nursing.public_id, "version": VERSION},
        "end_party": {"version": VERSION},
        "merge_parties": {"others": [day_shift.public_id], "name": {"en": "Shifts"}, "version": VERSION},
        "split_party": {"names": [{"en": "A"}, {"en": "B"}], "assigned": {}, "version": VERSION},
        "describe_partner": {"partner": "partner", "confidentiality": "open", "version": VERSION},
        "propose_link": {"party": ward, "side": "supplier", "other": "Pharmacy", "output": "Drips"},
        "accept_proposal": {"other": world.pharmacy.public_id, "version": VERSION},
        "decline_proposal": {"reason": "Others do that", "version": VERSION},
        "withdraw_proposal": {"version": VERSION},
        "give_party_key": {"system": "SAP", "key": "4000-9"},
        "withdraw_party_key": {"system": "SAP", "key": "4000-1"},
        "appoint": {"party": ward, "person": world.ivy_stone.public_id, "capacity": "member"},
        "end_membership": {"version": VERSION},
        "say_how_far_members_read": {"reach": "all", "version": 0},
    }
