"""Files around imports: templates to fill in, reports of mistakes, what is there in the layout of an import, and
folders whose tables are imported by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, islice

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from baton.core import policy, queries
from baton.core.changes import imports as changes
from baton.core.errors import Forbidden, NotFound, Refused, explain
from baton.core.exports import csv_download
from baton.core.guards import guarded
from baton.core.import_forms import FolderForm, TakeForm
from baton.core.import_targets import KEY_FIELD, ImportTarget, bringable, import_targets
from baton.core.imports.reports import report_header, report_rows
from baton.core.middleware import BatonRequest
from baton.core.workbooks import SHEET_LENGTH, Sheet, workbook_download

FORMS = ("csv", "xlsx")


@require_GET
@guarded(policy.may_bring_some)
def template(request: BatonRequest, target: str, form: str) -> HttpResponseBase:
    """An empty table with the names of the columns in the reader's language and one example; as a workbook with a
    sheet that explains the columns in every language."""
    found = _target(target, form)
    policy.demand(policy.may_bring(request.actor, target))
    header, rows = _header(found), [[column.example for column in found.all_columns()]]
    if form == "csv":
        return csv_download(f"{target}.csv", header, rows)
    sheets = [
        Sheet(str(found.title), header, rows, [22] * len(header)),
        Sheet(_("Explanations"), _explained_header(), _explained(found), [24, 24, 14, 60, 60, 24]),
    ]
    return workbook_download(f"{target}.xlsx", sheets)


@require_GET
@guarded(policy.may_see_imports)
def report(request: BatonRequest, public_id: str, form: str) -> HttpResponseBase:
    """All mistakes of a table."""
    if form not in FORMS:
        raise NotFound
    run = queries.import_run(viewer=request.actor, public_id=public_id)
    return _file(f"mistakes-{run.public_id}", form, _("Mistakes"), report_header(), report_rows(run))


@require_http_methods(["GET", "POST"])
@guarded()
def take(request: BatonRequest, target: str, form: str) -> HttpResponseBase:
    """What is there, as a table that can be brought again; the rows that the reader may see. Of some tables he first
    says what he takes them for."""
    found = _target(target, form)
    policy.demand(found.may_take(request.actor))
    if found.note_taken is not None:
        asked = TakeForm(request.POST or None)
        if not _noted(request, found, asked):
            context = {"target": found, "form": asked}
            return render(request, "core/imports/take.html", context, status=422 if asked.errors else 200)
    return _file(target, form, str(found.title), *_taken(request, found))


@require_GET
@guarded()
def take_everything(request: BatonRequest) -> HttpResponseBase:
    """What is there in one workbook, a sheet for each table that can be brought again. Those of any length, and those
    for which a reason is asked, are taken alone."""
    policy.demand(policy.may_use(request.actor))
    sheets = []
    for _name, target in import_targets:
        if target.may_take(request.actor) and not target.in_parts and target.note_taken is None:
            header, rows = _taken(request, target)
            sheets.append(Sheet(str(target.title)[:SHEET_LENGTH], header, rows, [20] * len(header)))
    return workbook_download("everything.xlsx", sheets)


def _taken(request: BatonRequest, target: ImportTarget) -> tuple[list[str], Iterable[Sequence[object]]]:
    """Header and rows of what is there, for the reader."""
    fields = [column.name for column in target.all_columns()]
    rows = iter(target.rows(request.actor, request.now))
    first = list(islice(rows, 1))
    # Keys serve only where rows name each other by them.
    if not any(row.get(KEY_FIELD) for row in first):
        fields = [field for field in fields if field != KEY_FIELD]
    header = [target.column(field).label(_language()) for field in fields]
    return header, ([row.get(field, "") for field in fields] for row in chain(first, rows))


def _noted(request: BatonRequest, target: ImportTarget, form: TakeForm) -> bool:
    """Whether the reader has said what he takes the table for, and the trail knows."""
    if request.method != "POST" or not form.is_valid() or target.note_taken is None:
        return False
    try:
        target.note_taken(by=request.actor, at=request.now, reason=form.cleaned_data["reason"])
    except Forbidden:
        raise
    except Refused as refused:
        form.add_error("reason", explain(refused))
        return False
    return True


@require_http_methods(["GET", "POST"])
@guarded(policy.may_bring_some)
def folders(request: BatonRequest) -> HttpResponseBase:
    """The watched folders, and the form that adds one."""
    targets = bringable(request.actor)
    mappings = [kept for name, _entry in targets for kept in queries.saved_mappings(viewer=request.actor, target=name)]
    form = FolderForm(request.POST or None, targets=targets, mappings=mappings)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            changes.watch_folder(
                by=request.actor, at=request.now, name=data["name"], target=data["target"],
                mapping=form.mappings.get(data["mapping"]), leave_out=data["leave_out"], hour=data["hour"],
            )  # fmt: skip
            return redirect("core:watched_folders")
        except Forbidden:
            raise
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, explain(refused))
    rows = [
        {"folder": folder, "target": import_targets.get(folder.target).title, "place": f"imports/{folder.name}/"}
        for folder in queries.watched_folders(viewer=request.actor)
    ]
    status = 422 if form.errors else 200
    return render(request, "core/imports/folders.html", {"rows": rows, "form": form}, status=status)


@require_POST
@guarded(policy.may_bring_some)
def switch_folder(request: BatonRequest, public_id: str) -> HttpResponseBase:
    """Watch a folder no more, or again."""
    seen = {folder.public_id: folder for folder in queries.watched_folders(viewer=request.actor)}
    if public_id not in seen:
        raise NotFound
    active = request.POST.get("active") == "yes"
    changes.switch_folder(by=request.actor, at=request.now, folder=seen[public_id], active=active)
    return redirect("core:watched_folders")


def _file(
    name: str, form: str, title: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponseBase:
    if form == "csv":
        return csv_download(f"{name}.csv", header, rows)
    response: HttpResponse = workbook_download(f"{name}.xlsx", [Sheet(title, header, rows, [20] * len(header))])
    return response


def _target(name: str, form: str) -> ImportTarget:
    if name not in import_targets or form not in FORMS:
        raise NotFound
    return import_targets.get(name)


def _header(target: ImportTarget) -> list[str]:
    return [column.label(_language()) for column in target.all_columns()]


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _explained_header() -> list[str]:
    labels = [str(label) for _code, label in settings.LANGUAGES]
    return [*labels, _("Required"), _("What belongs into it"), _("Allowed words"), _("Example")]


def _explained(target: ImportTarget) -> list[list[object]]:
    return [
        [
            *(column.label(language) for language, _label in settings.LANGUAGES),
            _("Yes") if column.required else _("No"),
            str(column.text),
            "; ".join(" = ".join((code, *words)) for code, words in column.cell.choices().items()),
            column.example,
        ]
        for column in target.all_columns()
    ]
