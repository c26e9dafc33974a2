"""How others meet the needs of a house of quality."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Router
from pydantic import Field, StringConstraints

from baton.agreements.api.shapes import WRITE
from baton.agreements.changes.house_others import rate_others as write_ratings
from baton.agreements.models import HouseNeed
from baton.agreements.queries import houses as queries
from baton.agreements.rules.houses import MOST_OTHERS, OTHER_LENGTH
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, writes
from baton.core.api.schemas import Edited, PublicId, Shown
from baton.core.policy import may_use
from baton_analysis.errors import gettext_noop

router = Router()

Name = Annotated[str, StringConstraints(min_length=1, max_length=OTHER_LENGTH, pattern=r"^[^\x00]*$")]
Rating = Annotated[int, Field(ge=1, le=5, strict=True)]


class OthersSent(Edited):
    """How others meet the need; empty: nobody is compared."""

    others: dict[Name, Rating] = Field(max_length=MOST_OTHERS, examples=[{"City Laundry": 4}])


class OthersShown(Shown):
    """The need with these ratings."""

    id: PublicId
    others: dict[str, int]
    version: int = Field(examples=[42])


def _shown(one: HouseNeed) -> OthersShown:
    return OthersShown(id=one.public_id, others=one.others, version=one.changed_seq)


@writes(
    router, "PATCH", "/{slug:public_id}/others", scope=WRITE, may=may_use, response=OthersShown, versioned=True,
    summary=gettext_noop("Compare a need with others"),
    description=gettext_noop("How well others who could serve the customer meet it, from 1 to 5."),
    example={"version": 42, "others": {"City Laundry": 4}},
)  # fmt: skip
def rate_others(request: ApiRequest, public_id: PublicId, sent: OthersSent) -> HttpResponse:
    return changed(
        request, public_id, sent, show=_shown,
        see=lambda one: queries.house_need(viewer=request.actor, at=request.now, public_id=one),
        write=lambda one, **seen: write_ratings(need=one, ratings=sent.others, **seen),
    )  # fmt: skip
