"""What parties are, who is what in them, and how they come of each other."""

from __future__ import annotations

from enum import StrEnum


class PartyKind(StrEnum):
    """What a party is. Everybody who gives or receives work is a party, whatever its size.

    DEPARTMENT        a unit with a head; may stand under another one and hold teams and roles
    TEAM              a group that works together: a shift, a bench, a project
    ROLE              a post that people fill in turn, such as the duty pharmacist
    PERSON            one person of the organisation who is himself supplier or customer; carries his name
    WORKPLACE         a station of a line or a counter; one step of the work
    SHIFT             the people of a place between two times; hands over to the next shift of the same place
    CONSUMERS         a group of outside customers who need the same: outpatients, business travellers
    OUTSIDE_CUSTOMER  somebody beyond the organisation who receives its work: patient, buyer, passenger
    OUTSIDE_SUPPLIER  somebody beyond the organisation from whom work or goods come
    """

    DEPARTMENT = "department"
    TEAM = "team"
    ROLE = "role"
    PERSON = "person"
    WORKPLACE = "workplace"
    SHIFT = "shift"
    CONSUMERS = "consumers"
    OUTSIDE_CUSTOMER = "outside_customer"
    OUTSIDE_SUPPLIER = "outside_supplier"


OUTSIDE = frozenset({PartyKind.CONSUMERS, PartyKind.OUTSIDE_CUSTOMER, PartyKind.OUTSIDE_SUPPLIER})


OUTSIDE_CUSTOMERS = frozenset({PartyKind.CONSUMERS, PartyKind.OUTSIDE_CUSTOMER})


POSTS = frozenset({PartyKind.ROLE, PartyKind.PERSON})
"""Parties that are one person at a time."""


def serves_its_staff(*, kind: PartyKind | str, path: str, customer_path: str) -> bool:
    """Whether a supplier of this ``kind`` and ``path`` stands in its customer and serves all of it: a manager is the
    supplier of his staff."""
    return kind in POSTS and path != customer_path and path.startswith(customer_path)


class Partner(StrEnum):
    """What an outside party is to the organisation beyond buying and selling; how far its links may be read follows
    from its :class:`Confidentiality`.

    PARTNER            works with the organisation for the long term
    FORMER_COMPETITOR  competed with it before and works with it now
    COMPETITOR         competes with it elsewhere
    """

    PARTNER = "partner"
    FORMER_COMPETITOR = "former_competitor"
    COMPETITOR = "competitor"


class Confidentiality(StrEnum):
    """Who of those who see the chain may read the links of an outside party.

    OPEN          as any other link
    CONFIDENTIAL  the two parties of the link and the quality manager, director and auditor
    """

    OPEN = "open"
    CONFIDENTIAL = "confidential"


class Capacity(StrEnum):
    """What somebody is in a party.

    HEAD    answers for the party and everything under it; one at a time
    DEPUTY  stands in for the head between two dates and within a scope, never in his own case
    MEMBER  works there; on an outside party: is its guest here
    """

    HEAD = "head"
    DEPUTY = "deputy"
    MEMBER = "member"


class Scope(StrEnum):
    """What a deputy may do in the head's place.

    ALL      everything that the head may do
    LINKS    add, change and end links; all of them, or those of one :class:`LinkSide`, one kind of output, one kind of
             :class:`Dealings`: buying, say, is what comes from parties outside
    MEMBERS  take in and end members
    """

    ALL = "all"
    LINKS = "links"
    MEMBERS = "members"


class LinkSide(StrEnum):
    """What a party is on a link."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"


class Dealings(StrEnum):
    """With whom a party deals on a link: INSIDE parties of the organisation, OUTSIDE parties beyond it."""

    INSIDE = "inside"
    OUTSIDE = "outside"


class Succession(StrEnum):
    """How parties came of others, and what that means for their charts.

    MERGE  several became one: what was measured before is a phase of its charts for each of them
    SPLIT  one became several: what was measured before cannot be divided among them and is a phase of each, undivided
    """

    MERGE = "merge"
    SPLIT = "split"


MOVED_AT_ONCE = 1000
"""Most links, people, responsibilities, keys and parties that one merge or split carries over, in one transaction."""

PARTS = range(2, 9)
"""Into how many parties one may be split."""

TREE_DEPTH = 12
"""Most levels of the tree of parties."""
