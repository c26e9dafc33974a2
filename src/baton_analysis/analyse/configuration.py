"""The configuration of ``baton analyse``: a TOML file, checked whole before anything is read.

Every key has a meaning here and nowhere else; a key that is not known is refused with the one that it resembles.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from baton_analysis.analyse import checks
from baton_analysis.analyse.agreements import (
    LONGEST_DAYS,
    LONGEST_SECONDS,
    OfLink,
    calendar_of,
    event_words,
    fitting,
    of_links,
    targets_by_priority,
)
from baton_analysis.analyse.checks import ConfigurationError, choice, demand, demand_known, number, several
from baton_analysis.errors import Phrase, gettext_noop
from baton_analysis.facts.calendars import BusinessCalendar, ExactClose
from baton_analysis.facts.handoffs import Clock, Target
from baton_analysis.facts.handoffs.promises import DueMeans, PriorityInForce, Starts, Stops, WhileClosed
from baton_analysis.facts.handoffs.rows import MOMENTS
from baton_analysis.facts.mapping import PARTY_KINDS, PartyKind
from baton_analysis.measures.timeliness import Window, WindowBy
from baton_analysis.readers.model import display
from baton_analysis.signals.chart_rules import RULE_SETS

FactKind = Literal["handoffs", "handovers", "events", "handoff_events"]
FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)
Measure = Literal["late_share", "median_seconds", "return_share", "handoffs"]
MEASURES: tuple[Measure, ...] = get_args(Measure)

CLOCKED: tuple[FactKind, ...] = ("handoffs", "handoff_events")
"""Facts whose business time can be computed: one row a handoff with its moments, or one row an event."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of the file are called; what is left out has its own name, or is not there.

    With a calendar the time of a handoff is computed from moments: those of one row a handoff (``requested`` to
    ``withdrawn``), or of one row an event (``at``, ``kind``, ``reason``). ``due_at`` is the moment that was agreed for
    the single handoff, in the place of the promised time.
    """

    subject: str = "subject"
    supplier: str | None = None
    customer: str | None = None
    case: str = "case"
    at: str = "at"
    seconds: str | None = None
    target_seconds: str = "target_seconds"
    late: str = "late"
    open: str = "open"
    returned: str = "returned"
    party: str = "party"
    activity: str | None = None
    requested: str | None = None
    received: str | None = None
    paused: str | None = None
    resumed: str | None = None
    delivered: str | None = None
    accepted: str | None = None
    withdrawn: str | None = None
    kind: str = "kind"
    reason: str | None = None
    priority: str | None = None
    due_at: str | None = None


@dataclass(frozen=True, slots=True)
class Parties:
    """Of event logs: what the parties are, and which values mean that none is known."""

    kind: PartyKind | None = None
    missing: tuple[str, ...] = ()
    allow_persons: bool = False


@dataclass(frozen=True, slots=True)
class Charts:
    """What is charted, week by week, and by which rules.

    ``baseline`` is the number of first points that give the limits of each phase (None: all); ``phases`` are days on
    which the process was changed on purpose.
    """

    measures: tuple[Measure, ...] = ("late_share", "median_seconds", "return_share")
    rules: str = "western_electric"
    baseline: int | None = None
    phases: tuple[date, ...] = ()
    recent_weeks: int = 4


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised: ``target_seconds`` where the facts name none, kept by the share ``attainment`` of handoffs.

    Judged over the last ``weeks`` weeks, of all links together with the false discovery rate ``fdr``. With a calendar
    the seconds are those of business, business days may be promised instead (``target_days``), single priorities may
    have their own time, and the attainment of each link is said by ``window``, to which a handoff belongs by the day on
    which it was due or stopped (``window_by``).
    """

    target_seconds: float | None = None
    target_days: int | None = None
    by_priority: Mapping[str, Target] = field(default_factory=dict)
    attainment: float | None = None
    weeks: int = 13
    fdr: float = 0.05
    window: Window = "month"
    window_by: WindowBy = "due"

    @property
    def target(self) -> Target | None:
        """The promised time of all handoffs that have no other."""
        if self.target_seconds is None and self.target_days is None:
            return None
        return Target(self.target_seconds, self.target_days)


