"""Pairs of parties that have no dealings, as the cells of the matrix say: list, read, state, withdraw."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import Field, StringConstraints

from baton.chain import changes, queries
from baton.chain.api.parties import READ, WRITE, party_named
from baton.chain.api.shapes import PartyNamed
from baton.chain.models import GapAnswer, Party
from baton.chain.queries import slices
from baton.chain.queries.gap_detectors import pair_key
from baton.chain.queries.no_dealings import NoDealings, no_dealing
from baton.chain.rules import Detector, GapReply, GapState
from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import made, reads, shown, version_of, writes
from baton.core.api.schemas import Asked, Edited, PublicId, Rows, Sent, Shown, Version
from baton.core.errors import NotFound, Refused
from baton.core.policy import demand, may_use
from baton_analysis.errors import gettext_noop

router = Router()

Why = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00]+$"),
    Field(description="Everybody who sees the two parties reads it.", examples=["They never meet"]),
]


class NoDealingsAsked(Asked):
    """Of which party."""

    party: PublicId | None = Field(default=None, description="On either side; null: all in sight.")


class NoDealingsSent(Sent):
    """Two parties without a link in this direction."""

    supplier: PublicId
    customer: PublicId
    reason: Why
    version: Version | None = Field(
        default=None, description="That of the answer that stands; null where none does."
    )  # fmt: skip


class NoDealingsWithdrawn(Edited):
    """Taken back."""


class NoDealingsShown(Shown):
    """Two parties that have no dealings in this direction, as somebody said."""

    id: PublicId
    supplier: PartyNamed
    customer: PartyNamed
    reason: str
    state: GapState = Field(description="answered; back: event logs show much more now than when it was said.")
    may_answer: bool
    withdrawn: bool
    version: int = Field(examples=[42])


def _row_shown(row: NoDealings) -> NoDealingsShown:
    return _shown(row.answer, row.supplier, row.customer, row.state, row.may_answer)


def _shown(answer: GapAnswer, supplier: Party, customer: Party, state: GapState, may: bool) -> NoDealingsShown:
    return NoDealingsShown(
        id=answer.public_id, reason=answer.reason, state=state, may_answer=may, withdrawn=answer.withdrawn,
        supplier=PartyNamed(id=supplier.public_id, name=supplier.name),
        customer=PartyNamed(id=customer.public_id, name=customer.name), version=answer.changed_seq,
    )  # fmt: skip


def _see(request: ApiRequest) -> Any:
    return lambda public_id: no_dealing(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "", scope=READ, may=may_use, response=Rows[NoDealingsShown],
    summary=gettext_noop("List who has no dealings"),
    description=gettext_noop("Pairs of parties in sight without a link to which somebody said so."),
)  # fmt: skip
def list_no_dealings(request: ApiRequest, asked: Query[NoDealingsAsked]) -> Any:
    part = slices.no_dealings_slice(
        viewer=request.actor, at=request.now, party=asked.party or "", limit=asked.limit, cursor=asked.cursor
    )  # fmt: skip
    return Rows[NoDealingsShown](rows=[_row_shown(row) for row in part.rows], next=part.next)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=NoDealingsShown,
    summary=gettext_noop("Read that two have no dealings"),
)  # fmt: skip
def read_no_dealings(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    row = _see(request)(public_id)
    return shown(row.answer, _row_shown(row))


@writes(
    router, "POST", "", scope=WRITE, may=may_use, response=NoDealingsShown, status=201,
    summary=gettext_noop("State that two have no dealings"),
    description=gettext_noop("For who leads one of them whole. It is a gap again when event logs disagree."),
    example={"supplier": "2b3c4d5f6g7h8j9k", "customer": "3c4d5f6g7h8j9k2b", "reason": "They never meet"},
)  # fmt: skip
def state_no_dealings(request: ApiRequest, sent: NoDealingsSent) -> HttpResponse:
    by, at = request.actor, request.now
    sides = party_named(request, sent.supplier, "supplier"), party_named(request, sent.customer, "customer")
    key = pair_key(*(side.public_id for side in sides))
    row = queries.gap(viewer=by, at=at, detector=Detector.UNDECLARED.value, key=key)
    if row is None:
        raise _have_a_link()
    demand(row.may_answer)

    def write() -> GapAnswer:
        return changes.answer_gap(
            by=by, at=at, gap=row.gap, reply=GapReply.NO_DEALINGS, reason=sent.reason, expected_seq=sent.version
        )  # fmt: skip

    response = made(
        request, write=write, see=_see(request), status=201,
        show=lambda answer: _shown(answer, *sides, GapState.ANSWERED, row.may_answer),
    )  # fmt: skip
    queries.forget_count(viewer=by)
    return response


@writes(
    router, "POST", "/{slug:public_id}/withdraw", scope=WRITE, may=may_use, response=NoDealingsShown, versioned=True,
    summary=gettext_noop("Take back that two have no dealings"),
    description=gettext_noop("The cell of the matrix is empty again, or the gap open."),
    example={"version": 42},
)  # fmt: skip
def withdraw_no_dealings(request: ApiRequest, public_id: PublicId, sent: NoDealingsWithdrawn) -> HttpResponse:
    by, at = request.actor, request.now
    answer, sides, gap = _to_withdraw(request, public_id)
    seen = version_of(request, sent.version)
    response = made(
        request, see=lambda _again: None, status=200,
        show=lambda fresh: _shown(fresh, *sides, GapState.OPEN, True),
        write=lambda: changes.withdraw_gap_answer(
            by=by, at=at, gap=gap, answer=answer, expected_seq=seen, reason=sent.reason
        ),
    )  # fmt: skip
    queries.forget_count(viewer=by)
    return response


def _to_withdraw(request: ApiRequest, public_id: str) -> tuple[GapAnswer, tuple[Party, Party], Any]:
    """The answer, its two parties and the gap that it is about; also one that an earlier call of the same key took
    back. NotFound where it is not in sight, Forbidden for who may not answer it."""
    by, at = request.actor, request.now
    answer = queries.gap_answer_named(viewer=by, public_id=public_id)
    if answer is None or answer.reply != GapReply.NO_DEALINGS:
        raise NotFound
    ends = queries.parties_chosen(viewer=by, at=at, public_ids=answer.key.split("."))
    row = queries.gap(viewer=by, at=at, detector=answer.detector, key=answer.key)
    supplier, customer = (ends.get(end) for end in answer.key.split("."))
    if row is None or supplier is None or customer is None:
        raise NotFound
    demand(row.may_answer)
    return answer, (supplier, customer), row.gap


def _have_a_link() -> Refused:
    return Refused(
        field="customer",
        expected=gettext_noop("Expected two parties that have no link in this direction."),
        found=gettext_noop("They have one, or what is between them is not shared with you."),
        remedy=gettext_noop("Look up their links; end a link that nobody needs."),
    )
