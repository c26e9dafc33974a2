"""Tables that programs import: brought and checked with one call, entered with another, withdrawn as a whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.core import policy, queries, uploads
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, reads, shown, writes
from baton.core.api.schemas import Asked, Edited, PublicId, Rows, Sent, Shown, Text
from baton.core.changes import imports as changes
from baton.core.errors import Refused, explain
from baton.core.import_targets import import_targets
from baton.core.imports.reports import SHOWN, problems_of
from baton.core.imports.tables import beginning, proposed
from baton.core.models import ImportRun, SavedMapping
from baton.core.models.external_keys import SYSTEM_LENGTH
from baton.core.rules import ImportOrigin, ImportState
from baton.core.slices import slice_of
from baton_analysis.errors import BatonError, ReadError, gettext_noop

router = Router()

READ, WRITE = "imports:read", "imports:write"
TABLE_LENGTH = 1_000_000
"""Most characters of a table in one call; longer ones go in parts, or into a watched folder."""

_NO_NUL = r"^[^\x00]*$"

Table = Annotated[
    str,
    StringConstraints(min_length=1, max_length=TABLE_LENGTH, pattern=r"^[^\x00]+$"),
    Field(
        description="CSV, or cells divided by tabs; the first line holds the names of the columns.",
        examples=["Code,Name (English),Kind\nW3,Ward 3,Department\n"],
    ),
]


class TableSent(Sent):
    """A table to be imported."""

    target: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")] = Field(
        description="One of: organisation, keys, people, outputs, needs, projects, links, responsibilities, accounts, "
        "contacts.",
        examples=["organisation"],
    )
    name: Text = Field(description="Under which it stands in the list of imports.", examples=["HR, nightly"])
    table: Table
    mapping: Annotated[str, StringConstraints(max_length=60, pattern=_NO_NUL)] = Field(
        default="", description="Kept assignment of columns; empty: they are found by their names."
    )
    system: Annotated[str, StringConstraints(max_length=SYSTEM_LENGTH, pattern=_NO_NUL)] = Field(
        default="", description="Other system whose keys the table holds.", examples=["SAP"]
    )


class EnterSent(Edited):
    """Enter what the check found."""

    leave_refused_out: bool = Field(default=False, description="Enter the other rows where some are refused.")


class ImportShown(Shown):
    """An import, and what its check found."""

    id: PublicId
    target: str = Field(examples=["people"])
    name: str
    state: ImportState
    system: str
    rows: int = Field(description="Rows of the table.", examples=[120])
    new: int = Field(examples=[3])
    changed: int = Field(examples=[1])
    unchanged: int = Field(examples=[116])
    refused: int = Field(examples=[0])
    failure: str = Field(description="Why the whole table could not be imported; empty: it could.")
    recorded_at: datetime
    version: int


class MistakeShown(Shown):
    """What is wrong with one cell of one row."""

    row: int = Field(description="As the table counts: the names of the columns stand in row 1.", examples=[7])
    column: str = Field(examples=["Kind"])
    expected: str
    found: str
    remedy: str


class ImportRead(ImportShown):
    """An import with its mistakes."""

    mistakes: list[MistakeShown] = Field(description="The first 200 of them.")


def _shown(run: ImportRun) -> ImportShown:
    return ImportShown(**_values(run))


def _read(run: ImportRun) -> ImportRead:
    mistakes = [
        MistakeShown(row=one.row, column=one.column, expected=one.expected, found=one.found, remedy=one.remedy)
        for one in problems_of(run, SHOWN)
    ]
    return ImportRead(**_values(run), mistakes=mistakes)


def _values(run: ImportRun) -> dict[str, Any]:
    failure = run.failure
    said = BatonError(
        expected=failure["expected"], found=failure["found"], remedy=failure["remedy"], **failure["values"]
    ) if failure else None  # fmt: skip
    return {
        "id": run.public_id, "target": run.target, "name": run.title, "state": ImportState(run.state),
        "system": run.system, "rows": run.rows, "new": run.rows_new, "changed": run.rows_changed,
        "unchanged": run.rows_unchanged, "refused": run.rows_refused, "failure": explain(said) if said else "",
        "recorded_at": run.recorded_at, "version": run.changed_seq,
    }  # fmt: skip


def _see(request: ApiRequest) -> Callable[[str], ImportRun]:
    return lambda public_id: queries.import_run(viewer=request.actor, public_id=public_id)


@reads(
    router, "", scope=READ, may=policy.may_see_imports, response=Rows[ImportShown],
    summary=gettext_noop("List imports"), description=gettext_noop("Of what the owner may import; the newest first."),
)  # fmt: skip
def list_imports(request: ApiRequest, asked: Query[Asked]) -> Any:
    found = queries.imports(viewer=request.actor)
    part = slice_of(found, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[ImportShown](rows=[_shown(run) for run in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=policy.may_see_imports, response=ImportRead,
    summary=gettext_noop("Read an import"),
    description=gettext_noop(
        "While its state is checking or entering, a worker is at it: ask again after a few seconds."
    ),
)  # fmt: skip
def read_import(request: ApiRequest, public_id: PublicId) -> Any:
    run = _see(request)(public_id)
    return shown(run, _read(run))


@writes(
    router, "POST", "", scope=WRITE, may=policy.may_bring_some, response=ImportRead, status=201,
    summary=gettext_noop("Check a table"),
    description=gettext_noop("A worker looks at every row; nothing is entered yet."),
    example={
        "target": "organisation", "name": "HR, nightly", "table": "Code,Name (English),Kind\nW3,Ward 3,Department\n",
        "system": "SAP",
    },
)  # fmt: skip
def check_table(request: ApiRequest, sent: TableSent) -> Any:
    if sent.target not in import_targets:
        raise Refused(
            field="target",
            expected=gettext_noop("Expected one of: {names}."),
            remedy=gettext_noop("Look up what may be imported in the reference."),
            names=", ".join(name for name, _target in import_targets),
        )
    policy.demand(policy.may_bring(request.actor, sent.target))
    saved = _mapping(request, sent)
    return made(request, write=lambda: _brought(request, sent, saved), show=_read, see=_see(request))


def _mapping(request: ApiRequest, sent: TableSent) -> SavedMapping | None:
    if not sent.mapping:
        return None
    kept = {one.name: one for one in queries.saved_mappings(viewer=request.actor, target=sent.target)}
    if sent.mapping not in kept:
        raise Refused(
            field="mapping",
            expected=gettext_noop("Expected the name of a saved assignment of columns."),
            found=gettext_noop("There are: {names}."),
            remedy=gettext_noop("Name one of them, or leave it out."),
            names=", ".join(kept) or "-",
        )
    return kept[sent.mapping]


def _brought(request: ApiRequest, sent: TableSent, saved: SavedMapping | None) -> ImportRun:
    """The table, kept and given to a worker. A table that cannot be read is refused at once, and not kept."""
    by, at = request.actor, request.now
    run = changes.bring_import(
        by=by, at=at, target=sent.target, title=sent.name, origin=ImportOrigin.PASTE, chunks=[sent.table.encode()]
    )
    try:
        mapping = proposed(import_targets.get(sent.target), beginning(run).header, saved)
    except ReadError as unreadable:
        uploads.discard(run.path)
        raise Refused(
            field="table", expected=unreadable.expected, found=unreadable.found, remedy=unreadable.remedy,
            **unreadable.values,
        ) from unreadable  # fmt: skip
    system = sent.system or (saved.system if saved else "")
    return changes.check_import(by=by, at=at, run=run, mapping=mapping, system=system)


@writes(
    router, "POST", "/{slug:public_id}/enter", scope=WRITE, may=policy.may_bring_some, response=ImportRead,
    summary=gettext_noop("Enter an import"), versioned=True,
    description=gettext_noop("New rows count from one moment on, all together; a worker does it."),
    example={"version": 42, "leave_refused_out": False},
)  # fmt: skip
def enter_import(request: ApiRequest, public_id: PublicId, sent: EnterSent) -> Any:
    return changed(
        request, public_id, sent, show=_read, see=_see(request),
        write=lambda run, **seen: changes.enter_import(
            run=run, leave_out=sent.leave_refused_out, reason=sent.reason, **seen
        ),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/withdraw", scope=WRITE, may=policy.may_bring_some, response=ImportRead,
    summary=gettext_noop("Withdraw an import"), versioned=True,
    description=gettext_noop("Everything that came new with it no longer counts; needs a reason."),
    example={"version": 42, "reason": "Wrong file"},
)  # fmt: skip
def withdraw_import(request: ApiRequest, public_id: PublicId, sent: Edited) -> Any:
    return changed(
        request, public_id, sent, show=_read, see=_see(request),
        write=lambda run, **seen: changes.withdraw_import(run=run, reason=sent.reason, **seen),
    )  # fmt: skip
