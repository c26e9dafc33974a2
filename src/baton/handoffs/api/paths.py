"""Measured paths and what their handoffs tell, for programs."""

from __future__ import annotations

from typing import Any

from ninja import Router
from pydantic import Field

from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import PublicId, Shown
from baton.core.policy import may_use
from baton.handoffs.queries.paths import PathRow, measured_path, measured_paths
from baton_analysis.errors import gettext_noop

router = Router()
SCOPE = "handoffs:read"


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
    computed_at: str | None


class PathsShown(Shown):
    """All measured paths whose links the owner of the token sees."""

    rows: list[PathShown]


@reads(
    router, "", scope=SCOPE, may=may_use, response=PathsShown, summary=gettext_noop("List measured paths"),
    description=gettext_noop("Paths of links with lead time, yield and delays; those all of whose links are in sight."),
)  # fmt: skip
def list_paths(request: ApiRequest) -> Any:
    return PathsShown(rows=[_shown(row) for row in measured_paths(viewer=request.actor, at=request.now)])


@reads(
    router, "/{slug:public_id}", scope=SCOPE, may=may_use, response=PathShown,
    summary=gettext_noop("Read a measured path"),
    description=gettext_noop("Lead time, where it is spent, own and inherited delay of each link, yields."),
)  # fmt: skip
def read_path(request: ApiRequest, public_id: PublicId) -> Any:
    return _shown(measured_path(viewer=request.actor, at=request.now, public_id=public_id))


def _shown(row: PathRow) -> PathShown:
    stored = row.figures
    return PathShown(
        id=row.public_id, links=row.path.links, figures=stored.result if stored is not None else None,
        method=stored.method if stored is not None else "", computed_with=stored.version if stored is not None else "",
        computed_at=stored.computed_at.isoformat() if stored is not None else None,
    )  # fmt: skip
