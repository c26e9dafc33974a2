"""What the chain takes in as tables: the organisation's structure, people, outputs, links, accounts and contacts.

Columns and words stand in both languages beside each other, because a table speaks one of them whoever brings it.
"""

from baton.chain.imports.accounts import ACCOUNTS
from baton.chain.imports.contacts import CONTACTS
from baton.chain.imports.links import LINKS
from baton.chain.imports.organisation import ORGANISATION
from baton.chain.imports.outputs import OUTPUTS
from baton.chain.imports.people import PEOPLE

TARGETS = {
    "organisation": ORGANISATION,
    "people": PEOPLE,
    "outputs": OUTPUTS,
    "links": LINKS,
    "accounts": ACCOUNTS,
    "contacts": CONTACTS,
}

__all__ = ["ACCOUNTS", "CONTACTS", "LINKS", "ORGANISATION", "OUTPUTS", "PEOPLE", "TARGETS"]
