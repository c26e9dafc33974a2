"""What the columns of an event log mean, as somebody said: needed by forms and records, so it loads nothing heavy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from baton_analysis.errors import FactError, gettext_noop

PROPOSED_MISSING = ("?", "MISSING", "")
"""Values that published logs use for "unknown". They are a proposal: which values mean missing is the user's choice."""

PartyKind = Literal["department", "team", "role", "person"]
PARTY_KINDS: tuple[PartyKind, ...] = ("department", "team", "role", "person")


@dataclass(frozen=True, slots=True)
class EventMapping:
    """Which column of a log means what.

    Attributes
    ----------
    case, party, time, activity
        Names of columns. Without ``time`` the order of the file is the order of events, and there are no waiting times.
    party_kind
        What the parties are. Persons are replaced by pseudonyms unless ``allow_persons``.
    missing
        Party values that mean "unknown", beside null; see :data:`PROPOSED_MISSING`.
    """

    case: str
    party: str
    time: str | None = None
    activity: str | None = None
    party_kind: PartyKind = "team"
    missing: tuple[str, ...] = ()
    allow_persons: bool = False

    def __post_init__(self) -> None:
        if self.party_kind not in PARTY_KINDS:
            raise FactError(
                expected=gettext_noop("The kind of party must be one of: {kinds}."),
                found=gettext_noop("“{kind}” was given."),
                remedy=gettext_noop("Choose one of these kinds."),
                kinds=", ".join(PARTY_KINDS),
                kind=self.party_kind,
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are needed of the file, each once."""
        named = (self.case, self.party, self.time, self.activity)
        return tuple(dict.fromkeys(name for name in named if name is not None))
