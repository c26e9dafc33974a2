"""What the chain takes in as tables: the organisation's structure, keys of parties, people, outputs, needs, projects,
links, who answers for outputs, accounts and contacts; in the order in which an empty installation takes them.

Columns and words stand in both languages beside each other, because a table speaks one of them whoever brings it.
"""

from baton.chain.imports.accounts import ACCOUNTS
from baton.chain.imports.contacts import CONTACTS
from baton.chain.imports.keys import KEYS
from baton.chain.imports.links import LINKS
from baton.chain.imports.needs import NEEDS
from baton.chain.imports.organisation import ORGANISATION
from baton.chain.imports.outputs import OUTPUTS
from baton.chain.imports.people import PEOPLE
from baton.chain.imports.projects import PROJECTS
from baton.chain.imports.responsibilities import RESPONSIBILITIES

TARGETS = {
    "organisation": ORGANISATION,
    "keys": KEYS,
    "people": PEOPLE,
    "outputs": OUTPUTS,
    "needs": NEEDS,
    "projects": PROJECTS,
    "links": LINKS,
    "responsibilities": RESPONSIBILITIES,
    "accounts": ACCOUNTS,
    "contacts": CONTACTS,
}

__all__ = [
    "ACCOUNTS", "CONTACTS", "KEYS", "LINKS", "NEEDS", "ORGANISATION", "OUTPUTS", "PEOPLE", "PROJECTS",
    "RESPONSIBILITIES", "TARGETS",
]  # fmt: skip
