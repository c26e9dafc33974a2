"""Pages on which the steps of a complaint are taken, and its two signatures given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from baton.chain.views.answering import answered, standing
from baton.core import queries as core_queries
from baton.core.accounts.signing import SigningForm
from baton.core.errors import NotFound
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.signature_words import meaning_word
from baton.core.signing_rules import Meaning
from baton.feedback import changes, policy
from baton.feedback.forms.complaints import ActForm
from baton.feedback.models import Complaint, ComplaintStep
from baton.feedback.pages import complaints as shown
from baton.feedback.queries import complaints as queries
from baton.feedback.rules.complaints import SIGNED_LEADS_TO, ComplaintAct
from baton.feedback.views.complaints import address_of


@dataclass(frozen=True, slots=True)
class _Page:
    """A step as a page: its title, what the field for words is called, and the change that takes it. ``told``: the
    customer hears of it; ``dated``: it may have happened before; ``asks``: words are asked for; ``reason``: they are
    the reason."""

    title: Any
    write: Callable[..., Complaint]
    label: Any = ""
    help_text: Any = ""
    told: bool = False
    dated: bool = False
    asks: bool = True
    reason: bool = False
    danger: bool = False


_PAGES = {
    ComplaintAct.ACKNOWLEDGE: _Page(
        gettext_lazy("Acknowledge the complaint"), changes.acknowledge_complaint, gettext_lazy("What was said"),
        gettext_lazy("If you like."), told=True, dated=True,
    ),
    ComplaintAct.CAUSE: _Page(
        gettext_lazy("Write down the cause"), changes.investigate_complaint, gettext_lazy("Cause investigation"),
        gettext_lazy("What caused it, and how that was found. You sign it on the next page."),
    ),
    ComplaintAct.DISPOSITION: _Page(
        gettext_lazy("Decide what is done"), changes.decide_complaint, gettext_lazy("Disposition"),
        gettext_lazy("What is done for this customer. You sign it on the next page."),
    ),
    ComplaintAct.RESULT: _Page(
        gettext_lazy("Enter the result"), changes.record_result, gettext_lazy("Result"),
        gettext_lazy("What was done, and what came of it."), dated=True,
    ),
    ComplaintAct.PREVENT: _Page(
        gettext_lazy("Keep it from coming again"), changes.prevent_recurrence, gettext_lazy("Recurrence prevention"),
        gettext_lazy("What is changed for good, by whom. Without it a complaint is not closed."),
    ),
    ComplaintAct.NOTIFY: _Page(
        gettext_lazy("Tell the customer"), changes.notify_customer, gettext_lazy("What was said"),
        gettext_lazy("If you like."), told=True, dated=True,
    ),
    ComplaintAct.CLOSE: _Page(gettext_lazy("Close the complaint"), changes.close_complaint, asks=False),
    ComplaintAct.DROP: _Page(
        gettext_lazy("Close it without action"), changes.drop_complaint, gettext_lazy("No action because"),
        gettext_lazy("It is no complaint after all, or the customer took it back."), reason=True, danger=True,
    ),
    ComplaintAct.REOPEN: _Page(
        gettext_lazy("Reopen the complaint"), changes.reopen_complaint, gettext_lazy("Why it is reopened"),
        gettext_lazy("The cause is looked for and signed anew; what was written stays in the history."), reason=True,
    ),
}  # fmt: skip
_SIGNING = {
    ComplaintAct.CAUSE: (changes.sign_cause, Meaning.AUTHOR),
    ComplaintAct.DISPOSITION: (changes.sign_disposition, Meaning.APPROVAL),
}


@guarded(policy.may_receive_complaints)
def act(request: BatonRequest, public_id: str, step: str) -> HttpResponse:
    """Take a step."""
    found = _known(step)
    page = _PAGES[found]
    one = queries.complaint(viewer=request.actor, at=request.now, public_id=public_id)
    demand(_may(request, one, found))
    form = ActForm(
        request.POST or None, record=one, label=page.label, help_text=page.help_text, told=page.told, dated=page.dated,
        asks=page.asks,
    )  # fmt: skip
    to = f"{address_of(one)}sign/{found}/" if found in SIGNED_LEADS_TO else address_of(one)
    return answered(request, form, lambda: page.write(
        by=request.actor, at=request.now, complaint=one, **_given(form, page)),
        to=to, title=page.title, subject=one, danger=page.danger, note=one.phenomenon)  # fmt: skip


@sensitive_post_parameters("password", "code")
@never_cache
@guarded(policy.may_receive_complaints)
def sign(request: BatonRequest, public_id: str, step: str) -> HttpResponse:
    """Sign the cause, or the disposition, exactly as it was written."""
    found = _known(step)
    if found not in _SIGNING:
        raise NotFound
    write, meaning = _SIGNING[found]
    viewer, at = request.actor, request.now
    one = queries.complaint(viewer=viewer, at=at, public_id=public_id)
    demand(_may(request, one, found))
    said = queries.said_of(queries.steps_of(one), found)
    if said is None:
        return redirect("complaints:act", public_id, found.value)
    asked = core_queries.to_sign(viewer=viewer, kind=ComplaintStep.kind, public_id=said.public_id)
    form = SigningForm(request.POST or None, request=request, shown=asked)
    if request.method == "POST" and form.is_valid():
        digest = form.digest
        made = form.signed(lambda proof: write(by=viewer, at=at, complaint=one, expected_digest=digest, proof=proof))
        if made is not None:
            messages.success(request, _("Signed."))
            return redirect(address_of(one))
    context = {
        "one": one, "step": said, "form": form, "meaning": meaning_word(meaning), "back": address_of(one),
        "parts": shown.parts(one, queries.signatures_of(viewer=viewer, complaint=one)),
    }  # fmt: skip
    return render(request, "feedback/complaints/sign.html", context, status=form.status)


def _known(step: str) -> ComplaintAct:
    try:
        found = ComplaintAct(step)
    except ValueError:
        raise NotFound from None
    if found not in _PAGES:
        raise NotFound
    return found


def _may(request: BatonRequest, one: Complaint, act: ComplaintAct) -> bool:
    held = standing(request)
    if act is ComplaintAct.CAUSE:
        return policy.may_investigate_complaint(held, one)
    if act in (ComplaintAct.DISPOSITION, ComplaintAct.DROP):
        return policy.may_decide_complaint(held, one)
    return policy.may_handle_complaint(held, one)


def _given(form: ActForm, page: _Page) -> dict[str, Any]:
    given = form.given()
    if page.reason:
        given["reason"] = given.pop("words")
    return given
