"""What the chain takes in as tables: the organisation's structure, people, outputs and links.

Columns and words stand in both languages beside each other, because a table speaks one of them whoever brings it.
"""

from baton.chain.imports.links import LINKS
from baton.chain.imports.organisation import ORGANISATION
from baton.chain.imports.outputs import OUTPUTS
from baton.chain.imports.people import PEOPLE

TARGETS = {"organisation": ORGANISATION, "people": PEOPLE, "outputs": OUTPUTS, "links": LINKS}

__all__ = ["LINKS", "ORGANISATION", "OUTPUTS", "PEOPLE", "TARGETS"]
