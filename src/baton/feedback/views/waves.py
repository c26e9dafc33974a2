"""The console: waves are prepared, opened, called to mind and closed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from baton.chain import queries as chain
from baton.chain.views.answering import answered, form_page
from baton.core.answering import carried_out, version_sent
from baton.core.errors import NotFound, explain
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.feedback import changes, policy, queries
from baton.feedback.forms.waves import (
    ConfirmForm,
    LinksForm,
    OpenWaveForm,
    PeopleForm,
    ReasonForm,
    WaveForm,
    WayForm,
)
from baton.feedback.models import Questionnaire, Wave
from baton.feedback.pages.waves import console, list_rows, mismatch, preview
from baton.feedback.queries.asking import choice_for, links_of, ways_chosen
from baton.feedback.queries.choosing import links_by_rule, wave_link, waves_listed
from baton.feedback.rules import Mode, WaveState, Way
from baton.feedback.rules.asking import WINDOW_RANGE, LinkRule
from baton_analysis.errors import BatonError

MOST_ROWS = 200


@require_GET
@guarded()
def waves(request: BatonRequest) -> HttpResponse:
    """The waves that are prepared or open, and those that are over."""
    living = list_rows(request.actor, waves_listed(viewer=request.actor)[:MOST_ROWS])
    over = list_rows(request.actor, waves_listed(viewer=request.actor, over=True)[:MOST_ROWS])
    if not (living or over or policy.may_see_waves(request.actor)):
        return redirect("surveys:mine")
    context = {
        "living": living, "over": over, "may_run": policy.may_run_waves(request.actor),
        "any_questionnaire": _usable(request) != [],
    }  # fmt: skip
    return render(request, "feedback/waves/list.html", context)


@require_GET
@guarded()
def wave(request: BatonRequest, public_id: str) -> HttpResponse:
    """One wave: how far it has come, and what can be done with it."""
    found = queries.wave(viewer=request.actor, public_id=public_id)
    return render(request, "feedback/waves/console.html", console(request.actor, found, request.now))


@guarded(policy.may_run_waves)
def prepare(request: BatonRequest) -> HttpResponse:
    """Prepare a wave; its links are chosen next."""
    form = WaveForm(
        request.POST or None, viewer=request.actor, questionnaires=_usable(request),
        initial={"questionnaire": request.GET.get("questionnaire", "")},
    )  # fmt: skip
    made = carried_out(request, form, lambda: changes.prepare_wave(
        by=request.actor, at=request.now, links=[], **form.given()), said="")  # fmt: skip
    if made is not None:
        return redirect("surveys:wave_links", made.public_id)
    return form_page(request, form, title=_("Prepare a survey"), back=reverse("surveys:waves"), note=_(
        "Nobody is asked yet. Links and people are chosen next; then you open it."))  # fmt: skip


@guarded(policy.may_run_waves)
def change(request: BatonRequest, public_id: str) -> HttpResponse:
    """Change what is prepared; of an open wave its end and thresholds."""
    found = queries.wave(viewer=request.actor, public_id=public_id)
    to = _address(found)
    if found.state == WaveState.OPEN:
        later = OpenWaveForm(request.POST or None, record=found)
        return answered(request, later, lambda: changes.change_wave(
            by=request.actor, at=request.now, wave=found, expected_seq=later.version, **later.given()),
            to=to, title=_("Move the end, raise thresholds"), subject=found, note=_(
                "What people were promised when it was opened stands still."))  # fmt: skip
    form = WaveForm(request.POST or None, viewer=request.actor, questionnaires=_usable(request), record=found)
    return answered(request, form, lambda: changes.change_wave(
        by=request.actor, at=request.now, wave=found, expected_seq=form.version, **form.given()),
        to=to, title=_("Change the survey"), subject=found)  # fmt: skip


@guarded(policy.may_run_waves)
def choose_links(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say about which links a wave asks: by a rule, or one by one."""
    found = _draft(request, public_id)
    form = LinksForm(request.POST or None, parties=chain.parties_to_choose(viewer=request.actor, at=request.now))

    def put() -> Wave:
        data = form.cleaned_data
        meant = links_by_rule(
            viewer=request.actor, at=request.now, rule=LinkRule(data["rule"]), party=data["party"],
            numbers=data["numbers"],
        )  # fmt: skip
        before = [] if data["instead"] else [one.link for one in links_of(viewer=request.actor, wave=found)]
        both = {one.pk: one for one in [*before, *meant]}
        return changes.put_links(by=request.actor, at=request.now, wave=found, links=list(both.values()))

    return answered(
        request, form, put, to=_address(found), title=_("Choose links"), subject=found,
        template="feedback/waves/links.html",
    )  # fmt: skip


@require_POST
@guarded(policy.may_run_waves)
def leave_out(request: BatonRequest, public_id: str, link: str) -> HttpResponse:
    """Do not ask about a link after all."""
    found = _draft(request, public_id)
    out = wave_link(viewer=request.actor, wave=found, public_id=link)
    rest = [one.link for one in links_of(viewer=request.actor, wave=found) if out is None or one.pk != out.pk]
    changes.put_links(by=request.actor, at=request.now, wave=found, links=rest)
    return redirect(_address(found))


