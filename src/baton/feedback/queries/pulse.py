"""The published pulse of those who work in a department: what they said about the links from their leaders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from baton.core.actors import Actor
from baton.feedback.models import PublishedCell, Wave, WaveLink
from baton.feedback.queries.results import LOOKED_BACK, published_cells, published_waves
from baton.feedback.rules import scored_of
from baton.feedback.rules.published import PULSE, Figure, Grouping, is_judged
from baton.feedback.rules.questions import About

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.feedback.rules import Scored


@dataclass(frozen=True, slots=True)
class Pulse:
    """The last survey that asked for it, and what was published there of the department: a mean for each question,
    shown or hidden."""

    wave: Wave
    columns: tuple[Scored, ...]
    cells: tuple[PublishedCell, ...]


def pulse_of(*, viewer: Actor, at: datetime, party: Party) -> Pulse | None:
    """The last published pulse of those who work in a party, as far as the viewer sees the figures; None where nobody
    asked, or he does not."""
    asked = WaveLink.objects.filter(link__customer=party).values("wave")
    for wave in published_waves(viewer=viewer, at=at).filter(pk__in=asked)[:LOOKED_BACK]:
        columns = tuple(
            one for one in scored_of(wave.contents)
            if one.question.dimension == PULSE and one.question.about is About.LINK and is_judged(one)
        )  # fmt: skip
        if not columns:
            continue
        rows = published_cells(viewer=viewer, at=at, wave=wave).filter(
            grouping=Grouping.CUSTOMER, customer=party, figure=Figure.MEAN, column__in=[one.key for one in columns]
        )
        if held := tuple(rows):
            return Pulse(wave, columns, held)
    return None
