"""What people of a demonstration did with handoffs in its year: sent back, contested, warned, judged, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from baton.agreements.rules import Side
from baton.core.actors import Actor
from baton.core.texts import Texts, say
from baton.handoffs import changes as handoffs
from baton.handoffs import queries
from baton.handoffs.rules import ReturnState, Stage
from baton.starters.changes.demo_in_force import CODES, IN_FORCE, InForce, began_at
from baton.starters.changes.demo_recorded import Fate, Told
from baton.starters.changes.demo_talk import Key

if TYPE_CHECKING:
    from datetime import date

    from baton.chain.models import Link
    from baton.core.models import Person
    from baton.handoffs.models import DefectCode, Handoff, HandoffReturn

BY = Actor.system("demo")
ARBITERS = {"hospital": "logistics", "factory": "production", "laboratory": "director"}
"""Who decides about contested returns of the first link of each sector."""
VERDICTS = (ReturnState.UPHELD, ReturnState.DISMISSED, ReturnState.UNDECIDED)
JUDGED, CHECKED = 14, 6
GROUND: Texts = {
    "en": "The count at our door was right; the photo of the cart shows it.",
    "zh-hans": "出门时清点无误，照片为证。",
}
FOUND: Mapping[ReturnState, Texts] = {
    ReturnState.UPHELD: {"en": "The receiver's list and the label agree.", "zh-hans": "接收单与标签一致，退回成立。"},
    ReturnState.DISMISSED: {
        "en": "It was counted on another cart: nothing is missing.", "zh-hans": "清点时看错了推车，并无问题。",
    },
    ReturnState.UNDECIDED: {"en": "Nobody can tell any more.", "zh-hans": "已无法查清。"},
}  # fmt: skip
REASON: Texts = {"en": "The lift stands still", "zh-hans": "电梯停用"}
TOO_LATE: Texts = {
    "en": "Came as agreed, but we need it an hour earlier.",
    "zh-hans": "按约定送到，但我们需要提前一小时。",
}


class Lived:
    """The people of a link's two sides, its handoffs of the year, and what they do with them."""

    def __init__(
        self, of: InForce, people: Mapping[str, Person], told: Sequence[Told], link: Link, at: datetime
    ) -> None:
        self.supplier, self.customer = (Actor(people[who], frozenset()) for who in of.signed_by)
        self.of, self.told, self.link = of, told, link
        wanted = [one.reference for one in told]
        seen = queries.handoffs_in_sight(viewer=BY, at=at).filter(link=link.pk, reference__in=wanted)
        self.handoffs: dict[str, Handoff] = {one.reference: one for one in seen.select_related("link")}


def live_through(
    *, at: datetime, first: date, sector: str, people: Mapping[str, Person], links: Mapping[Key, Link],
    told: Sequence[Told],
) -> None:  # fmt: skip
    """Let the people of both sides do what they did, each at its moment."""
    codes = {one.code: one for one in queries.codes_for(viewer=BY, at=at, output=None)}
    with transaction.atomic():
        for of in IN_FORCE[sector]:
            mine = [one for one in told if one.of is of]
            acted = [one for one in mine if one.fate is not Fate.PLAIN]
            main = of is IN_FORCE[sector][0]
            judged = [one for one in mine if one.fate is Fate.PLAIN and one.accepted_at is not None][-JUDGED:]
            lived = Lived(of, people, [*acted, *(judged if main else ())], links[of.link], at)
            _practice(lived, began_at(first), people[ARBITERS[sector]] if main else None)
            contested = _contested(at, acted) if main else {}
            for one in acted:
                if one.fate is Fate.RETURNED:
                    _send_back(lived, one, codes, contested.get(one.reference), people[ARBITERS[sector]])
                elif one.fate is Fate.WARNED:
                    _warn(lived, one)
                elif one.entered_when_delivered:
                    handoff = lived.handoffs[one.reference]
                    handoffs.deliver_handoff(by=lived.supplier, at=_came(one), handoff=handoff)
            if main:
                _judge(lived, judged)
        handoffs.confirm_by_silence(by=BY, at=at)


def _practice(lived: Lived, began: datetime, arbiter: Person | None) -> None:
    """What both sides said on the first day: who decides, and after how many hours of silence nobody waits."""
    if arbiter is not None:
        handoffs.propose_practice(
            by=lived.customer, at=began, link=lived.link, side=Side.CUSTOMER, arbiter=arbiter, contest_hours=24
        )
        handoffs.confirm_practice(by=lived.supplier, at=began, link=lived.link, side=Side.SUPPLIER)
    if lived.of.silent is not None:
        handoffs.propose_silence(
            by=lived.supplier, at=began, link=lived.link, side=Side.SUPPLIER, hours=lived.of.silent
        )
        handoffs.confirm_silence(by=lived.customer, at=began, link=lived.link, side=Side.CUSTOMER)


