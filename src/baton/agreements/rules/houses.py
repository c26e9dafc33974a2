"""Houses of quality: where needs come from, and how many judgements anybody can make. Pure Python."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

MOST_NEEDS = 30
MOST_CHARACTERISTICS = 20
"""A larger house asks for more judgements than a group makes with care: 30 x 20 are 600 already. The form of the
largest house has some 920 fields, and more than 1,000 are refused at the door."""

ROOF = "▲"
"""Begins the rows of the roof in a table of a house, before the name of the characteristic whose marks follow."""

RATINGS = (1, 2, 3, 4, 5)
"""How well a need is met, from badly to very well."""

MOST_OTHERS = 5
"""Most others with whom a need is compared."""
OTHER_LENGTH = 60
"""Longest name of one of them."""


class NeedSource(StrEnum):
    """Where a need of a house comes from.

    SAID       somebody said it and it was written down
    CHAIN      an outside need of the chain, which this link serves
    SURVEY     answers to a survey
    COMPLAINT  a complaint or a return
    WORKSHOP   receivers wrote it down together
    OTHER      something else
    """

    SAID = "said"
    CHAIN = "chain"
    SURVEY = "survey"
    COMPLAINT = "complaint"
    WORKSHOP = "workshop"
    OTHER = "other"


def same_words(name: str) -> str:
    """By what two names of needs, or of characteristics, are the same: spaces and capitals aside."""
    return " ".join(name.split()).casefold()


def told_apart(names: Iterable[str]) -> list[str]:
    """The names in their order; one that has stood before gets a number, so that no two are alike."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return found if len(set(found)) == len(found) else told_apart(found)
