"""The configuration of ``baton analyse``: a TOML file, checked whole before anything is read.

Every key has a meaning here and nowhere else; a key that is not known is refused with the one that it resembles.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any, Literal, get_args

from baton_analysis.errors import BatonError, Phrase, gettext_noop
from baton_analysis.facts.mapping import PARTY_KINDS, PartyKind
from baton_analysis.readers.model import display
from baton_analysis.readers.times import check_zone
from baton_analysis.signals.chart_rules import RULE_SETS

FactKind = Literal["handoffs", "handovers", "events"]
FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)
Measure = Literal["late_share", "median_seconds", "return_share", "handoffs"]
MEASURES: tuple[Measure, ...] = get_args(Measure)


class ConfigurationError(BatonError):
    """The configuration says something that cannot be done; ``key`` names the place, such as ``charts.rules``."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of the file are called; what is left out has its own name, or is not there."""

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

    Judged over the last ``weeks`` weeks, of all links together with the false discovery rate ``fdr``.
    """

    target_seconds: float | None = None
    attainment: float | None = None
    weeks: int = 13
    fdr: float = 0.05


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
class OfLink:
    """What differs for one link from ``Promise`` and ``Specification``; None: as for all."""

    target_seconds: float | None = None
    attainment: float | None = None
    lower_seconds: float | None = None
    upper_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Configuration:
    """The whole file. ``zone`` (IANA) is that of days and weeks, and of times that carry none; ``links`` by subject.

    ``names`` are what the report calls parties whose facts carry numbers only.
    """

    facts: FactKind = "handoffs"
    zone: str = "UTC"
    columns: Columns = field(default_factory=Columns)
    parties: Parties = field(default_factory=Parties)
    charts: Charts = field(default_factory=Charts)
    promise: Promise = field(default_factory=Promise)
    specification: Specification = field(default_factory=Specification)
    report: Report = field(default_factory=Report)
    links: Mapping[str, OfLink] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def attainment_of(self, subject: str) -> float | None:
        """The share that is promised to be in time; None: no promise."""
        own = self.links.get(subject, OfLink()).attainment
        return self.promise.attainment if own is None else own

    def specification_of(self, subject: str) -> Specification:
        """The limits of single handoffs."""
        own, usual = self.links.get(subject, OfLink()), self.specification
        lower = usual.lower_seconds if own.lower_seconds is None else own.lower_seconds
        upper = usual.upper_seconds if own.upper_seconds is None else own.upper_seconds
        return Specification(lower, upper, usual.transform)


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
    _demand_known(said, tuple(one.name for one in fields(Configuration)), "")
    made: dict[str, Any] = {}
    for name, kind in _SECTIONS.items():
        part = said.get(name, {})
        _demand(isinstance(part, Mapping), name, gettext_noop("a section, such as [charts]"), part)
        _demand_known(part, tuple(one.name for one in fields(kind)), f"{name}.")
        made[name] = kind(**{key: _checked(f"{name}.{key}", value) for key, value in part.items()})
    made |= {key: _checked(key, said[key]) for key in ("facts", "zone") if key in said}
    links = said.get("links", {})
    _demand(isinstance(links, Mapping), "links", gettext_noop('sections, such as [links."A>B"]'), links)
    made["links"] = {subject: _of_link(subject, part) for subject, part in links.items()}
    names = said.get("names", {})
    _demand(isinstance(names, Mapping), "names", gettext_noop("a section, such as [names]"), names)
    made["names"] = {party: _text(f"names.{party}", name) for party, name in names.items()}
    whole = Configuration(**made)
    _demand_sense(whole)
    return whole


def _of_link(subject: str, part: Any) -> OfLink:
    place = f'links."{subject}"'
    _demand(isinstance(part, Mapping), place, gettext_noop('a section, such as [links."A>B"]'), part)
    _demand_known(part, tuple(one.name for one in fields(OfLink)), f"{place}.")
    return OfLink(**{key: _CHECKS[f"links.{key}"](f"{place}.{key}", value) for key, value in part.items()})


_SECTIONS: Mapping[str, type[Any]] = {
    "columns": Columns,
    "parties": Parties,
    "charts": Charts,
    "promise": Promise,
    "specification": Specification,
    "report": Report,
}


def _demand_known(part: Mapping[str, Any], known: Sequence[str], prefix: str) -> None:
    for key in part:
        if key in known:
            continue
        near = difflib.get_close_matches(key, known, n=1)
        raise ConfigurationError(
            expected=gettext_noop("The keys known here are: {known}."),
            found=gettext_noop("“{key}” is none of them."),
            remedy=gettext_noop("Did you mean “{near}”?") if near else gettext_noop("Take it out, or correct it."),
            known=", ".join(prefix + name for name in known),
            key=display(prefix + key),
            near=prefix + near[0] if near else "",
        )


def _demand(fits: bool, key: str, wanted: str, value: object) -> None:
    if not fits:
        raise ConfigurationError(
            expected=gettext_noop("“{key}” must be {wanted}."),
            found=gettext_noop("It is {value}."),
            remedy=gettext_noop("Correct it in the configuration."),
            key=key,
            wanted=Phrase(wanted),
            value=display(repr(value)),
        )


def _number(key: str, value: Any, low: float, high: float, *, whole: bool = False) -> float:
    kinds = int if whole else (int, float)
    fits = isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high
    _demand(fits, key, f"a {'whole ' if whole else ''}number from {low:g} to {high:g}", value)
    return int(value) if whole else float(value)


def _text(key: str, value: Any) -> str:
    _demand(isinstance(value, str) and bool(value), key, gettext_noop("a text"), value)
    return str(value)


def _choice(key: str, value: Any, known: Sequence[str]) -> Any:
    near = difflib.get_close_matches(str(value), known, n=1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    _demand(value in known, key, f"one of {', '.join(known)}{hint}", value)
    return value


def _list(key: str, value: Any, one: Callable[[str, Any], Any]) -> tuple[Any, ...]:
    _demand(isinstance(value, list), key, gettext_noop('a list, such as ["a", "b"]'), value)
    return tuple(one(key, item) for item in value)


def _day(key: str, value: Any) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    _demand(type(value) is date, key, gettext_noop("a date such as 2026-03-02"), value)
    return date.fromisoformat(str(value))


def _yes_no(key: str, value: Any) -> bool:
    _demand(isinstance(value, bool), key, gettext_noop("true or false"), value)
    return bool(value)


def _zone(key: str, value: Any) -> str:
    name = _text(key, value)
    check_zone(name)
    return name


_LONGEST = 1e10
_CHECKS: Mapping[str, Callable[[str, Any], Any]] = {
    "facts": lambda key, value: _choice(key, value, FACT_KINDS),
    "zone": _zone,
    "parties.kind": lambda key, value: _choice(key, value, PARTY_KINDS),
    "parties.missing": lambda key, value: _list(key, value, lambda k, v: v if v == "" else _text(k, v)),
    "parties.allow_persons": _yes_no,
    "charts.measures": lambda key, value: _list(key, value, lambda k, v: _choice(k, v, MEASURES)),
    "charts.rules": lambda key, value: _choice(key, value, tuple(RULE_SETS)),
    "charts.baseline": lambda key, value: _number(key, value, 2, 1000, whole=True),
    "charts.phases": lambda key, value: _list(key, value, _day),
    "charts.recent_weeks": lambda key, value: _number(key, value, 1, 1000, whole=True),
    "promise.target_seconds": lambda key, value: _number(key, value, 0, _LONGEST),
    "promise.attainment": lambda key, value: _number(key, value, 0.01, 1),
    "promise.weeks": lambda key, value: _number(key, value, 1, 1000, whole=True),
    "promise.fdr": lambda key, value: _number(key, value, 0.0001, 0.5),
    "specification.lower_seconds": lambda key, value: _number(key, value, 0, _LONGEST),
    "specification.upper_seconds": lambda key, value: _number(key, value, 0, _LONGEST),
    "specification.transform": lambda key, value: _choice(key, value, ("none", "log")),
    "links.target_seconds": lambda key, value: _number(key, value, 0, _LONGEST),
    "links.attainment": lambda key, value: _number(key, value, 0.01, 1),
    "links.lower_seconds": lambda key, value: _number(key, value, 0, _LONGEST),
    "links.upper_seconds": lambda key, value: _number(key, value, 0, _LONGEST),
    "report.title": _text,
    "report.links": lambda key, value: _number(key, value, 0, 5000, whole=True),
}


def _checked(key: str, value: Any) -> Any:
    check: Callable[[str, Any], Any] = _CHECKS.get(key, _text)
    return check(key, value)


def _demand_sense(whole: Configuration) -> None:
    columns, limits = whole.columns, whole.specification
    both = (columns.supplier is None) == (columns.customer is None)
    _demand(both, "columns.supplier", "named together with columns.customer", columns.supplier or columns.customer)
    places = {"specification": limits, **{f'links."{name}"': whole.specification_of(name) for name in whole.links}}
    for place, one in places.items():
        if one.lower_seconds is not None and one.upper_seconds is not None:
            ordered = one.lower_seconds < one.upper_seconds
            _demand(ordered, f"{place}.lower_seconds", f"below {place}.upper_seconds", one.lower_seconds)
