"""Every write of the chain."""

from baton.chain.changes.links import LinkRow, add_link, add_links_in_bulk, change_link, end_link
from baton.chain.changes.memberships import appoint, end_membership
from baton.chain.changes.parties import add_party, change_code, end_party, move_party, rename_party

__all__ = [
    "LinkRow",
    "add_link",
    "add_links_in_bulk",
    "add_party",
    "appoint",
    "change_code",
    "change_link",
    "end_link",
    "end_membership",
    "end_party",
    "move_party",
    "rename_party",
]
