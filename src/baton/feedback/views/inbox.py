"""Pages of feedback: the list, an item and what becomes of it, telling and entering it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from baton.chain import queries as chain
from baton.chain.forms.choosing import party_chosen
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.feedback import changes, policy
from baton.feedback.forms.complaints import ComplaintForm
from baton.feedback.forms.inbox import (
    EnterForm,
    InboxFilterForm,
    OutcomeForm,
    PassOnForm,
    SortForm,
    TellForm,
    ThankForm,
    as_complaint,
    asked_feedback,
)
from baton.feedback.models import FeedbackItem
from baton.feedback.pages import inbox as pages
from baton.feedback.queries import inbox as queries
from baton.feedback.queries.complaint_choices import handoff_numbered, link_numbered
from baton.feedback.rules.inbox import RESPONSE_DAYS


def _address(one: FeedbackItem) -> str:
    return reverse("inbox:item", args=[one.public_id])


@require_GET
@guarded(policy.may_tell)
@opens_default_view("feedback.inbox")
def inbox(request: BatonRequest) -> HttpResponse:
    """The feedback in sight, what came first at the top."""
    viewer, at, asked = request.actor, request.now, asked_feedback(request.GET)
    page = queries.feedback_page(viewer=viewer, at=at, filters=asked, page=request.GET.get("page", 1))
    context = {
        "page_obj": page, "rows": pages.rows(viewer, page.object_list, at), "filter": InboxFilterForm(request.GET),
        "order": asked.order, "days": RESPONSE_DAYS, "filtered": is_filtered(request, "feedback.inbox"),
        "keeps_doors": policy.may_keep_doors(viewer),
    }  # fmt: skip
    return render(request, "feedback/inbox/list.html", context)


@require_GET
@guarded(policy.may_tell)
def export_inbox(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    viewer, at = request.actor, request.now
    found = queries.listed_feedback(viewer=viewer, at=at, filters=asked_feedback(request.GET))
    return download(request, "feedback", pages.header(), pages.table(viewer, found, at))


@guarded(policy.may_tell)
def tell(request: BatonRequest) -> HttpResponse:
    """Tell something; the address may say whom it is about."""
    subject, parties = subject_of(request)
    form = TellForm(request.POST or None, parties=parties)
    made = carried_out(request, form, lambda: changes.tell_feedback(
        by=request.actor, at=request.now, told=form.told(_chosen(form, subject, parties), get_language() or "")),
        said=_filed)  # fmt: skip
    if made is not None:
        return redirect(_address(made))
    return form_page(
        request, form, title=_("Tell them"), button=_("Send"), note=note_about(subject), back=reverse("inbox:inbox")
    )


@guarded(policy.may_tell)
def enter(request: BatonRequest) -> HttpResponse:
    """Enter what reached one on paper, by telephone or by word of mouth."""
    subject, parties = subject_of(request)
    form = EnterForm(request.POST or None, parties=parties)
    made = carried_out(request, form, lambda: changes.enter_feedback(
        by=request.actor, at=request.now, told=form.told(_chosen(form, subject, parties), ""),
        **form.entered(request.now)), said=_filed)  # fmt: skip
    if made is not None:
        return redirect(_address(made))
    return form_page(request, form, title=_("Enter feedback"), note=note_about(subject), back=reverse("inbox:inbox"))


@require_GET
@guarded(policy.may_tell)
def item(request: BatonRequest, public_id: str) -> HttpResponse:
    """One item: what was told, what became of it, what to do next."""
    viewer, at = request.actor, request.now
    one = queries.feedback_item(viewer=viewer, at=at, public_id=public_id)
    return render(request, "feedback/inbox/item.html", pages.shown(viewer, one, at))


@guarded(policy.may_tell)
def sort(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say of which kind it is."""
    one = _to_deal_with(request, public_id)
    form = SortForm(request.POST or None, record=one)
    return answered(request, form, lambda: changes.sort_feedback(
        by=request.actor, at=request.now, item=one, **form.given()),
        to=_address(one), title=_("Change the kind"), subject=one, note=one.words)  # fmt: skip


@guarded(policy.may_tell)
def pass_on(request: BatonRequest, public_id: str) -> HttpResponse:
    """Pass it on to a party."""
    one = _to_deal_with(request, public_id)
    parties = queries.parties_to_tell_about(viewer=request.actor, at=request.now)
    form = PassOnForm(request.POST or None, record=one, parties=parties)
    return answered(request, form, lambda: changes.pass_on_feedback(
        by=request.actor, at=request.now, item=one, party=party_chosen(parties, form.cleaned_data["party"]),
        words=form.cleaned_data["words"], expected_seq=form.version),
        to=reverse("inbox:inbox"), title=_("Pass it on"), subject=one, note=one.words)  # fmt: skip


