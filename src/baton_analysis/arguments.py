"""What public functions demand of the kind of each argument, said in words instead of a TypeError from within.

:func:`checked` reads the annotations of a function. It looks at kinds only: that a number lies within its bounds, or a
text is one of those known, is for the function to say. What has no plain kind (a callback's result, the cells of a
table) is left to the function, too.
"""

from __future__ import annotations

import inspect
import reprlib
import sys
import types
from collections.abc import (
    Callable,
    Hashable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    Sized,
    ValuesView,
)
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, wraps
from numbers import Integral, Real
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

from baton_analysis.errors import BatonError, Phrase, gettext_noop

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=type)

CHECKED: list[Callable[..., Any]] = []
"""Every function that :func:`checked` guards: the public surface of the analysis."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What an argument must be: whether a value is of it, and how that is said."""

    fits: Callable[[Any], bool]
    said: Phrase
    gathers: bool = False
    """Whether values that can be gone through only once are gathered before they are looked at."""


def checked(error: type[BatonError]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function refuse arguments of a wrong kind with an ``error`` that says what was expected, found, and to do.

    A wrong number or name of arguments stays Python's TypeError: it concerns the call and not the data.
    """

    def guard(function: Callable[P, R]) -> Callable[P, R]:
        everything = list(inspect.signature(function).parameters.values())
        parameters = [one for one in everything if one.name not in {"self", "cls"}]
        skipped = len(everything) - len(parameters)
        in_order = [one.name for one in parameters if one.kind in {one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD}]
        rest = next((one.name for one in parameters if one.kind is one.VAR_POSITIONAL), "")

        @cache
        def kinds() -> Mapping[str, Kind]:
            hints = get_type_hints(function)
            found = {one.name: kind_of(hints[one.name]) for one in parameters if one.name in hints}
            return {name: kind for name, kind in found.items() if kind is not None}

        @wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            wanted = kinds()
            given = list(args)
            for place, value in enumerate(given[skipped:], start=skipped):
                name = in_order[place - skipped] if place - skipped < len(in_order) else rest
                if name in wanted:
                    given[place] = _demand(wanted[name], value, name, function, error)
            named = {
                name: _demand(wanted[name], value, name, function, error) if name in wanted else value
                for name, value in kwargs.items()
            }
            return function(*given, **named)  # type: ignore[arg-type]

        CHECKED.append(guarded)
        return guarded

    return guard


def checked_fields(error: type[BatonError]) -> Callable[[C], C]:
    """As :func:`checked` for what a class is made of: a data class whose objects people make themselves."""

    def guard(kind: C) -> C:
        kind.__init__ = checked(error)(kind.__init__)  # type: ignore[misc]
        return kind

    return guard


def _demand(kind: Kind, value: Any, name: str, function: Callable[..., Any], error: type[BatonError]) -> Any:
    """The value, gathered where it can be gone through only once; refused where it is of another kind."""
    if kind.gathers and isinstance(value, Iterator | ValuesView) or _is_of(value, "polars", "Series"):
        value = tuple(value)
    if kind.fits(value):
        return value
    raise error(
        expected=gettext_noop("“{key}” must be {wanted}."),
        found=gettext_noop("It is {value}."),
        remedy=gettext_noop("Correct it: help({function}) says what each argument means."),
        key=name,
        wanted=kind.said,
        value=reprlib.repr(value),
        function=function.__qualname__.removesuffix(".__init__"),
    )


NUMBER = Kind(lambda value: isinstance(value, Real) and not _is_truth(value), Phrase(gettext_noop("a number")))
WHOLE = Kind(lambda value: isinstance(value, Integral) and not _is_truth(value), Phrase(gettext_noop("a whole number")))
TRUTH = Kind(lambda value: _is_truth(value), Phrase(gettext_noop("true or false")))
TEXT = Kind(lambda value: isinstance(value, str), Phrase(gettext_noop("a text")))
NOTHING = Kind(lambda value: value is None, Phrase(gettext_noop("nothing (None)")))
DAY = Kind(
    lambda value: isinstance(value, date) and not isinstance(value, datetime),
    Phrase(gettext_noop("a date such as 2026-03-02")),
)
HASHABLE = Kind(lambda value: isinstance(value, Hashable), Phrase(gettext_noop("a name, such as a text or a number")))
FUNCTION = Kind(callable, Phrase(gettext_noop("a function")))
NUMBERS = Kind(lambda value: _is_list(value), Phrase(gettext_noop("a list of numbers")))
WHOLES = Kind(
    lambda value: _is_list(value) and all(map(NUMBER.fits, value)), Phrase(gettext_noop("a list of numbers")), True
)
NUMBER_OR_NUMBERS = Kind(
    lambda value: NUMBER.fits(value) or (_is_list(value, dimensions=0) and _are_numbers(value)),
    Phrase(gettext_noop("a number or a table of them")),
    True,
)

_PLAIN: dict[Any, Kind] = {
    float: NUMBER, int: WHOLE, bool: TRUTH, str: TEXT, None: NOTHING, type(None): NOTHING, date: DAY,
    Hashable: HASHABLE,
}  # fmt: skip


def kind_of(hint: Any) -> Kind | None:
    """What an annotation demands; None where it demands nothing that can be told by looking."""
    if isinstance(hint, Hashable) and hint in _PLAIN:
        return _PLAIN[hint]
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Literal:
        return kind_of(type(parts[0]))
    if origin in {Union, types.UnionType}:
        return _either(hint, parts)
    if origin is tuple and Ellipsis not in parts:
        return _row(parts)
    if origin is not None and inspect.isclass(origin) and issubclass(origin, Mapping):
        return _names_and_values(parts)
    if origin is Callable:
        return FUNCTION
    if origin is not None and origin is getattr(sys.modules.get("numpy"), "ndarray", None):
        return NUMBERS
    if inspect.isclass(origin) and issubclass(origin, Iterable):
        return _list(parts[0], in_order=issubclass(origin, Sequence))
    kind = origin or hint
    if kind in {Any, object} or not inspect.isclass(kind) or getattr(kind, "_is_protocol", False):
        return None
    return Kind(lambda value: isinstance(value, kind), Phrase(gettext_noop("a {name}"), name=kind.__name__))


def _either(union: Any, hints: Sequence[Any]) -> Kind | None:
    if (arrays := sys.modules.get("numpy.typing")) and union == arrays.ArrayLike:
        return NUMBER_OR_NUMBERS
    kinds = [kind_of(hint) for hint in hints]
    if any(kind is None for kind in kinds):
        return None
    known = [kind for kind in kinds if kind is not None]
    # A list of numbers and an array are one thing to a reader.
    said = list({str(kind.said): kind.said for kind in known}.values())
    phrase = said[-1]
    for one in reversed(said[:-1]):
        phrase = Phrase(gettext_noop("{one} or {other}"), one=one, other=phrase)
    return Kind(lambda value: any(kind.fits(value) for kind in known), phrase, any(kind.gathers for kind in known))


def _row(hints: Sequence[Any]) -> Kind:
    """So many values, each of its kind."""
    kinds = [kind_of(hint) for hint in hints]

    def fits(value: Any) -> bool:
        return _is_list(value) and len(value) == len(kinds) and all(map(_fits, kinds, value))

    return Kind(fits, Phrase(gettext_noop("a row of {size} values, such as a tuple"), size=len(kinds)), True)


def _list(hint: Any, *, in_order: bool) -> Kind:
    """Things of one kind; numbers among them are left to the function, which tells the first that is none."""
    if hint is int:
        return WHOLES
    if hint is float or hint in (float | None, int | None):
        return NUMBERS
    inner = kind_of(hint)
    # Rows are told by the function, which knows how long they have to be.
    if inner is None or inner is NUMBERS or get_origin(hint) is Sequence:
        return Kind(_is_list, Phrase(gettext_noop("a list")), True)
    letters = inner is HASHABLE

    def fits(value: Any) -> bool:
        gathered = _is_list(value) or (letters and isinstance(value, str))
        return (gathered or (not in_order and isinstance(value, set | frozenset))) and all(map(inner.fits, value))

    return Kind(fits, Phrase(gettext_noop("a list, each of it {kind}"), kind=inner.said), gathers=True)


def _names_and_values(hints: Sequence[Any]) -> Kind:
    kinds = [kind_of(hint) for hint in hints]

    def fits(value: Any) -> bool:
        return isinstance(value, Mapping) and all(
            _fits(kinds[0], key) and _fits(kinds[1], part) for key, part in value.items()
        )

    return Kind(fits, Phrase(gettext_noop("names with their values (a dict)")))


def _fits(kind: Kind | None, value: Any) -> bool:
    return kind is None or kind.fits(value)


def _is_of(value: Any, library: str, name: str) -> bool:
    """Whether it is an object of a class of a library, which is not loaded for that: where it is not, nothing is."""
    loaded = sys.modules.get(library)
    return loaded is not None and isinstance(value, getattr(loaded, name))


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or _is_of(value, "numpy", "bool_")


def _are_numbers(values: Any) -> bool:
    """Whether a table of them can be made; days and moments are counted, too."""
    import numpy as np  # a server that computes nothing does without

    try:
        table = np.asarray(values)
        return table.dtype.kind in "biufM" or (table.dtype.kind == "O" and table.astype(np.float64).size == table.size)
    except (TypeError, ValueError):
        return False


def _is_list(value: Any, dimensions: int = 1) -> bool:
    """Whether it is values in an order: a list, an array, a column of a table; no text, set, or names with values."""
    if isinstance(value, str | bytes | Mapping | set | frozenset):
        return False
    if _is_of(value, "numpy", "ndarray"):
        return bool(value.ndim >= dimensions)
    return isinstance(value, Iterator | ValuesView) or (isinstance(value, Sized) and isinstance(value, Iterable))
