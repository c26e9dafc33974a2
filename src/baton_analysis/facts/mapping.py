"""What the columns of an event log mean, as somebody said: needed by forms and records, so it loads nothing heavy."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from baton_analysis.errors import FactError, gettext_noop

PROPOSED_MISSING = ("?", "MISSING", "")
"""Values that published logs use for "unknown". They are a proposal: which values mean missing is the user's choice."""

PartyKind = Literal["department", "team", "role", "person"]
PARTY_KINDS: tuple[PartyKind, ...] = ("department", "team", "role", "person")


_WORDS: tuple[tuple[PartyKind, tuple[str, ...]], ...] = (
    (
        "person",
        (
            "resource", "user", "person", "people", "employee", "owner", "assignee", "member", "nurse", "doctor",
            "clerk", "agent", "operator", "manager", "who", "by", "人员", "员工", "负责人", "经办人", "姓名", "操作员",
            "护士", "医生", "工号",
        ),
    ),
    ("role", ("role", "position", "function", "岗位", "角色", "职务")),
    (
        "department",
        (
            "department", "dept", "division", "organization", "organisation", "org unit", "部门", "部門", "科室",
            "单位", "病区", "ward", "place", "office", "site",
        ),
    ),
    ("team", ("team", "group", "unit", "queue", "line", "shift", "cell", "station", "班组", "小组", "团队", "组")),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def party_kind_of(column: str) -> PartyKind | None:
    """What the parties of a column are by its name; None where the name does not say.

    Persons come first: a name that speaks of both, such as "team member name", is taken for the more sensitive.
    """
    called = column.casefold()
    words = _WORD.findall(called)
    words += [word.removesuffix("s") for word in words]
    for kind, known in _WORDS:
        if any(word in called if not word.isascii() or " " in word else word in words for word in known):
            return kind
    return None


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
