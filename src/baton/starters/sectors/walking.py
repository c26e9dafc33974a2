"""Ways through a sector: up and down the tree of parties, and along the links to the outside customers.

Work that is handed to a whole is handed to all its parts, and work of a whole below the organisation itself is work of
its parts: a ward's shifts serve the patients whom the ward serves.
"""

from __future__ import annotations

from collections.abc import Iterator

from baton.chain.rules import OUTSIDE_CUSTOMERS
from baton.starters.sectors.rules import Link, Party, Sector


def called(link: Link) -> str:
    """How messages name a link."""
    return f"{link.supplier} > {link.customer}: {link.output}"


def above(sector: Sector, party: Party) -> list[str] | None:
    """Codes of the parties over it, the nearest first; None when it stands under itself."""
    parents = {one.code: one.parent for one in sector.parties}
    found: list[str] = []
    at = party.parent
    while at:
        if at == party.code or at in found:
            return None
        found.append(at)
        at = parents[at]
    return found


def within(sector: Sector, code: str) -> Iterator[Party]:
    """The parties that stand anywhere under ``code``. The tree must be free of circles."""
    for party in sector.below(code):
        yield party
        yield from within(sector, party.code)


def reached_from(sector: Sector, code: str) -> set[str]:
    """Codes of all parties to whom work from ``code`` or a part of it comes in the end, over one link or many."""
    nexts = _nexts(sector)
    found: set[str] = set()
    waiting = [code, *(party.code for party in within(sector, code))]
    while waiting:
        new = nexts[waiting.pop()] - found
        found |= new
        waiting += new
    return found


def reaching_outside(sector: Sector) -> set[str]:
    """Codes of the parties whose work comes to an outside customer."""
    customers = {party.code for party in sector.parties if party.kind in OUTSIDE_CUSTOMERS}
    return {party.code for party in sector.parties if reached_from(sector, party.code) & customers}


def _nexts(sector: Sector) -> dict[str, set[str]]:
    """For every party those who receive its work directly."""
    direct: dict[str, set[str]] = {party.code: set() for party in sector.parties}
    for link in sector.links:
        parts = {party.code for party in within(sector, link.customer)}
        direct[link.supplier] |= {link.customer} | parts
    return {party.code: direct[party.code] | _through_wholes(sector, party, direct) for party in sector.parties}


def _through_wholes(sector: Sector, party: Party, direct: dict[str, set[str]]) -> set[str]:
    """What the wholes that a party is part of hand over, the organisation itself left out: what everybody does tells
    nothing of anybody."""
    wholes = (above(sector, party) or [])[:-1]
    return {customer for whole in wholes for customer in direct[whole]}
