"""Every read of the chain that pages or other rooms need. Each takes the viewer and filters by policy."""

from baton.chain.queries.figures import LinkRow
from baton.chain.queries.home import Home, home
from baton.chain.queries.links import LinkFilters, LinkPage, link, link_page, links, links_to_export, pair_of, sees_link
from baton.chain.queries.maps import ChainMap, chain_map
from baton.chain.queries.outputs import outputs_to_choose
from baton.chain.queries.parties import (
    PartyFilters,
    PartyPage,
    is_superior,
    keys_of_parties,
    leads_a_party,
    may_edit_party,
    membership,
    parties,
    parties_in_sight,
    parties_to_choose,
    parties_to_export,
    party,
    party_page,
    sees_party,
)
from baton.chain.queries.successions import (
    Before,
    Holdings,
    MergePlan,
    before_link,
    holdings,
    may_merge_some,
    merge_plan,
)

__all__ = [
    "Before",
    "ChainMap",
    "Holdings",
    "Home",
    "LinkFilters",
    "LinkPage",
    "LinkRow",
    "MergePlan",
    "PartyFilters",
    "PartyPage",
    "before_link",
    "chain_map",
    "holdings",
    "home",
    "is_superior",
    "keys_of_parties",
    "leads_a_party",
    "link",
    "link_page",
    "links",
    "links_to_export",
    "may_edit_party",
    "may_merge_some",
    "membership",
    "merge_plan",
    "outputs_to_choose",
    "pair_of",
    "parties",
    "parties_in_sight",
    "parties_to_choose",
    "parties_to_export",
    "party",
    "party_page",
    "sees_link",
    "sees_party",
]
