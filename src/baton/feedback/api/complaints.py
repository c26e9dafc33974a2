"""Complaints: list, read, receive, and each of their steps. Cause and disposition are signed on their page only."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router

from baton.chain import queries as chain
from baton.chain.api.parties import person_named
from baton.chain.policy import standing_of
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import PublicId
from baton.core.days import day_of
from baton.feedback import changes, policy
from baton.feedback.api.complaint_shapes import (
    CloseSent,
    ComplaintsAsked,
    ComplaintSent,
    ComplaintShown,
    ComplaintsShown,
    ReasonSent,
    ResultSent,
    RouteSent,
    ToldSent,
    WordsSent,
    complaint_shown,
)
from baton.feedback.api.findings import MOST_ROWS, READ, WRITE
from baton.feedback.models import Complaint
from baton.feedback.queries import complaints as queries
from baton.feedback.queries.complaints import ComplaintFilters
from baton.feedback.rules.complaints import ComplaintGiven
from baton.handoffs.queries.sight import handoff as handoff_in_sight
from baton_analysis.errors import gettext_noop

router = Router()


def _shown(request: ApiRequest) -> Callable[[Complaint], ComplaintShown]:
    def show(one: Complaint) -> ComplaintShown:
        standing = standing_of(request.actor, day_of(request.now))
        ((found, times),) = queries.timed(viewer=request.actor, at=request.now, complaints=[one])
        return complaint_shown(found, times, handles=policy.may_handle_complaint(standing, found))

    return show


def _see(request: ApiRequest) -> Callable[[str], Complaint]:
    return lambda public_id: queries.complaint(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=policy.may_read_complaints, response=ComplaintsShown,
    summary=gettext_noop("List complaints"),
    description=gettext_noop("Those in sight; at most 500, what came last comes first."),
)  # fmt: skip
def list_complaints(request: ApiRequest, asked: Query[ComplaintsAsked]) -> Any:
    filters = ComplaintFilters(
        show=asked.show, party=asked.party or "", link=asked.link or "", matter=asked.matter or "",
        urgency=asked.urgency or "",
    )  # fmt: skip
    found = list(queries.listed_complaints(viewer=request.actor, at=request.now, filters=filters)[:MOST_ROWS])
    reads_of = queries.handled(viewer=request.actor, at=request.now, complaints=found)
    timed = queries.timed(viewer=request.actor, at=request.now, complaints=found)
    return ComplaintsShown(rows=[complaint_shown(one, times, handles=one.pk in reads_of) for one, times in timed])


@reads(
    router, "/{slug:public_id}", scope=READ, may=policy.may_read_complaints, response=ComplaintShown,
    summary=gettext_noop("Read a complaint"),
)  # fmt: skip
def read_complaint(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, _shown(request)(found))


@writes(
    router, "POST", "", scope=WRITE, may=policy.may_receive_complaints, response=ComplaintShown, status=201,
    summary=gettext_noop("Receive a complaint"),
    example={"phenomenon": "The sheets are damp and grey", "customer_name": "Ward 5", "lot": "W-17"},
)  # fmt: skip
def receive_complaint(request: ApiRequest, sent: ComplaintSent) -> HttpResponse:
    by, at = request.actor, request.now
    sides = {"link", "handoff", "supplier", "customer"}
    given = ComplaintGiven(**sent.model_dump(exclude=sides))
    readers: dict[str, Callable[..., Any]] = {
        "link": chain.link, "handoff": handoff_in_sight, "supplier": chain.party, "customer": chain.party
    }  # fmt: skip
    found = {name: _named(request, name, getattr(sent, name), read) for name, read in readers.items()}
    return made(
        request, show=_shown(request), see=_see(request),
        write=lambda: changes.receive_complaint(by=by, at=at, given=given, **found),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/route", scope=WRITE, may=policy.may_receive_complaints, response=ComplaintShown,
    versioned=True, summary=gettext_noop("Say who looks into a complaint"),
    example={"version": 42, "supplier": "3c4d5f6g7h8j9k2b"},
)  # fmt: skip
def route_complaint(request: ApiRequest, public_id: PublicId, sent: RouteSent) -> HttpResponse:
    _see(request)(public_id)
    supplier = _named(request, "supplier", sent.supplier, chain.party)
    investigator = person_named(request, sent.investigator, "investigator") if sent.investigator else None
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.route_complaint(
            complaint=one, supplier=supplier, investigator=investigator, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/acknowledge", scope=WRITE, may=policy.may_receive_complaints,
    response=ComplaintShown, versioned=True, summary=gettext_noop("Say that the customer knows that a complaint came"),
    example={"version": 42, "channel": "phone"},
)  # fmt: skip
def acknowledge_complaint(request: ApiRequest, public_id: PublicId, sent: ToldSent) -> HttpResponse:
    return _told(request, public_id, sent, changes.acknowledge_complaint)


@writes(
    router, "POST", "/{slug:public_id}/cause", scope=WRITE, may=policy.may_receive_complaints, response=ComplaintShown,
    versioned=True, summary=gettext_noop("Write down the cause of a complaint"),
    description=gettext_noop("It counts once the person in charge has signed it on its page."),
    example={"version": 42, "words": "The dryer stops too early"},
)  # fmt: skip
def investigate_complaint(request: ApiRequest, public_id: PublicId, sent: WordsSent) -> HttpResponse:
    return _worded(request, public_id, sent, changes.investigate_complaint)


@writes(
    router, "POST", "/{slug:public_id}/disposition", scope=WRITE, may=policy.may_receive_complaints,
    response=ComplaintShown, versioned=True, summary=gettext_noop("Decide what is done about a complaint"),
    description=gettext_noop("It counts once the manager, who did not sign the cause, has signed it on its page."),
    example={"version": 42, "words": "All sheets are replaced today"},
)  # fmt: skip
def decide_complaint(request: ApiRequest, public_id: PublicId, sent: WordsSent) -> HttpResponse:
    return _worded(request, public_id, sent, changes.decide_complaint)


@writes(
    router, "POST", "/{slug:public_id}/result", scope=WRITE, may=policy.may_receive_complaints,
    response=ComplaintShown, versioned=True, summary=gettext_noop("Enter what came of a complaint"),
    example={"version": 42, "words": "Replaced at noon"},
)  # fmt: skip
def record_complaint_result(request: ApiRequest, public_id: PublicId, sent: ResultSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.record_result(
            complaint=one, words=sent.words, happened_at=sent.happened_at, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/prevention", scope=WRITE, may=policy.may_receive_complaints,
    response=ComplaintShown, versioned=True, summary=gettext_noop("Say what keeps a complaint from coming again"),
    example={"version": 42, "words": "The dryer is maintained every week"},
)  # fmt: skip
def prevent_complaint_recurrence(request: ApiRequest, public_id: PublicId, sent: WordsSent) -> HttpResponse:
    return _worded(request, public_id, sent, changes.prevent_recurrence)


@writes(
    router, "POST", "/{slug:public_id}/notify", scope=WRITE, may=policy.may_receive_complaints,
    response=ComplaintShown, versioned=True, summary=gettext_noop("Say that the customer knows what came of it"),
    example={"version": 42, "channel": "email"},
)  # fmt: skip
def notify_complainant(request: ApiRequest, public_id: PublicId, sent: ToldSent) -> HttpResponse:
    return _told(request, public_id, sent, changes.notify_customer)


@writes(
    router, "POST", "/{slug:public_id}/close", scope=WRITE, may=policy.may_receive_complaints, response=ComplaintShown,
    versioned=True, summary=gettext_noop("Close a complaint"), example={"version": 42},
)  # fmt: skip
def close_complaint(request: ApiRequest, public_id: PublicId, sent: CloseSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: changes.close_complaint(complaint=one, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/drop", scope=WRITE, may=policy.may_receive_complaints, response=ComplaintShown,
    versioned=True, summary=gettext_noop("Close a complaint without action"),
    example={"version": 42, "reason": "The ward washed them itself"},
)  # fmt: skip
def drop_complaint(request: ApiRequest, public_id: PublicId, sent: ReasonSent) -> HttpResponse:
    return _reasoned(request, public_id, sent, changes.drop_complaint)


@writes(
    router, "POST", "/{slug:public_id}/reopen", scope=WRITE, may=policy.may_receive_complaints,
    response=ComplaintShown, versioned=True, summary=gettext_noop("Reopen a complaint"),
    example={"version": 42, "reason": "The sheets are damp again"},
)  # fmt: skip
def reopen_complaint(request: ApiRequest, public_id: PublicId, sent: ReasonSent) -> HttpResponse:
    return _reasoned(request, public_id, sent, changes.reopen_complaint)


def _named(request: ApiRequest, name: str, public_id: str | None, read: Callable[..., Any]) -> Any:
    """What a body names by its public id, as far as the caller sees it; None where it names none."""
    if not public_id:
        return None
    return named(lambda: read(viewer=request.actor, at=request.now, public_id=public_id), name)


def _told(
    request: ApiRequest, public_id: str, sent: ToldSent, write: Callable[..., Complaint]
) -> HttpResponse:  # fmt: skip
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: write(
            complaint=one, channel=sent.channel, words=sent.words, happened_at=sent.happened_at, **seen
        ),
    )  # fmt: skip


def _worded(
    request: ApiRequest, public_id: str, sent: WordsSent, write: Callable[..., Complaint]
) -> HttpResponse:  # fmt: skip
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: write(complaint=one, words=sent.words, **seen),
    )  # fmt: skip


def _reasoned(
    request: ApiRequest, public_id: str, sent: ReasonSent, write: Callable[..., Complaint]
) -> HttpResponse:  # fmt: skip
    return changed(
        request, public_id, sent, show=_shown(request), see=_see(request),
        write=lambda one, **seen: write(complaint=one, reason=sent.reason, **seen),
    )  # fmt: skip
