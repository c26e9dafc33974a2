"""Every write of the agreements."""

from baton.agreements.changes.answers import adopt_opinion, decline_opinion
from baton.agreements.changes.certificates import (
    add_certificate,
    change_certificate,
    end_certificate,
    tell_of_certificates,
)
from baton.agreements.changes.clauses import (
    add_clause,
    change_clause,
    drop_clause,
    give_back_terms,
    move_clause,
    restore_clause,
)
from baton.agreements.changes.drafts import begin_agreement, describe_version, draft_version
from baton.agreements.changes.guarantees import (
    call_guarantee,
    change_guarantee,
    end_call,
    end_guarantee,
    give_guarantee,
)
from baton.agreements.changes.invitations import (
    ask_staff,
    end_invitation,
    remind_of_opinions,
    say_how_many_take_part,
)
from baton.agreements.changes.opinions import (
    consent_to_the_rest,
    forget_person,
    say_opinion,
    withdraw_opinion,
)
from baton.agreements.changes.outside_opinions import consent_through_link, object_through_link
from baton.agreements.changes.signing import (
    accept_on_paper,
    accept_through_link,
    accept_version,
    ask_outside,
    withdraw_asking,
)
from baton.agreements.changes.steps import (
    accepted_by_both,
    bring_into_force,
    close_consultation,
    decline_version,
    end_version,
    open_consultation,
    propose_version,
    withdraw_version,
)
from baton.agreements.changes.terms import keep_terms

__all__ = [
    "adopt_opinion",
    "ask_staff",
    "consent_to_the_rest",
    "decline_opinion",
    "end_invitation",
    "forget_person",
    "remind_of_opinions",
    "say_how_many_take_part",
    "say_opinion",
    "withdraw_opinion",
    "accept_on_paper",
    "accept_through_link",
    "accept_version",
    "ask_outside",
    "consent_through_link",
    "object_through_link",
    "withdraw_asking",
    "call_guarantee",
    "change_guarantee",
    "end_call",
    "end_guarantee",
    "give_guarantee",
    "accepted_by_both",
    "add_certificate",
    "add_clause",
    "begin_agreement",
    "bring_into_force",
    "change_certificate",
    "change_clause",
    "give_back_terms",
    "close_consultation",
    "decline_version",
    "describe_version",
    "draft_version",
    "drop_clause",
    "end_certificate",
    "end_version",
    "keep_terms",
    "move_clause",
    "open_consultation",
    "propose_version",
    "restore_clause",
    "tell_of_certificates",
    "withdraw_version",
]
