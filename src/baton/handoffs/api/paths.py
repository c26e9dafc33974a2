"""Measured paths and what their handoffs tell: begun, read and ended by programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from baton.chain.api.shapes import see_link
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, made, named, reads, shown, writes
from baton.core.api.schemas import Edited, PublicId, Sent, Shown
from baton.core.policy import may_use
from baton.handoffs import changes
from baton.handoffs.api.shapes import READ, WRITE
from baton.handoffs.queries.paths import PathRow, measured_path, measured_paths
from baton.handoffs.rules.paths import MOST_LINKS
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.handoffs.models import MeasuredPath

router = Router()


class PathShown(Shown):
    """A measured path; its figures are null until they are computed, and where nothing was handed over on it."""

    id: PublicId
    links: list[PublicId] = Field(description="In the order in which they follow each other.")
    figures: dict[str, Any] | None = Field(
        description="times: lead time, and of each link where the time goes and whose delay it is, in seconds; yields:"
        " of each link what was right at first, and of all together (rolled)."
    )
    method: str
    computed_with: str = Field(description="Version of the method.")
    computed_at: datetime | None
    outdated: bool = Field(description="Whether something happened on it since.")
    ended_at: datetime | None = Field(description="Since when it is measured no more.")
    version: int = Field(examples=[42])


class PathsShown(Shown):
    """All measured paths whose links the owner of the token sees."""

    rows: list[PathShown]


class PathSent(Sent):
    """A path that is to be measured."""

    links: list[PublicId] = Field(
        max_length=MOST_LINKS, description="In the order in which they follow each other, each once."
    )


@reads(
    router, "", scope=READ, may=may_use, response=PathsShown, summary=gettext_noop("List measured paths"),
    description=gettext_noop("Paths of links with lead time, yield and delays; those all of whose links are in sight."),
)  # fmt: skip
def list_paths(request: ApiRequest) -> Any:
    return PathsShown(rows=[_shown(row) for row in measured_paths(viewer=request.actor, at=request.now)])


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=PathShown,
    summary=gettext_noop("Read a measured path"),
    description=gettext_noop("Lead time, where it is spent, own and inherited delay of each link, yields."),
)  # fmt: skip
def read_path(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    row = _row(request, public_id)
    return shown(row.path, _shown(row))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=PathShown, status=201,
    summary=gettext_noop("Have a path measured"),
    description=gettext_noop(
        "For who acts for a side of one of its links, and the director. A path that is measured already is shown."
    ),
    example={"links": ["2b3c4d5f6g7h8j9k", "3b3c4d5f6g7h8j9k"]},
)  # fmt: skip
def begin_path(request: ApiRequest, sent: PathSent) -> HttpResponse:
    by, at = request.actor, request.now
    links = [named(lambda one=one: see_link(request)(one), "links") for one in sent.links]  # type: ignore[misc]
    return made(
        request, show=_show(request), see=_see(request), write=lambda: changes.measure_path(by=by, at=at, links=links)
    )


@writes(
    router, "POST", "/{slug:public_id}/end", scope=WRITE, may=may_use, response=PathShown, versioned=True,
    summary=gettext_noop("Measure a path no more"), description=gettext_noop("Its figures are forgotten."),
    example={"version": 42},
)  # fmt: skip
def end_path(request: ApiRequest, public_id: PublicId, sent: Edited) -> HttpResponse:
    links = _row(request, public_id).links
    return changed(
        request, public_id, sent, show=_show(request), see=_see(request),
        write=lambda one, **seen: changes.end_path(path=one, links=links, **seen),
    )  # fmt: skip


def _row(request: ApiRequest, public_id: str) -> PathRow:
    return measured_path(viewer=request.actor, at=request.now, public_id=public_id)


def _see(request: ApiRequest) -> Callable[[str], MeasuredPath]:
    return lambda public_id: _row(request, public_id).path


def _show(request: ApiRequest) -> Callable[[MeasuredPath], PathShown]:
    return lambda path: _shown(_row(request, path.public_id))


def _shown(row: PathRow) -> PathShown:
    stored = row.figures
    return PathShown(
        id=row.public_id, links=row.path.links, figures=stored.result if stored is not None else None,
        method=stored.method if stored is not None else "", computed_with=stored.version if stored is not None else "",
        computed_at=stored.computed_at if stored is not None else None,
        outdated=stored is not None and stored.outdated, ended_at=row.path.ended_at, version=row.path.changed_seq,
    )  # fmt: skip
