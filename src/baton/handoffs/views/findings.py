"""What is found out of a handoff: judgements, checks, measured values, predecessors."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from baton.agreements.queries.in_force import clauses_in_force_at
from baton.agreements.rules import Measure
from baton.chain.views.answering import answered, standing
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.handoffs import changes, policy, queries
from baton.handoffs.forms.findings import CheckForm, JudgementForm, PredecessorForm, ValueForm
from baton.handoffs.models import Handoff
from baton.handoffs.models.labels import STAGES
from baton.handoffs.pages.words import SIDE_WORDS
from baton.handoffs.rules import Side, Stage
from baton.handoffs.views.handoffs import address


@guarded()
def judge(request: BatonRequest, public_id: str, side: str) -> HttpResponse:
    """Say what a side judges; the other reads it, with the name, once both have judged."""
    if side not in set(Side):
        raise NotFound
    found, judging = _found(request, public_id), Side(side)
    demand(policy.may_act(standing(request), found.link, judging))
    form = JudgementForm(request.POST or None, side=judging)
    note = _("The other side reads it with your name once both have judged, or a week after the acceptance.")
    return answered(request, form, lambda: changes.judge_handoff(
        by=request.actor, at=request.now, handoff=found, **form.given()),
        to=address(found), title=SIDE_WORDS[judging], subject=found, note=note)  # fmt: skip


@guarded()
def check(request: BatonRequest, public_id: str, stage: str) -> HttpResponse:
    """Enter one of the three checks."""
    if stage not in set(Stage):
        raise NotFound
    found, asked = _found(request, public_id), Stage(stage)
    demand(queries.may_check(viewer=request.actor, at=request.now, handoff=found, stage=asked))
    form = CheckForm(request.POST or None)
    return answered(request, form, lambda: changes.record_check(
        by=request.actor, at=request.now, handoff=found, stage=asked, **form.given()),
        to=address(found), title=STAGES[asked], subject=found)  # fmt: skip


@guarded()
def value(request: BatonRequest, public_id: str) -> HttpResponse:
    """Enter a measured value of a clause that held when the handoff occurred."""
    found = _found(request, public_id)
    demand(policy.may_record(standing(request), found.link))
    held = clauses_in_force_at(viewer=request.actor, link=found.link_id, moment=found.occurred_at)
    form = ValueForm(request.POST or None, clauses=[one for one in held if one.measure == Measure.VALUE])
    return answered(request, form, lambda: changes.record_value(
        by=request.actor, at=request.now, handoff=found, **form.given()),
        to=address(found), title=_("Enter a measured value"), subject=found)  # fmt: skip


@guarded()
def predecessor(request: BatonRequest, public_id: str) -> HttpResponse:
    """Name a handoff that went into this one."""
    found = _found(request, public_id)
    demand(policy.may_record(standing(request), found.link))
    form = PredecessorForm(request.POST or None)
    return answered(request, form, lambda: changes.add_predecessor(
        by=request.actor, at=request.now, handoff=found, predecessor=queries.numbered(
            viewer=request.actor, at=request.now, number=form.cleaned_data["number"])),
        to=address(found), title=_("Name a predecessor"), subject=found)  # fmt: skip


@require_POST
@guarded()
def end_predecessor(request: BatonRequest, public_id: str) -> HttpResponse:
    """It was not made of that one."""
    origin = queries.predecessor(viewer=request.actor, at=request.now, public_id=public_id)
    changes.end_predecessor(by=request.actor, at=request.now, origin=origin)
    return redirect(address(origin.handoff))


def _found(request: BatonRequest, public_id: str) -> Handoff:
    return queries.handoff(viewer=request.actor, at=request.now, public_id=public_id)
