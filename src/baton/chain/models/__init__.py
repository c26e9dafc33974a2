"""Tables of the chain."""

from baton.chain.models.event_logs import EventLog, LogParty, MinedPair
from baton.chain.models.links import Link
from baton.chain.models.parties import Membership, Party

__all__ = ["EventLog", "Link", "LogParty", "Membership", "MinedPair", "Party"]
