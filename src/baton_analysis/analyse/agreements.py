"""What was agreed about time: the calendar, the promises of single links and priorities, and the words for events."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from baton_analysis.analyse import checks
from baton_analysis.analyse.checks import demand, demand_known, section
from baton_analysis.errors import Phrase, gettext_noop
from baton_analysis.facts.calendars import BusinessCalendar, calendar_from_dict
from baton_analysis.facts.handoffs import EVENT_KINDS, Target
from baton_analysis.readers.model import display

LONGEST_SECONDS, LONGEST_DAYS = 1e10, 10_000

_STANDS_ELSEWHERE = gettext_noop("without “{word}”, which stands under {other}")


@dataclass(frozen=True, slots=True)
class OfLink:
    """What differs for one link from what is said of all; None: as for all. With a calendar a target counts for all
    priorities.
    """

    target_seconds: float | None = None
    target_days: int | None = None
    attainment: float | None = None
    lower_seconds: float | None = None
    upper_seconds: float | None = None
    calendar: BusinessCalendar | None = None

    @property
    def target(self) -> Target | None:
        """The promised time; None: as for all."""
        if self.target_seconds is None and self.target_days is None:
            return None
        return Target(self.target_seconds, self.target_days)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        calendar = None if self.calendar is None else self.calendar.to_dict()
        return {one.name: getattr(self, one.name) for one in fields(self)} | {"calendar": calendar}


def fitting(subject: str, names: Collection[str]) -> str | None:
    """The name that means a link, “supplier>customer”: its own, else the first pattern that fits, such as
    ``laboratory>*``; capitals matter. None: none does.
    """
    if subject in names:
        return subject
    return next((name for name in names if fnmatchcase(subject, name)), None)


def calendar_of(key: str, said: Any, zone: str) -> BusinessCalendar:
    """The calendar of a section; ``zone`` is that of a calendar that names none.

    Raises
    ------
    FactError, ConfigurationError
        It is no section, or not one of which a calendar can be made.
    """
    settings = {"zone": zone, **section(key, said)}
    for name in ("holidays", "makeup_days"):
        if name in settings:
            days = settings[name]
            demand(isinstance(days, dict if name == "makeup_days" else list), f"{key}.{name}", _DAYS[name], days)
    if "holidays" in settings:
        # TOML has dates of its own; a calendar is written with texts.
        settings["holidays"] = [day.isoformat() if isinstance(day, date) else day for day in settings["holidays"]]
    return calendar_from_dict(settings)


_DAYS = {
    "holidays": gettext_noop("a list of days, such as [2026-10-01]"),
    "makeup_days": gettext_noop("a section of days and weekdays, such as {2026-10-10 = 'fri'}"),
}


def of_links(key: str, said: Any, zone: str) -> Mapping[str, OfLink]:
    """The sections of links. Raises ConfigurationError and FactError."""
    sections = section(key, said, gettext_noop('sections, such as [links."A>B"]'))
    return {subject: _of_link(f'{key}."{subject}"', part, zone) for subject, part in sections.items()}


def _of_link(place: str, said: Any, zone: str) -> OfLink:
    part = section(place, said, gettext_noop('a section, such as [links."A>B"]'))
    demand_known(part, tuple(one.name for one in fields(OfLink)), f"{place}.")
    checked: dict[str, Any] = {}
    for name, value in part.items():
        if name == "calendar":
            checked[name] = calendar_of(f"{place}.{name}", value, zone)
        elif name == "target_days":
            checked[name] = checks.number(f"{place}.{name}", value, 0, LONGEST_DAYS, whole=True)
        else:
            low, high = (0.01, 1) if name == "attainment" else (0, LONGEST_SECONDS)
            checked[name] = checks.number(f"{place}.{name}", value, low, high)
    both = {"target_seconds", "target_days"} <= checked.keys()
    demand(not both, f"{place}.target_days", gettext_noop("left out where target_seconds is given"), part)
    return OfLink(**checked)


def target_of(key: str, said: Any) -> Target:
    """A promised time: ``target_seconds`` or ``target_days``. Raises ConfigurationError."""
    part = section(key, said)
    demand_known(part, ("target_seconds", "target_days"), f"{key}.")
    demand(len(part) == 1, key, gettext_noop("either target_seconds or target_days"), part)
    if "target_days" in part:
        days = checks.number(f"{key}.target_days", part["target_days"], 0, LONGEST_DAYS, whole=True)
        return Target(days=int(days))
    return Target(seconds=checks.number(f"{key}.target_seconds", part["target_seconds"], 0, LONGEST_SECONDS))


def targets_by_priority(key: str, said: Any) -> Mapping[str, Target]:
    """The promised times of single priorities. Raises ConfigurationError."""
    return {priority: target_of(f"{key}.{priority}", part) for priority, part in section(key, said).items()}


def event_words(key: str, said: Any) -> Mapping[str, str]:
    """Which kind of event each word of the file means, from lists of words by kind. Raises ConfigurationError."""
    part = section(key, said)
    demand_known(part, EVENT_KINDS, f"{key}.")
    meant: dict[str, str] = {}
    for kind, words in part.items():
        for word in checks.several(f"{key}.{kind}", words, checks.text):
            wanted = Phrase(_STANDS_ELSEWHERE, word=display(word), other=meant.get(word, ""))
            demand(word not in meant, f"{key}.{kind}", wanted, words)
            meant[word] = kind
    return meant