def _contested(at: datetime, acted: Sequence[Told]) -> dict[str, ReturnState]:
    """Of the last returns that are over, how the arbiter decided, by reference."""
    over = [one for one in acted if one.again_at is not None and one.again_at < at - timedelta(days=2)]
    returned = [one.reference for one in over if one.fate is Fate.RETURNED][-len(VERDICTS) :]
    return dict(zip(returned, VERDICTS, strict=False))


def _send_back(
    lived: Lived, told: Told, codes: Mapping[str, DefectCode], verdict: ReturnState | None, arbiter: Person
) -> None:
    """It comes back under a code; what was not there again when the year ended is owed still."""
    assert told.returned_at is not None, "only what came back is sent back"
    code = lived.of.codes[sum(map(ord, told.reference)) % len(lived.of.codes)]
    handoff = handoffs.return_handoff(
        by=lived.customer, at=told.returned_at, handoff=lived.handoffs[told.reference], code=codes[code],
        phenomenon=_said(CODES[code]),
    )  # fmt: skip
    if told.again_at is None:
        return
    again = told.again_at
    if verdict is not None:
        found = handoff.returns.get()
        again = max(again, _decide(lived, found, verdict, arbiter))
    if verdict in (None, ReturnState.UPHELD):
        handoff = handoffs.deliver_handoff(by=lived.supplier, at=again, handoff=handoff)
    handoffs.accept_handoff(by=lived.customer, at=again + timedelta(minutes=10), handoff=handoff)


def _decide(lived: Lived, found: HandoffReturn, verdict: ReturnState, arbiter: Person) -> datetime:
    """The supplier contests it, the arbiter decides on the next day; when he has."""
    contested, decided = found.opened_at + timedelta(hours=2), found.opened_at + timedelta(hours=20)
    found = handoffs.contest_return(by=lived.supplier, at=contested, found=found, ground=_said(GROUND))
    handoffs.decide_return(
        by=Actor(arbiter, frozenset()), at=decided, found=found, verdict=verdict, note=_said(FOUND[verdict])
    )
    return decided


def _came(told: Told) -> datetime:
    assert told.delivered_at is not None, "it did come"
    return told.delivered_at


def _warn(lived: Lived, told: Told) -> None:
    """The supplier says before it is due when it comes instead, and so it does."""
    assert told.due_at is not None, "only what came late was announced"
    came = _came(told)
    before = told.due_at - timedelta(minutes=25)
    handoff = handoffs.warn_late(
        by=lived.supplier, at=before, handoff=lived.handoffs[told.reference], expected_at=came,
        reason=_said(REASON),
    )  # fmt: skip
    handoff = handoffs.deliver_handoff(by=lived.supplier, at=came, handoff=handoff)
    handoffs.accept_handoff(by=lived.customer, at=came + timedelta(minutes=5), handoff=handoff)


def _judge(lived: Lived, judged: Sequence[Told]) -> None:
    """Both sides judge the last handoffs, and some are checked before and after; what was as agreed is now and then
    not fit for use."""
    for number, told in enumerate(judged):
        assert told.accepted_at is not None, "only what was accepted is judged"
        handoff, at = lived.handoffs[told.reference], told.accepted_at + timedelta(minutes=30)
        unfit = told.late or number % 5 == 2
        handoffs.judge_handoff(
            by=lived.customer, at=at, handoff=handoff, side=Side.CUSTOMER, as_agreed=not told.late,
            fit_for_use=not unfit, note=_said(TOO_LATE) if unfit and not told.late else "",
        )  # fmt: skip
        handoffs.judge_handoff(
            by=lived.supplier, at=at + timedelta(minutes=20), handoff=handoff, side=Side.SUPPLIER,
            request_complete=number % 7 != 3, told_in_time=number % 6 != 4,
        )  # fmt: skip
        if number < CHECKED and told.pieces is not None:
            _check(lived, handoff, at, told.pieces, found=number % 3)


def _check(lived: Lived, handoff: Handoff, at: datetime, pieces: int, found: int) -> None:
    steps: tuple[tuple[Actor, Stage, int], ...] = (
        (lived.supplier, Stage.SELF_CHECK, found), (lived.customer, Stage.RECEIVER, found // 2)
    )  # fmt: skip
    for by, stage, faulty in steps:
        handoffs.record_check(
            by=by, at=at, handoff=handoff, stage=stage, passed=True, checked=Decimal(pieces), found=Decimal(faulty)
        )


def _said(words: Texts) -> str:
    return say(dict(words), settings.LANGUAGE_CODE)
