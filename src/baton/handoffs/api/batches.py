"""Many handoffs in one call: all of them or none, checked and known again as a table of them is."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ninja import Router
from pydantic import Field

from baton.core import queries, uploads
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import made, writes
from baton.core.api.schemas import Flag, PublicId, Sent, Shown, Text
from baton.core.changes.imports import bring_import, check_import, enter_import, lines_in
from baton.core.errors import Refused, RefusedRows
from baton.core.imports.runs import check_now, enter_now
from baton.core.rules import ImportOrigin, ImportState
from baton.handoffs.api.shapes import (
    WRITE,
    Amount,
    Code,
    Currency,
    Key,
    Moment,
    Name,
    Priority,
    Reference,
    System,
    Unit,
)
from baton.handoffs.imports.bringing import may_bring
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import ImportRun

router = Router()

TARGET = "handoffs"
MOST_ROWS = 500
"""Handoffs of one call; more are imported as a table, or go in several calls."""


class HandoffRowSent(Sent):
    """One handoff as another system tells it; one moment at least."""

    link: Key = Field(description="Its id, number or key in `system`.", examples=["L-2026-0001"])
    reference: Reference = Field(default="", examples=["ORD-4711"])
    key: Key = Field(default="", description="Its id in `system`, by which it is known again; empty: its reference.")
    requested_at: Moment | None = None
    due_at: Moment | None = Field(default=None, description="The only one that may lie ahead.")
    received_at: Moment | None = None
    delivered_at: Moment | None = None
    accepted_at: Moment | None = None
    priority: Priority = ""
    complete: Flag | None = None
    information_right: Flag | None = None
    supplier_cost: Amount | None = None
    customer_cost: Amount | None = None
    currency: Currency = ""
    item: Name = Field(default="", description="What its one line hands over; empty: what the link does.")
    item_code: Code = ""
    item_revision: Code = ""
    unit: Unit = ""
    quantity_ordered: Amount | None = None
    quantity_delivered: Amount | None = None
    quantity_accepted: Amount | None = None
    quantity_refused: Amount | None = None
    defect_code: Code = Field(default="", description="The short code itself.", examples=["TORN"])


class HandoffBatchSent(Sent):
    """Handoffs that are entered together."""

    name: Text = Field(description="Under which it stands in the list of imports.", examples=["MES, hourly"])
    system: System = Field(default="", description="The system that they come from.", examples=["MES"])
    rows: list[HandoffRowSent] = Field(min_length=1, max_length=MOST_ROWS)


class HandoffBatchShown(Shown):
    """What became of the rows. It is an import: read it, or withdraw it as a whole, under `/imports`."""

    id: PublicId
    state: ImportState = Field(description="Rows count once it is entered; checked: there was nothing to enter.")
    rows: int = Field(examples=[40])
    new: int = Field(examples=[38])
    changed: int = Field(description="Known before, and more was told of them now.", examples=[1])
    unchanged: int = Field(examples=[1])
    version: int


@writes(
    router, "POST", "", scope=WRITE, may=may_bring, response=HandoffBatchShown, status=201,
    summary=gettext_noop("Enter many handoffs"),
    description=gettext_noop(
        "All rows or none. A handoff that is known by link, system and key gets the moments that are told late."
    ),
    example={"name": "MES, hourly", "system": "MES", "rows": [
        {"link": "L-2026-0001", "reference": "ORD-4711", "delivered_at": "2026-03-31T14:05:00+08:00"},
    ]},
)  # fmt: skip
def enter_handoffs(request: ApiRequest, sent: HandoffBatchSent) -> Any:
    return made(request, write=lambda: _brought(request, sent), show=_entered(request), see=_see(request))


def _see(request: ApiRequest) -> Callable[[str], ImportRun]:
    return lambda public_id: queries.import_run(viewer=request.actor, public_id=public_id)


def _brought(request: ApiRequest, sent: HandoffBatchSent) -> ImportRun:
    """The rows, kept and checked as a table; nothing of them stays where one is refused, or where the call fails."""
    by, at = request.actor, request.now
    fields = list(HandoffRowSent.model_fields)
    run = bring_import(
        by=by, at=at, target=TARGET, title=sent.name, origin=ImportOrigin.PASTE, chunks=[_table(sent, fields)]
    )
    try:
        run = check_import(by=by, at=at, run=run, mapping={name: name for name in fields}, system=sent.system)
        run = check_now(by=by, at=at, run=run, tell=False)
        _refuse_rows(run)
        return enter_import(by=by, at=at, run=run) if run.rows_new or run.rows_changed else run
    except BaseException:
        _discard(run)
        raise


def _discard(run: ImportRun) -> None:
    """The files of a table of which nothing is kept."""
    plan = run.plan
    made = (plan.get("changes"), plan.get("problems"), *(one[1] for one in plan.get("new", ())))
    for path in (run.path, *made):
        if path:
            uploads.discard(path)


def _table(sent: HandoffBatchSent, fields: list[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t")
    writer.writerow(fields)
    for row in sent.rows:
        writer.writerow([_cell(getattr(row, name)) for name in fields])
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: float) -> str:
    """As people write it, and so that it can be read in one way: what has three decimals could be thousands."""
    written = f"{Decimal(repr(value)):f}"
    return f"{written}0" if len(written.partition(".")[2]) == 3 else written


def _refuse_rows(run: ImportRun) -> None:
    """Raise what the check found; rows count from 1, the names of the columns stand above them."""
    found = [
        (problem["row"] - 1, Refused(
            field=problem["field"], expected=problem["expected"], found=problem["found"], remedy=problem["remedy"],
            **{"row": problem["row"] - 1, "column": problem["column"], **problem["values"]},
        ))
        for problem in lines_in(run.plan["problems"])
    ]  # fmt: skip
    if found:
        raise RefusedRows(
            found,
            expected=gettext_noop("Nothing was entered. Refused rows: {count}."),
            remedy=gettext_noop("Correct these rows and send all of them again."),
            count=len({number for number, _why in found}),
        )


def _entered(request: ApiRequest) -> Callable[[ImportRun], HandoffBatchShown]:
    """Enters what was checked, and shows it: behind the transaction that keeps the rows, so that nobody waits for
    all of them."""

    def show(run: ImportRun) -> HandoffBatchShown:
        if run.state == ImportState.ENTERING:
            run = enter_now(by=request.actor, at=request.now, run=run)
        return HandoffBatchShown(
            id=run.public_id, state=ImportState(run.state), rows=run.rows, new=run.rows_new, changed=run.rows_changed,
            unchanged=run.rows_unchanged, version=run.changed_seq,
        )  # fmt: skip

    return show
