"""What people say to gaps: who is to close one, no dealings, accepted as it is; and taken back again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from baton.chain import policy
from baton.chain.models import GapAnswer
from baton.chain.models.gaps import DETECTORS
from baton.chain.queries.gap_detectors import Gap
from baton.chain.queries.gap_sight import in_discretion
from baton.chain.rules import PAIR_DETECTORS, GapReply
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import Refused, Stale, TooLong
from baton.core.formats import remarks_in
from baton.core.policy import demand, may_use
from baton.core.queries import roles_of
from baton.core.texts import Texts, clean_text, say
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

ASSIGNED_TOPIC = "chain.gap_assigned"
ASSIGNED_MESSAGE = gettext_noop("You are to clear this up: {gap}, {about}.")
ASSIGNED_TOGETHER_TOPIC = "chain.gaps_assigned"
ASSIGNED_TOGETHER_MESSAGE = gettext_noop("You are to clear up {count} gaps: {gaps}.")
ASSIGNED_TOGETHER_NAMELESS = gettext_noop("You are to clear up gaps: {count}.")
REASON_LENGTH = 200


def assign_gap(
    *,
    by: Actor,
    at: datetime,
    gap: Gap,
    person: Person,
    due_on: date | None = None,
    reason: str = "",
    expected_seq: int | None = None,
    tell: bool = True,
) -> GapAnswer:
    """Say who is to close the gap, by a day if one is given; he is told. It stays open until the chain says otherwise.

    ``gap`` was just found by the queries; ``expected_seq`` is the version of the answer that the actor saw, 0: there
    was none. Without ``tell`` :func:`tell_of_gaps` tells him of several together. Refused: a day in the past, a guest,
    somebody from whom the links that the gap tells of are kept.
    """
    if due_on is not None and due_on < day_of(at):
        raise Refused(
            field="due_on",
            expected=gettext_noop("Expected today or a later day."),
            found=gettext_noop("Found {due_on}."),
            remedy=gettext_noop("Give a later day, or none."),
            due_on=due_on.isoformat(),
        )
    with change(by=by, at=at, reason=reason) as trail:
        _demand_may(by, at, gap)
        told = _as_told(person, at, gap)
        answer = GapAnswer(reply=GapReply.ASSIGNED, assignee=person, due_on=due_on, reason=_reason(reason))
        saved = _say(trail, gap, answer, expected_seq)
        if tell:
            _tell(by, at, person, [told], 1)
        return saved


def tell_of_gaps(*, by: Actor, at: datetime, person: Person, gaps: Sequence[Gap], count: int) -> None:
    """Tell ``person`` in one message of the ``count`` gaps that were assigned to him, by the first of them."""
    with change(by=by, at=at):
        _tell(by, at, person, [_as_told(person, at, gap) for gap in gaps], count)


def _tell(by: Actor, at: datetime, person: Person, told: Sequence[Gap], count: int) -> None:
    if by.person is not None and by.person.pk == person.pk:
        return
    topic, address, values = ASSIGNED_TOPIC, address_of(told[0]), _words(told[0])
    if count > 1:
        topic, address = ASSIGNED_TOGETHER_TOPIC, f"{reverse('chain:gaps')}?{urlencode({'show': 'assigned'})}"
        values = {"count": count, "gaps": _listed(told, count)}
    answers = GapAnswer.objects.filter(withdrawn=False, assignee=person, key__in=[gap.key for gap in told])
    shows = [(GapAnswer.kind, public_id) for public_id in answers.values_list("public_id", flat=True)]
    notify(by=by, at=at, person=person, topic=topic, address=address, values=values, shows=shows)


def _words(gap: Gap) -> dict[str, Any]:
    return {"gap": _in_all_languages(gap), "about": _named(gap)}


def _listed(gaps: Sequence[Gap], count: int) -> Texts:
    """The gaps after one another, by language; more of them than are named: an ellipsis."""
    words = [(_in_all_languages(gap), _named(gap)) for gap in gaps]
    more = ["…"] if count > len(gaps) else []
    return {
        code: remarks_in(code, [*(f"{kind[code]}, {about[code]}" for kind, about in words), *more])
        for code, _language in settings.LANGUAGES
    }


def answer_gap(
    *, by: Actor, at: datetime, gap: Gap, reply: GapReply, reason: str, expected_seq: int | None = None
) -> GapAnswer:
    """Say that the gap may stay, and why: the two have no dealings, or it is accepted as it is.

    It is open again when the data speak for it much more than now. Refused: no reason; "no dealings" of anything but
    two parties without a link.
    """
    if reply is GapReply.NO_DEALINGS and gap.detector not in PAIR_DETECTORS:
        raise Refused(
            field="reply",
            expected=gettext_noop("“No dealings” is an answer where two parties have no link."),
            remedy=gettext_noop("Close the gap, or accept it as it is with a reason."),
        )
    if reply is GapReply.ASSIGNED:
        raise ValueError("assign_gap says who is to close a gap")
    if not _reason(reason):
        raise Refused(
            field="reason",
            expected=gettext_noop("Expected a reason that everybody may read."),
            remedy=gettext_noop("Write in one sentence why it may stay as it is."),
        )
    with change(by=by, at=at, reason=reason) as trail:
        _demand_may(by, at, gap)
        return _say(trail, gap, GapAnswer(reply=GapReply(reply), reason=_reason(reason)), expected_seq)


def withdraw_gap_answer(
    *, by: Actor, at: datetime, gap: Gap, answer: GapAnswer, expected_seq: int | None = None, reason: str = ""
) -> GapAnswer:
    """Take back what was said to the gap: it is open again, and nobody is to close it."""
    if (answer.key, answer.detector in PAIR_DETECTORS) != (gap.key, gap.detector in PAIR_DETECTORS):
        raise ValueError("the answer is one to another gap")
    with change(by=by, at=at, reason=reason) as trail:
        _demand_may(by, at, gap)
        answer = trail.lock(GapAnswer, answer, expected_seq=expected_seq)
        answer.withdrawn = True
        return trail.save(answer, "gap_answer.withdrawn")


def address_of(gap: Gap) -> str:
    """The page of a gap."""
    return reverse("chain:gap", args=[gap.detector.value, gap.key])


def _demand_may(by: Actor, at: datetime, gap: Gap) -> None:
    demand(may_use(by) and policy.may_answer_gap(policy.standing_of(by, day_of(at)), gap.paths))


def _as_told(person: Person, at: datetime, gap: Gap) -> Gap:
    """The gap as ``person`` may learn of it. Refused: a guest, and who may not know of the links that it tells of."""
    sight = policy.sight_of(Actor(person, roles_of(person, at)), day_of(at))
    told = None if sight.standing.is_guest else next(in_discretion(sight, day_of(at), [gap]), None)
    if told is None:
        raise Refused(
            field="person",
            expected=gettext_noop("Expected somebody who may know of the parties and links that the gap is about."),
            found=gettext_noop("They are not shared with {name}."),
            remedy=gettext_noop("Choose somebody of one of its two sides, or the quality manager."),
            name=str(person),
        )
    return told


def _say(trail: Trail, gap: Gap, answer: GapAnswer, expected_seq: int | None) -> GapAnswer:
    """Replace what was said before by ``answer``."""
    alike = PAIR_DETECTORS if gap.detector in PAIR_DETECTORS else {gap.detector}
    before = list(GapAnswer.objects.filter(detector__in=alike, key=gap.key, withdrawn=False))
    if expected_seq and not before:
        raise Stale
    for old in before:
        locked = trail.lock(GapAnswer, old, expected_seq=expected_seq)
        locked.withdrawn = True
        trail.save(locked, "gap_answer.replaced")
    answer.detector, answer.key, answer.weight = gap.detector, gap.key, gap.weight
    return trail.save(answer, f"gap_answer.{answer.reply}")


def _reason(raw: str) -> str:
    text = clean_text(raw)
    if len(text) > REASON_LENGTH:
        raise TooLong(field="reason", most=REASON_LENGTH, length=len(text))
    return text


def _in_all_languages(gap: Gap) -> Texts:
    said = {}
    for code, _language in settings.LANGUAGES:
        with override(code):
            said[code] = str(DETECTORS[gap.detector])
    return said


def _named(gap: Gap) -> Texts:
    return {
        code: " → ".join(say(about.name, code) or about.number for about in gap.about[:3])
        for code, _language in settings.LANGUAGES
    }
