"""By what links of one kind are compared. Pure Python."""

from __future__ import annotations

from enum import StrEnum

from baton.agreements.rules import Measure


class Compared(StrEnum):
    """The share by which links are compared; each is counted over the last thirteen weeks with handoffs of a link.

    ON_TIME            handed over by the moment that was agreed for each
    COMPLETE           all of it came
    CONFORMING         nothing came back
    INFORMATION_RIGHT  labels, papers and data were right
    PERFECT            all four of these
    TIME               kept its clauses about time
    SHARE              kept its clauses about a share of the cases
    VALUE              kept its clauses about a measured value
    """

    ON_TIME = "on_time"
    COMPLETE = "complete"
    CONFORMING = "conforming"
    INFORMATION_RIGHT = "information_right"
    PERFECT = "perfect"
    TIME = "time"
    SHARE = "share"
    VALUE = "value"


OF_CLAUSES = {Compared.TIME: Measure.TIME, Compared.SHARE: Measure.SHARE, Compared.VALUE: Measure.VALUE}
"""What is told by clauses, by how these are measured."""

MOST_COMPARED = 2_000
"""Links that are compared at once; of more, an output has to be chosen."""
FEWEST_COMPARED = 2
FEWEST_RANKED = 20
"""A link of which fewer handoffs are known stands in no place of the league."""
