"""A return is contested, decided, settled or taken back."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from baton.chain.policy import Standing, standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.checks import cost_given, text_needed, zone_of
from baton.handoffs.changes.lines import give_back
from baton.handoffs.changes.messages import tell_contested, tell_decided
from baton.handoffs.models import Handoff, HandoffEvent, HandoffReturn, LinkPractice
from baton.handoffs.models.labels import RETURN_STATES
from baton.handoffs.queries.deliverers import openers_of
from baton.handoffs.rules import (
    CONTEST_HOURS,
    DECISIONS,
    NOT_COUNTED,
    NOTE_LENGTH,
    OWED_BACK,
    PENDING,
    ReturnState,
    Side,
    State,
    Step,
    after_close,
    contestable_until,
    may_become,
    shown,
)
from baton_analysis.errors import gettext_noop


def contest_return(
    *, by: Actor, at: datetime, found: HandoffReturn, ground: str, expected_seq: int | None = None
) -> HandoffReturn:
    """The supplier says that it was right as delivered, with his ground, within the hours of the link; what proves it
    is added to the discussion of the handoff. The arbiter decides."""
    with change(by=by, at=at) as trail:
        fresh, handoff, standing = _begin(trail, found, ReturnState.CONTESTED, expected_seq)
        demand(policy.may_act(standing, handoff.link, Side.SUPPLIER))
        practice = LinkPractice.objects.filter(link=handoff.link_id).first()
        hours = practice.contest_hours if practice is not None else CONTEST_HOURS
        # From when the supplier could know of it: what is entered late can still be contested.
        until = contestable_until(max(fresh.opened_at, fresh.recorded_at), hours)
        if at > until:
            raise Refused(
                expected=gettext_noop("Expected a contest within {hours} h, up to {until}."),
                found=gettext_noop("It is {now}."),
                remedy=gettext_noop("Talk to the customer: he can take the return back."),
                hours=hours, until=shown(until, zone_of(handoff)), now=shown(at, zone_of(handoff)),
            )  # fmt: skip
        fresh.ground = text_needed(
            ground, "ground", NOTE_LENGTH, gettext_noop("Say why it was right, and add what proves it.")
        )
        fresh.state, fresh.contested_at, fresh.contested_by = ReturnState.CONTESTED, at, by.person
        trail.save(fresh, "handoff_return.contested")
        _follow(trail, handoff, fresh)
        tell_contested(trail, fresh)
        return fresh


def decide_return(
    *, by: Actor, at: datetime, found: HandoffReturn, verdict: ReturnState, note: str, expected_seq: int | None = None
) -> HandoffReturn:
    """The arbiter says whether it rightly came back; what cannot be found out counts against neither side."""
    if verdict not in DECISIONS:
        raise Refused(
            field="verdict",
            expected=gettext_noop("Expected one of: upheld, dismissed, undecided."),
            remedy=gettext_noop("Choose one of these."),
        )
    with change(by=by, at=at) as trail:
        fresh, handoff, standing = _begin(trail, found, verdict, expected_seq)
        practice = LinkPractice.objects.filter(link=handoff.link_id).select_related("arbiter").first()
        opener = openers_of(viewer=by, returns=[fresh.public_id]).get(fresh.public_id, "")
        demand(policy.may_decide(standing, practice, fresh, opener=opener))
        fresh.decision_note = text_needed(
            note, "note", NOTE_LENGTH, gettext_noop("Say what you found, in a sentence: both sides read it.")
        )
        fresh.state, fresh.decided_at, fresh.decided_by = verdict, at, by.person
        trail.save(fresh, "handoff_return.decided")
        _follow(trail, handoff, fresh)
        tell_decided(trail, fresh)
        return fresh


def settle_return(
    *, by: Actor, at: datetime, found: HandoffReturn, settlement: str, cost: Decimal | None = None,
    expected_seq: int | None = None,
) -> HandoffReturn:  # fmt: skip
    """The customer says how it was made good without another delivery: credited, mended, replaced."""
    with change(by=by, at=at) as trail:
        fresh, handoff, standing = _begin(trail, found, ReturnState.SETTLED, expected_seq)
        demand(policy.may_act(standing, handoff.link, Side.CUSTOMER))
        fresh.settlement = text_needed(
            settlement, "settlement", NOTE_LENGTH, gettext_noop("Say how: credited, mended, replaced.")
        )
        if cost is not None:
            fresh.cost = cost_given(cost)
        fresh.state, fresh.settled_at = ReturnState.SETTLED, max(at, fresh.opened_at)
        trail.save(fresh, "handoff_return.settled")
        _follow(trail, handoff, fresh)
        return fresh


def withdraw_return(
    *, by: Actor, at: datetime, found: HandoffReturn, reason: str, expected_seq: int | None = None
) -> HandoffReturn:
    """The customer takes it back: it was right after all. It does not count."""
    why = text_needed(reason, "reason", NOTE_LENGTH, gettext_noop("Say why, in a sentence: the other side reads it."))
    with change(by=by, at=at, reason=why) as trail:
        fresh, handoff, standing = _begin(trail, found, ReturnState.WITHDRAWN, expected_seq)
        demand(policy.may_act(standing, handoff.link, Side.CUSTOMER))
        fresh.state, fresh.settlement = ReturnState.WITHDRAWN, why
        trail.save(fresh, "handoff_return.withdrawn")
        _follow(trail, handoff, fresh)
        return fresh


def _begin(
    trail: Trail, found: HandoffReturn, after: ReturnState, expected_seq: int | None
) -> tuple[HandoffReturn, Handoff, Standing]:
    """The return and its handoff locked, once it is clear that it can become so; and what the actor is."""
    handoff = trail.lock(Handoff, found.handoff)
    fresh = trail.lock(HandoffReturn, found, expected_seq=expected_seq)
    standing = standing_of(trail.by, day_of(trail.at))
    demand(bool(policy.acts_for(standing, handoff.link)) or after in DECISIONS)
    if not may_become(ReturnState(fresh.state), after):
        raise Refused(
            expected=gettext_noop("Expected a return that can still become: {after}."),
            found=gettext_noop("{number} stands so: {state}."),
            remedy=gettext_noop("Open it again and look at what has happened meanwhile."),
            after=RETURN_STATES[after], state=RETURN_STATES[ReturnState(fresh.state)], number=fresh.number,
        )  # fmt: skip
    return fresh, handoff, standing


def _follow(trail: Trail, handoff: Handoff, found: HandoffReturn) -> None:
    """What becomes of a handoff, and of its line, once one of its returns stands otherwise."""
    if ReturnState(found.state) in NOT_COUNTED:
        give_back(trail, found)
    before = State(handoff.state)
    handoff.state = _state_left(handoff)
    if found.shortage:
        handoff.complete = _complete_left(handoff)
    if handoff.state != before:
        # From when silence is counted again, where it waits for the customer once more.
        said = HandoffEvent(handoff=handoff, event=Step.CLOSE, at=max(trail.at, found.opened_at))
        trail.save(said, "handoff_event.added")
        trail.save(handoff, "handoff.closed")
    else:
        trail.save(handoff, "handoff.complete_anew")


def _state_left(handoff: Handoff) -> State:
    """How a handoff stands, of which a part or all came back: nothing is owed once no return of it is pending. What all
    of it came back for decides whether it was made good otherwise."""
    state = State(handoff.state)
    if state not in (State.PARTLY, State.RETURNED):
        return state
    pending = HandoffReturn.objects.filter(handoff=handoff, state__in=sorted(PENDING))
    whole = HandoffReturn.objects.filter(handoff=handoff, line__isnull=True, shortage=False).order_by("-pk").first()
    settled = whole is not None and whole.state == ReturnState.SETTLED
    accepted = handoff.accepted_at is not None
    if not pending.exists():
        return after_close(state, made_good=settled, accepted=accepted)
    stays = state is State.PARTLY or settled or (whole is not None and ReturnState(whole.state) in PENDING)
    return state if stays else State.PARTLY if accepted else State.DELIVERED


def _complete_left(handoff: Handoff) -> bool | None:
    """Whether all of a handoff came, as far as what was missing tells; None: nobody knows, or nothing was missing after
    all."""
    missing = HandoffReturn.objects.filter(handoff=handoff, shortage=True)
    counts = missing.filter(state__in=sorted({*OWED_BACK, ReturnState.SETTLED}))
    return False if counts.exists() else None
