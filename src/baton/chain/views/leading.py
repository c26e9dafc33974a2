"""The page on which who leads a party says what the staff can count on."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from baton.chain import changes, policy, queries
from baton.chain.changes.leading import leading_post
from baton.chain.forms.leading import PromisesToStaffForm
from baton.chain.views.answering import answered, standing
from baton.core.guards import guarded
from baton.core.middleware import BatonRequest
from baton.core.policy import demand


@guarded()
def promise_to_staff(request: BatonRequest, public_id: str) -> HttpResponse:
    """Who leads is the supplier of the staff: what is promised becomes links."""
    party = queries.party(viewer=request.actor, at=request.now, public_id=public_id)
    demand(policy.may_promise_to_staff(standing(request), party))
    leader = leading_post(party=party, at=request.now)
    form = PromisesToStaffForm(request.POST or None, party=party, leader=leader)
    return answered(
        request, form, lambda: changes.promise_to_staff(by=request.actor, at=request.now, party=party, **form.given()),
        to=reverse("chain:party", args=[party.public_id]), title=_("What the leader promises the staff"), subject=party,
        note=_(
            "Those who lead are suppliers of those they lead. Each promise becomes a link, and everybody in the party "
            "finds it on the first page."
        ),
    )  # fmt: skip
