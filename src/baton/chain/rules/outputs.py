"""What is handed over, and who answers for it."""

from __future__ import annotations

from enum import StrEnum


class OutputKind(StrEnum):
    """What kind of thing a supplier hands over.

    SERVICE      work or goods that the customer asked for; rated on how well they serve him
    CONTROL      a verdict: audit, inspection, infection control. Rated on clarity, speed and even-handedness, never on
                 the verdict; its returns are not dissatisfaction
    INFORMATION  data, reports, answers
    """

    SERVICE = "service"
    CONTROL = "control"
    INFORMATION = "information"


class Responsible(StrEnum):
    """What a party is to an output (RACI).

    ACCOUNTABLE  answers for it, whoever does the work. Nobody is a gap, two are a gap
    RESPONSIBLE  does the work
    CONSULTED    is asked before it changes
    INFORMED     is told when it changes
    """

    ACCOUNTABLE = "accountable"
    RESPONSIBLE = "responsible"
    CONSULTED = "consulted"
    INFORMED = "informed"
