"""Two people at the same moment: one is first, the other is told, nothing is half done and nothing fails."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import connections

from baton.core.audit.verify import verify
from baton.core.errors import BatonError
from baton.handoffs import changes
from baton.handoffs.models import Handoff, HandoffReturn, LinkPractice
from baton.handoffs.rules import Side, State
from tests.rooms.handoffs.made import HOUR, delivered
from tests.rooms.handoffs.test_life import as_
from tests.world import NOON, build


def at_once(*taken: Callable[[], Any], times: int = 4) -> tuple[int, list[Exception]]:
    """Call each so many times, all from threads that wait for each other. How many went well, and what was refused."""
    gate, done, refused = threading.Barrier(len(taken) * times), [], []

    def run(one: Callable[[], Any]) -> None:
        try:
            gate.wait()
            done.append(one())
        except Exception as problem:
            refused.append(problem)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(one,)) for one in taken for _time in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(done), refused


def test_accepting_and_returning_at_the_same_moment(committed_db: object) -> None:
    world = build()
    handoff = delivered(world)
    seen = {"handoff": handoff, "expected_seq": handoff.changed_seq}
    ward, head = as_(world, "chen_jie"), as_(world, "wang_fang")
    done, refused = at_once(
        lambda: changes.accept_handoff(**ward, **seen),
        lambda: changes.return_handoff(**head, **seen, phenomenon="Damp"),
    )
    assert (done, len(refused)) == (1, 7)
    assert all(isinstance(one, BatonError) for one in refused), refused
    handoff.refresh_from_db()
    came_back = HandoffReturn.objects.count()
    assert (handoff.state, came_back) in ((State.ACCEPTED, 0), (State.RETURNED, 1))
    assert verify().holds


def test_what_is_made_once_a_link_is_made_once(committed_db: object) -> None:
    """The same tally, the same practice: every thread says the same, one row stands."""
    world = build()
    link, ward, head = world.laundry_ward, as_(world, "chen_jie"), as_(world, "zhao_lei")
    counted = {"begins_at": NOON - HOUR, "ends_at": NOON, "came": None, "good": Decimal(5), "returned": {}}
    done, refused = at_once(
        lambda: changes.enter_tally(**ward, link=link, **counted),
        lambda: changes.propose_silence(**head, link=link, side=Side.SUPPLIER, hours=24),
        times=3,
    )
    assert (done, refused) == (6, [])
    assert Handoff.objects.count() == LinkPractice.objects.count() == 1
