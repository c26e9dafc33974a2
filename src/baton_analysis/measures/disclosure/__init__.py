"""What may be published about few people: thresholds, complementary suppression, and an audit by linear programming."""

from baton_analysis.measures.disclosure.audit import DisclosureAudit, audit_cells
from baton_analysis.measures.disclosure.lattice import Key
from baton_analysis.measures.disclosure.publication import FEWEST_ANSWERS, Publication, Reason
from baton_analysis.measures.disclosure.suppression import publishable_cells

__all__ = [
    "FEWEST_ANSWERS",
    "DisclosureAudit",
    "Key",
    "Publication",
    "Reason",
    "audit_cells",
    "publishable_cells",
]
