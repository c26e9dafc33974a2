"""Pages of workshops for people of the organisation: begin, lead, look at the wall, read the minutes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from baton.agreements import policy
from baton.agreements.changes import workshops as changes
from baton.agreements.forms.workshops import TakeOutForm, WorkshopForm
from baton.agreements.models import Workshop
from baton.agreements.pages import workshops as pages
from baton.agreements.pages.history import timeline
from baton.agreements.pages.texts import page_of_text
from baton.agreements.queries import workshops as queries
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import HOURS, Stage
from baton.agreements.views.clauses import clause_form, clause_form_page, demand_edit, may_edit
from baton.chain.queries.lists import page_of
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out, version_sent
from baton.core.errors import NotFound, Refused, explain
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.history import history_of
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


def address(workshop: Workshop) -> str:
    """The page of a workshop."""
    return reverse("agreements:workshop", args=[workshop.public_id])


def _see(request: BatonRequest, public_id: str) -> Workshop:
    return queries.workshop(viewer=request.actor, at=request.now, public_id=public_id)


def _to_lead(request: BatonRequest, public_id: str) -> Workshop:
    found = _see(request, public_id)
    demand(policy.may_lead_workshop(standing(request), found))
    return found


def _to_tidy(request: BatonRequest, public_id: str) -> Workshop:
    found = _see(request, public_id)
    demand(policy.may_tidy_workshop(standing(request), found))
    return found


def _board(request: BatonRequest, found: Workshop) -> dict[str, Any]:
    """The wall; ``becomes``: what stands there can be turned into clauses by the person who asks."""
    shown = pages.board_context(queries.board_of(viewer=request.actor, workshop=found), request.now)
    return {**shown, "becomes": may_edit(request, found.text), "text_address": page_of_text(found.text)}


@require_GET
@guarded()
def workshops(request: BatonRequest) -> HttpResponse:
    """The list."""
    rows = queries.workshops_in_sight(viewer=request.actor, at=request.now)
    page = page_of(rows, request.GET.get("page", 1))
    return render(request, "agreements/workshops/list.html", {"page_obj": page})


@guarded()
def begin(request: BatonRequest, version: str) -> HttpResponse:
    """Begin a workshop about a version of an agreement or of a service offer."""
    found = queries.text_to_talk_over(viewer=request.actor, at=request.now, public_id=version)
    demand_edit(request, found)
    form = WorkshopForm(request.POST or None)
    made = carried_out(
        request, form,
        lambda: changes.begin_workshop(by=request.actor, at=request.now, version=found, **form.given()),
        said=_("The workshop is begun. Show the wall on the projector; people come in by its code."),
    )  # fmt: skip
    if made is not None:
        return redirect(address(made))
    return form_page(request, form, title=_("Begin a workshop"), subject=found, back=page_of_text(found))


@require_GET
@guarded()
def workshop(request: BatonRequest, public_id: str) -> HttpResponse:
    """The desk of whoever leads it; for everybody else how to take part. Once it is closed, the minutes."""
    found = _see(request, public_id)
    if found.closed_at is not None:
        return redirect("agreements:workshop_minutes", public_id=public_id)
    leads = policy.may_lead_workshop(standing(request), found)
    tidies = policy.may_tidy_workshop(standing(request), found)
    shown = {**_board(request, found), "leads": leads, "tidies": tidies, "tag": pages.tag_of(found, request.now)}
    if leads:
        shown |= pages.door_context(found)
    return render(request, "agreements/workshops/workshop.html", {**shown, "enter": pages.address_of(found)})


@require_GET
@guarded()
def desk(request: BatonRequest, public_id: str) -> HttpResponse:
    """What of the desk changes, asked every few seconds."""
    found = _to_lead(request, public_id)
    return _polled(request, found, "agreements/workshops/_desk.html", lambda: {**_board(request, found), "leads": True})


@require_GET
@guarded()
def projector(request: BatonRequest, public_id: str) -> HttpResponse:
    """The wall: big type for a whole room, with the code by which people come in."""
    found = _to_lead(request, public_id)
    shown = {**_board(request, found), **pages.door_context(found), "tag": pages.tag_of(found, request.now)}
    return render(request, "agreements/workshops/projector.html", shown)


@require_GET
@guarded()
def projected(request: BatonRequest, public_id: str) -> HttpResponse:
    """What of the wall changes, asked every few seconds."""
    found = _to_lead(request, public_id)
    return _polled(request, found, "agreements/workshops/_projected.html",
                   lambda: {**_board(request, found), **pages.door_context(found)})  # fmt: skip


def _polled(
    request: BatonRequest, found: Workshop, template: str, context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """304 where nothing happened since the page was last told."""
    tag = pages.tag_of(found, request.now)
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = render(request, template, {**context(), "tag": tag})
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
@guarded()
def stage(request: BatonRequest, public_id: str) -> HttpResponse:
    """Go on to the next stage, or back."""
    found = _to_lead(request, public_id)
    wanted = request.POST.get("stage", "")
    if wanted not in set(Stage):
        raise NotFound
    changes.set_stage(
        by=request.actor, at=request.now, workshop=found, stage=Stage(wanted), expected_seq=version_sent(request)
    )
    return redirect(address(found))


@guarded()
def change(request: BatonRequest, public_id: str) -> HttpResponse:
    """Other time box, dots or numbers of invited people."""
    found = _to_lead(request, public_id)
    form = WorkshopForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.change_workshop(
        by=request.actor, at=request.now, workshop=found, **form.given()),
        to=address(found), title=_("Change the workshop"), subject=found)  # fmt: skip


@require_POST
@guarded()
def invite(request: BatonRequest, public_id: str) -> HttpResponse:
    """Tell the members of both sides."""
    found = _to_lead(request, public_id)
    told = changes.invite_to_workshop(by=request.actor, at=request.now, workshop=found)
    said = ngettext("{n} person was told where to come in.", "{n} people were told where to come in.", told)
    messages.success(request, said.format(n=told))
    return redirect(address(found))


@require_POST
@guarded()
def renew(request: BatonRequest, public_id: str) -> HttpResponse:
    """A new address and code."""
    found = _to_lead(request, public_id)
    changes.renew_address(
        by=request.actor, at=request.now, workshop=found, hours=HOURS, expected_seq=version_sent(request)
    )
    messages.success(request, _("There is a new address and code; the ones before open nothing any more."))
    return redirect(address(found))


@require_POST
@guarded()
def close(request: BatonRequest, public_id: str) -> HttpResponse:
    """Close it; the minutes stay."""
    found = _to_tidy(request, public_id)
    changes.close_workshop(by=request.actor, at=request.now, workshop=found, expected_seq=version_sent(request))
    messages.success(request, _("The workshop is closed. These are its minutes."))
    return redirect("agreements:workshop_minutes", public_id=public_id)


@require_POST
@guarded()
def sort(request: BatonRequest, public_id: str) -> HttpResponse:
    """Put notes together: ``note`` (several), into ``cluster`` or a new one of this ``name``; ``alone`` takes them out
    of where they are."""
    found = _to_lead(request, public_id)
    given: dict[str, Any] = {name: request.POST.get(name, "") for name in ("cluster", "name")}
    return _sorted(request, found, lambda: changes.put_together(
        by=request.actor, at=request.now, workshop=found, notes=request.POST.getlist("note"),
        alone=bool(request.POST.get("alone")), **given))  # fmt: skip


@require_POST
@guarded()
def rename(request: BatonRequest, public_id: str) -> HttpResponse:
    """Give a cluster another name."""
    found = _to_lead(request, public_id)
    given = {name: request.POST.get(name, "") for name in ("cluster", "name")}
    return _sorted(request, found, lambda: changes.rename_cluster(
        by=request.actor, at=request.now, workshop=found, **given))  # fmt: skip


@require_POST
@guarded()
def dissolve(request: BatonRequest, public_id: str) -> HttpResponse:
    """Let the notes of a cluster stand alone."""
    found = _to_lead(request, public_id)
    return _sorted(request, found, lambda: changes.dissolve_cluster(
        by=request.actor, at=request.now, workshop=found, cluster=request.POST.get("cluster", "")))  # fmt: skip


def _sorted(request: BatonRequest, found: Workshop, act: Callable[[], object]) -> HttpResponse:
    """Do it; what is refused is said on the desk as it now stands."""
    refused = ""
    try:
        act()
    except Refused as why:
        if why.status in {403, 404}:
            raise
        refused = explain(why)
    if request.headers.get("HX-Request") != "true":
        if refused:
            messages.error(request, refused)
        return redirect(address(found))
    fresh = _see(request, found.public_id)
    shown = {**_board(request, fresh), "leads": True, "tag": pages.tag_of(fresh, request.now), "refused": refused}
    return render(request, "agreements/workshops/_desk.html", shown)


@guarded()
def take_out(request: BatonRequest, public_id: str, note: str) -> HttpResponse:
    """Take out a note that should not have been written."""
    found = _to_tidy(request, public_id)
    form = TakeOutForm(request.POST or None)
    return answered(request, form, lambda: changes.take_out_note(
        by=request.actor, at=request.now, workshop=found, note=note, reason=form.cleaned_data["reason"]),
        to=address(found), title=_("Take the note out"), subject=found, danger=True,
        note=_("Its words are destroyed. The minutes say that a note was taken out, and why."))  # fmt: skip


@guarded()
def clause(request: BatonRequest, public_id: str, topic: str) -> HttpResponse:
    """Turn a topic, a cluster or a note that stands alone, into a clause that ``?side=`` owes."""
    found = _to_lead(request, public_id)
    version = found.text
    demand_edit(request, version)
    board = queries.board_of(viewer=request.actor, workshop=found)
    chosen = next((one for one in board.topics if one.public_id == topic), None)
    if chosen is None:
        raise NotFound
    on = {"note" if chosen.cluster is None else "cluster": topic}
    side = Side.CUSTOMER if request.GET.get("side") == Side.CUSTOMER else Side.SUPPLIER
    form = clause_form(request, version, side, None, **pages.first_words(chosen, side))
    made = carried_out(request, form, lambda: changes.add_clause_from(
        by=request.actor, at=request.now, workshop=found, terms=form.terms(), **on))  # fmt: skip
    if made is not None:
        return redirect(f"{address(found)}#topics")
    title = _("Turn into a promise of the supplier") if side is Side.SUPPLIER else _("Turn into a duty of the customer")
    return clause_form_page(request, form, version, title, back=f"{address(found)}#topics")


def _to_read(request: BatonRequest, public_id: str) -> Workshop:
    """A workshop whose minutes the person who asks may read: of one that is open, who leads or tidies it."""
    found = _see(request, public_id)
    demand(found.closed_at is not None or policy.may_tidy_workshop(standing(request), found))
    return found


@require_GET
@guarded()
def minutes(request: BatonRequest, public_id: str) -> HttpResponse:
    """What came out of it: participation, topics with their dots, clauses, and what became none."""
    found = _to_read(request, public_id)
    board = queries.board_of(viewer=request.actor, workshop=found)
    sees = queries.sees_text(viewer=request.actor, at=request.now, workshop=found)
    history = timeline(history_of(viewer=request.actor, object_ids=[public_id]), {})
    return render(request, "agreements/workshops/minutes.html",
                  {**pages.minutes_context(board, request.now, sees_text=sees), "history": history,
                   "tidies": policy.may_tidy_workshop(standing(request), found)})  # fmt: skip


@require_GET
@guarded()
def export(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The minutes as a table."""
    found = _to_read(request, public_id)
    board = queries.board_of(viewer=request.actor, workshop=found)
    return download(request, f"workshop-{found.number}", pages.header(), pages.rows(board))