@dataclass(frozen=True, slots=True)
class Specification:
    """Limits of a single handoff's seconds, for capability; ``transform`` "log" for times, which are skewed."""

    lower_seconds: float | None = None
    upper_seconds: float | None = None
    transform: Literal["none", "log"] = "log"


@dataclass(frozen=True, slots=True)
class Report:
    """``title`` of the report, and how many links get pictures in it, the most urgent first."""

    title: str = ""
    links: int = 50


@dataclass(frozen=True, slots=True)
class Configuration:
    """The whole file. ``zone`` (IANA) is that of days and weeks, and of times that carry none.

    ``calendar`` says when business time passes; without one, times come from a column, or are elapsed time. ``as_of``
    is the moment at which open handoffs are judged (None: of the newest event). ``kinds`` says which kind of event a
    word of the file means. ``links`` are by subject, or by a pattern of it. ``names`` are what the report calls parties
    whose facts carry numbers only.
    """

    facts: FactKind = "handoffs"
    zone: str = "UTC"
    as_of: datetime | None = None
    calendar: BusinessCalendar | None = None
    clock: Clock = field(default_factory=Clock)
    kinds: Mapping[str, str] = field(default_factory=dict)
    columns: Columns = field(default_factory=Columns)
    parties: Parties = field(default_factory=Parties)
    charts: Charts = field(default_factory=Charts)
    promise: Promise = field(default_factory=Promise)
    specification: Specification = field(default_factory=Specification)
    report: Report = field(default_factory=Report)
    links: Mapping[str, OfLink] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def of_link(self, subject: str) -> OfLink:
        """What differs for a link."""
        return self.links.get(fitting(subject, self.links) or "", OfLink())

    def attainment_of(self, subject: str) -> float | None:
        """The share that is promised to be in time; None: no promise."""
        own = self.of_link(subject).attainment
        return self.promise.attainment if own is None else own

    def specification_of(self, subject: str) -> Specification:
        """The limits of single handoffs."""
        own, usual = self.of_link(subject), self.specification
        lower = usual.lower_seconds if own.lower_seconds is None else own.lower_seconds
        upper = usual.upper_seconds if own.upper_seconds is None else own.upper_seconds
        return Specification(lower, upper, usual.transform)

    def to_dict(self) -> dict[str, Any]:
        """As plain values for JSON."""
        links = {subject: one.to_dict() for subject, one in self.links.items()}
        clock = asdict(self.clock)
        if self.clock.pausing_reasons is not None:
            clock["pausing_reasons"] = sorted(self.clock.pausing_reasons)
        calendar = None if self.calendar is None else self.calendar.to_dict()
        return asdict(replace(self, calendar=None, links={})) | {"calendar": calendar, "clock": clock, "links": links}


