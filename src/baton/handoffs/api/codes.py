"""Defect codes: list, add, rename, end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field

from baton.chain.api.shapes import see_output
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, writes
from baton.core.api.schemas import Asked, Edited, PublicId, Rows, SaidTexts, Sent, Shown, Texts
from baton.core.policy import may_use
from baton.core.slices import slice_of
from baton.handoffs import changes
from baton.handoffs.api.shapes import READ, WRITE, Code
from baton.handoffs.models import DefectCode
from baton.handoffs.policy import may_keep_codes
from baton.handoffs.queries import parts
from baton_analysis.errors import gettext_noop

router = Router()


class CodeShown(Shown):
    """A defect code."""

    id: PublicId
    code: str = Field(examples=["TORN"])
    name: SaidTexts
    output: PublicId | None = Field(description="Of which output; null: of all.")
    ended_on: date | None
    version: int = Field(examples=[42])


class CodeSent(Sent):
    """A new defect code."""

    code: Code = Field(min_length=1, examples=["TORN"])
    name: Texts = Field(examples=[{"en": "Torn"}])
    output: PublicId | None = None


class CodeChange(Edited):
    """Other words for a code."""

    name: Texts = Field(examples=[{"en": "Torn or holed"}])


def _shown(one: DefectCode) -> CodeShown:
    return CodeShown(
        id=one.public_id, code=one.code, name=one.name,
        output=one.output.public_id if one.output is not None else None, ended_on=one.ended_on,
        version=one.changed_seq,
    )  # fmt: skip


def _see(request: ApiRequest) -> Any:
    return lambda public_id: parts.defect_code(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=Rows[CodeShown], summary=gettext_noop("List defect codes"),
    description=gettext_noop("Ended ones, too."),
)  # fmt: skip
def list_defect_codes(request: ApiRequest, asked: Query[Asked]) -> Any:
    rows = parts.defect_codes(viewer=request.actor)
    part = slice_of(rows.order_by("code"), asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[CodeShown](rows=[_shown(one) for one in part.rows], next=part.next)


@writes(
    router, "POST", "", scope=WRITE, may=may_keep_codes, response=CodeShown, status=201,
    summary=gettext_noop("Add a defect code"), description=gettext_noop("For quality managers."),
    example={"code": "TORN", "name": {"en": "Torn"}},
)  # fmt: skip
def add_defect_code(request: ApiRequest, sent: CodeSent) -> HttpResponse:
    by, at = request.actor, request.now
    output = named(lambda: see_output(request)(sent.output), "output") if sent.output is not None else None
    return made(
        request, show=_shown, see=_see(request),
        write=lambda: changes.add_defect_code(by=by, at=at, code=sent.code, name=sent.name, output=output),
    )  # fmt: skip


@writes(
    router, "PATCH", "/{slug:public_id}", scope=WRITE, may=may_keep_codes, response=CodeShown, versioned=True,
    summary=gettext_noop("Rename a defect code"), description=gettext_noop("For quality managers."),
    example={"version": 42, "name": {"en": "Torn or holed"}},
)  # fmt: skip
def rename_defect_code(request: ApiRequest, public_id: PublicId, sent: CodeChange) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown, see=_see(request),
        write=lambda one, **seen: changes.rename_defect_code(defect_code=one, name=sent.name, **seen),
    )  # fmt: skip


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_keep_codes, response=CodeShown, versioned=True,
    summary=gettext_noop("End a defect code"), description=gettext_noop("What stands under it keeps it."),
    example={"version": 42},
)  # fmt: skip
def end_defect_code(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown, see=_see(request),
        write=lambda one, **seen: changes.end_defect_code(defect_code=one, **seen),
    )  # fmt: skip
