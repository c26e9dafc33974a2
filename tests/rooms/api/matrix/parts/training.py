"""Training of the people of the Laundry in what it promises Ward 3."""

from __future__ import annotations

from baton.agreements import changes
from baton.agreements.changes.training import Trained, note_training
from baton.agreements.models import Agreement, Clause
from baton.agreements.rules import ClauseKind
from tests.rooms.agreements.made import LINEN, terms
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import LINKS_ALL, NEAR_THE_WARD, OF_THE_LAUNDRY
from tests.world import NOON, World

SEES_AGREEMENT = LINKS_ALL | NEAR_THE_WARD

READS: Reads = {"read_training": (SEES_AGREEMENT, {"tom_reed": 403, "": 404})}

WRITES: Writes = {
    "note_training": (OF_THE_LAUNDRY, SEES_AGREEMENT, 422),
    # who may read the name of Gao Ming: himself, HR, who leads the Laundry
    "withdraw_training": (OF_THE_LAUNDRY, OF_THE_LAUNDRY | {"gao_ming", "qian_li"}, 404),
}


def made(world: World) -> Made:
    """A promise on behaviour that the Laundry gives Ward 3, and one who is trained in it."""
    by = world.actor(world.zhao_lei)
    known = Agreement.objects.filter(link=world.laundry_ward).first()
    friendly = terms(LINEN, clause_kind=ClauseKind.BEHAVIOUR)
    if known is None:
        version = changes.begin_agreement(by=by, at=NOON, link=world.laundry_ward, clauses=[friendly])
        clause = Clause.objects.get(agreement_version=version)
    else:
        clause = changes.add_clause(by=by, at=NOON, version=known.versions.order_by("-version")[0], terms=friendly)
    [training] = note_training(by=by, at=NOON, clause=clause, trained=[Trained(world.gao_ming, NOON.date())])
    return Made(
        own={"training": training},
        queries={"read_training": f"?clause={clause.public_id}"},
        bodies={
            "note_training": {
                "clause": clause.public_id, "person": world.zhao_lei.public_id, "trained_on": "2026-03-31",
            },
            "withdraw_training": {"why": "Another person", "version": VERSION},
        },
    )  # fmt: skip
