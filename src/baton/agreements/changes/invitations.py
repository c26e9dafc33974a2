"""People are asked what they think of a version, reminded, and asked no more; the organisation says how many must
have spoken."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from baton.agreements import policy
from baton.agreements.changes.checks import reason_given
from baton.agreements.models import Agreement, AgreementVersion, ConsultationRule, Invitation, Opinion
from baton.agreements.queries.consulting import open_invitations, staff_of
from baton.agreements.queries.hearing import has_spoken
from baton.agreements.rules import LONGEST_DAYS, MOST_ASKED, REMIND_DAYS, Outcome, Side, VersionState
from baton.chain.policy import standing_of
from baton.chain.queries.discussing import link_called
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import Refused, Stale
from baton.core.policy import demand
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

ASKED_TOPIC = "agreements.asked"
REMINDED_TOPIC = "agreements.opinion_reminded"
REMIND_JOB = "agreements.remind_of_opinions"


def ask_staff(
    *,
    by: Actor,
    at: datetime,
    version: AgreementVersion,
    side: Side,
    due_on: date,
    people: Collection[str] | None = None,
) -> AgreementVersion:
    """Ask people of a side what they think of a version in consultation, until ``due_on``.

    ``people`` are public ids; None: everybody who belongs to the party of that side. Who was asked before is asked
    until the new day, and told again only where he was asked no more meanwhile.
    """
    with change(by=by, at=at) as trail:
        version = trail.lock(AgreementVersion, version)
        demand(policy.may_ask_staff(standing_of(by, day_of(at)), version.agreement.link, side))
        demand_consultation(version)
        _demand_day(due_on, day_of(at))
        staff = {one.public_id: one for one in staff_of(viewer=by, at=at, version=version, side=side)}
        chosen = _chosen(staff, people)
        known = {one.person_id: one for one in Invitation.objects.filter(version=version)}
        for person in chosen:
            _ask(trail, version, side, person, due_on, known.get(person.pk))
        return version


def end_invitation(
    *, by: Actor, at: datetime, invitation: Invitation, reason: str, expected_seq: int | None = None
) -> Invitation:
    """Ask somebody no more, with a reason, who has said nothing yet: he counts no longer among those asked."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        version = trail.lock(AgreementVersion, invitation.version)
        fresh = trail.lock(Invitation, invitation, expected_seq=expected_seq)
        demand(policy.may_ask_staff(standing_of(by, day_of(at)), version.agreement.link, Side(fresh.side)))
        demand_consultation(version)
        said = Opinion.objects.filter(version=version, person=fresh.person).exclude(outcome=Outcome.WITHDRAWN)
        if said.exists():
            raise Refused(
                expected=gettext_noop("Expected somebody who has said nothing yet."),
                found=gettext_noop("{name} has spoken."),
                remedy=gettext_noop("What was said stays, and is answered."),
                name=str(fresh.person),
            )
        if fresh.ended_at is not None:
            return fresh
        fresh.ended_at, fresh.ended_because = at, why
        return trail.save(fresh, "invitation.ended")


def say_how_many_take_part(
    *,
    by: Actor,
    at: datetime,
    minimum_participation: int,
    always: bool,
    expected_seq: int | None = None,
    reason: str = "",
) -> ConsultationRule:
    """Say which share of those asked on each side, in percent, must have spoken before a version is signed, and whether
    people must be asked ``always``; ``expected_seq`` 0: nobody had said it yet."""
    with change(by=by, at=at, reason=reason) as trail:
        demand(policy.may_say_how_many_take_part(by))
        if not 0 <= minimum_participation <= 100:
            raise Refused(
                field="minimum_participation",
                expected=gettext_noop("Expected a share of those asked from 0 to 100 %."),
                found=gettext_noop("Found {value} %."),
                remedy=gettext_noop("Give such a share; 0 leaves it to each version."),
                value=minimum_participation,
            )
        rule = ConsultationRule.objects.first()
        if rule is None:
            if expected_seq:
                raise Stale
            rule = ConsultationRule()
        else:
            rule = trail.lock(ConsultationRule, rule, expected_seq=expected_seq)
        rule.minimum_participation, rule.always = minimum_participation, always
        return trail.save(rule, "consultation_rule.said")


