"""Every write of the agreements."""

from baton.agreements.changes.certificates import (
    add_certificate,
    change_certificate,
    end_certificate,
    tell_of_certificates,
)
from baton.agreements.changes.clauses import add_clause, change_clause, drop_clause, move_clause, restore_clause
from baton.agreements.changes.drafts import begin_agreement, describe_version, draft_version
from baton.agreements.changes.guarantees import (
    call_guarantee,
    change_guarantee,
    end_call,
    end_guarantee,
    give_guarantee,
)
from baton.agreements.changes.signing import (
    accept_on_paper,
    accept_through_link,
    accept_version,
    ask_outside,
    tell_of_objection,
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
    "accept_on_paper",
    "accept_through_link",
    "accept_version",
    "ask_outside",
    "tell_of_objection",
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
