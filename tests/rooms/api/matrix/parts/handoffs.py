"""Handoffs of clean linen from the Laundry to Ward 3, a return of one of them, a defect code."""

from __future__ import annotations

from decimal import Decimal

from baton.agreements import changes as agreements
from baton.agreements.rules import Measure
from baton.handoffs import changes
from baton.handoffs.models import HandoffReturn
from baton.handoffs.rules import Quantities
from tests.rooms.agreements.made import LINEN, first_clause, in_force, terms
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import (
    EVERYBODY,
    GUESTS,
    LEADERS,
    LINKS_ALL,
    LINKS_OF_THE_WARD,
    NEAR_THE_WARD,
    OF_THE_WARD,
    SEES_ALL,
)
from tests.rooms.handoffs.made import TINY, evidence
from tests.world import NOON, World

SEES = LINKS_ALL | NEAR_THE_WARD
OF_THE_CUSTOMER = OF_THE_WARD | {"lin_mei"}
OF_EITHER = OF_THE_CUSTOMER | {"zhao_lei", "gao_ming"}
STAFF = EVERYBODY - GUESTS

READS: Reads = {
    "read_department": (SEES_ALL | NEAR_THE_WARD, {"tom_reed": 403, "": 404}),
    "list_paths": (STAFF, {"": 403}),
    "read_path": (SEES, {"tom_reed": 403, "": 404}),
    "read_link_figures": (SEES, {"tom_reed": 403, "": 404}),
    "list_handoffs": (STAFF, {"": 403}),
    "read_handoff": (SEES, {"tom_reed": 403, "": 404}),
    "read_return": (SEES, {"tom_reed": 403, "": 404}),
    "list_handoff_photos": (SEES, {"tom_reed": 403, "": 422}),
    "read_handoff_photo": (SEES, {"tom_reed": 403, "": 404}),
    "fetch_handoff_photo": (SEES, {"tom_reed": 403, "": 404}),
    "list_defect_codes": (STAFF, {"": 403}),
    "list_call_points": (STAFF, {"": 403}),
    "read_call_point": (SEES, {"tom_reed": 403, "": 404}),
}
WRITES: Writes = {
    "record_handoff": (OF_EITHER, SEES, 422),
    "take_handoff_step": (OF_THE_CUSTOMER, SEES, 404),
    "judge_handoff": (OF_THE_CUSTOMER, SEES, 404),
    "say_handoff_cost": (OF_THE_CUSTOMER, SEES, 404),
    "check_handoff": (OF_THE_CUSTOMER, SEES, 404),
    "name_predecessor": (OF_EITHER, SEES, 404),
    "answer_return": (OF_THE_CUSTOMER, SEES, 404),
    "add_handoff_photo": (OF_EITHER, SEES, 422),
    "measure_handoff": (frozenset({"lin_mei", "he_ping"}), LINKS_ALL | {"he_ping", "zhao_lei", "gao_ming"}, 404),
    # of other links a leader's row is refused
    "enter_handoffs": (LINKS_OF_THE_WARD, EVERYBODY - LEADERS, 422),
    "call_from_point": (OF_THE_CUSTOMER, SEES, 404),
    "begin_path": (OF_EITHER | {"he_jun"}, SEES, 422),
    "end_path": (OF_EITHER | {"he_jun"}, SEES, 404),
    "add_defect_code": (frozenset({"lin_mei"}), EVERYBODY, 403),
    "rename_defect_code": (frozenset({"lin_mei"}), EVERYBODY, 403),
    "end_defect_code": (frozenset({"lin_mei"}), EVERYBODY, 403),
}


def made(world: World) -> Made:
    """One that was delivered, one that came back, one before it, and a measured clause that holds."""
    ward, laundry = world.actor(world.chen_jie), world.actor(world.gao_ming)
    sheets = changes.LineGiven(name="Sheets", quantities=Quantities(ordered=Decimal(10)))

    def delivered(reference: str) -> changes.Handoff:
        asked = changes.request_handoff(by=ward, at=NOON, link=world.laundry_ward, reference=reference, lines=[sheets])
        return changes.deliver_handoff(by=laundry, at=NOON, handoff=asked)

    first, second, before = delivered("LOT-1"), delivered("LOT-2"), delivered("LOT-3")
    changes.return_handoff(by=ward, at=NOON, handoff=second, phenomenon="Damp")
    code = changes.add_defect_code(by=world.actor(world.lin_mei), at=NOON, code="TORN", name={"en": "Torn"})
    towels, clause = measured(world)
    photo = evidence(world, first)
    point = changes.add_call_point(by=world.actor(world.lin_mei), at=NOON, link=world.laundry_ward, name="Bed 12")
    return Made(
        of_call={"measure_handoff": towels},
        own={
            "kept-promises/parties": world.ward,
            "link-figures": world.laundry_ward,
            "handoff-paths": changes.measure_path(
                by=laundry, at=NOON, links=[world.ward_laundry, world.laundry_ward]
            ),
            "handoffs": first, "handoff-returns": HandoffReturn.objects.get(handoff=second), "defect-codes": code,
            "handoff-photos": photo,
            "call-points": point,
        },
        queries={
            "list_handoff_photos": f"?handoff={first.public_id}",
            "add_handoff_photo": f"?name=torn.jpg&handoff={first.public_id}",
        },
        files={"add_handoff_photo": TINY},
        bodies={
            "record_handoff": {"link": world.laundry_ward.public_id, "requested_at": "2026-05-30T08:00:00Z"},
            "enter_handoffs": {"name": "MES", "rows": [
                {"link": world.laundry_ward.number, "key": "1", "requested_at": "2026-05-30T08:00:00Z"},
            ]},
            "call_from_point": {},
            "begin_path": {"links": [world.laundry_ward.public_id, world.ward_laundry.public_id]},
            "end_path": {"version": VERSION},
            "take_handoff_step": {"step": "accept", "version": VERSION},
            "judge_handoff": {"side": "customer", "as_agreed": True},
            "say_handoff_cost": {"side": "customer", "cost": 4.5, "version": VERSION},
            "check_handoff": {"stage": "receiver", "passed": True},
            "name_predecessor": {"predecessor": before.public_id},
            "answer_return": {"way": "settle", "said": "Credited", "version": VERSION},
            "measure_handoff": {"clause": clause, "value": 3.0},
            "add_defect_code": {"code": "DAMP", "name": {"en": "Damp"}},
            "rename_defect_code": {"name": {"en": "Holed"}, "version": VERSION},
            "end_defect_code": {"version": VERSION},
        },
    )  # fmt: skip


def measured(world: World) -> tuple[changes.Handoff, str]:
    """Towels that Stores asked for while a clause of measured values was in force, and its id."""
    manager = world.actor(world.lin_mei)
    humidity = terms(LINEN, measure=Measure.VALUE, unit="%", target=None, upper=5.0, direction=None, attainment=None)
    version = agreements.begin_agreement(by=manager, at=NOON, link=world.linenco_stores, clauses=[humidity])
    version = in_force(agreements.propose_version(by=manager, at=NOON, version=version))
    handoff = changes.request_handoff(by=world.actor(world.he_ping), at=NOON, link=world.linenco_stores)
    return handoff, first_clause(version).public_id
