"""Agreements, their versions and clauses, guarantees and certificates.

All records belong to the two links between the Laundry and Ward 3, except where a link without agreement is needed.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from baton.agreements import changes
from baton.agreements.models import AgreementVersion
from tests.rooms.agreements.made import BARE, LINEN, ORDER, drafted, first_clause
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import (
    EVERYBODY,
    GUESTS,
    HEADS_OF_THE_WARD,
    KEEPERS,
    LINKS_ALL,
    LINKS_OF_THE_WARD,
    NEAR_THE_WARD,
    OF_THE_LAUNDRY,
    SEES_LINEN,
)
from tests.world import NOON, World

# an agreement is seen by who sees its link
SEES_AGREEMENT = LINKS_ALL | NEAR_THE_WARD

READS: Reads = {
    **dict.fromkeys(
        ("list_agreements", "list_certificates", "list_guarantees", "read_promises", "read_coverage", "list_owed"),
        (EVERYBODY - GUESTS, {"": 403}),
    ),
    **dict.fromkeys(
        (
            "read_agreement",
            "read_agreement_version",
            "read_agreement_pdf",
            "read_clause",
            "read_guarantee",
            "list_guarantee_calls",
        ),
        (SEES_AGREEMENT, {"tom_reed": 403, "": 404}),
    ),
    "read_certificate": (SEES_LINEN, {"tom_reed": 403, "": 404}),
}

WRITES: Writes = {
    "begin_agreement": (HEADS_OF_THE_WARD | {"zhou_min", "xu_jing"}, SEES_AGREEMENT, 422),  # of the Pharmacy's doses
    **dict.fromkeys(
        (
            "draft_version",
            "describe_agreement_version",
            "take_step",
            "add_clause",
            "change_clause",
            "drop_clause",
            "restore_clause",
            "move_clause",
        ),
        (LINKS_OF_THE_WARD, SEES_AGREEMENT, 404),
    ),
    "call_guarantee": (KEEPERS, SEES_AGREEMENT, 404),  # everybody of the customer, and the quality manager
    # who speaks for the supplier, and the quality manager
    "give_guarantee": (OF_THE_LAUNDRY, SEES_AGREEMENT, 422),
    **dict.fromkeys(("change_guarantee", "end_guarantee"), (OF_THE_LAUNDRY, SEES_AGREEMENT, 404)),
    "end_guarantee_call": (LINKS_OF_THE_WARD | KEEPERS, SEES_AGREEMENT, 404),
    "add_certificate": (OF_THE_LAUNDRY, SEES_LINEN, 422),
    "change_certificate": (OF_THE_LAUNDRY, SEES_LINEN, 404),
    "end_certificate": (OF_THE_LAUNDRY, SEES_LINEN, 404),
}


def made(world: World) -> Made:
    """By the head of the Laundry: a draft, and on the other link an agreement that has no version on its way."""
    by = world.actor(world.zhao_lei)
    over = changes.withdraw_version(
        by=by, at=NOON, version=changes.begin_agreement(by=by, at=NOON, link=world.ward_laundry)
    )
    draft = drafted(world, LINEN, ORDER, BARE)
    bare = draft.clauses.get(characteristic=BARE.characteristic)
    dropped = changes.drop_clause(by=by, at=NOON, clause=bare, reason="Nobody misses it")
    guarantee = changes.give_guarantee(
        by=by, at=NOON, on=draft.agreement, promise={"en": "Clean linen by seven"},
        remedy={"en": "We bring it at once"}, how_to_call={"en": "Call 4711"},
    )  # fmt: skip
    call = changes.call_guarantee(
        by=world.actor(world.wang_fang), at=NOON, guarantee=guarantee, agreement=draft.agreement, what="It came at nine"
    )
    certificate = changes.add_certificate(
        by=by, at=NOON, party=world.laundry, name="ISO 9001", ends_on=date(2099, 12, 31)
    )  # fmt: skip
    return Made(
        own={
            "agreements": over.agreement,
            "agreement-versions": draft,
            "clauses": first_clause(draft),
            "guarantees": guarantee,
            "guarantee-calls": call,
            "certificates": certificate,
        },
        of_call={"restore_clause": dropped},
        bodies=bodies(world, draft),
    )


def bodies(world: World, draft: AgreementVersion) -> dict[str, dict[str, Any]]:
    """Name of a call -> what it sends."""
    clause = {"characteristic": {"en": "Linen is ironed"}, "measure": "share", "unit": "%", "target": 98}
    guarantee = {"promise": {"en": "On time"}, "remedy": {"en": "At once"}, "how_to_call": {"en": "Call 4711"}}
    return {
        "begin_agreement": {"link": world.pharmacy_ward.public_id},
        "draft_version": {"reason": "Earlier in the morning"},
        "describe_agreement_version": {"ends_on": "2099-12-31", "version": VERSION},
        "take_step": {"step": "propose", "version": VERSION},
        "add_clause": {"owed_by": "supplier", **clause},
        "change_clause": {**clause, "version": VERSION},
        "drop_clause": {"reason": "Nobody misses it", "version": VERSION},
        "restore_clause": {"version": VERSION},
        "move_clause": {"position": 1},
        "give_guarantee": {"agreement": draft.agreement.public_id, **guarantee},
        "change_guarantee": {**guarantee, "version": VERSION},
        "end_guarantee": {"why": "Replaced", "version": VERSION},
        "end_guarantee_call": {"honoured": True, "version": VERSION},
        "call_guarantee": {"agreement": draft.agreement.public_id, "what": "Linen came at nine"},
        "add_certificate": {"party": world.laundry.public_id, "name": "ISO 14001"},
        "change_certificate": {"name": "ISO 9001:2015", "version": VERSION},
        "end_certificate": {"why": "Replaced", "version": VERSION},
    }
