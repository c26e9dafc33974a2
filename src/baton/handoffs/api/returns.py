"""What becomes of a return."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.http import HttpResponse
from ninja import Router
from pydantic import Field

from baton.core.api.door import ApiRequest
from baton.core.api.endpoints import changed, reads, shown, writes
from baton.core.api.schemas import Edited, PublicId
from baton.core.errors import Refused
from baton.core.policy import may_use
from baton.handoffs import changes, queries
from baton.handoffs.api.shapes import READ, WRITE, Amount, Currency, Note, ReturnShown, amount, return_shown
from baton.handoffs.changes.checks import in_currency
from baton.handoffs.models import HandoffReturn
from baton.handoffs.rules import ReturnState
from baton_analysis.errors import gettext_noop

router = Router()


class Way(StrEnum):
    """What can be done about a return: the supplier contests it, the arbiter decides, the customer ends it."""

    CONTEST = "contest"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    UNDECIDED = "undecided"
    SETTLE = "settle"
    WITHDRAW = "withdraw"


VERDICTS = {
    Way.UPHOLD: ReturnState.UPHELD, Way.DISMISS: ReturnState.DISMISSED, Way.UNDECIDED: ReturnState.UNDECIDED,
}  # fmt: skip


class AnswerSent(Edited):
    """What is done about a return, and why: the ground, the finding, how it was made good."""

    way: Way
    said: Note = Field(min_length=1, examples=["Credited"])
    cost: Amount | None = Field(default=None, description="With settle only: what it cost the customer.")
    currency: Currency = ""


def _see(request: ApiRequest) -> Any:
    return lambda public_id: queries.handoff_return(viewer=request.actor, at=request.now, public_id=public_id)


@reads(
    router, "/{slug:public_id}", scope=READ, may=may_use, response=ReturnShown, summary=gettext_noop("Read a return"),
)  # fmt: skip
def read_return(request: ApiRequest, public_id: PublicId) -> HttpResponse:
    found = _see(request)(public_id)
    return shown(found, return_shown(found))


@writes(
    router, "POST", "/{slug:public_id}/answers", scope=WRITE, may=may_use, response=ReturnShown, versioned=True,
    summary=gettext_noop("Contest, decide, settle or take back a return"),
    description=gettext_noop(
        "The supplier contests, the arbiter decides, the customer settles and takes back; nobody decides in his own"
        " case."
    ),
    example={"version": 42, "way": "settle", "said": "Credited"},
)  # fmt: skip
def answer_return(request: ApiRequest, public_id: PublicId, sent: AnswerSent) -> HttpResponse:
    in_currency(sent.currency)
    if sent.cost is not None and sent.way is not Way.SETTLE:
        raise Refused(
            field="cost",
            expected=gettext_noop("Expected a cost with settle only."),
            found=gettext_noop("Found one with {way}."),
            remedy=gettext_noop("Leave it out."),
            way=sent.way.value,
        )

    def write(one: HandoffReturn, **seen: Any) -> HandoffReturn:
        if sent.way is Way.CONTEST:
            return changes.contest_return(found=one, ground=sent.said, **seen)
        if sent.way is Way.SETTLE:
            return changes.settle_return(found=one, settlement=sent.said, cost=amount(sent.cost), **seen)
        if sent.way is Way.WITHDRAW:
            return changes.withdraw_return(found=one, reason=sent.said, **seen)
        return changes.decide_return(found=one, verdict=VERDICTS[sent.way], note=sent.said, **seen)

    return changed(request, public_id, sent, show=return_shown, see=_see(request), write=write)
