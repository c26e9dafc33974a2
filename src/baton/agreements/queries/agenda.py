"""What belongs on the agenda of a review meeting, from what Baton knows of the link: facts, not words, so that each
reader gets them in his language. Rooms below are asked through their own queries, with the eyes of whoever plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from baton.agreements.models import (
    Agreement,
    AgreementVersion,
    Certificate,
    Clause,
    Decision,
    GuaranteeCall,
    Opinion,
    PlanItem,
    ReviewMeeting,
)
from baton.agreements.queries.agreements import clauses_by_version, versions_of
from baton.agreements.queries.versions import held_on, that_counts
from baton.agreements.rules import OPEN, TO_ANSWER, Outcome, Standing, VersionState
from baton.agreements.rules.certificates import CertificateState
from baton.agreements.rules.plans import ItemState
from baton.agreements.rules.reviews import DecisionState, MeetingState, Topic
from baton.chain import queries as chain
from baton.chain.queries.discussing import gap_named
from baton.chain.rules import OUTSIDE
from baton.core.actors import Actor
from baton.core.audit.values import plain
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.monitoring import queries as monitoring
from baton.monitoring.rules import DAYS_A_WEEK, OPEN_STATES

if TYPE_CHECKING:
    from baton.chain.models import Link

WEEKS = 6
"""Latest weeks that the agenda shows."""
MOST_OF_A_KIND = 12
"""Most points of one topic; what is beyond is not talked over in one meeting."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point of an agenda: its topic, the id of what it is about (empty: the link), and what is known of it."""

    topic: Topic
    about: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def points(*, viewer: Actor, at: datetime, link: Link) -> list[Point]:
    """The agenda of a review of the link as it stands now, in the order in which it is talked over.

    Both sides read it. Where one of them is outside the organisation, it leaves out what is the organisation's own:
    gaps, and what single people of its staff said in a consultation.
    """
    if not may_use(viewer):
        return []
    outside = not OUTSIDE.isdisjoint({link.supplier.party_kind, link.customer.party_kind})
    agreement = Agreement.objects.filter(link=link).first()
    versions = versions_of(viewer=viewer, agreements=[agreement])[agreement.pk] if agreement is not None else []
    version = that_counts(versions) if versions else None
    found = [
        *_decisions(link, at),
        _agreement(agreement, version, at),
        *_figures(viewer, at, link),
        *_clauses(viewer, version, at),
        *_signals(viewer, at, link),
        *_objections(versions, said_for_a_side=outside),
        *([] if outside else _gaps(viewer, at, link)),
        *_certificates(link, at),
        *_guarantees(agreement, link, at),
        *_plan_items(link, at),
    ]
    if version is not None and version.state == VersionState.ACTIVE:
        found.append(Point(Topic.FUTURE, facts=_term(version)))
    return found


def _term(version: AgreementVersion) -> dict[str, Any]:
    return {
        "number": version.agreement.number, "version": version.version, "state": version.state,
        "starts_on": plain(version.starts_on), "ends_on": plain(version.ends_on), "review_on": plain(version.review_on),
    }  # fmt: skip


def _agreement(agreement: Agreement | None, version: AgreementVersion | None, at: datetime) -> Point:
    if agreement is None or version is None:
        return Point(Topic.AGREEMENT)
    return Point(Topic.AGREEMENT, facts={**_term(version), "day": day_of(at).isoformat()})


def _figures(viewer: Actor, at: datetime, link: Link) -> Iterator[Point]:
    """The latest weeks until that day, where the link is measured and the viewer reads its charts."""
    try:
        subject = monitoring.subject_of(viewer=viewer, kind="link", public_id=link.public_id)
        results = monitoring.results_of(viewer=viewer, subject=subject)
    except NotFound:
        return
    shown: dict[str, Any] = {}
    for name, stored in results.measures.items():
        recent = stored.recent
        if recent["end"] is None:
            continue
        last = len(recent["values"])
        weeks = [
            [recent["end"] - DAYS_A_WEEK * (last - 1 - place), value, recent["n"][place]]
            for place, value in enumerate(recent["values"])
        ]
        shown[name] = {
            "health": results.figures(name).health.value, "centre": recent["centre"],
            "weeks": [week for week in weeks if week[0] <= _day_number(at)][-WEEKS:],
        }  # fmt: skip
    if shown:
        yield Point(Topic.FIGURES, facts={"measures": shown})


def _day_number(at: datetime) -> int:
    """Days since 1970-01-01, as monitoring counts its weeks."""
    return (day_of(at) - date(1970, 1, 1)).days


def _clauses(viewer: Actor, version: AgreementVersion | None, at: datetime) -> Iterator[Point]:
    """Each clause that is red or on trial, then those that count together."""
    if version is None:
        return
    held = [held_on(one, day_of(at)) for one in clauses_by_version(viewer=viewer, versions=[version])[version.pk]]
    open_ones = [one for one in held if one.standing is not Standing.BINDING]
    for one in open_ones[:MOST_OF_A_KIND]:
        facts = {**_said(one.clause), "standing": one.standing.value, "missing": list(one.missing)}
        yield Point(Topic.CLAUSE, one.clause.line, facts)
    counting = [_said(one.clause) for one in held if one.standing is Standing.BINDING]
    if counting:
        yield Point(Topic.CLAUSES, facts={"clauses": counting})


