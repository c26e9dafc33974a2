"""The calls of agreements and calendars in the matrix: who may, the records that they are about, bodies that fit.

All records belong to the two links between the Laundry and Ward 3, except where a link without agreement is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from baton.agreements import changes
from baton.agreements.changes import houses
from baton.agreements.models import (
    Agreement,
    AgreementVersion,
    Certificate,
    Clause,
    Guarantee,
    House,
    HouseCharacteristic,
    HouseNeed,
)
from baton.core.changes.calendars import add_calendar
from baton.core.models import WorkCalendar
from tests.rooms.agreements.made import BARE, LINEN, ORDER, drafted, first_clause
from tests.rooms.api.matrix_people import (
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

READS: dict[str, tuple[frozenset[str], dict[str, int]]] = {
    **dict.fromkeys(
        (
            "list_agreements",
            "list_certificates",
            "list_guarantees",
            "list_houses",
            "read_promises",
            "list_calendars",
            "read_calendar",
            "count_business_time",
        ),
        (EVERYBODY - GUESTS, {"": 403}),
    ),
    **dict.fromkeys(
        (
            "read_agreement",
            "read_agreement_version",
            "read_clause",
            "read_guarantee",
            "list_guarantee_calls",
            "read_house",
        ),
        (SEES_AGREEMENT, {"tom_reed": 403, "": 404}),
    ),
    "read_certificate": (SEES_LINEN, {"tom_reed": 403, "": 404}),
}

WRITES: dict[str, tuple[frozenset[str], frozenset[str], int]] = {
    "begin_agreement": (HEADS_OF_THE_WARD | {"zhou_min", "xu_jing"}, SEES_AGREEMENT, 422),  # of the Pharmacy's doses
    "begin_house": (LINKS_OF_THE_WARD, SEES_AGREEMENT, 422),
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
            "add_house_need",
            "add_house_characteristic",
            "judge_house",
            "promise_characteristic",
        ),
        (LINKS_OF_THE_WARD, SEES_AGREEMENT, 404),
    ),
    "call_guarantee": (KEEPERS, SEES_AGREEMENT, 404),  # everybody of the customer, and the quality manager
    "add_certificate": (OF_THE_LAUNDRY, SEES_LINEN, 422),
    "change_certificate": (OF_THE_LAUNDRY, SEES_LINEN, 404),
    "end_certificate": (OF_THE_LAUNDRY, SEES_LINEN, 404),
    "set_calendar_days": (frozenset({"lin_mei", "sun_yan"}), EVERYBODY, 403),
}


@dataclass(frozen=True)
class Records:
    """What the calls are about. ``over`` has no version on its way; ``draft`` is one, of another agreement."""

    over: Agreement
    draft: AgreementVersion
    clause: Clause
    dropped: Clause
    guarantee: Guarantee
    certificate: Certificate
    house: House
    need: HouseNeed
    characteristic: HouseCharacteristic
    calendar: WorkCalendar

    @property
    def own(self) -> dict[str, Any]:
        """First part of a path -> the record that calls below it are about."""
        return {
            "agreements": self.over, "agreement-versions": self.draft, "clauses": self.clause,
            "guarantees": self.guarantee, "certificates": self.certificate, "houses": self.house,
            "house-characteristics": self.characteristic, "calendars": self.calendar,
        }  # fmt: skip


def records(world: World) -> Records:
    """Made by the head of the Laundry; the calendar by the quality manager."""
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
    certificate = changes.add_certificate(
        by=by, at=NOON, party=world.laundry, name="ISO 9001", ends_on=date(2099, 12, 31)
    )
    house = houses.begin_house(by=by, at=NOON, link=world.laundry_ward, name={"en": "Linen"})
    need = houses.add_house_need(
        by=by, at=NOON, house=house, words={"en": "Linen is there"}, judged=houses.Judged(importance=5)
    )
    characteristic = houses.add_characteristic(by=by, at=NOON, house=house, name={"en": "Time to the ward"})
    calendar = add_calendar(
        by=world.actor(world.lin_mei), at=NOON, name={"en": "Office"}, zone="UTC", hours={"mon": [["08:00", "16:00"]]}
    )
    for one in (draft, house):
        one.refresh_from_db()
    return Records(
        over.agreement, draft, first_clause(draft), dropped, guarantee, certificate, house, need, characteristic,
        calendar,
    )  # fmt: skip


def bodies(world: World, about: Records, version: int) -> dict[str, Any]:
    """Name of a call -> what it sends; ``version`` is that of the record in its path."""
    clause = {"characteristic": {"en": "Linen is ironed"}, "measure": "share", "unit": "%", "target": 98}
    cell = {"need": about.need.public_id, "characteristic": about.characteristic.public_id, "strength": 9}
    return {
        "begin_agreement": {"link": world.pharmacy_ward.public_id},
        "draft_version": {"reason": "Earlier in the morning"},
        "describe_agreement_version": {"ends_on": "2099-12-31", "version": version},
        "take_step": {"step": "propose", "version": version},
        "add_clause": {"owed_by": "supplier", **clause},
        "change_clause": {**clause, "version": version},
        "drop_clause": {"reason": "Nobody misses it", "version": version},
        "restore_clause": {"version": version},
        "move_clause": {"position": 1},
        "call_guarantee": {"agreement": about.draft.agreement.public_id, "what": "Linen came at nine"},
        "add_certificate": {"party": world.laundry.public_id, "name": "ISO 14001"},
        "change_certificate": {"name": "ISO 9001:2015", "version": version},
        "end_certificate": {"why": "Replaced", "version": version},
        "begin_house": {"link": world.laundry_ward.public_id, "name": {"en": "Clean linen on the wards"}},
        "add_house_need": {"words": {"en": "Linen is dry"}, "importance": 4},
        "add_house_characteristic": {"name": {"en": "Moisture"}, "goal": "smaller"},
        "judge_house": {"relations": [cell], "version": version},
        "promise_characteristic": {},
        "set_calendar_days": {"days": [{"day": "2026-10-01", "note": "National Day"}], "version": version},
    }
