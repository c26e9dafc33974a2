"""Defect codes, and how the sides of a link deal with its handoffs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.chain import queries as chain
from baton.chain.views.answering import answered, standing
from baton.core.answering import version_sent
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.queries.calendars import calendars as calendars_in_use
from baton.handoffs import changes, policy, queries
from baton.handoffs.forms.codes import CodeForm, PracticeForm, RenameCodeForm, SilenceForm
from baton.handoffs.models.labels import SIDES
from baton.handoffs.queries import parts
from baton.handoffs.rules import Side


@require_GET
@guarded()
def codes(request: BatonRequest) -> HttpResponse:
    """The defect codes in use."""
    found = queries.codes_for(viewer=request.actor, at=request.now)
    return render(request, "handoffs/codes.html", {"codes": found, "may_keep": policy.may_keep_codes(request.actor)})


@guarded(policy.may_keep_codes)
def add_code(request: BatonRequest) -> HttpResponse:
    """A new code."""
    outputs = {one.public_id: one for one in chain.outputs_to_choose(viewer=request.actor, at=request.now)}
    form = CodeForm(request.POST or None, outputs=list(outputs.values()))
    return answered(request, form, lambda: changes.add_defect_code(
        by=request.actor, at=request.now, code=form.cleaned_data["code"], name=form.cleaned_data["name"],
        output=outputs.get(form.cleaned_data["output"])),
        to=reverse("handoffs:codes"), title=_("Add a defect code"), subject=_("Defect codes"))  # fmt: skip


@guarded(policy.may_keep_codes)
def rename_code(request: BatonRequest, public_id: str) -> HttpResponse:
    """Other words for a code."""
    found = parts.defect_code(viewer=request.actor, at=request.now, public_id=public_id)
    form = RenameCodeForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.rename_defect_code(
        by=request.actor, at=request.now, defect_code=found, name=form.cleaned_data["name"],
        expected_seq=form.version),
        to=reverse("handoffs:codes"), title=_("Rename the defect code"), subject=found)  # fmt: skip


@require_POST
@guarded(policy.may_keep_codes)
def end_code(request: BatonRequest, public_id: str) -> HttpResponse:
    """It is offered no more."""
    found = parts.defect_code(viewer=request.actor, at=request.now, public_id=public_id)
    changes.end_defect_code(by=request.actor, at=request.now, defect_code=found, expected_seq=version_sent(request))
    return redirect("handoffs:codes")


@require_GET
@guarded()
def practice(request: BatonRequest, link: str) -> HttpResponse:
    """How the sides of a link deal with its handoffs."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    said = parts.practice_of(viewer=request.actor, at=request.now, link=link)
    sides = [side for side in Side if policy.may_say_practice(standing(request), found, side)]
    waits = said is not None and said.silent_hours is not None and said.confirmed_at is None
    agrees = [side for side in sides if waits and said is not None and said.proposed_side != side]
    arbiter = [side for side in sides if said is not None and said.wanted_side and said.wanted_side != side]
    settled = policy.may_use_settlement(request.actor) and policy.is_settled_inside(found)
    context = {
        "link": found, "practice": said, "may_say": bool(sides), "waits": waits, "agrees": agrees[:1],
        "agrees_to_arbiter": arbiter[:1], "may_settle": settled and bool(sides),
    }  # fmt: skip
    return render(request, "handoffs/practice.html", context)


@guarded()
def say_practice(request: BatonRequest, link: str) -> HttpResponse:
    """Propose the arbiter and the hours to contest."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    sides = [side for side in Side if policy.may_say_practice(standing(request), found, side)]
    demand(bool(sides))
    form = PracticeForm(
        request.POST or None, record=parts.practice_of(viewer=request.actor, at=request.now, link=link),
        viewer=request.actor, sides=[(side.value, SIDES[side]) for side in sides],
    )  # fmt: skip
    return answered(request, form, lambda: changes.propose_practice(
        by=request.actor, at=request.now, link=found, side=form.cleaned_data["side"],
        arbiter=form.cleaned_data["arbiter"], contest_hours=form.cleaned_data["contest_hours"],
        expected_seq=form.version),
        to=reverse("handoffs:practice", args=[link]), title=_("Arbiter and hours to contest"),
        subject=found)  # fmt: skip


@guarded()
def silence(request: BatonRequest, link: str) -> HttpResponse:
    """Propose after how many hours of silence a delivery is no longer waited for."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    sides = [side for side in Side if policy.may_say_practice(standing(request), found, side)]
    demand(bool(sides))
    calendars = {one.public_id: one for one in calendars_in_use(viewer=request.actor) if not one.is_default}
    form = SilenceForm(
        request.POST or None, sides=[(side.value, SIDES[side]) for side in sides], calendars=list(calendars.values())
    )
    return answered(request, form, lambda: changes.propose_silence(
        by=request.actor, at=request.now, link=found, side=form.cleaned_data["side"],
        hours=form.cleaned_data["hours"], calendar=calendars.get(form.cleaned_data["calendar"])),
        to=reverse("handoffs:practice", args=[link]), title=_("Hours of silence"), subject=found,
        note=_("Hours that hold now end with it; the new ones hold when the other side agrees."))  # fmt: skip


@require_POST
@guarded()
def agree_to_silence(request: BatonRequest, link: str, side: str) -> HttpResponse:
    """Agree to the hours that the other side proposed."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    asked = Side(side) if side in set(Side) else Side.CUSTOMER
    changes.confirm_silence(
        by=request.actor, at=request.now, link=found, side=asked, expected_seq=version_sent(request)
    )
    return redirect("handoffs:practice", link=link)


@require_POST
@guarded()
def agree_to_practice(request: BatonRequest, link: str, side: str) -> HttpResponse:
    """Agree to the arbiter and the hours to contest that the other side proposed."""
    found = chain.link(viewer=request.actor, at=request.now, public_id=link)
    asked = Side(side) if side in set(Side) else Side.CUSTOMER
    changes.confirm_practice(
        by=request.actor, at=request.now, link=found, side=asked, expected_seq=version_sent(request)
    )
    return redirect("handoffs:practice", link=link)