@guarded(policy.may_tell)
def answer(request: BatonRequest, public_id: str) -> HttpResponse:
    """Answer it."""
    one = _to_deal_with(request, public_id)
    form = OutcomeForm(request.POST or None, record=one, label=_("The answer"), help_text=_reader(one))
    return answered(request, form, lambda: changes.answer_feedback(
        by=request.actor, at=request.now, item=one, **form.given()),
        to=_address(one), title=_("Answer"), subject=one, note=one.words)  # fmt: skip


@guarded(policy.may_tell)
def leave(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say why nothing is done."""
    one = _to_deal_with(request, public_id)
    form = OutcomeForm(request.POST or None, record=one, label=_("No action because"), help_text=_reader(one))
    return answered(request, form, lambda: changes.leave_feedback(
        by=request.actor, at=request.now, item=one, **form.given()),
        to=_address(one), title=_("Say why nothing is done"), subject=one, note=one.words)  # fmt: skip


@guarded(policy.may_tell)
def complain(request: BatonRequest, public_id: str) -> HttpResponse:
    """Open a complaint of it; what is known of it stands in the form already."""
    viewer, at, one = request.actor, request.now, _to_deal_with(request, public_id)
    parties = chain.parties_to_choose(viewer=viewer, at=at)
    known = as_complaint(one, names=policy.may_read_names(standing(request), one))
    form = ComplaintForm(request.POST or None, parties=parties, record=one, initial=known)
    return answered(request, form, lambda: changes.open_complaint(
        by=viewer, at=at, item=one, given=form.given(), expected_seq=form.version,
        link=link_numbered(viewer=viewer, at=at, number=form.cleaned_data["link"]),
        handoff=handoff_numbered(viewer=viewer, at=at, number=form.cleaned_data["handoff"]),
        supplier=party_chosen(parties, form.cleaned_data["supplier"]),
        customer=party_chosen(parties, form.cleaned_data["customer"])),
        to=_address(one), title=_("Open a complaint"), subject=one)  # fmt: skip


@guarded(policy.may_tell)
def thank(request: BatonRequest, public_id: str) -> HttpResponse:
    """Pass thanks on to who earned them."""
    one = _to_deal_with(request, public_id)
    parties = queries.parties_to_tell_about(viewer=request.actor, at=request.now)
    about = one.party.public_id if one.party is not None else ""
    form = ThankForm(request.POST or None, record=one, parties=parties, viewer=request.actor, party=about)
    return answered(request, form, lambda: changes.thank_for_feedback(
        by=request.actor, at=request.now, item=one, words=form.cleaned_data["words"],
        earner=form.cleaned_data["earner"], party=party_chosen(parties, form.cleaned_data["party"]),
        expected_seq=form.version),
        to=_address(one), title=_("Pass thanks on"), subject=one, note=one.words)  # fmt: skip


def subject_of(request: BatonRequest) -> tuple[dict[str, Any], Any]:
    """What the address says it is about, and the parties to choose from where it says nothing."""
    viewer, at = request.actor, request.now
    asked = {name: request.GET.get(name, "") for name in ("party", "link")}
    party, link = queries.may_tell_about(viewer=viewer, at=at, subject=asked)
    if party is None:
        return {}, chain.parties_to_choose(viewer=viewer, at=at)
    return {"party": party, "link": link}, None


def _chosen(form: TellForm, subject: dict[str, Any], parties: Any) -> dict[str, Any]:
    return subject or {"party": party_chosen(parties, form.cleaned_data["party"])}


def note_about(subject: dict[str, Any]) -> str:
    """What it is about, where that is known."""
    held = FeedbackItem(party=subject.get("party"), link=subject.get("link"))
    return _("About: {name}").format(name=pages.about(held)) if subject else ""


def _filed(saved: FeedbackItem) -> str:
    return _("Kept as {number}, {kind}.").format(number=saved.number, kind=saved.get_category_display())


def _reader(one: FeedbackItem) -> str:
    """Who reads the answer."""
    if one.teller is not None:
        return _("{name} reads it in Baton.").format(name=one.teller)
    if one.teller_reach:
        return _("Baton does not send it. Tell it: {reach}").format(reach=one.teller_reach)
    return _("Nobody can be reached: it is kept for those who read this item.")


def _to_deal_with(request: BatonRequest, public_id: str) -> FeedbackItem:
    one = queries.feedback_item(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_deal_with(standing(request), one))
    return one
