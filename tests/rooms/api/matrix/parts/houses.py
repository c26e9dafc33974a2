"""Houses of quality."""

from __future__ import annotations

from baton.agreements.changes import houses
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, LINKS_ALL, LINKS_OF_THE_WARD, NEAR_THE_WARD
from tests.world import NOON, World

# a house is seen by who sees its link
SEES_HOUSE = LINKS_ALL | NEAR_THE_WARD

READS: Reads = {
    "list_houses": (EVERYBODY - GUESTS, {"": 403}),
    "read_house": (SEES_HOUSE, {"tom_reed": 403, "": 404}),
}

WRITES: Writes = {
    "begin_house": (LINKS_OF_THE_WARD, SEES_HOUSE, 422),
    **dict.fromkeys(
        ("add_house_need", "add_house_characteristic", "judge_house", "promise_characteristic", "rate_others"),
        (LINKS_OF_THE_WARD, SEES_HOUSE, 404),
    ),
}


def made(world: World) -> Made:
    """By the head of the Laundry: a house of one need and one characteristic, for the linen of Ward 3."""
    by, link = world.actor(world.zhao_lei), world.laundry_ward
    house = houses.begin_house(by=by, at=NOON, link=link, name={"en": "Linen"})
    need = houses.add_house_need(
        by=by, at=NOON, house=house, words={"en": "Linen is there"}, judged=houses.Judged(importance=5)
    )
    characteristic = houses.add_characteristic(by=by, at=NOON, house=house, name={"en": "Time to the ward"})
    cell = {"need": need.public_id, "characteristic": characteristic.public_id, "strength": 9}
    return Made(
        own={"houses": house, "house-needs": need, "house-characteristics": characteristic},
        bodies={
            "begin_house": {"link": link.public_id, "name": {"en": "Clean linen on the wards"}},
            "add_house_need": {"words": {"en": "Linen is dry"}, "importance": 4},
            "add_house_characteristic": {"name": {"en": "Moisture"}, "goal": "smaller"},
            "judge_house": {"relations": [cell], "version": VERSION},
            "rate_others": {"others": {"City Laundry": 4}, "version": VERSION},
            "promise_characteristic": {},
        },
    )
