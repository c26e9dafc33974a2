"""Every write of the chain."""

from baton.chain.changes.accounts import (
    add_account,
    add_contact,
    change_account,
    change_contact,
    end_account,
    end_contact,
    forget_contact,
    note_all_contacts_taken,
    note_contacts_taken,
    show_contact,
)
from baton.chain.changes.bulk_accounts import add_accounts_in_bulk, add_contacts_in_bulk
from baton.chain.changes.bulk_links import LinkRow, add_links_in_bulk, begin_links_in_bulk, check_rows
from baton.chain.changes.bulk_rows import refused_rows
from baton.chain.changes.event_logs import (
    accept_event_log,
    bring_event_log,
    choose_columns,
    match_name,
    record_chain,
    record_failure,
    withdraw_event_log,
)
from baton.chain.changes.gaps import answer_gap, assign_gap, tell_of_gaps, withdraw_gap_answer
from baton.chain.changes.leading import promise_to_staff
from baton.chain.changes.links import add_link, assign_link_to_project, change_link, end_link, judge_link
from baton.chain.changes.making_links import Made, make_links
from baton.chain.changes.memberships import appoint, end_membership
from baton.chain.changes.merging import merge_parties, propose_merge
from baton.chain.changes.needs import add_need, change_need, end_need
from baton.chain.changes.outputs import (
    add_output,
    change_output,
    end_output,
    end_responsibility,
    give_responsibility,
    make_accountable,
    revise_output,
)
from baton.chain.changes.parties import add_party, end_party, move_party, rename_party
from baton.chain.changes.partners import describe_partner
from baton.chain.changes.projects import add_project, change_project, end_project
from baton.chain.changes.proposals import (
    ProposedLink,
    accept_proposal,
    decline_proposal,
    propose_links,
    withdraw_proposal,
)
from baton.chain.changes.reading import say_how_far_members_read
from baton.chain.changes.splitting import split_party

__all__ = [
    "ProposedLink",
    "accept_proposal",
    "decline_proposal",
    "promise_to_staff",
    "propose_links",
    "tell_of_gaps",
    "withdraw_proposal",
    "add_account",
    "add_contact",
    "change_account",
    "change_contact",
    "end_account",
    "end_contact",
    "forget_contact",
    "note_all_contacts_taken",
    "note_contacts_taken",
    "show_contact",
    "add_accounts_in_bulk",
    "add_contacts_in_bulk",
    "LinkRow",
    "Made",
    "accept_event_log",
    "add_link",
    "add_links_in_bulk",
    "begin_links_in_bulk",
    "check_rows",
    "refused_rows",
    "add_need",
    "add_output",
    "add_party",
    "add_project",
    "answer_gap",
    "appoint",
    "assign_gap",
    "assign_link_to_project",
    "bring_event_log",
    "change_link",
    "change_need",
    "change_output",
    "change_project",
    "choose_columns",
    "describe_partner",
    "end_link",
    "end_membership",
    "end_need",
    "end_output",
    "end_party",
    "end_project",
    "end_responsibility",
    "give_responsibility",
    "judge_link",
    "make_accountable",
    "make_links",
    "match_name",
    "merge_parties",
    "move_party",
    "propose_merge",
    "record_chain",
    "record_failure",
    "rename_party",
    "revise_output",
    "say_how_far_members_read",
    "split_party",
    "withdraw_event_log",
    "withdraw_gap_answer",
]
