"""What people outside need is written down, corrected and ended."""

from __future__ import annotations

from datetime import date, datetime

from baton.chain import policy
from baton.chain.changes.checks import ends_after, still_there, texts_given
from baton.chain.models import OutsideNeed, Party
from baton.chain.rules import OUTSIDE_CUSTOMERS
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import next_number
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.texts import Texts, folded
from baton_analysis.errors import gettext_noop


def add_need(*, by: Actor, at: datetime, holder: Party, words: Texts, began_on: date | None = None) -> OutsideNeed:
    """Write down what ``holder``, an outside customer or a group of consumers, needs, in his own words."""
    with change(by=by, at=at) as trail:
        demand(policy.may_write_needs(policy.standing_of(by, day_of(at))))
        need = OutsideNeed(holder=_holder(holder), words=texts_given(words, "words"), began_on=began_on or day_of(at))
        need.number = next_number(prefix="N", at=at)
        need.search_text = folded(need.number, *need.words.values())
        return trail.save(need, "outside_need.added")


def change_need(
    *,
    by: Actor,
    at: datetime,
    need: OutsideNeed,
    holder: Party,
    words: Texts,
    expected_seq: int | None = None,
    reason: str = "",
) -> OutsideNeed:
    """Correct the words, or whose need it is."""
    with change(by=by, at=at, reason=reason) as trail:
        need = trail.lock(OutsideNeed, need, expected_seq=expected_seq)
        demand(policy.may_write_needs(policy.standing_of(by, day_of(at))))
        still_there(need.ended_on, need.number)
        need.holder, need.words = _holder(holder), texts_given(words, "words")
        need.search_text = folded(need.number, *need.words.values())
        return trail.save(need, "outside_need.changed")


def end_need(
    *,
    by: Actor,
    at: datetime,
    need: OutsideNeed,
    ended_on: date | None = None,
    expected_seq: int | None = None,
    reason: str = "",
) -> OutsideNeed:
    """Say that nobody needs it any more from ``ended_on`` (today) on. Links that name it keep it and become a gap."""
    last = ended_on or day_of(at)
    with change(by=by, at=at, reason=reason) as trail:
        need = trail.lock(OutsideNeed, need, expected_seq=expected_seq)
        demand(policy.may_write_needs(policy.standing_of(by, day_of(at))))
        still_there(need.ended_on, need.number)
        ends_after(need.began_on, last)
        need.ended_on = last
        return trail.save(need, "outside_need.ended")


def _holder(holder: Party) -> Party:
    holder = Party.objects.get(pk=holder.pk)
    still_there(holder.ended_on, holder.number)
    if holder.party_kind not in OUTSIDE_CUSTOMERS:
        raise Refused(
            field="holder",
            expected=gettext_noop("Expected an outside customer or a group of consumers."),
            found=gettext_noop("{number} is neither."),
            remedy=gettext_noop("Choose whose need it is, or enter that customer first."),
            number=holder.number,
        )
    return holder
