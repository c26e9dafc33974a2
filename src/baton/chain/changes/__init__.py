"""Every write of the chain."""

from baton.chain.changes.event_logs import (
    Made,
    accept_event_log,
    bring_event_log,
    choose_columns,
    make_links,
    match_name,
    record_chain,
    record_failure,
    withdraw_event_log,
)
from baton.chain.changes.links import LinkRow, add_link, add_links_in_bulk, change_link, end_link
from baton.chain.changes.memberships import appoint, end_membership
from baton.chain.changes.parties import add_party, end_party, move_party, rename_party

__all__ = [
    "LinkRow",
    "Made",
    "accept_event_log",
    "add_link",
    "add_links_in_bulk",
    "add_party",
    "appoint",
    "bring_event_log",
    "change_link",
    "choose_columns",
    "end_link",
    "end_membership",
    "end_party",
    "make_links",
    "match_name",
    "move_party",
    "record_chain",
    "record_failure",
    "rename_party",
    "withdraw_event_log",
]
