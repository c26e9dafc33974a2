"""Checks of single values of a configuration: each gives the value back, or refuses it with its place."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from baton_analysis.errors import BatonError, Phrase, gettext_noop
from baton_analysis.readers.model import display
from baton_analysis.readers.times import check_zone


class ConfigurationError(BatonError):
    """The configuration says something that cannot be done; ``key`` names the place, such as ``charts.rules``."""


_NUMBER = gettext_noop("a number from {low} to {high}")
_WHOLE_NUMBER = gettext_noop("a whole number from {low} to {high}")
_ONE_OF = gettext_noop("one of {known}")
_ONE_OF_NEAR = gettext_noop("one of {known} (did you mean {near}?)")


def demand(fits: bool, key: str, wanted: str, value: object) -> None:
    """Refuse the value of a key unless it fits what is wanted, which is said as in “must be …”: a text marked for
    translation, or a Phrase with values of its own."""
    if not fits:
        raise ConfigurationError(
            expected=gettext_noop("“{key}” must be {wanted}."),
            found=gettext_noop("It is {value}."),
            remedy=gettext_noop("Correct it in the configuration."),
            key=key,
            wanted=wanted if isinstance(wanted, Phrase) else Phrase(wanted),
            value=display(repr(value)),
        )


def demand_known(part: Mapping[str, Any], known: Sequence[str], prefix: str) -> None:
    """Refuse keys that mean nothing, with the one that they resemble."""
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


A_SECTION = gettext_noop("a section, such as [charts]")


def section(key: str, value: Any, wanted: str = A_SECTION) -> Mapping[str, Any]:
    """The keys and values of a section."""
    demand(isinstance(value, Mapping), key, wanted, value)
    return dict(value)


def number(key: str, value: Any, low: float, high: float, *, whole: bool = False) -> float:
    """A number within the bounds, which are included; ``whole`` refuses fractions."""
    kinds = int if whole else (int, float)
    fits = isinstance(value, kinds) and not isinstance(value, bool) and low <= value <= high
    demand(fits, key, Phrase(_WHOLE_NUMBER if whole else _NUMBER, low=f"{low:g}", high=f"{high:g}"), value)
    return int(value) if whole else float(value)


def text(key: str, value: Any) -> str:
    """A text that is not empty."""
    demand(isinstance(value, str) and bool(value), key, gettext_noop("a text"), value)
    return str(value)


def choice(key: str, value: Any, known: Sequence[str]) -> Any:
    """One of the known values; what is close to one is asked about."""
    near = difflib.get_close_matches(str(value), known, n=1)
    listed = ", ".join(known)
    wanted = Phrase(_ONE_OF_NEAR, known=listed, near=near[0]) if near else Phrase(_ONE_OF, known=listed)
    demand(value in known, key, wanted, value)
    return value


def several(key: str, value: Any, one: Callable[[str, Any], Any]) -> tuple[Any, ...]:
    """A list, each item checked by ``one``."""
    demand(isinstance(value, list), key, gettext_noop('a list, such as ["a", "b"]'), value)
    return tuple(one(key, item) for item in value)


def day(key: str, value: Any) -> date:
    """A day, written as TOML's date or as text."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    demand(type(value) is date, key, gettext_noop("a date such as 2026-03-02"), value)
    return date.fromisoformat(str(value))


def moment(key: str, value: Any) -> datetime:
    """A moment, written as TOML's date and time."""
    demand(isinstance(value, datetime), key, gettext_noop("a date and time such as 2026-03-31T18:00:00+08:00"), value)
    return datetime.fromisoformat(str(value))


def yes_no(key: str, value: Any) -> bool:
    """True or false."""
    demand(isinstance(value, bool), key, gettext_noop("true or false"), value)
    return bool(value)


def zone(key: str, value: Any) -> str:
    """The IANA name of a time zone. Raises ReadError where it is none."""
    name = text(key, value)
    check_zone(name)
    return name
