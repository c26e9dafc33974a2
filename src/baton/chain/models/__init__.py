"""Tables of the chain."""

from baton.chain.models.accounts import Account, Contact
from baton.chain.models.event_logs import EventLog, LogParty, MinedPair
from baton.chain.models.gaps import GapAnswer
from baton.chain.models.links import Link
from baton.chain.models.memberships import Membership
from baton.chain.models.needs import OutsideNeed
from baton.chain.models.outputs import Output, OutputRevision, Responsibility
from baton.chain.models.parties import Party
from baton.chain.models.projects import Project
from baton.chain.models.proposals import LinkProposal
from baton.chain.models.reading import Reading
from baton.chain.models.successions import PartySuccession

__all__ = [
    "Account",
    "Contact",
    "EventLog",
    "GapAnswer",
    "Link",
    "LinkProposal",
    "LogParty",
    "Membership",
    "MinedPair",
    "Output",
    "OutputRevision",
    "OutsideNeed",
    "Party",
    "PartySuccession",
    "Project",
    "Reading",
    "Responsibility",
]
