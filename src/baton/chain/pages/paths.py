"""A way to the outside customer, drawn as a service blueprint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from baton.chain.queries import Hop, HopLink, Paths
from baton.chain.rules import OUTSIDE_CUSTOMERS, Lane
from baton.core.texts import say

LANES = {
    Lane.FRONT: (_("Front stage"), _("the outside customer sees it done")),
    Lane.BACK: (_("Back stage"), _("for somebody whom the customer deals with")),
    Lane.SUPPORT: (_("Support"), _("further away from the customer")),
    Lane.UNSAID: (_("Not said"), _("say on the page of the link whether the customer sees it")),
}


@dataclass(frozen=True, slots=True)
class LaneShown:
    """A lane with what stands in it, step by step."""

    code: str
    title: Any
    note: Any
    cells: list[list[HopLink]]

    @property
    def below_the_line(self) -> bool:
        """Whether the line of visibility runs above it."""
        return self.code == Lane.BACK


def context(found: Paths, chosen: int) -> dict[str, Any]:
    """What ``chain/path.html`` shows; ``chosen`` is the place of the way that is drawn, from 1."""
    place = min(max(chosen, 1), max(len(found.ways), 1))
    way = found.ways[place - 1] if found.ways else []
    return {
        "paths": found,
        "way": way,
        "place": place,
        "choices": [(n, _in_words(one), len(one)) for n, one in enumerate(found.ways, 1)],
        "lanes": _lanes(way),
        "outside": [_receives(hop) for hop in way],
    }


def _in_words(way: Sequence[Hop]) -> str:
    return " → ".join([say(way[0].supplier.name), *(say(hop.customer.name) for hop in way)])


def _lanes(way: Sequence[Hop]) -> list[LaneShown]:
    lanes = []
    for lane, (title, note) in LANES.items():
        cells = [[one for one in hop.links if one.lane is lane] for hop in way]
        if lane is not Lane.UNSAID or any(cells):
            lanes.append(LaneShown(lane.value, title, note, cells))
    return lanes


def _receives(hop: Hop) -> tuple[str, list[str]]:
    """Who outside receives what comes of a step, and what he needs; nobody in the steps before the last."""
    if hop.customer.party_kind not in OUTSIDE_CUSTOMERS:
        return "", []
    return say(hop.customer.name), [str(one.link.need) for one in hop.links if one.link.need is not None]
