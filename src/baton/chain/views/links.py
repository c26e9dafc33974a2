"""Pages of links."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.chain import changes, policy, queries
from baton.chain.changes.links import demand_link
from baton.chain.forms.asked import asked_links
from baton.chain.forms.judging import JudgeForm
from baton.chain.forms.links import LinkEditForm, LinkFilterForm, LinkForm, LinkProjectForm, proposed_output
from baton.chain.forms.parties import EndForm
from baton.chain.models import Link
from baton.chain.pages import exports
from baton.chain.pages.links import link_context
from baton.chain.pages.panels_shown import panels_for
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand
from baton.core.registries import Subject


def _address(link: Link) -> str:
    return reverse("chain:link", args=[link.public_id])


@guarded()
@opens_default_view("chain.links")
def links(request: BatonRequest) -> HttpResponse:
    """The list."""
    viewer, at = request.actor, request.now
    page = queries.links(viewer=viewer, at=at, filters=asked_links(request.GET), page=request.GET.get("page", 1))
    form = LinkFilterForm(
        request.GET,
        parties=queries.parties_to_choose(viewer=viewer, at=at),
        projects=queries.projects_to_filter(viewer=viewer, at=at),
    )
    context = {
        "page_obj": page,
        "filter": form,
        "may_add": policy.may_add_some_link(standing(request)),
        "filtered": is_filtered(request, "chain.links"),
        "more_filters": any(request.GET.get(name) for name in ("criticality", "stage", "need", "project")),
    }
    return render(request, "chain/links.html", context)


@guarded()
def export_links(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    found = queries.links_to_export(viewer=request.actor, at=request.now, filters=asked_links(request.GET))
    return download(request, "links", exports.link_header(), exports.link_rows(found))


@guarded()
def link(request: BatonRequest, public_id: str) -> HttpResponse:
    """One link, made of the chain's own parts and the panels of other rooms."""
    found = queries.link_page(viewer=request.actor, at=request.now, public_id=public_id)
    subject = Subject("link", public_id, found.link.measured_as)
    return render(request, "chain/link.html", {**link_context(found), "panels": panels_for(request, subject)})


@guarded()
def add_link(request: BatonRequest) -> HttpResponse:
    """Enter a link; ``?supplier=``, ``?customer=``, ``?output=``, ``?need=`` and ``?project=`` propose what it is."""
    demand(policy.may_add_some_link(standing(request)))
    by, at = request.actor, request.now
    outputs = queries.outputs_to_choose(viewer=by, at=at)
    proposed = {name: request.GET.get(name, "") for name in ("supplier", "customer", "need", "project")}
    form = LinkForm(
        request.POST or None,
        parties=queries.parties_to_choose(viewer=by, at=at),
        outputs=outputs,
        needs=queries.needs_to_choose(viewer=by, at=at),
        projects=queries.projects_to_choose(viewer=by, at=at),
        initial=proposed | proposed_output(outputs, request.GET.get("output", "")),
    )
    made = carried_out(request, form, lambda: changes.add_link(by=by, at=at, **form.given()))
    if made is not None:
        return redirect("chain:link", made.public_id)
    return form_page(request, form, title=_("Enter a link"), back=reverse("chain:links"))


@guarded()
def change_link(request: BatonRequest, public_id: str) -> HttpResponse:
    """Correct what is handed over."""
    found = queries.link(viewer=request.actor, at=request.now, public_id=public_id)
    demand_link(standing(request), found.supplier, found.customer, found.output.output_kind)
    outputs = queries.outputs_to_choose(viewer=request.actor, at=request.now)
    needs = queries.needs_to_choose(viewer=request.actor, at=request.now)
    form = LinkEditForm(request.POST or None, record=found, outputs=outputs, needs=needs)
    return answered(request, form, lambda: changes.change_link(
        by=request.actor, at=request.now, link=found, **form.given()),
        to=_address(found), title=_("Change the link"), subject=found)  # fmt: skip


@guarded()
def assign_link(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say to which project it belongs."""
    found = queries.link(viewer=request.actor, at=request.now, public_id=public_id)
    demand_link(standing(request), found.supplier, found.customer, found.output.output_kind)
    projects = queries.projects_to_choose(viewer=request.actor, at=request.now)
    form = LinkProjectForm(request.POST or None, record=found, projects=projects)
    return answered(request, form, lambda: changes.assign_link_to_project(
        by=request.actor, at=request.now, link=found, **form.given()),
        to=_address(found), title=_("Project of the link"), subject=found)  # fmt: skip


@guarded()
def end_link(request: BatonRequest, public_id: str) -> HttpResponse:
    """End a link."""
    found = queries.link(viewer=request.actor, at=request.now, public_id=public_id)
    demand_link(standing(request), found.supplier, found.customer, found.output.output_kind)
    form = EndForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_link(
        by=request.actor, at=request.now, link=found, **form.given()),
        to=_address(found), title=_("End the link"), subject=found, danger=True)  # fmt: skip


@guarded()
def judge_link(request: BatonRequest, public_id: str) -> HttpResponse:
    """Say how much hangs on a link, where the outside customer sees it, and whether its single source was chosen."""
    found = queries.link(viewer=request.actor, at=request.now, public_id=public_id)
    demand_link(standing(request), found.supplier, found.customer, found.output.output_kind)
    form = JudgeForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.judge_link(
        by=request.actor, at=request.now, link=found, **form.given()),
        to=_address(found), title=_("Judge the link"), subject=found)  # fmt: skip
