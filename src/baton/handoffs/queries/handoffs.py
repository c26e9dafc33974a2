"""One handoff with all that its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements.queries import clauses_by_version
from baton.agreements.queries.in_force import version_in_force_at
from baton.agreements.rules import Measure
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.history import HistoryEntry, history_of
from baton.core.texts import say
from baton.handoffs import policy
from baton.handoffs.models import (
    Handoff,
    HandoffEvent,
    HandoffLine,
    HandoffPhoto,
    HandoffReturn,
    Judgement,
    LinkPractice,
    MeasuredValue,
    StageCheck,
)
from baton.handoffs.queries.deliverers import openers_of
from baton.handoffs.queries.inspecting import may_check
from baton.handoffs.queries.pausing import pauses_among
from baton.handoffs.queries.sight import handoff
from baton.handoffs.queries.silence import unconfirmed_from
from baton.handoffs.rules import (
    CONTEST_HOURS,
    DECISIONS,
    ReturnState,
    Side,
    Stage,
    State,
    Step,
    contestable_until,
    is_released,
    may_become,
    released_at,
    steps_from,
)

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion

MOST_EVENTS = 200
_FIRST = {
    "requested_at": "requested", "received_at": Step.RECEIVE, "delivered_at": Step.DELIVER, "accepted_at": Step.ACCEPT,
    "withdrawn_at": Step.WITHDRAW,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline: what happened when, who says so (empty: a machine), and the event with what else was
    said; None for the first moment of its kind. ``what`` is a :class:`Step`, or ``requested``."""

    at: datetime
    what: str
    who: str
    event: HandoffEvent | None = None


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return with what the viewer may do about it."""

    found: HandoffReturn
    may_contest: bool
    may_decide: bool
    may_settle: bool
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class HandoffPage:
    """A handoff as its page shows it. ``steps`` are those that the viewer can take now; ``stages`` the checks that he
    may enter; ``judgements`` those that he may read; ``judges`` the sides for which he may still judge;
    ``released_at`` when each side reads the other's; ``unconfirmed_from`` when it counts as not confirmed unless
    somebody says a word; ``version`` the agreement that was in force."""

    handoff: Handoff
    lines: list[HandoffLine]
    timeline: list[Moment]
    returns: list[ReturnRow]
    photos: list[HandoffPhoto]
    values: list[MeasuredValue]
    judgements: list[Judgement]
    checks: list[StageCheck]
    practice: LinkPractice | None
    version: AgreementVersion | None
    measurable: bool
    sides: frozenset[Side]
    steps: tuple[Step, ...]
    stages: tuple[Stage, ...]
    judges: tuple[Side, ...]
    released_at: datetime | None
    unconfirmed_from: datetime | None
    may_withdraw: bool
    history: list[HistoryEntry]

    @property
    def late(self) -> bool:
        """Whether it came, or was accepted, after it was due."""
        ended = self.handoff.delivered_at or self.handoff.accepted_at
        return self.handoff.due_at is not None and ended is not None and ended > self.handoff.due_at


def handoff_shown(*, viewer: Actor, at: datetime, public_id: str) -> HandoffPage:
    """Everything that the page of a handoff shows. A fixed number of queries."""
    found = handoff(viewer=viewer, at=at, public_id=public_id)
    standing = standing_of(viewer, day_of(at))
    sides = policy.acts_for(standing, found.link)
    practice = LinkPractice.objects.filter(link=found.link_id).select_related("arbiter", "proposed_by").first()
    events = list(found.events.select_related("person").order_by("at", "pk")[:MOST_EVENTS])
    history = history_of(viewer=viewer, object_ids=[public_id])
    judged = list(found.judgements.select_related("person"))
    times = {Side(one.side): one.judged_at for one in judged}
    mine, theirs = times.get(Side.SUPPLIER), times.get(Side.CUSTOMER)
    released = is_released(mine, theirs, found.accepted_at, at)
    state = State(found.state)
    version = version_in_force_at(viewer=viewer, link=found.link_id, moment=found.occurred_at)
    clauses = clauses_by_version(viewer=viewer, versions=[version])[version.pk] if version is not None else []
    return HandoffPage(
        handoff=found,
        lines=list(found.lines.select_related("code").order_by("position")),
        timeline=timeline_of(found, events, history),
        returns=_rows(viewer, at, _returns(found), sides, practice),
        photos=list(found.photos.select_related("found", "attachment__comment__author").order_by("pk")),
        values=list(found.values.select_related("clause", "person").order_by("measured_at", "pk")[:MOST_EVENTS]),
        judgements=[one for one in judged if released or policy.reads_judgement(standing, found.link, one)],
        checks=list(found.checks.select_related("person").order_by("checked_at", "pk")),
        practice=practice,
        version=version,
        measurable=any(one.measure == Measure.VALUE for one in clauses),
        sides=sides,
        steps=tuple(
            one
            for one in steps_from(state, sides, delivered=found.was_delivered)
            if one is not Step.RESUME or pauses_among(events, viewer=viewer, at=at, handoff=found)
        ),
        stages=tuple(one for one in Stage if may_check(viewer=viewer, at=at, handoff=found, stage=one)),
        judges=tuple(sorted(sides)) if found.was_delivered and not released and state is not State.WITHDRAWN else (),
        released_at=released_at(mine, theirs, found.accepted_at),
        unconfirmed_from=unconfirmed_from(viewer=viewer, handoffs=[found]).get(found.pk),
        may_withdraw=state is not State.WITHDRAWN and policy.may_take(standing, found.link, Step.WITHDRAW, state=state),
        history=history,
    )


def timeline_of(found: Handoff, events: Sequence[HandoffEvent], history: Sequence[HistoryEntry]) -> list[Moment]:
    """What happened to a handoff in the order in which it happened: its first moments, with who recorded them, and the
    events after them."""
    said_by: dict[str, HistoryEntry] = {}
    for entry in reversed(history):
        for name in _FIRST:
            if (entry.changed.get(name) or (None, None))[1] is not None:
                said_by.setdefault(name, entry)
    firsts = [
        Moment(moment, _what(name, said_by.get(name)), say(said_by[name].who) if name in said_by else "")
        for name in _FIRST
        if (moment := getattr(found, name)) is not None
    ]
    later = [Moment(one.at, one.event, str(one.person) if one.person is not None else "", one) for one in events]
    return sorted([*firsts, *later], key=lambda moment: moment.at)


def _what(name: str, entry: HistoryEntry | None) -> str:
    """What the first moment of a kind was; the first acceptance may have been one of a part."""
    in_part = name == "accepted_at" and entry is not None and entry.action == "handoff.accept_part"
    return Step.ACCEPT_PART if in_part else _FIRST[name]


def _returns(found: Handoff) -> list[HandoffReturn]:
    rows = found.returns.select_related("line", "code", "contested_by", "decided_by").order_by("opened_at", "pk")
    returns = list(rows)
    for one in returns:
        one.handoff = found
    return returns


def _rows(
    viewer: Actor, at: datetime, returns: Sequence[HandoffReturn], sides: frozenset[Side], practice: LinkPractice | None
) -> list[ReturnRow]:
    standing = standing_of(viewer, day_of(at))
    openers = openers_of(viewer=viewer, returns=[one.public_id for one in returns]) if returns else {}
    hours = practice.contest_hours if practice is not None else CONTEST_HOURS
    return [
        ReturnRow(
            one,
            may_contest=Side.SUPPLIER in sides
            and may_become(state, ReturnState.CONTESTED)
            and at <= contestable_until(max(one.opened_at, one.recorded_at), hours),
            may_decide=may_become(state, DECISIONS[0])
            and policy.may_decide(standing, practice, one, opener=openers.get(one.public_id, "")),
            may_settle=Side.CUSTOMER in sides and may_become(state, ReturnState.SETTLED),
            may_take_back=Side.CUSTOMER in sides and may_become(state, ReturnState.WITHDRAWN),
        )
        for one in returns
        for state in [ReturnState(one.state)]
    ]
