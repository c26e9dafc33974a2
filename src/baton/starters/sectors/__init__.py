"""Ready-made beginnings by sector, one TOML file each, in English and Chinese: parties, outputs, responsibilities,
outside needs and links, and what later rooms take from them (clauses, promises, survey items, checks).

    >>> from baton.starters.sectors import sector
    >>> factory = sector("factory")
    >>> factory.party("line_a").name["zh-hans"]
    '生产A线'
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from baton.starters.sectors.faults import faults
from baton.starters.sectors.reading import read
from baton.starters.sectors.rules import Sector, SectorError
from baton_analysis.errors import gettext_noop

CODES = (
    "factory",
    "hospital",
    "hotel",
    "laboratory",
    "retailer",
    "it_projects",
    "school",
    "assembly_line",
)
"""The sectors in the order in which they are offered."""


def checked(text: bytes, *, code: str) -> Sector:
    """The sector in the content of a file, read and checked as a whole; SectorError names the first fault."""
    found = read(text, code=code)
    for fault in faults(found):
        raise fault
    return found


@cache
def sector(code: str) -> Sector:
    """The sector of that code; SectorError if there is none or its file is not sound."""
    if code not in CODES:
        raise SectorError(
            file=f"{code}.toml", table="-", entry="-", expected=gettext_noop("Expected one of the sectors {known}."),
            found=gettext_noop("Found {value}."), remedy=gettext_noop("Choose one of them."), value=repr(code),
            known=", ".join(CODES),
        )  # fmt: skip
    return checked(files(__name__).joinpath(f"{code}.toml").read_bytes(), code=code)


__all__ = ["CODES", "Sector", "SectorError", "checked", "faults", "read", "sector"]
