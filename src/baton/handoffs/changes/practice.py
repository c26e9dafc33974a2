"""How the sides of a link deal with its handoffs: arbiter, hours to contest, silence."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand, may_use
from baton.core.queries import roles_of
from baton.handoffs import policy
from baton.handoffs.models import LinkPractice
from baton.handoffs.rules import CONTEST_RANGE, SILENT_RANGE, Side
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person, WorkCalendar


def propose_practice(
    *, by: Actor, at: datetime, link: Link, side: Side, arbiter: Person | None, contest_hours: int,
    expected_seq: int | None = None,
) -> LinkPractice:  # fmt: skip
    """One side proposes who decides about contested returns (None: the quality manager), and within how many hours they
    can be contested. It holds when the other side agrees."""
    with change(by=by, at=at) as trail:
        practice = _taken(trail, link, expected_seq)
        demand(policy.may_say_practice(standing_of(by, day_of(at)), link, side))
        if contest_hours not in CONTEST_RANGE:
            raise _hours("contest_hours", contest_hours, CONTEST_RANGE)
        if arbiter is not None:
            _refuse_blind(arbiter, link, at)
        practice.wanted_arbiter, practice.wanted_hours = arbiter, contest_hours
        practice.wanted_side, practice.wanted_by = side, by.person
        return trail.save(practice, "link_practice.proposed")


def confirm_practice(
    *, by: Actor, at: datetime, link: Link, side: Side, expected_seq: int | None = None
) -> LinkPractice:
    """The other side agrees to the arbiter and to the hours to contest: they hold from now on."""
    with change(by=by, at=at) as trail:
        practice = _taken(trail, link, expected_seq)
        demand(policy.may_say_practice(standing_of(by, day_of(at)), link, side))
        own = practice.wanted_side == side or (by.person is not None and practice.wanted_by_id == by.person.pk)
        if practice.wanted_hours is None or own:
            raise Refused(
                expected=gettext_noop("Expected an arbiter and hours that the other side has proposed."),
                found=gettext_noop("There is nothing to agree to."),
                remedy=gettext_noop("Propose them yourself, or ask the other side to agree to yours."),
            )
        practice.arbiter, practice.contest_hours = practice.wanted_arbiter, practice.wanted_hours
        practice.wanted_arbiter, practice.wanted_hours = None, None
        practice.wanted_side, practice.wanted_by = "", None
        return trail.save(practice, "link_practice.agreed")


def _refuse_blind(arbiter: Person, link: Link, at: datetime) -> None:
    """Whoever is to decide must see what he decides about."""
    seer = Actor(arbiter, roles_of(arbiter, at), "arbiter")
    if arbiter.is_active and may_use(seer) and chain.sees_link(viewer=seer, at=at, public_id=link.public_id):
        return
    raise Refused(
        field="arbiter",
        expected=gettext_noop("Expected somebody who signs in and sees this link."),
        found=gettext_noop("{name} does not."),
        remedy=gettext_noop("Choose somebody of either side or above both, or the quality manager."),
        name=str(arbiter),
    )


def propose_silence(
    *, by: Actor, at: datetime, link: Link, side: Side, hours: int | None, calendar: WorkCalendar | None = None,
    expected_seq: int | None = None,
) -> LinkPractice:  # fmt: skip
    """One side proposes after how many hours of a calendar (None: the organisation's) without a word a delivery is no
    longer waited for; no hours end it at once. It holds when the other side agrees."""
    with change(by=by, at=at) as trail:
        practice = _taken(trail, link, expected_seq)
        demand(policy.may_say_practice(standing_of(by, day_of(at)), link, side))
        if hours is not None and hours not in SILENT_RANGE:
            raise _hours("hours", hours, SILENT_RANGE)
        practice.silent_hours, practice.calendar = hours, calendar if hours is not None else None
        practice.proposed_side = side if hours is not None else ""
        practice.proposed_by = by.person if hours is not None else None
        practice.confirmed_at, practice.confirmed_by = None, None
        return trail.save(practice, "link_practice.silence_proposed")


def confirm_silence(
    *, by: Actor, at: datetime, link: Link, side: Side, expected_seq: int | None = None
) -> LinkPractice:
    """The other side agrees to the hours of silence: they hold from now on."""
    with change(by=by, at=at) as trail:
        practice = _taken(trail, link, expected_seq)
        demand(policy.may_say_practice(standing_of(by, day_of(at)), link, side))
        own = practice.proposed_side == side or (by.person is not None and practice.proposed_by_id == by.person.pk)
        if practice.silent_hours is None or practice.confirmed_at is not None or own:
            raise Refused(
                expected=gettext_noop("Expected hours of silence that the other side has proposed."),
                found=gettext_noop("There is nothing to agree to."),
                remedy=gettext_noop("Propose hours yourself, or ask the other side to agree to yours."),
            )
        practice.confirmed_at, practice.confirmed_by = at, by.person
        return trail.save(practice, "link_practice.silence_confirmed")


def _taken(trail: Trail, link: Link, expected_seq: int | None) -> LinkPractice:
    """The practice of the link, locked; a new one where nobody has said anything yet."""
    known = LinkPractice.objects.filter(link=link).first()
    return LinkPractice(link=link) if known is None else trail.lock(LinkPractice, known, expected_seq=expected_seq)


def _hours(field: str, found: int, allowed: range) -> Refused:
    return Refused(
        field=field,
        expected=gettext_noop("Expected {least} to {most} hours."),
        found=gettext_noop("Found {hours}."),
        remedy=gettext_noop("Give the hours within these bounds."),
        least=allowed.start, most=allowed.stop - 1, hours=found,
    )  # fmt: skip
