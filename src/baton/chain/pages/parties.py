"""The page of a party."""

from __future__ import annotations

from typing import Any

from baton.chain import policy
from baton.chain.models import Membership
from baton.chain.pages.history import timeline
from baton.chain.queries import PartyPage
from baton.chain.rules import Capacity, PartyKind, State


def party_context(page: PartyPage) -> dict[str, Any]:
    """What ``chain/party.html`` shows; ``may`` says which actions the viewer has."""
    standing, party = page.standing, page.party
    live = party.ended_on is None
    return {
        "page": page,
        "party": party,
        "members": [
            (held, live and _may_end(standing, held), live and held.person_id in page.helped) for held in page.members
        ],
        "planned": [(held, live and _may_end(standing, held), False) for held in page.planned],
        "ended": party.state(standing.day) is State.ENDED,
        "history": timeline(page.history, page.people | {key.public_id: {"": str(key)} for key in page.keys}),
        "keys": [key for key in page.keys if key.withdrawn_at is None],
        "may": {
            "edit": live and policy.may_edit_party(standing, party),
            "end": live and policy.may_end_party(standing, party),
            "merge": live and party.party_kind != PartyKind.PERSON and policy.may_edit_party(standing, party),
            "describe": live and policy.may_describe_partner(standing, party),
            "promise": policy.may_promise_to_staff(standing, party),
            "accounts": policy.may_keep_accounts(standing, party),
            "split": live and party.party_kind != PartyKind.PERSON and policy.may_split(standing, party),
            "add_under": live and policy.may_add_party(standing, party),
            "appoint": live and policy.may_appoint(standing, party, Capacity.MEMBER),
            "link": live and policy.may_link(standing, party),
        },
    }


def _may_end(standing: policy.Standing, held: Membership) -> bool:
    return policy.may_end_membership(standing, held)
