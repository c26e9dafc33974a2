"""How far members read along the chain: read, say."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from baton.chain import changes, policy, queries
from baton.chain.api.parties import READ, WRITE
from baton.chain.models import Reading
from baton.chain.rules import Reach
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import made, reads, shown, version_of, writes
from baton.core.api.schemas import Edited, Shown
from baton.core.errors import Stale
from baton.core.problems import refusal
from baton_analysis.errors import gettext_noop

router = Router()


class ReadingShown(Shown):
    """How far everybody reads along the chain."""

    reach: Reach = Field(
        description="own: links of their own parties; two, three: that many steps along the chain; all: every link."
    )
    version: int = Field(description="0: nobody has said it yet, and what is usual holds.", examples=[42])


class ReadingSent(Edited):
    """How far everybody is to read from now on."""

    reach: Reach


def reading_shown(reading: Reading) -> ReadingShown:
    return ReadingShown(reach=Reach(reading.reach), version=reading.changed_seq)


@reads(
    router, "", scope=READ, may=policy.may_say_how_far_members_read, response=ReadingShown,
    summary=gettext_noop("Read who reads what"),
    description=gettext_noop("How far members read along the chain, from their own parties. For the quality manager."),
)  # fmt: skip
def read_reading(request: ApiRequest) -> HttpResponse:
    reading = queries.how_far_members_read(viewer=request.actor)
    return shown(reading, reading_shown(reading))


@writes(
    router, "PATCH", "", scope=WRITE, may=policy.may_say_how_far_members_read, response=ReadingShown, versioned=True,
    summary=gettext_noop("Say who reads what"),
    description=gettext_noop("How far members read along the chain from now on. For the quality manager."),
    example={"reach": "two", "version": 0, "reason": "Agreed in the council"},
)  # fmt: skip
def say_how_far_members_read(request: ApiRequest, sent: ReadingSent) -> HttpResponse:
    by, at, seen = request.actor, request.now, version_of(request, sent.version)
    try:
        return made(
            request, show=reading_shown, see=lambda _: queries.how_far_members_read(viewer=by), status=200,
            write=lambda: changes.say_how_far_members_read(
                by=by, at=at, reach=sent.reach, expected_seq=seen, reason=sent.reason
            ),
        )  # fmt: skip
    except Stale as stale:  # of a rule that nobody has said yet there is no row to read again
        theirs = reading_shown(queries.how_far_members_read(viewer=by))
        return refusal(request, stale, theirs=theirs.model_dump(mode="json"))
