"""Points for handoffs behind their addresses; see tests/browser/records.py."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from baton.handoffs import changes
from baton.handoffs.models import HandoffReturn
from baton.handoffs.rules import Quantities, Side
from tests.browser.vectors import fitting
from tests.rooms.handoffs.settled import WORKER
from tests.world import World

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.handoffs.models import SettlementClaim

Values = tuple[dict[str, str], ...]
SHEETS = changes.LineGiven(name="Sheets", unit="pc", quantities=Quantities(ordered=Decimal(100)))


def settlement_values(world: World, link: Link, at: datetime) -> dict[str, Values]:
    """Route -> what fills its placeholders: terms that hold and others that are proposed, a claim that waits, one that
    is disputed and one that was decided, a handoff whose points can be claimed back."""
    customer, manager = world.actor(world.ma_chao), world.actor(world.lin_mei)
    agree(world, link, at)
    free, waiting, disputed, decided = (returned(world, link, at) for _one in range(4))
    claims = [claim(world, one, at, "Three sheets were torn") for one in (waiting, disputed, decided)]
    for one in claims[1:]:
        changes.dispute_claim(by=manager, at=at, claim=one, answer="Whole when they left")
    changes.rule_on_claim(by=world.actor(world.he_ping), at=at, claim=claims[2], ruling=50, note="Half of them")
    propose(world, link, at, by=customer, side=Side.CUSTOMER)
    first = claims[0].public_id
    return {
        "handoffs/settlement/links/": ({"link": link.public_id},),
        "handoffs/settlement/parties/": ({"party": link.customer.public_id},),
        "handoffs/settlement/claims/": tuple({"public_id": one.public_id} for one in claims),
        "handoffs/settlement/claims/<slug:public_id>/<slug:way>/": (
            *({"public_id": first, "way": way} for way in ("accept", "dispute", "withdraw")),
            {"public_id": claims[1].public_id, "way": "rule"},
        ),
        "handoffs/<slug:handoff>/claim/": ({"handoff": free.handoff.public_id},),
    }


def enter_settlement(world: World, link: Link, at: datetime) -> None:
    """Texts that would run as a script, in every column of a claim that somebody types."""
    manager = world.actor(world.lin_mei)
    agree(world, link, at)
    first, second = (claim(world, returned(world, link, at), at, fitting(500, 201 + n)) for n in range(2))
    changes.dispute_claim(by=manager, at=at, claim=first, answer=fitting(500, 203))
    changes.rule_on_claim(by=world.actor(world.he_ping), at=at, claim=first, ruling=50, note=fitting(500, 204))
    changes.withdraw_claim(by=world.actor(world.ma_chao), at=at, claim=second, reason=fitting(500, 205))


def propose(world: World, link: Link, at: datetime, **said: Any) -> Any:
    return changes.propose_settlement(
        at=at, link=link, price=100, share=10, claim_days=7, arbiter=world.he_ping, **said
    )


def agree(world: World, link: Link, at: datetime) -> None:
    """The quality manager for the supplier, who has no head, and the customer's head."""
    made = propose(world, link, at, by=world.actor(world.lin_mei), side=Side.SUPPLIER)
    changes.agree_to_settlement(by=world.actor(world.ma_chao), at=at, terms=made)


def returned(world: World, link: Link, at: datetime) -> HandoffReturn:
    """Of a handoff that has earned its points, something came back."""
    customer, manager = world.actor(world.ma_chao), world.actor(world.lin_mei)
    asked = changes.request_handoff(by=customer, at=at, link=link, reference="LOT-9", lines=[SHEETS])
    changes.deliver_handoff(by=manager, at=at, handoff=asked)
    changes.accept_handoff(by=customer, at=at, handoff=asked)
    changes.post_points(by=WORKER, at=at)
    less = changes.Less(line=asked.lines.get().public_id, refused=Decimal(3), phenomenon="Torn")
    changes.return_part(by=customer, at=at, handoff=asked, less=[less])
    return HandoffReturn.objects.get(handoff=asked)


def claim(world: World, found: HandoffReturn, at: datetime, ground: str) -> SettlementClaim:
    return changes.claim_points(
        by=world.actor(world.ma_chao), at=at, handoff=found.handoff, ground=ground, found_return=found
    )
