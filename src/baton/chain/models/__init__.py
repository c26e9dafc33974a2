"""Tables of the chain."""

from baton.chain.models.links import Link
from baton.chain.models.parties import Membership, Party

__all__ = ["Link", "Membership", "Party"]
