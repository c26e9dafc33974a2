"""Pages of confidants and of talks in confidence. No browser keeps them, and no line of the log tells of them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from baton.chain.views.answering import answered
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand, is_signed_in
from baton.feedback import changes, policy
from baton.feedback.forms.confidants import AboutForm, DeleteForm, LeaveForm, SayForm, WriteForm
from baton.feedback.queries import confidants as queries
from baton.feedback.rules.talks import KEPT_AFTER_END, KEPT_WITHOUT_WORD, TalkSide

_LIMITS = {"days": KEPT_AFTER_END.days, "silent": KEPT_WITHOUT_WORD.days}


@require_safe
@guarded(policy.may_write_to_confidants)
def confidants(request: BatonRequest) -> HttpResponse:
    """Who may be written to; one's own talks; for the quality manager how many there were in years that are over."""
    viewer = request.actor
    talks = changes.own_talks(viewer)
    listed = queries.confidants(viewer=viewer)
    others = {talk.confidant if side is TalkSide.ASKER else talk.asker for _key, talk, side in talks}
    names = queries.names_of(viewer=viewer, public_ids=others)
    context = {
        "confidants": listed, "own": queries.own_confidant(viewer=viewer), **_LIMITS,
        "talks": [
            {
                "key": key, "talk": talk, "waits": talk.waits_for(side), "received": side is TalkSide.CONFIDANT,
                "other": names.get(talk.confidant if side is TalkSide.ASKER else talk.asker, ""),
            }
            for key, talk, side in talks
        ],
        "years": queries.talks_by_year(viewer=viewer, at=request.now),
        "may_remove": policy.may_see_talk_tally(viewer),
    }  # fmt: skip
    return render(request, "feedback/confidants/list.html", context)


@guarded(policy.may_be_confidant)
def be_confidant(request: BatonRequest) -> HttpResponse:
    """Agree to be written to, and say a few words about oneself."""
    own = queries.own_confidant(viewer=request.actor)
    form = AboutForm(request.POST or None, record=own)
    note = _(
        "Everybody inside reads your name and these words. Who writes to you, and what, only the two of you read."
        " Answer within days, do not promise what you cannot keep, and say where there is professional help. You may"
        " leave the list at any time."
    )
    return answered(request, form, lambda: changes.agree_to_be_confidant(
        by=request.actor, at=request.now, about=form.cleaned_data["about"], expected_seq=form.version),
        to=reverse("confidants:confidants"), title=_("I can be written to in confidence"), note=note)  # fmt: skip


@guarded(policy.may_be_confidant)
def leave(request: BatonRequest, public_id: str) -> HttpResponse:
    """Take a confidant off the list."""
    one = queries.confidant(viewer=request.actor, public_id=public_id)
    demand(policy.may_leave_as_confidant(request.actor, one))
    form = LeaveForm(request.POST or None, record=one)
    return answered(request, form, lambda: changes.leave_as_confidant(
        by=request.actor, at=request.now, confidant=one, expected_seq=form.version),
        to=reverse("confidants:confidants"), title=_("Take off the list"), subject=one, danger=True, note=_(
            "Nobody begins a talk with this person any more. Talks that there are go on until one of the two ends"
            " them."))  # fmt: skip


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@guarded(policy.may_write_to_confidants)
def write(request: BatonRequest) -> HttpResponse:
    """Begin a talk."""
    viewer = request.actor
    own = queries.own_confidant(viewer=viewer)
    listed = [one for one in queries.confidants(viewer=viewer) if own is None or one.pk != own.pk]
    form = WriteForm(request.POST or None, confidants=listed)
    if form.carried_out(lambda: changes.begin_talk(
        by=viewer, at=request.now, words=form.cleaned_data["words"], key=form.cleaned_data["key"],
        confidant=queries.confidant(viewer=viewer, public_id=form.cleaned_data["confidant"]))):  # fmt: skip
        return redirect("confidants:talk", form.cleaned_data["key"])
    context = {"form": form, "confidants": listed, **_LIMITS}
    return render(request, "feedback/confidants/write.html", context, status=form.status)


@sensitive_post_parameters()
@sensitive_variables()
@require_http_methods(["GET", "HEAD", "POST"])
@guarded(is_signed_in)
def talk(request: BatonRequest, key: str) -> HttpResponse:
    """A talk, for the two; for everybody else there is no such page."""
    changes.own_talk(request.actor, key)
    form = SayForm(request.POST or None)
    if form.carried_out(lambda: changes.answer_talk(
        by=request.actor, at=request.now, key=key, words=form.cleaned_data["words"])):  # fmt: skip
        return redirect("confidants:talk", key)
    return _talk_page(request, key, form, DeleteForm())


@sensitive_variables()
@require_POST
@guarded(is_signed_in)
def end(request: BatonRequest, key: str) -> HttpResponse:
    """End it."""
    changes.end_talk(by=request.actor, at=request.now, key=key)
    return redirect("confidants:talk", key)


@sensitive_variables()
@require_POST
@guarded(is_signed_in)
def delete(request: BatonRequest, key: str) -> HttpResponse:
    """Delete it, once the box is ticked."""
    changes.own_talk(request.actor, key)
    form = DeleteForm(request.POST)
    if form.is_valid():
        changes.delete_talk(by=request.actor, key=key)
        return redirect("confidants:confidants")
    return _talk_page(request, key, SayForm(), form)


def _talk_page(request: BatonRequest, key: str, form: SayForm, deleting: DeleteForm) -> HttpResponse:
    found, side = changes.own_talk(request.actor, key)
    other = found.confidant if side is TalkSide.ASKER else found.asker
    context = {
        "key": key, "talk": found, "side": side, "form": form,
        "other": queries.names_of(viewer=request.actor, public_ids=[other]).get(other, ""), "deleting": deleting,
        "delete_on": found.delete_on(), **_LIMITS,
    }  # fmt: skip
    return render(
        request, "feedback/confidants/talk.html", context, status=max(form.status, deleting.status)
    )  # fmt: skip
