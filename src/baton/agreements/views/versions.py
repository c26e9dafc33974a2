"""Pages that change a version of an agreement: its days, and the steps of its life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy as _

from baton.agreements import changes, policy, queries
from baton.agreements.forms.versions import NeededReasonForm, ReasonForm, StepForm, VersionForm
from baton.agreements.models import AgreementVersion
from baton.agreements.pages.texts import page_of_text
from baton.agreements.rules import Side, VersionState, taker_of
from baton.chain.views.answering import answered, standing
from baton.core.errors import Stale
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


@dataclass(frozen=True, slots=True)
class Step:
    """A step that a person takes: to which state, by which function, what is asked, what it means."""

    after: VersionState
    write: Callable[..., AgreementVersion]
    form: type[StepForm]
    title: Any
    note: Any
    danger: bool = False


STEPS = {
    "propose": Step(
        VersionState.PROPOSED, changes.propose_version, ReasonForm, _("Propose the version"),
        _("The other side is told. The text stands still from now on; whoever leads a side can sign it, open a "
          "consultation or say no."),
    ),
    "consult": Step(
        VersionState.CONSULTATION, changes.open_consultation, StepForm, _("Open consultation"),
        _("Those who work with it say what they think, clause by clause. Clauses can be changed meanwhile."),
    ),
    "close": Step(
        VersionState.PROPOSED, changes.close_consultation, StepForm, _("Close consultation"),
        _("The version is proposed as it now reads. The text stands still from now on."),
    ),
    "withdraw": Step(
        VersionState.WITHDRAWN, changes.withdraw_version, ReasonForm, _("Withdraw the version"),
        _("It is kept, and can be read; it comes into force no more."), danger=True,
    ),
    "decline": Step(
        VersionState.DECLINED, changes.decline_version, NeededReasonForm, _("Decline the version"),
        _("The other side is told why. It can write another version."), danger=True,
    ),
    "end": Step(
        VersionState.ENDED, changes.end_version, NeededReasonForm, _("End the agreement"),
        _("Nothing in it is owed from today on. Both sides are told why."), danger=True,
    ),
}  # fmt: skip
"""By the last part of the address."""


@guarded()
def describe(request: BatonRequest, public_id: str) -> HttpResponse:
    """From when to when it is to hold, when it is reviewed, why there is it."""
    found = queries.version(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_edit_clauses(standing(request), found.agreement.link, VersionState(found.state)))
    says = policy.may_say_how_many_take_part(request.actor)
    form = VersionForm(request.POST or None, record=found, says_participation=says)
    return answered(request, form, lambda: changes.describe_version(
        by=request.actor, at=request.now, version=found, **form.given()),
        to=page_of_text(found),
        title=_("Days and reason"), subject=found)  # fmt: skip


@guarded()
def step(request: BatonRequest, public_id: str, step: str) -> HttpResponse:
    """Take a version to another state. From where it has gone on meanwhile the step is stale, not forbidden."""
    found = queries.version(viewer=request.actor, at=request.now, public_id=public_id)
    taken = STEPS.get(step)
    if taken is None:
        raise Http404
    side = Side(found.proposed_side) if found.proposed_side else None
    before, link, who = VersionState(found.state), found.agreement.link, standing(request)
    if taker_of(before, taken.after) is None and policy.may_deal(who, link):
        # Somebody took a step, perhaps the same one, since the button was shown.
        raise Stale
    demand(policy.may_take(who, link, before=before, after=taken.after, proposed_side=side))
    form = taken.form(request.POST or None, record=found)
    return answered(request, form, lambda: taken.write(
        by=request.actor, at=request.now, version=found, **form.given()),
        to=page_of_text(found), title=taken.title, subject=found, note=taken.note,
        danger=taken.danger)  # fmt: skip
