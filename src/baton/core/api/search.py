"""The search, as programs use it."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.core import policy
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import reads
from baton.core.api.schemas import Integer, PublicId, Sent, Shown
from baton.core.search.finding import FEW, LONGEST, Group, search
from baton_analysis.errors import gettext_noop

router = Router()

Words = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST, pattern=r"^[^\x00]+$"),
    Field(description="Words that must all occur, in whatever order, in part or whole.", examples=["linen"]),
]
Few = Annotated[Integer, Field(ge=1, le=100, description="Most hits of each kind.", examples=[FEW])]


class SearchAsked(Sent):
    """What is looked for."""

    q: Words
    limit: Few = FEW


class HitShown(Shown):
    """One record that was found."""

    kind: str = Field(examples=["party"])
    id: PublicId
    number: str = Field(description="Spoken number; empty: it has none.", examples=["P-2026-0004"])
    title: str = Field(description="In the language of Accept-Language.", examples=["Laundry"])
    note: str = Field(description="What stands under the title, and where a word was found.", examples=["Department"])
    path: str = Field(description="Its page.", examples=["/parties/2b3c4d5f6g7h8j9k/"])
    ended: bool


class SearchShown(Shown):
    """What was found of each kind, the best first; what has ended last."""

    hits: list[HitShown]
    more: list[str] = Field(description="Kinds of which more was found than `limit`.", examples=[["link"]])


def _hits(group: Group) -> list[HitShown]:
    return [
        HitShown(
            kind=hit.kind, id=hit.public_id, number=hit.number, title=hit.title, note=hit.note, path=hit.address,
            ended=hit.ended,
        )
        for hit in group.hits
    ]  # fmt: skip


@reads(
    router, "", scope="search:read", may=policy.is_signed_in, response=SearchShown,
    summary=gettext_noop("Search"),
    description=gettext_noop("Numbers, names and texts of everything that the owner of the token may see."),
)  # fmt: skip
def search_everything(request: ApiRequest, asked: Query[SearchAsked]) -> Any:
    groups = search(viewer=request.actor, at=request.now, text=asked.q, limit=asked.limit)
    return SearchShown(
        hits=[hit for group in groups for hit in _hits(group)], more=[group.kind for group in groups if group.more]
    )
