"""Points for tests: the Laundry and Ward 3 agree to count them, He Ping of the Stores decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from baton.core.actors import Actor
from baton.handoffs import changes
from baton.handoffs.models import HandoffReturn, LedgerEntry
from baton.handoffs.rules import Side
from tests.rooms.handoffs.made import accepted
from tests.world import NOON, World

if TYPE_CHECKING:
    from baton.handoffs.models import Handoff, LinkSettlement, SettlementClaim

DAY = timedelta(days=1)
WORKER = Actor.system("worker")
TERMS = {"price": 100, "share": 10, "claim_days": 7}


def as_(world: World, name: str, at: datetime = NOON) -> dict[str, Any]:
    """Somebody, at a moment."""
    return {"by": world.actor(getattr(world, name)), "at": at}


def terms_proposed(world: World, at: datetime = NOON, **other: Any) -> LinkSettlement:
    """Proposed by Zhao Lei of the Laundry."""
    given = {"link": world.laundry_ward, "side": Side.SUPPLIER, "arbiter": world.he_ping, **TERMS, **other}
    return changes.propose_settlement(by=world.actor(world.zhao_lei), at=at, **given)


def terms_agreed(world: World, at: datetime = NOON, **other: Any) -> LinkSettlement:
    """Those, agreed to by Wang Fang of the ward."""
    made = terms_proposed(world, at, **other)
    return changes.agree_to_settlement(by=world.actor(world.wang_fang), at=at, terms=made)


def post(at: datetime = NOON) -> int:
    """What the worker does every minute."""
    return changes.post_points(by=WORKER, at=at)


def earned(world: World) -> Handoff:
    """A handoff of clean linen that was accepted and has earned its points."""
    handoff = accepted(world)
    post()
    return handoff


def came_back(world: World, at: datetime = NOON) -> HandoffReturn:
    """Of one that has earned its points, towels came back."""
    handoff = earned(world)
    less = changes.Less(line=handoff.lines.get(name="Towels").public_id, refused=Decimal(5), phenomenon="Damp")
    changes.return_part(by=world.actor(world.chen_jie), at=at, handoff=handoff, less=[less])
    return HandoffReturn.objects.get(handoff=handoff)


def claimed(world: World, at: datetime = NOON) -> SettlementClaim:
    """For that Chen Jie of the ward claims points back."""
    found = came_back(world, at)
    return changes.claim_points(
        by=world.actor(world.chen_jie), at=at, handoff=found.handoff, ground="Five towels were damp", found_return=found
    )


def points() -> list[tuple[str, int]]:
    """Kind and points of every entry, in their order."""
    return list(LedgerEntry.objects.order_by("pk").values_list("entry_kind", "points"))
