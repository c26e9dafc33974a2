"""What an outside party is to the organisation, and who may read its links."""

from __future__ import annotations

from datetime import datetime

from baton.chain import policy
from baton.chain.changes.checks import still_there
from baton.chain.models import Party
from baton.chain.rules import OUTSIDE, Confidentiality, Partner
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton_analysis.errors import gettext_noop


def describe_partner(
    *,
    by: Actor,
    at: datetime,
    party: Party,
    partner: Partner | str = "",
    confidentiality: Confidentiality = Confidentiality.OPEN,
    expected_seq: int | None = None,
    reason: str = "",
) -> Party:
    """Say what an outside party is beyond buying and selling (empty: nothing more), and how far its links may be read.

    Refused for parties of the organisation itself.
    """
    with change(by=by, at=at, reason=reason) as trail:
        party = trail.lock(Party, party, expected_seq=expected_seq)
        demand(policy.may_describe_partner(policy.standing_of(by, day_of(at)), party))
        still_there(party.ended_on, party.number)
        if party.party_kind not in OUTSIDE:
            raise Refused(
                expected=gettext_noop("Expected an outside customer, a group of consumers or an outside supplier."),
                found=gettext_noop("{number} is part of the organisation."),
                remedy=gettext_noop("Choose a party outside."),
                number=party.number,
            )
        party.partner = Partner(partner) if partner else ""
        party.confidentiality = Confidentiality(confidentiality)
        return trail.save(party, "party.partner_described")
