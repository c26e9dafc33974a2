"""Points for handoffs on one link of a demonstration, where the installation has them on: a day of trial some weeks
ago, with what became of it, and the terms that hold now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from baton.core.actors import Actor
from baton.core.audit import feed
from baton.core.texts import Texts, say
from baton.handoffs import changes as handoffs
from baton.handoffs.changes.settlement.posting import READER
from baton.handoffs.queries import settlement
from baton.handoffs.rules import Side
from baton.starters.changes.demo_in_force import IN_FORCE
from baton.starters.changes.demo_lived import Lived
from baton.starters.changes.demo_recorded import Told
from baton.starters.changes.demo_talk import Key

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person
    from baton.handoffs.models import LinkSettlement, SettlementClaim

BY = Actor.system("demo")
DAY = timedelta(days=1)
CLAIMED_WITHIN = timedelta(days=7)
SHARE = 20
ARBITER = "quality"
"""The quality manager belongs to no side of these links."""
TRIAL_POINTS, POINTS = 50, 100
LONG_AGO, LATELY = CLAIMED_WITHIN + timedelta(days=4), timedelta(days=7)
WANTED = 3
"""Late ones of the day of trial: one is accepted, one disputed, one goes to the arbiter because nobody claims it."""
LATE: Texts = {
    "en": "It came after the agreed time; the round had to wait.", "zh-hans": "晚于约定时间送达，查房只好等候。",
}  # fmt: skip
AGREED: Texts = {"en": "Right, we were late.", "zh-hans": "属实，我们送晚了。"}
DISPUTED: Texts = {"en": "Nobody was there to take it over.", "zh-hans": "送到时无人签收。"}


def count_points(
    *, at: datetime, sector: str, people: Mapping[str, Person], links: Mapping[Key, Link], told: Sequence[Told]
) -> None:
    """Agree on points, post them, claim some back; nothing where the installation has points off."""
    if not settings.SETTLEMENT:
        return
    of = IN_FORCE[sector][0]
    late = [one for one in told if one.of is of and one.late and one.accepted_at is not None]
    day = _day_of_trial(late, at)
    if day is None:
        return
    lived = Lived(of, people, [one for one in late if _accepted_on(one) == day or _is_new(one, at)], links[of.link], at)
    sides = _Sides(lived, people[ARBITER])
    sides.try_out(day, at)
    sides.hold(at)


def _accepted_on(told: Told) -> date:
    assert told.accepted_at is not None, "only what was accepted is counted"
    return told.accepted_at.astimezone(_zone()).date()


def _is_new(told: Told, at: datetime) -> bool:
    return told.accepted_at is not None and told.accepted_at > at - LATELY


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def _day_of_trial(late: Sequence[Told], at: datetime) -> date | None:
    """The last day, long enough ago that what nobody claimed is with the arbiter, on which about so many were late as
    are wanted."""
    before = (at - LONG_AGO).astimezone(_zone()).date()
    known = Counter(day for one in late if (day := _accepted_on(one)) < before)
    return min(known, key=lambda day: (abs(known[day] - WANTED), -day.toordinal())) if known else None


class _Sides:
    """The two sides of a link and their arbiter, counting points."""

    def __init__(self, lived: Lived, arbiter: Person) -> None:
        self.lived, self.arbiter, self.link = lived, arbiter, lived.link

    def try_out(self, day: date, at: datetime) -> None:
        """One day of trial: a claim is accepted, one disputed, and what nobody claimed goes to the arbiter."""
        begun = datetime.combine(day, time(), tzinfo=_zone())
        over = begun + DAY
        terms = self._agree(begun, TRIAL_POINTS)
        handoffs.end_settlement(by=self.lived.supplier, at=over, terms=terms)
        handoffs.post_points(by=BY, at=over)
        claims = self._claim([one for one in self.lived.told if _accepted_on(one) == day], over + DAY, most=2)
        answers: Sequence[Callable[..., SettlementClaim]] = (handoffs.accept_claim, handoffs.dispute_claim)
        for claim, answer, words in zip(claims, answers, (AGREED, DISPUTED), strict=False):
            answer(by=self.lived.supplier, at=over + 2 * DAY, claim=claim, answer=_said(words))
        handoffs.trip_breaches(by=BY, at=min(at, over + CLAIMED_WITHIN + timedelta(hours=4)))

    def hold(self, at: datetime) -> None:
        """The trial was worth it: twice the points since some days, and one claim that waits for its answer."""
        self._agree(at - LATELY, POINTS)
        feed.rewind(READER)  # what was accepted since had been read before anybody agreed on points for it
        handoffs.post_points(by=BY, at=at)
        self._claim([one for one in self.lived.told if _is_new(one, at)], at, most=1)

    def _agree(self, at: datetime, points: int) -> LinkSettlement:
        """The supplier proposes, the customer agrees."""
        terms = handoffs.propose_settlement(
            by=self.lived.supplier, at=at, link=self.link, side=Side.SUPPLIER, price=points, share=SHARE,
            claim_days=CLAIMED_WITHIN.days, arbiter=self.arbiter,
        )  # fmt: skip
        return handoffs.agree_to_settlement(by=self.lived.customer, at=at, terms=terms)

    def _claim(self, late: Sequence[Told], at: datetime, most: int) -> list[SettlementClaim]:
        """The customer claims the first of these that Baton, too, found late."""
        made: list[SettlementClaim] = []
        for one in late:
            handoff, customer = self.lived.handoffs[one.reference], self.lived.customer
            points = settlement.points_of_handoff(viewer=customer, at=at, handoff=handoff)
            measured = [breach.clause for breach, _until in points.breaches if breach.measured] if points else []
            if measured and len(made) < most:
                made.append(
                    handoffs.claim_points(by=customer, at=at, handoff=handoff, ground=_said(LATE), clause=measured[0])
                )
        return made


def _said(words: Texts) -> str:
    return say(dict(words), settings.LANGUAGE_CODE)