def _said(clause: Clause) -> dict[str, Any]:
    terms: dict[str, Any] = plain(asdict(clause.terms))
    return {"terms": terms}


def _signals(viewer: Actor, at: datetime, link: Link) -> Iterator[Point]:
    try:
        subject = monitoring.subject_of(viewer=viewer, kind="link", public_id=link.public_id)
        rows = monitoring.signals_of(viewer=viewer, at=at, subject=subject)
    except NotFound:
        return
    for row in rows:
        one = row.signal
        if one.state in OPEN_STATES and one.week <= _day_number(at):
            facts = {
                "number": one.number, "measure": one.measure, "side": one.side, "state": one.state, "week": one.week,
                "rules": one.rules,
            }  # fmt: skip
            yield Point(Topic.SIGNAL, one.public_id, facts)


def _objections(versions: list[AgreementVersion], *, said_for_a_side: bool) -> Iterator[Point]:
    """Those that nobody has answered; ``said_for_a_side``: only what a side said by who leads it, or from outside."""
    on_its_way = [one for one in versions if VersionState(one.state) in OPEN]
    asked = Opinion.objects.filter(version__in=on_its_way, stance__in=sorted(TO_ANSWER), outcome=Outcome.OPEN)
    if said_for_a_side:
        asked = asked.filter(Q(by_lead=True) | Q(person__isnull=True))
    lines = {clause.line: clause.characteristic for clause in Clause.objects.filter(agreement_version__in=on_its_way)}
    for one in asked.order_by("pk")[:MOST_OF_A_KIND]:
        facts = {"stance": one.stance, "side": one.side, "text": one.text, "clause": lines.get(one.line, {})}
        yield Point(Topic.OBJECTION, one.public_id, facts)


def _gaps(viewer: Actor, at: datetime, link: Link) -> Iterator[Point]:
    mine = [
        row.gap
        for row in chain.gaps(viewer=viewer, at=at)
        if row.is_open and any(one.public_id in (link.public_id, link.output.public_id) for one in row.gap.about)
    ]
    for gap in mine[:MOST_OF_A_KIND]:
        yield Point(Topic.GAP, gap.subject[:40], {"name": dict(gap_named(gap)), "detector": gap.detector.value})


def _certificates(link: Link, at: datetime) -> Iterator[Point]:
    """Those of both sides that run out, or have: they belong to parties of which both sides know."""
    day = day_of(at)
    held = Certificate.objects.filter(party__in=[link.supplier_id, link.customer_id], ended_at__isnull=True)
    for one in held.filter(ends_on__isnull=False).select_related("party").order_by("ends_on", "pk"):
        if one.state_on(day) in (CertificateState.RUNS_OUT, CertificateState.EXPIRED):
            facts = {"name": one.name, "party": one.party.name, "ends_on": plain(one.ends_on)}
            yield Point(Topic.CERTIFICATE, one.public_id, facts)


def _guarantees(agreement: Agreement | None, link: Link, at: datetime) -> Iterator[Point]:
    """The guarantees that were called since the last meeting, each with what was wrong."""
    if agreement is None:
        return
    held = ReviewMeeting.objects.filter(link=link, state=MeetingState.HELD).order_by("-starts_at").first()
    calls = GuaranteeCall.objects.filter(agreement=agreement, called_on__lte=day_of(at)).select_related("guarantee")
    if held is not None:
        calls = calls.filter(called_on__gte=day_of(held.starts_at))
    by_guarantee: dict[str, list[GuaranteeCall]] = {}
    for one in calls.order_by("called_on", "pk"):
        by_guarantee.setdefault(one.guarantee.public_id, []).append(one)
    for public_id, several in by_guarantee.items():
        said = [{"day": plain(one.called_on), "what": one.what, "outcome": one.outcome} for one in several]
        facts = {"promise": several[0].guarantee.promise, "calls": said[-MOST_OF_A_KIND:], "count": len(said)}
        yield Point(Topic.GUARANTEE, public_id, facts)


def _decisions(link: Link, at: datetime) -> Iterator[Point]:
    """What earlier meetings decided and nobody has done."""
    open_ones = Decision.objects.filter(
        meeting__link=link, meeting__state=MeetingState.HELD, state=DecisionState.OPEN
    ).select_related("meeting")
    for one in open_ones.order_by("due_on", "pk")[:MOST_OF_A_KIND]:
        facts = {
            "words": one.words, "due_on": plain(one.due_on), "meeting": one.meeting.number,
            "late": one.due_on < day_of(at),
        }  # fmt: skip
        yield Point(Topic.DECISION, one.public_id, facts)


def _plan_items(link: Link, at: datetime) -> Iterator[Point]:
    done = [ItemState.DONE, ItemState.DROPPED]
    late = PlanItem.objects.filter(plan__link=link, due_on__lt=day_of(at)).exclude(state__in=done)
    for one in late.order_by("due_on", "pk")[:MOST_OF_A_KIND]:
        facts = {"what": one.what, "due_on": plain(one.due_on), "side": one.side}
        yield Point(Topic.PLAN_ITEM, one.public_id, facts)