def remind_of_opinions(*, by: Actor, at: datetime) -> None:
    """Remind whoever is asked, has said nothing, and has :data:`REMIND_DAYS` left or fewer: once for each invitation,
    in one message a person."""
    soon = day_of(at) + timedelta(days=REMIND_DAYS)
    due = open_invitations().filter(~has_spoken(), reminded_at__isnull=True, due_on__lte=soon, person__is_active=True)
    silent: dict[int, list[Invitation]] = {}
    for one in due.select_related("person", "version__agreement").order_by("due_on", "pk"):
        silent.setdefault(one.person_id, []).append(one)
    for several in silent.values():
        with change(by=by, at=at) as trail:
            # Read again under the lock: he may have spoken, or be asked no more, since the list was made.
            still = set(due.filter(pk__in=[one.pk for one in several]).values_list("pk", flat=True))
            reminded = [one for one in several if one.pk in still]
            for one in reminded:
                fresh = trail.lock(Invitation, one)
                fresh.reminded_at = at
                trail.save(fresh, "invitation.reminded")
            if reminded:
                _remind(by, at, reminded)


def demand_consultation(version: AgreementVersion) -> None:
    """Refuse a version that is not in consultation."""
    if VersionState(version.state) is not VersionState.CONSULTATION:
        raise Refused(
            expected=gettext_noop("Expected a version in consultation."),
            found=gettext_noop("Version {version} is {state}."),
            remedy=gettext_noop("Open a consultation first, or load the page again to see how it stands."),
            version=version.version,
            state=str(version.get_state_display()),
        )


def _demand_day(due_on: date, today: date) -> None:
    last = today + timedelta(days=LONGEST_DAYS)
    if not today <= due_on <= last:
        raise Refused(
            field="due_on",
            expected=gettext_noop("Expected a day from {first} to {last}."),
            found=gettext_noop("Found {day}."),
            remedy=gettext_noop("Give people some days, and a day they can keep."),
            first=today.isoformat(),
            last=last.isoformat(),
            day=due_on.isoformat(),
        )


def _chosen(staff: dict[str, Person], people: Collection[str] | None) -> list[Person]:
    wanted = list(staff) if people is None else list(dict.fromkeys(people))
    if strangers := [one for one in wanted if one not in staff]:
        raise Refused(
            field="people",
            expected=gettext_noop("Expected people who belong to the party of this side."),
            found=gettext_noop("{count} of those chosen do not, or do not any more."),
            remedy=gettext_noop("Load the page again and choose among those who are listed."),
            count=len(strangers),
        )
    if not 1 <= len(wanted) <= MOST_ASKED:
        raise Refused(
            field="people",
            expected=gettext_noop("Expected 1 to {most} people."),
            found=gettext_noop("Found {count}."),
            remedy=gettext_noop("Choose those who work with it; people of an outside party are asked by task link."),
            most=MOST_ASKED,
            count=len(wanted),
        )
    return [staff[one] for one in wanted]


def _ask(
    trail: Trail, version: AgreementVersion, side: Side, person: Person, due_on: date, known: Invitation | None
) -> None:
    if known is None:
        trail.save(Invitation(version=version, person=person, side=side, due_on=due_on), "invitation.sent")
    else:
        fresh = trail.lock(Invitation, known)
        again = fresh.ended_at is not None
        fresh.due_on, fresh.reminded_at = due_on, None if due_on != fresh.due_on else fresh.reminded_at
        fresh.ended_at, fresh.ended_because = None, ""
        if again:  # asked for the side on which he is asked now; as long as he is asked, for the one he was asked for
            fresh.side = side
        trail.save(fresh, "invitation.sent" if again else "invitation.prolonged")
        if not again:
            return
    if trail.by.person is None or person.pk != trail.by.person.pk:
        _tell(trail, version, person, due_on)


def _tell(trail: Trail, version: AgreementVersion, person: Person, due_on: date) -> None:
    agreement = version.agreement
    notify(
        by=trail.by, at=trail.at, person=person, topic=ASKED_TOPIC,
        values={"link": link_called(agreement.link.public_id), "due_on": due_on.isoformat()},
        address=reverse("agreements:my_opinion", args=[version.public_id]),
        shows=[(Agreement.kind, agreement.public_id)],
    )  # fmt: skip


def _remind(by: Actor, at: datetime, several: list[Invitation]) -> None:
    first = several[0]
    one = len(several) == 1
    notify(
        by=by, at=at, person=first.person, topic=REMINDED_TOPIC,
        values={"count": len(several), "due_on": first.due_on.isoformat()},
        address=reverse("agreements:my_opinion", args=[first.version.public_id]) if one else "/",
        shows=[(Agreement.kind, held.version.agreement.public_id) for held in several],
    )  # fmt: skip
