"""Pages of projects."""

from __future__ import annotations

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.chain import changes, policy, queries
from baton.chain.forms.parties import EndForm
from baton.chain.forms.projects import ProjectEditForm, ProjectFilterForm, ProjectForm
from baton.chain.models import Project
from baton.chain.pages import tables
from baton.chain.pages.history import timeline
from baton.chain.rules import State
from baton.chain.views.answering import answered, form_page, standing
from baton.core.answering import carried_out
from baton.core.exports import download
from baton.core.guards import guarded
from baton.core.lists.bar import is_filtered, opens_default_view
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


def _filters(request: BatonRequest) -> queries.ProjectFilters:
    asked = request.GET
    return queries.ProjectFilters(
        search=asked.get("q", ""),
        state=asked.get("state", State.LIVE),
        overdue="overdue" in asked,
        order=asked.get("order", "name"),
    )


def _to_edit(request: BatonRequest, public_id: str) -> Project:
    found = queries.project(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_edit_project(standing(request), found.owner))
    return found


def _address(project: Project) -> str:
    return reverse("chain:project", args=[project.public_id])


@guarded()
@opens_default_view("chain.projects")
def projects(request: BatonRequest) -> HttpResponse:
    """The list."""
    page = queries.projects(
        viewer=request.actor, at=request.now, filters=_filters(request), page=request.GET.get("page", 1)
    )
    context = {
        "page_obj": page,
        "filter": ProjectFilterForm(request.GET),
        "may_add": policy.may_add_some_link(standing(request)),
        "filtered": is_filtered(request, "chain.projects"),
    }
    return render(request, "chain/projects.html", context)


@guarded()
def export_projects(request: BatonRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or workbook."""
    found = queries.projects_to_export(viewer=request.actor, at=request.now, filters=_filters(request))
    return download(request, "projects", tables.project_header(), tables.project_rows(found))


@guarded()
def project(request: BatonRequest, public_id: str) -> HttpResponse:
    """One project and its temporary links."""
    found = queries.project_page(viewer=request.actor, at=request.now, public_id=public_id)
    context = {"page": found, "project": found.project, "history": timeline(found.history)}
    return render(request, "chain/project.html", context)


@guarded()
def add_project(request: BatonRequest) -> HttpResponse:
    """Begin a project; ``?owner=`` proposes who leads it."""
    demand(policy.may_add_some_link(standing(request)))
    seen = queries.parties_to_choose(viewer=request.actor, at=request.now)
    form = ProjectForm(request.POST or None, parties=seen, initial={"owner": request.GET.get("owner", "")})
    made = carried_out(request, form, lambda: changes.add_project(by=request.actor, at=request.now, **form.given()))
    if made is not None:
        return redirect("chain:project", made.public_id)
    return form_page(request, form, title=_("Begin a project"), back=reverse("chain:projects"))


@guarded()
def change_project(request: BatonRequest, public_id: str) -> HttpResponse:
    """Correct the name, the planned end or who leads it."""
    found = _to_edit(request, public_id)
    seen = queries.parties_to_choose(viewer=request.actor, at=request.now)
    form = ProjectEditForm(request.POST or None, record=found, parties=seen)
    return answered(request, form, lambda: changes.change_project(
        by=request.actor, at=request.now, project=found, **form.given()),
        to=_address(found), title=_("Change the project"), subject=found)  # fmt: skip


@guarded()
def end_project(request: BatonRequest, public_id: str) -> HttpResponse:
    """End a project and its links."""
    found = _to_edit(request, public_id)
    form = EndForm(request.POST or None, record=found)
    return answered(request, form, lambda: changes.end_project(
        by=request.actor, at=request.now, project=found, **form.given()),
        to=_address(found), title=_("End the project and its links"), subject=found, danger=True)  # fmt: skip
