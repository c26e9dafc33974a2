"""The lists of the chain: their filters, by which views of them are kept, and what can be done to many rows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.chain.forms.gaps import GapFilterForm
from baton.chain.forms.links import LinkFilterForm
from baton.chain.forms.needs import NeedFilterForm
from baton.chain.forms.outputs import OutputFilterForm
from baton.chain.forms.parties import PartyFilterForm
from baton.chain.forms.projects import ProjectFilterForm
from baton.chain.pages import acting
from baton.chain.rules import State
from baton.core.lists.registry import FilteredList
from baton.core.policy import is_signed_in, may_use

_LIVE = {"state": State.LIVE.value}

LISTS = {
    "chain.parties": FilteredList(
        _("Parties"), "chain:parties", PartyFilterForm, is_signed_in,
        frozenset({"name", "number", "kind", "suppliers", "customers"}), {"order": "name"},
        rows=acting.PARTIES, acts=acting.PARTY_ACTS, offered=acting.parties_offered,
    ),
    "chain.links": FilteredList(
        _("Links"), "chain:links", LinkFilterForm, may_use,
        frozenset({"supplier", "customer", "number", "output", "began_on", "health"}), {**_LIVE, "order": "supplier"},
        also=("output",), rows=acting.LINKS, acts=acting.LINK_ACTS, offered=acting.links_offered,
    ),
    "chain.outputs": FilteredList(
        _("Outputs"), "chain:outputs", OutputFilterForm, may_use,
        frozenset({"name", "number", "kind", "suppliers", "customers"}), {**_LIVE, "order": "name"},
        rows=acting.OUTPUTS, acts=acting.OUTPUT_ACTS, offered=acting.outputs_offered,
    ),
    "chain.needs": FilteredList(
        _("Outside needs"), "chain:needs", NeedFilterForm, may_use,
        frozenset({"holder", "number", "links", "began_on"}), {**_LIVE, "order": "holder"},
    ),
    "chain.projects": FilteredList(
        _("Projects"), "chain:projects", ProjectFilterForm, may_use,
        frozenset({"name", "number", "links", "began_on"}), {**_LIVE, "order": "name"},
    ),
    "chain.gaps": FilteredList(
        _("Gaps"), "chain:gaps", GapFilterForm, may_use, usual={"show": "open"},
        rows=acting.GAPS, acts=acting.GAP_ACTS, offered=acting.gaps_offered,
    ),
}  # fmt: skip
"""By registered name. The accounts of a party have none: they are looked up by one whole number, phone or address,
which no view is to hold."""
