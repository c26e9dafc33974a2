"""Views of lists, as programs find them."""

from __future__ import annotations

from typing import Any

from ninja import Query, Router
from pydantic import Field

from baton.core import policy
from baton.core.actors import Actor
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import Asked, PublicId, Rows, Shown
from baton.core.lists.queries import views_in_sight
from baton.core.lists.registry import lists
from baton.core.models import SavedView
from baton.core.slices import slice_of
from baton_analysis.errors import gettext_noop

router = Router()


class ViewShown(Shown):
    """A view of a list: what is asked of it, under a name."""

    id: PublicId
    list: str = Field(description="Which list.", examples=["chain.links"])
    name: str = Field(examples=["Critical links without a need"])
    query: str = Field(description="Filters, order and search words.", examples=["criticality=high&need=missing"])
    path: str = Field(description="The page of the list in this view.", examples=["/links/?criticality=high"])
    shared: bool
    own: bool
    is_default: bool = Field(description="Whether the owner of the token opens the list in it.")


def _shown(viewer: Actor, view: SavedView) -> ViewShown:
    entry = lists.get(view.list_name)
    query = entry.spelled(view.query)
    return ViewShown(
        id=view.public_id, list=view.list_name, name=view.name, query=query, path=entry.address(query),
        shared=view.shared, own=policy.is_self(viewer, view.owner), is_default=bool(getattr(view, "is_default", False)),
    )  # fmt: skip


@reads(
    router, "", scope="search:read", may=policy.may_keep_views, response=Rows[ViewShown],
    summary=gettext_noop("List saved views"),
    description=gettext_noop("Views of lists that the owner of the token kept, and those that are shared."),
)  # fmt: skip
def list_views(request: ApiRequest, asked: Query[Asked]) -> Any:
    rows = views_in_sight(viewer=request.actor).order_by("recorded_at", "public_id")
    part = slice_of(rows, asked=asked.filters(), limit=asked.limit, cursor=asked.cursor)
    return Rows[ViewShown](rows=[_shown(request.actor, one) for one in part.rows], next=part.next)
