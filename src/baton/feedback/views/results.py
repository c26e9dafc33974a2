"""Pages of published results."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from baton.chain.views.answering import answered
from baton.core.answering import carried_out
from baton.core.errors import NotFound
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import is_signed_in
from baton.feedback import changes, policy, queries
from baton.feedback.forms.results import GroupForm, PredictForm, WithholdForm
from baton.feedback.models import Wave
from baton.feedback.pages import raw_sheets, result_studies
from baton.feedback.pages import results as shown
from baton.feedback.pages.findings import with_acts
from baton.feedback.pages.methods import METHODS
from baton.feedback.pages.plans import target_shown
from baton.feedback.pages.pulse import pulse_shown, satisfaction_shown
from baton.feedback.queries.path_results import paths_about
from baton.feedback.queries.plans import planned_of
from baton.feedback.queries.pulse import pulse_of
from baton.handoffs.pages.paths import called


@require_GET
@guarded(is_signed_in)
def result_list(request: BatonRequest) -> HttpResponse:
    """The published waves of which the viewer may see something."""
    waves = queries.published_waves(viewer=request.actor, at=request.now).select_related("questionnaire")
    return render(request, "feedback/results/list.html", {"waves": list(waves[:200])})


@require_GET
@guarded(is_signed_in)
def method(request: BatonRequest, name: str) -> HttpResponse:
    """How a study of a survey is computed."""
    found = METHODS.get(name)
    if found is None:
        raise NotFound
    return render(request, "feedback/results/method.html", {"method": found, "name": name})


@require_GET
@guarded(is_signed_in)
def results(request: BatonRequest, public_id: str) -> HttpResponse:
    """The figures of a group of answers of a published wave, that ``?supplier=``, ``?customer=``, ``?link=`` and
    ``?band=`` name."""
    viewer, at = request.actor, request.now
    wave = queries.published_wave(viewer=viewer, at=at, public_id=public_id)
    group = queries.group_asked(viewer=viewer, at=at, wave=wave, asked=request.GET)
    cells = list(queries.cells_of_group(viewer=viewer, at=at, wave=wave, group=group))
    studies = queries.published_studies(viewer=viewer, wave=wave) if group.grouping == "whole" else ()
    comments = queries.passed_comments(viewer=viewer, at=at, wave=wave)
    found = shown.shown(wave, group, cells)
    beside = pulse_shown(pulse_of(viewer=viewer, at=at, party=group.supplier)) if group.supplier else None
    found.lines = with_acts(found.lines, viewer=viewer, at=at, wave=wave, group=group)
    context = {
        "pulse": beside, "satisfaction": satisfaction_shown(wave, cells) if beside and not group.band else None,
        "wave": wave, "group": group, "called": shown.called(group), "shown": found,
        "may_find": policy.may_add_findings(viewer),
        "filter": GroupForm(request.GET, links=queries.links_in_results(viewer=viewer, at=at, wave=wave)),
        "paths": [(one.public_id, called(one)) for one in paths_about(viewer=viewer, at=at, wave=wave)],
        "studies": result_studies.studies_shown(wave, studies),
        "predicted": shown.predicted(group, cells, wave),
        "target": target_shown(viewer, at, wave, planned_of(viewer=viewer, wave=wave), group),
        "trend": shown.trend(group, _cells_before(request, wave, group)),
        "comments": [one for one in comments if one.wave_link == group.wave_link],
        "waiting": queries.comments_to_pass(viewer=viewer, wave=wave).count(),
        "may_pass": policy.may_pass_comments(viewer, wave), "may_read_sheets": policy.may_read_sheets(viewer, wave),
    }  # fmt: skip
    return render(request, "feedback/results/results.html", context)


def _cells_before(request: BatonRequest, wave: Wave, group: queries.Group) -> list[shown.Earlier]:
    viewer, at = request.actor, request.now
    return [
        (one, list(queries.same_group(viewer=viewer, at=at, wave=one, group=group)))
        for one in queries.waves_before(viewer=viewer, at=at, wave=wave)
    ]


@require_GET
@guarded(is_signed_in)
def export_results(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """All published figures in sight, the hidden ones with their reason, as CSV or workbook."""
    viewer, at = request.actor, request.now
    wave = queries.published_wave(viewer=viewer, at=at, public_id=public_id)
    cells = queries.published_cells(viewer=viewer, at=at, wave=wave)
    return download(request, "results", shown.header(), shown.rows(wave, cells))


@require_GET
@guarded(is_signed_in)
def export_sheets(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """The sheets of a published wave without names, for its outside collector."""
    wave = queries.wave(viewer=request.actor, public_id=public_id)
    found = queries.raw_sheets(viewer=request.actor, wave=wave)
    return download(request, "sheets", raw_sheets.header(wave), raw_sheets.rows(wave, found))


@require_GET
@guarded(is_signed_in)
def comments(request: BatonRequest, public_id: str) -> HttpResponse:
    """The comments that wait to be passed."""
    wave = queries.wave(viewer=request.actor, public_id=public_id)
    if not policy.may_pass_comments(request.actor, wave):
        raise NotFound
    waiting = list(queries.comments_to_pass(viewer=request.actor, wave=wave)[:200])
    for one in waiting:
        one.about = shown.called_link(one.wave_link) if one.wave_link else ""  # type: ignore[attr-defined]
    return render(request, "feedback/results/comments.html", {"wave": wave, "waiting": waiting})


@require_POST
@guarded(is_signed_in)
def pass_comment(request: BatonRequest, public_id: str) -> HttpResponse:
    """Let a comment be shown."""
    found = queries.comment_to_pass(viewer=request.actor, public_id=public_id)
    changes.pass_comment(by=request.actor, at=request.now, comment=found)
    return HttpResponseRedirect(reverse("surveys:comments", args=[found.wave.public_id]))


@guarded(is_signed_in)
def withhold_comment(request: BatonRequest, public_id: str) -> HttpResponse:
    """Keep a comment from being shown."""
    found = queries.comment_to_pass(viewer=request.actor, public_id=public_id)
    form = WithholdForm(request.POST or None)
    back = reverse("surveys:comments", args=[found.wave.public_id])
    written = carried_out(
        request, form,
        lambda: changes.withhold_comment(
            by=request.actor, at=request.now, comment=found, reason=form.cleaned_data["reason"]
        ),
    )  # fmt: skip
    if written is not None:
        return HttpResponseRedirect(back)
    context = {"form": form, "title": _("Withhold a comment"), "back": back, "comment": found}
    return render(request, "feedback/results/withhold.html", context, status=form.status)


@guarded()
def predict(request: BatonRequest, public_id: str, link: str) -> HttpResponse:
    """The supplier says before the wave closes how it will be rated."""
    found = queries.link_to_predict(viewer=request.actor, at=request.now, public_id=public_id, link=link)
    form = PredictForm(request.POST or None, initial={"predicted": found.predicted})
    low, high = found.wave.rating_scale
    note = str(PREDICT_NOTE).format(low=low, high=high)
    return answered(
        request, form,
        lambda: changes.predict_rating(
            by=request.actor, at=request.now, wave_link=found, rating=form.cleaned_data["predicted"]
        ),
        to=reverse("chain:link", args=[found.link.public_id]), title=_("Predict your rating"), subject=found.wave,
        note=note,
    )  # fmt: skip


PREDICT_NOTE = gettext_lazy(
    "Before the answers are known: what will your customer say on average, from {low} to {high}? Both figures stand"
    " beside each other once the results are published. Leave it empty to take it back."
)
