"""Links, one by one and in bulk, their outputs, outside needs and projects, the map and the paths."""

from __future__ import annotations

from typing import Any

from baton.chain import changes as chain
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import (
    EVERYBODY,
    GUESTS,
    HEADS_OF_THE_WARD,
    LEADERS,
    LINKS_ALL,
    LINKS_OF_THE_WARD,
    NEAR_THE_WARD,
    OF_THE_LAUNDRY,
    SEES_ALL,
    SEES_LINEN,
)
from tests.world import NOON, SYSTEM, World

SAYS_NEEDS = LEADERS & (SEES_ALL | NEAR_THE_WARD)

READS: Reads = {
    **dict.fromkeys(
        ("list_links", "list_outputs", "list_needs", "list_projects", "read_map", "read_paths"),
        (EVERYBODY - GUESTS, {"": 403}),
    ),
    "read_link": (LINKS_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    **dict.fromkeys(("read_output", "read_project"), (SEES_LINEN, {"tom_reed": 403, "": 404})),
    "read_need": (SEES_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    **dict.fromkeys(("list_bulk_links", "read_bulk_links"), (frozenset({"lin_mei", "wu_tao"}), {"": 403})),
}

WRITES: Writes = {
    "add_link": (LINKS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 422),
    **dict.fromkeys(
        ("change_link", "end_link", "judge_link", "assign_link_to_project"),
        (LINKS_OF_THE_WARD, LINKS_ALL | NEAR_THE_WARD, 404),
    ),
    **dict.fromkeys(("add_links_in_bulk", "withdraw_bulk_links"), (frozenset({"lin_mei"}), EVERYBODY, 404)),
    "promise_to_staff": (HEADS_OF_THE_WARD, SEES_ALL | NEAR_THE_WARD, 404),
    "add_output": (LEADERS, EVERYBODY, 404),
    "end_output": (LEADERS, LINKS_ALL, 404),  # one that nobody hands over yet: whoever may enter links
    **dict.fromkeys(
        (
            "make_accountable",
            "change_output",
            "revise_output",
            "give_responsibility",
            "end_responsibility",
            "change_project",
            "end_project",
        ),
        (OF_THE_LAUNDRY, SEES_LINEN, 404),
    ),
    "add_project": (OF_THE_LAUNDRY, SEES_LINEN, 422),
    "add_need": (SAYS_NEEDS, SEES_ALL | NEAR_THE_WARD, 422),
    **dict.fromkeys(("change_need", "end_need"), (SAYS_NEEDS, SEES_ALL | NEAR_THE_WARD, 404)),
}


def made(world: World) -> Made:
    """The laundry's linen for Ward 3, who answers for it, and what stands around it."""
    linen = world.laundry_ward.output
    held = chain.give_responsibility(
        by=SYSTEM, at=NOON, output=linen, party=world.laundry, responsible="accountable"
    )  # fmt: skip
    row = chain.LinkRow(supplier=world.laundry, customer=world.ward, output={"en": "Paper"})
    return Made(
        own={
            "links": world.laundry_ward,
            "outputs": linen,
            "responsibilities": held,
            "needs": chain.add_need(by=SYSTEM, at=NOON, holder=world.patient, words={"en": "A clean bed"}),
            "projects": chain.add_project(by=SYSTEM, at=NOON, name={"en": "New dryers"}, owner=world.laundry),
            "bulk-links": chain.add_links_in_bulk(by=SYSTEM, at=NOON, rows=[row], title="Paper"),
        },
        of_call={"end_output": chain.add_output(by=SYSTEM, at=NOON, name={"en": "Gloves"})},
        bodies=bodies(world),
    )


def bodies(world: World) -> dict[str, dict[str, Any]]:
    """Name of a call -> what it sends."""
    ward, laundry, patients = world.ward.public_id, world.laundry.public_id, world.patient.public_id
    row = {"supplier": laundry, "customer": ward, "output": {"en": "Gowns"}}
    return {
        "add_link": {"supplier": laundry, "customer": ward, "output": {"en": "Towels, small"}},
        "change_link": {"output": {"en": "Linen"}, "output_kind": "service", "version": VERSION},
        "end_link": {"version": VERSION},
        "judge_link": {"spend": 3, "irreplaceability": None, "impact": 5, "version": VERSION},
        "assign_link_to_project": {"project": None, "version": VERSION},
        "add_links_in_bulk": {"title": "HIS", "rows": [row]},
        "withdraw_bulk_links": {"reason": "Wrong", "version": VERSION},
        "promise_to_staff": {"post": {"en": "Head"}, "promises": [{"en": "Two days of training"}]},
        "make_accountable": {"party": world.stores.public_id, "version": VERSION},
        "add_output": {"name": {"en": "Aprons"}},
        "change_output": {"name": {"en": "Fresh linen"}, "kind": "service", "version": VERSION},
        "end_output": {"version": VERSION},
        "revise_output": {"label": "B"},
        "give_responsibility": {"party": laundry, "responsible": "informed"},
        "end_responsibility": {"version": VERSION},
        "add_need": {"holder": patients, "words": {"en": "Quiet"}},
        "change_need": {"holder": patients, "words": {"en": "Quiet"}, "version": VERSION},
        "end_need": {"version": VERSION},
        "add_project": {"name": {"en": "Aprons"}, "owner": laundry},
        "change_project": {"name": {"en": "X"}, "owner": laundry, "ends_on": None, "version": VERSION},
        "end_project": {"version": VERSION},
    }