@guarded(policy.may_run_waves)
def people(request: BatonRequest, public_id: str) -> HttpResponse:
    """Look at how many would be asked where, and choose them."""
    found = _draft(request, public_id)
    asked = request.POST if request.method == "POST" else (request.GET if "window_days" in request.GET else None)
    form = PeopleForm(asked, record=None if asked is not None and request.method == "GET" else found)
    if request.method == "POST":
        done = carried_out(request, form, lambda: _chosen(request, found, form), said="")
        if done is not None:
            return redirect(_address(found))
    given = form.given() if form.is_bound and form.is_valid() else {
        "window_days": found.window_days, "half_width": found.half_width
    }  # fmt: skip
    if given["window_days"] not in WINDOW_RANGE:
        given["window_days"] = found.window_days
    choice = choice_for(viewer=request.actor, at=request.now, wave=found, **given)
    shown = form if form.errors else PeopleForm(initial=given, record=found)
    context = {**preview(choice, given["half_width"]), "form": shown, "wave": found}
    return render(request, "feedback/waves/people.html", context, status=form.status)


def _chosen(request: BatonRequest, found: Wave, form: PeopleForm) -> Wave:
    count = changes.choose_people(
        by=request.actor, at=request.now, wave=found, expected_seq=form.version, **form.given()
    )
    messages.success(request, _("Chosen to be asked: {count}.").format(count=count))
    return found


@guarded(policy.may_run_waves)
def choose_way(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say how those who are chosen get to their sheets."""
    found = _draft(request, public_id)
    ways = ways_chosen(viewer=request.actor, wave=found)
    usual = Way.MAIL if ways.get(Way.MAIL) else Way.APP
    form = WayForm(request.POST or None, record=found, initial={"way": usual})
    return answered(
        request, form, lambda: changes.choose_way(
            by=request.actor, at=request.now, wave=found, way=Way(form.cleaned_data["way"]), expected_seq=form.version),
        to=_address(found), title=_("How it reaches people"), subject=found,
    )  # fmt: skip


@guarded(policy.may_run_waves)
def open_it(request: BatonRequest, public_id: str) -> HttpResponse:
    """Open a wave, after reading what cannot be changed from then on."""
    found = _draft(request, public_id)
    form = ConfirmForm(request.POST or None, record=found)
    return answered(
        request, form, lambda: changes.open_wave(
            by=request.actor, at=request.now, wave=found, expected_seq=form.version),
        to=_address(found), title=_("Open the survey"), subject=found, template="feedback/waves/open.html",
        wave=found, people=found.invitations.count(), links=found.links.count(),
        is_anonymous=found.mode == Mode.ANONYMOUS,
        mismatch=mismatch(found, links_of(viewer=request.actor, wave=found)),
    )  # fmt: skip


@guarded(policy.may_run_waves)
def close(request: BatonRequest, public_id: str) -> HttpResponse:
    """Close a wave before its time."""
    found = queries.wave(viewer=request.actor, public_id=public_id)
    form = ReasonForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.close_wave(
        by=request.actor, at=request.now, wave=found, reason=form.cleaned_data["reason"], expected_seq=form.version),
        to=_address(found), title=_("Close before its time"), subject=found, danger=True, note=_(
            "Nobody answers any more from then on, and it cannot be opened again."))  # fmt: skip


@guarded(policy.may_run_waves)
def withdraw(request: BatonRequest, public_id: str) -> HttpResponse:
    """Give up a wave that was not opened."""
    found = queries.wave(viewer=request.actor, public_id=public_id)
    form = ReasonForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.withdraw_wave(
        by=request.actor, at=request.now, wave=found, reason=form.cleaned_data["reason"], expected_seq=form.version),
        to=_address(found), title=_("Withdraw the survey"), subject=found, danger=True)  # fmt: skip


@require_POST
@guarded(policy.may_run_waves)
def publish(request: BatonRequest, public_id: str) -> HttpResponse:
    """Publish a closed wave now; where that cannot be, say why it waits."""
    found = queries.wave(viewer=request.actor, public_id=public_id)
    try:
        ready = changes.work_out(by=request.actor, wave=found, at_once=True)
        changes.publish_wave(by=request.actor, at=request.now, wave=found, worked_out=ready)
    except BatonError as refused:
        messages.error(request, explain(refused))
        return redirect(_address(found))
    messages.success(request, _("The results are published."))
    return redirect("surveys:results", found.public_id)


@require_POST
@guarded(policy.may_run_waves)
def remind(request: BatonRequest, public_id: str) -> HttpResponse:
    """Remind everybody who is asked."""
    found = queries.wave(viewer=request.actor, public_id=public_id)
    demand(version_sent(request) > 0)
    changes.remind(by=request.actor, at=request.now, wave=found)
    messages.success(request, _("Everybody who is asked is being reminded, whether or not he has answered."))
    return redirect(_address(found))


def _draft(request: BatonRequest, public_id: str) -> Wave:
    found = queries.wave(viewer=request.actor, public_id=public_id)
    if found.state != WaveState.DRAFT:
        raise NotFound
    return found


def _usable(request: BatonRequest) -> list[Questionnaire]:
    return list(queries.questionnaires(viewer=request.actor).filter(ended_at__isnull=True).order_by("number"))


def _address(found: Wave) -> str:
    return reverse("surveys:wave", args=[found.public_id])
