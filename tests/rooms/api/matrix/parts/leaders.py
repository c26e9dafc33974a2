"""What the head nurse, who is Wang Fang, promises the staff of Ward 3."""

from __future__ import annotations

from baton.agreements.changes import leaders
from baton.agreements.rules.leaders import Rhythm
from baton.chain.changes import promise_to_staff
from baton.chain.models import Link
from tests.rooms.api.matrix.made import VERSION, Made, Reads, Writes
from tests.rooms.api.matrix.people import EVERYBODY, GUESTS, HEADS_OF_THE_WARD, LINKS_ALL, NEAR_THE_WARD
from tests.world import NOON, SYSTEM, World

# a promise is seen by who sees its link
SEES_PROMISE = LINKS_ALL | NEAR_THE_WARD
SPEAKS = HEADS_OF_THE_WARD | {"zhou_min"}

READS: Reads = {
    "list_leader_promises": (EVERYBODY - GUESTS, {"": 403}),
    "read_leader_promise": (SEES_PROMISE, {"tom_reed": 403, "": 404}),
}

WRITES: Writes = {
    "promise_staff": (SPEAKS, SEES_PROMISE, 422),
    "end_leader_promise": (SPEAKS, SEES_PROMISE, 404),
    **dict.fromkeys(("fulfil_promise", "take_back_fulfilment"), (SPEAKS - {"lin_mei"}, SEES_PROMISE, 404)),
    "see_promise": (frozenset({"chen_jie", "sun_lei"}), SEES_PROMISE, 404),
}


def made(world: World) -> Made:
    """One promise that is a clause and was kept once, and one that is no clause yet."""
    words = [{"en": "The roster hangs two weeks ahead"}, {"en": "An answer within a day"}]
    post = promise_to_staff(by=SYSTEM, at=NOON, party=world.ward, post={"en": "Head nurse"}, promises=words)
    link, other = Link.objects.filter(supplier=post).order_by("number")
    by = world.actor(world.wang_fang)
    promise = leaders.promise_staff(by=by, at=NOON, link=link, words=words[0], due_on=NOON.date(), rhythm=Rhythm.WEEKLY)
    done = leaders.fulfil_promise(by=by, at=NOON, promise=promise, note="It hangs by the door")
    promise.refresh_from_db()
    return Made(
        own={"leader-promises": promise, "fulfilments": done},
        bodies={
            "promise_staff": {"link": other.public_id, "words": words[1], "due_on": "2030-12-01"},
            "fulfil_promise": {"note": "It hangs again"},
            "see_promise": {},
            "take_back_fulfilment": {"why": "Another ward", "version": VERSION},
            "end_leader_promise": {"why": "The ward moves", "version": VERSION},
        },
    )
