"""What goes on today on the handoffs of a demonstration: asked for, under way, contested, and due again and again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings

from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import Texts, say
from baton.handoffs import changes as handoffs
from baton.handoffs.rules import Quantities
from baton.handoffs.rules.standing import Off
from baton.starters.changes.demo_in_force import CODES, IN_FORCE, InForce
from baton.starters.changes.demo_lived import GROUND, REASON
from baton.starters.changes.demo_talk import Key

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person
    from baton.handoffs.models import Handoff

ORDER: Texts = {"en": "Reserve for the weekend", "zh-hans": "周末备用"}
URGENT: Texts = {"en": "urgent", "zh-hans": "急"}
UNCLEAR: Texts = {"en": "Where to, and how many?", "zh-hans": "送到哪里？要多少？"}


def begin_today(*, at: datetime, sector: str, people: Mapping[str, Person], links: Mapping[Key, Link]) -> None:
    """The first link of the sector: a standing order, what was asked for this morning, and what came back yesterday."""
    of = IN_FORCE[sector][0]
    day = _Today(at, of, people, links[of.link])
    day.order()
    day.ask("1", timedelta(hours=-3), timedelta(hours=2), pieces=30)
    day.warned(day.ask("2", timedelta(hours=-4), timedelta(hours=1), pieces=12, priority=_said(URGENT)))
    day.unclear(day.ask("3", timedelta(hours=-2), timedelta(hours=5)))
    day.ask("6", timedelta(hours=-30), timedelta(hours=-20), pieces=18)
    day.short(day.ask("4", timedelta(hours=-26), timedelta(hours=-22), pieces=40))
    day.contested(day.ask("5", timedelta(hours=-9), timedelta(hours=-6), pieces=24))


class _Today:
    """What the two sides of a link do today."""

    def __init__(self, at: datetime, of: InForce, people: Mapping[str, Person], link: Link) -> None:
        self.at, self.of, self.link = at, of, link
        self.supplier, self.customer = (Actor(people[who], frozenset()) for who in of.signed_by)

    def ask(
        self, number: str, ago: timedelta, due: timedelta, *, pieces: int | None = None, priority: str = ""
    ) -> Handoff:
        """The customer asks for something; ``ago`` and ``due`` are counted from now."""
        line = self._line(pieces) if pieces is not None else None
        return handoffs.request_handoff(
            by=self.customer, at=self.at + ago, link=self.link, due_at=self.at + due,
            reference=f"{day_of(self.at):%m%d}-{number}", priority=priority, lines=[line] if line is not None else [],
        )  # fmt: skip

    def _line(self, pieces: int) -> handoffs.LineGiven | None:
        if self.of.line is None:
            return None
        return handoffs.LineGiven(
            name=_said(self.of.line.item), unit=_said(self.of.line.unit), quantities=Quantities(ordered=Decimal(pieces))
        )

    def order(self) -> None:
        """On Fridays something more, for the weekend."""
        line = self._line(20)
        handoffs.add_order(
            by=self.customer, at=self.at, link=self.link,
            given=handoffs.OrderGiven(
                name=_said(ORDER), rule="FREQ=WEEKLY;BYDAY=TU,FR", begins=time(14), minutes=60, off=Off.NEXT,
                starts_on=day_of(self.at), reference=_said(ORDER), lines=[line] if line is not None else [],
            ),
        )  # fmt: skip

    def warned(self, handoff: Handoff) -> None:
        """It is under way, and will be late."""
        handoff = handoffs.receive_handoff(by=self.supplier, at=self.at - timedelta(hours=3), handoff=handoff)
        handoffs.warn_late(
            by=self.supplier, at=self.at - timedelta(hours=1), handoff=handoff,
            expected_at=self.at + timedelta(hours=3), reason=_said(REASON),
        )  # fmt: skip

    def unclear(self, handoff: Handoff) -> None:
        """The supplier sends the request back: something is missing in it."""
        handoffs.refuse_request(
            by=self.supplier, at=self.at - timedelta(hours=1), handoff=handoff, reason=_said(UNCLEAR)
        )

    def short(self, handoff: Handoff) -> None:
        """Yesterday some pieces were missing, which the supplier owes."""
        handoff = handoffs.deliver_handoff(by=self.supplier, at=self.at - timedelta(hours=23), handoff=handoff)
        line = handoff.lines.first()
        if line is not None:
            less = handoffs.Less(phenomenon=_said(CODES["SHORT"]), line=line.public_id, missing=Decimal(6))
            handoffs.accept_in_part(by=self.customer, at=self.at - timedelta(hours=22), handoff=handoff, less=[less])

    def contested(self, handoff: Handoff) -> None:
        """What came back this morning the supplier finds right; the arbiter has not decided yet."""
        handoff = handoffs.deliver_handoff(by=self.supplier, at=self.at - timedelta(hours=7), handoff=handoff)
        handoff = handoffs.return_handoff(
            by=self.customer, at=self.at - timedelta(hours=6), handoff=handoff, phenomenon=_said(CODES["WRONG"])
        )
        found = handoff.returns.get()
        handoffs.contest_return(by=self.supplier, at=self.at - timedelta(hours=4), found=found, ground=_said(GROUND))


def _said(words: Texts) -> str:
    return say(dict(words), settings.LANGUAGE_CODE)