def read_configuration(path: Path) -> Configuration:
    """The configuration in a TOML file.

    Raises
    ------
    ConfigurationError
        The file is no TOML, has a key that is not known, or a value that cannot be.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            expected=gettext_noop("The configuration must be a TOML file in UTF-8."),
            found=gettext_noop("“{file}” cannot be read as one: {problem}"),
            remedy=gettext_noop("Correct this place; the guide has an example that works."),
            file=display(str(path)),
            problem=display(str(error), 200),
        ) from error
    return configuration(said)


def configuration(said: Mapping[str, Any]) -> Configuration:
    """The configuration from plain values, checked. Raises ConfigurationError."""
    demand_known(said, tuple(part.name for part in fields(Configuration)), "")
    made: dict[str, Any] = {}
    for name, kind in _SECTIONS.items():
        part = checks.section(name, said.get(name, {}))
        demand_known(part, tuple(one.name for one in fields(kind)), f"{name}.")
        made[name] = kind(**{key: _checked(f"{name}.{key}", value) for key, value in part.items()})
    made |= {key: _checked(key, said[key]) for key in ("facts", "zone", "as_of", "kinds") if key in said}
    zone = made.setdefault("zone", "UTC")
    if "calendar" in said:
        made["calendar"] = calendar_of("calendar", said["calendar"], zone)
    made["links"] = of_links("links", said.get("links", {}), zone)
    made["names"] = {party: checks.text(f"names.{party}", name) for party, name in _names(said).items()}
    if (as_of := made.get("as_of")) is not None and as_of.tzinfo is None:
        made["as_of"] = as_of.replace(tzinfo=ZoneInfo(zone))
    whole = Configuration(**made)
    _demand_sense(whole)
    _demand_agreement(whole)
    return whole


def _names(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return checks.section("names", said.get("names", {}), gettext_noop("a section, such as [names]"))


_SECTIONS: Mapping[str, type[Any]] = {
    "columns": Columns,
    "parties": Parties,
    "charts": Charts,
    "clock": Clock,
    "promise": Promise,
    "specification": Specification,
    "report": Report,
}

_CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "facts": lambda key, value: choice(key, value, FACT_KINDS),
    "zone": checks.zone,
    "as_of": checks.moment,
    "kinds": event_words,
    "parties.kind": lambda key, value: choice(key, value, PARTY_KINDS),
    "parties.missing": lambda key, value: several(key, value, lambda k, v: v if v == "" else checks.text(k, v)),
    "parties.allow_persons": checks.yes_no,
    "charts.measures": lambda key, value: several(key, value, lambda k, v: choice(k, v, MEASURES)),
    "charts.rules": lambda key, value: choice(key, value, tuple(RULE_SETS)),
    "charts.baseline": lambda key, value: number(key, value, 2, 1000, whole=True),
    "charts.phases": lambda key, value: several(key, value, checks.day),
    "charts.recent_weeks": lambda key, value: number(key, value, 1, 1000, whole=True),
    "clock.starts": lambda key, value: choice(key, value, get_args(Starts)),
    "clock.stops": lambda key, value: choice(key, value, get_args(Stops)),
    "clock.while_closed": lambda key, value: choice(key, value, get_args(WhileClosed)),
    "clock.pausing_reasons": lambda key, value: frozenset(several(key, value, checks.text)),
    "clock.priority": lambda key, value: choice(key, value, get_args(PriorityInForce)),
    "clock.due_means": lambda key, value: choice(key, value, get_args(DueMeans)),
    "clock.exact_close": lambda key, value: choice(key, value, get_args(ExactClose)),
    "promise.target_seconds": lambda key, value: number(key, value, 0, LONGEST_SECONDS),
    "promise.target_days": lambda key, value: number(key, value, 0, LONGEST_DAYS, whole=True),
    "promise.by_priority": targets_by_priority,
    "promise.attainment": lambda key, value: number(key, value, 0.01, 1),
    "promise.weeks": lambda key, value: number(key, value, 1, 1000, whole=True),
    "promise.fdr": lambda key, value: number(key, value, 0.0001, 0.5),
    "promise.window": lambda key, value: choice(key, value, get_args(Window)),
    "promise.window_by": lambda key, value: choice(key, value, get_args(WindowBy)),
    "specification.lower_seconds": lambda key, value: number(key, value, 0, LONGEST_SECONDS),
    "specification.upper_seconds": lambda key, value: number(key, value, 0, LONGEST_SECONDS),
    "specification.transform": lambda key, value: choice(key, value, ("none", "log")),
    "report.title": checks.text,
    "report.links": lambda key, value: number(key, value, 0, 5000, whole=True),
}


def _checked(key: str, value: Any) -> Any:
    check: Callable[[str, Any], Any] = _CHECKS.get(key, checks.text)
    return check(key, value)


def _demand_sense(whole: Configuration) -> None:
    columns, promise = whole.columns, whole.promise
    both = (columns.supplier is None) == (columns.customer is None)
    demand(both, "columns.supplier", Phrase(_TOGETHER, other="columns.customer"), columns.supplier or columns.customer)
    limits = whole.specification
    places = {"specification": limits, **{f'links."{name}"': whole.specification_of(name) for name in whole.links}}
    for place, one in places.items():
        if one.lower_seconds is not None and one.upper_seconds is not None:
            ordered = one.lower_seconds < one.upper_seconds
            demand(ordered, f"{place}.lower_seconds", Phrase(_BELOW, other=f"{place}.upper_seconds"), one.lower_seconds)
    one_time = promise.target_seconds is None or promise.target_days is None
    demand(one_time, "promise.target_days", _EITHER, promise.target_days)


_TOGETHER = gettext_noop("named together with {other}")
_BELOW = gettext_noop("below {other}")
_STARTS = gettext_noop("named: it starts the clock (see clock.starts)")
_STOPS = gettext_noop("named: it stops the clock (see clock.stops)")
_EITHER = gettext_noop("left out where target_seconds is given")
_WITH_CALENDAR = gettext_noop("left out, or given together with a section [calendar]")
_COMPUTED = gettext_noop("left out with a [calendar]: it is computed from the moments")


def _needing_calendar(whole: Configuration) -> Mapping[str, bool]:
    """What only has a meaning with a calendar, and whether it is given."""
    promise, usual = whole.promise, Promise()
    return {
        "facts": whole.facts == "handoff_events",
        "as_of": whole.as_of is not None,
        "clock": whole.clock != Clock(),
        **{f"columns.{name}": getattr(whole.columns, name) is not None for name in (*MOMENTS, "due_at")},
        **{
            f"promise.{name}": getattr(promise, name) != getattr(usual, name)
            for name in ("target_days", "by_priority", "window", "window_by")
        },
        **{f'links."{name}".calendar': one.calendar is not None for name, one in whole.links.items()},
        **{f'links."{name}".target_days': one.target_days is not None for name, one in whole.links.items()},
    }


def _demand_agreement(whole: Configuration) -> None:
    """Refuse what only has a meaning with a calendar, and a calendar without the moments on which it works."""
    if whole.calendar is None:
        for key, given in _needing_calendar(whole).items():
            demand(not given, key, _WITH_CALENDAR, "given")
        return
    columns, usual = whole.columns, Columns()
    demand(
        whole.facts in CLOCKED,
        "calendar",
        gettext_noop("left out unless facts is handoffs or handoff_events"),
        whole.facts,
    )
    for name in ("seconds", "target_seconds", "late", "open", "returned"):
        given = getattr(columns, name)
        demand(given == getattr(usual, name), f"columns.{name}", _COMPUTED, given)
    priorities = not whole.promise.by_priority or columns.priority is not None
    demand(
        priorities, "columns.priority", gettext_noop("named, because promise.by_priority is given"), columns.priority
    )
    if whole.facts == "handoffs":
        _demand_moments(whole)


def _demand_moments(whole: Configuration) -> None:
    """Of one row a handoff the moments that start and stop the clock are known."""
    columns, clock = whole.columns, whole.clock
    starts, stops = getattr(columns, clock.starts), getattr(columns, clock.stops)
    demand(starts is not None, f"columns.{clock.starts}", _STARTS, starts)
    stopped = stops is not None or columns.accepted is not None
    demand(stopped, f"columns.{clock.stops}", _STOPS, stops)
    paired = (columns.paused is None) == (columns.resumed is None)
    demand(paired, "columns.paused", Phrase(_TOGETHER, other="columns.resumed"), columns.paused or columns.resumed)
    demand(not whole.kinds, "kinds", gettext_noop("left out unless facts is handoff_events"), dict(whole.kinds))
