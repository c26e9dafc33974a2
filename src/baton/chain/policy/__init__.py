"""Who may see and do what in the chain. Default deny: what no function here allows is refused.

=====================  =======================  ==================  ==============================================
who                    sees parties             sees links          changes
=====================  =======================  ==================  ==============================================
quality manager        all                      all                 everything
director, auditor      all                      all                 nothing
administrator, HR      all                      as his memberships  nothing. An administrator who is to enter the chain
                                                                    gives himself the quality manager's role, which the
                                                                    audit trail shows
head                   as a member              as a member         his party and what stands under it; links of these
deputy, in his days    as a member              as a member         what the head may, within the deputy's scope; never
                                                                    his own membership, nor for the party that is he
member                 his own and what stands  those of his own    nothing
                       under them, two hops     parties and of
                       along the chain, and     their neighbours
                       the parties above them
guest                  parties he belongs to    none                nothing
anybody else           none                     none                nothing
=====================  =======================  ==================  ==============================================

How far members read along the chain the quality manager says: the links of their own parties only, two steps as above,
three, or all (:class:`baton.chain.rules.Reach`). No choice shows confidential links to others than their sides, or
hides from anybody what who leads a party that he belongs to, or one above it, promises all in it.

Outputs are corrected, and their responsibilities said, by whoever leads all parties that hand them over; an output that
nobody hands over yet by whoever may enter links. Needs of people outside are written down by whoever may enter links:
the one who hears a customer writes it down. A project is run by whoever leads the party that leads it.

A deputy for links may be held to some of them: those on which the party is supplier, or customer, those of one kind of
output, those with parties outside, or inside. He adds, changes and ends these; an output, all of whose links he covers,
he corrects. What concerns more than one link - needs, projects, gaps, proposed links - is for who leads all links.

Gaps are seen by who belongs to a party that they concern and by who is to close them, assigned and answered by whoever
leads one of these parties; those that only an event log shows, by quality manager, director, auditor and the latter.

Links of an outside party that is confidential (a former competitor, say) are seen only by those who belong to one of
their two sides, and by quality manager, director and auditor; nobody else sees them or anything beyond them along the
chain, nor a gap, an answer to a gap or a number that tells of them. Whether a party is confidential, the quality
manager says.

Whoever is part of a party proposes links of it; who leads it accepts or declines them, and sees those of others.

Accounts and contacts of an outside party are kept by the members of parties with a live link to or from it, and by the
quality manager; contacts are masked, and who has one shown stands in the trail. The quality manager takes lists of them
away unmasked, enters them in bulk and forgets a contact. Nobody else sees them, guests, director and auditor included.

Event logs are brought, mined and accepted by the quality manager; director and auditor see what was found.

A head's own place is not his to decide: the quality manager or the head of a party above says who heads it.
A head moves, merges, splits and ends parties within his subtree; his own party stays where it is, and takes over
another one only as the one into which it is merged.
"""

from baton.chain.policy.gaps import may_answer_gap, may_answer_some_gap, may_see_all_gaps, may_see_gap
from baton.chain.policy.links import (
    answerable,
    may_add_links_in_bulk,
    may_add_output,
    may_add_some_link,
    may_answer_proposal,
    may_bring_event_logs,
    may_edit_link,
    may_edit_output,
    may_edit_project,
    may_link,
    may_name_persons,
    may_propose,
    may_say_how_far_members_read,
    may_see_event_logs,
    may_see_proposal,
    may_withdraw_proposal,
    may_write_needs,
    stands_in_narrowly,
)
from baton.chain.policy.parties import (
    Place,
    may_add_party,
    may_add_some_party,
    may_appoint,
    may_describe_partner,
    may_edit_party,
    may_end_membership,
    may_end_party,
    may_help,
    may_keep_accounts,
    may_merge,
    may_move_party,
    may_promise_to_staff,
    may_split,
    may_take_contacts,
)
from baton.chain.policy.sight import CONFIDENTIAL, Discretion, Sight, discretion_of, reach_of_members, sight_of
from baton.chain.policy.standing import Lead, Standing, beyond, company_of, in_force, standing_of, under

__all__ = [
    "CONFIDENTIAL",
    "Discretion",
    "Lead",
    "Place",
    "Sight",
    "Standing",
    "answerable",
    "beyond",
    "company_of",
    "discretion_of",
    "in_force",
    "may_add_links_in_bulk",
    "may_add_output",
    "may_add_party",
    "may_add_some_link",
    "may_add_some_party",
    "may_answer_gap",
    "may_answer_proposal",
    "may_answer_some_gap",
    "may_appoint",
    "may_bring_event_logs",
    "may_describe_partner",
    "may_edit_link",
    "may_edit_output",
    "may_edit_party",
    "may_edit_project",
    "may_end_membership",
    "may_end_party",
    "may_help",
    "may_keep_accounts",
    "may_link",
    "may_merge",
    "may_move_party",
    "may_name_persons",
    "may_promise_to_staff",
    "may_propose",
    "may_say_how_far_members_read",
    "may_see_all_gaps",
    "may_see_event_logs",
    "may_see_gap",
    "may_see_proposal",
    "may_split",
    "may_take_contacts",
    "may_withdraw_proposal",
    "may_write_needs",
    "reach_of_members",
    "sight_of",
    "standing_of",
    "stands_in_narrowly",
    "under",
]
