"""What may be asked of a list, and the one spelling of it.

A view of a list is kept as a query, spelled by :meth:`FilteredList.spelled`. It is read again each time, so that a
filter or a choice that has vanished since is left out of it, and is never an error.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any
from urllib.parse import parse_qs, urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext

from baton.core.actors import Actor
from baton.core.formats import labelled
from baton.core.registries import Registry
from baton.core.texts import clean_text

VALUE_LENGTH = 200
QUERY_LENGTH = 1000
ORDER = "order"
ALL = "view=all"
"""Query under which a list shows all rows, whatever the reader's default view of it."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that is done to many rows of a list.

    ``label`` is the button, ``title`` heads the page that asks what is to be set. ``form(data, viewer=, at=)`` makes
    its form, whose ``given()`` holds what ``write(by=, at=, row=, expected_seq=, **given)`` takes beside the row:
    the function that changes one. ``now(row)`` says what stands there; ``refusals(viewer, at, rows)`` tells for each of
    some rows beforehand why it will be refused, whatever is set; empty: nothing known speaks against it.

    ``afterwards(by=, at=, rows=, count=, **given)`` is called once when it is over, in that change, with the first few
    of the ``count`` rows that were changed: for who is told of all of them in one message.
    """

    label: Any
    title: Any
    icon: str
    form: Callable[..., Any]
    write: Callable[..., Any]
    now: Callable[[Any], str]
    refusals: Callable[[Actor, datetime, Sequence[Any]], Sequence[Any]]
    danger: bool = False
    afterwards: Callable[..., None] | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """How rows of a list are found again when something is done to them.

    ``matching(viewer=, at=, query=)`` yields id and version of all rows that a query (a mapping) finds, ``find(viewer=,
    at=, ids=)`` maps ids to those rows that the viewer sees. ``named(row)`` and ``address(row)`` say what people call
    one, and where its page is; ``some(n)`` is how several are counted ("3 links"). ``version(row)`` is the version that
    ``matching`` yields.
    """

    matching: Callable[..., Iterable[tuple[str, int]]]
    find: Callable[..., Mapping[str, Any]]
    named: Callable[[Any], str]
    address: Callable[[Any], str]
    some: Callable[[int], str]
    version: Callable[[Any], int] = attrgetter("changed_seq")


def _nothing(actor: Actor, at: datetime) -> Collection[str]:
    return ()


@dataclass(frozen=True, slots=True)
class FilteredList:
    """A list with filters: ``title`` for people, ``url_name`` of its page, ``form`` with its filters, ``shown(actor)``
    whether he may open it.

    ``orders`` are the keys by which it is sorted. ``usual`` are the values that are the same as none (``state=live``).
    ``also`` are parameters without a field in the form (an id), ``unkept`` fields of it that views do not keep.

    ``acts`` is what can be done to rows by name, ``offered(actor, at)`` names those that are offered to him.
    """

    title: Any
    url_name: str
    form: type[forms.Form]
    shown: Callable[[Actor], bool]
    orders: frozenset[str] = frozenset()
    usual: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    unkept: frozenset[str] = frozenset()
    rows: Chosen | None = None
    acts: Mapping[str, Act] = field(default_factory=dict)
    offered: Callable[[Actor, datetime], Collection[str]] = _nothing

    def address(self, query: str = "") -> str:
        """Its page with ``query``; without one, all rows."""
        return f"{reverse(self.url_name)}?{query or ALL}"

    def spelled(self, asked: Mapping[str, Any] | str) -> str:
        """What is asked for in its one spelling: what the list knows, in the order of its form; empty: all rows.

        ``asked`` is a query or its parsed form. Unknown parameters and values are left out, so are those that make no
        difference.
        """
        if isinstance(asked, str):
            asked = {name: values[-1] for name, values in parse_qs(asked[: 4 * QUERY_LENGTH]).items()}
        kept = {}
        for name in (*self.form.base_fields, *self.also, ORDER):
            value = self._value(name, clean_text(str(asked.get(name) or ""))[:VALUE_LENGTH])
            if value and value != self.usual.get(name):
                kept[name] = value
        while len(query := urlencode(kept)) > QUERY_LENGTH:
            kept.pop(max(kept, key=lambda name: len(kept[name])))
        return query

    def parsed(self, query: str) -> dict[str, str]:
        """A spelled query by parameter."""
        return {name: values[-1] for name, values in parse_qs(query).items()}

    def _value(self, name: str, value: str) -> str:
        """The value as far as the list knows it; empty where it does not."""
        if name == ORDER:
            return value if value.removeprefix("-") in self.orders else ""
        if name in self.unkept:
            return ""
        known = self.form.base_fields.get(name)
        if isinstance(known, forms.BooleanField):
            return "on" if value else ""
        # A choice that each reader has to himself (parties in sight) stands in his form only; its values are ids.
        choices = _choices(known)
        return value if not choices or value in choices else ""

    def words(self, query: str) -> Iterator[str]:
        """What ``query`` asks for, in the reader's words, one filter each; a record among the values is not named."""
        for name, values in parse_qs(query).items():
            known, value = self.form.base_fields.get(name), values[-1]
            if name == ORDER:
                yield gettext("Sorted")
            elif known is None or isinstance(known, forms.BooleanField):
                yield str(known.label) if known is not None else gettext("One record")
            elif isinstance(known, forms.ChoiceField):
                label = _choices(known).get(value)
                yield labelled(known.label, label) if label else str(known.label)
            else:
                yield labelled(known.label, value)


def _choices(known: forms.Field | None) -> dict[str, Any]:
    """The choices that a field has for everybody, with the words for them."""
    listed: Any = known.choices if isinstance(known, forms.ChoiceField) else ()
    return {str(key): label for key, label in listed}


lists: Registry[FilteredList] = Registry("list")
