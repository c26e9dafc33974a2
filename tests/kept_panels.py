"""What panels say they read, held against what they ask of the database, in every test that opens a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from contextvars import copy_context
from copy import copy
from dataclasses import replace
from datetime import UTC
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

T = TypeVar("T")

alone: list[Callable[[], AbstractContextManager[None]]] = [nullcontext]


@pytest.fixture
def each_panel_reads_for_itself() -> Iterator[None]:
    """Nothing that another part of the page has read already is hidden from the look at what a panel reads."""
    from baton.core.once import once_in_here

    alone[0] = once_in_here
    yield
    alone[0] = nullcontext


looked_into: list[str] = []


@pytest.fixture
def panels_are_as_alike_as_they_say() -> Iterator[list[str]]:
    """Each panel that says so shows the same at the other end of the day, and to somebody else who is the same. Gives
    the titles of those that were looked into."""
    from baton.chain.pages import panels_shown

    draw = panels_shown._draw

    def compared(request: Any, subject: Any, panel: Any) -> Any:
        drawn = draw(request, subject, panel)
        if panel.by_day or panel.alike:
            looked_into.append(str(panel.title))
        if panel.by_day:
            for hour in (0, 23):
                other = at_hour(request, hour)
                assert of_all(drawn) == of_all(drawn_apart(other, subject, panel)), f"{panel.title}: another hour"
        if panel.alike and request.actor.person is not None:
            assert of_all(drawn) == of_all(drawn_for_twin(request, subject, panel)), f"{panel.title}: somebody else"
        return drawn

    panels_shown._draw = compared
    looked_into.clear()
    yield looked_into
    panels_shown._draw = draw


def of_all(drawn: tuple[str, ...]) -> list[str]:
    """What is drawn, without the tokens of forms."""
    return [re.sub(r"\b[A-Za-z0-9]{64}\b", "", one) for one in drawn]


def apart(what: Callable[[], T]) -> T:
    """Do it as if outside of the request at hand, in a context of its own: nothing that it has read is known there. All
    else of the context stays, for it has the connection to the database where a browser runs in this process."""
    from baton.core import once

    def alone() -> T:
        once._kept.set(None)
        return what()

    return copy_context().run(alone)


def drawn_apart(request: Any, subject: Any, panel: Any) -> tuple[str, ...]:
    """The panel as another request draws it, which takes nothing over from this one."""
    from django.template.loader import render_to_string

    def draw() -> tuple[str, ...]:
        context = panel.context(request, subject)
        return () if context is None else (render_to_string(panel.template, context, request),)

    return apart(draw)


def at_hour(request: Any, hour: int) -> Any:
    """The request at another hour of the same day of the organisation."""
    from django.conf import settings

    other = copy(request)
    now = request.now.astimezone(ZoneInfo(settings.TIME_ZONE))
    other.now = now.replace(hour=hour, minute=59 if hour else 0).astimezone(UTC)
    return other


def drawn_for_twin(request: Any, subject: Any, panel: Any) -> tuple[str, ...]:
    """The panel as somebody sees it who came today and holds the same roles and memberships; for a moment, past the
    audit trail."""
    from django.db import transaction

    from baton.chain.models import Membership
    from baton.core.models import Person

    other = copy(request)
    with transaction.atomic():
        person = Person.objects.get(pk=request.actor.person.pk)
        twin = copy(person)
        twin.pk, twin.public_id, twin.sign_in_name, twin.email, twin.phone = None, "twin", "twin", "", ""
        twin.name = {"en": "Twin"}
        Person.objects.bulk_create([twin])
        Membership.objects.filter(person=person).update(person=twin)
        other.actor = replace(request.actor, person=twin)
        drawn = drawn_apart(other, subject, panel)
        transaction.set_rollback(True)
    return drawn


@pytest.fixture(scope="session", autouse=True)
def panels_read_what_they_say(django_test_environment: None) -> Iterator[None]:
    """A panel that is kept until what it reads was changed must name all of that: one that reads more fails here."""
    from django.db import connection

    from baton.chain.pages import panels_shown

    draw = panels_shown._draw

    def watched(request: Any, subject: Any, panel: Any) -> Any:
        if not panel.reads:
            return draw(request, subject, panel)
        asked: list[str] = []

        def listen(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
            asked.append(statement)
            return execute(statement, *rest)

        with alone[0](), connection.execute_wrapper(listen):
            drawn = draw(request, subject, panel)
        own_state = panel.state(request, subject) is not None
        unnamed = tables_in(asked) - tables_of(panel.reads, own_state)
        assert not unnamed, f"The panel “{panel.title}” does not say that it reads {', '.join(sorted(unnamed))}."
        return drawn

    panels_shown._draw = watched
    yield
    panels_shown._draw = draw


@pytest.fixture(scope="session", autouse=True)
def what_is_kept_reads_what_it_says(django_test_environment: None) -> Iterator[None]:
    """So must what is kept of records between pages (``Memory.unchanged``)."""
    from django.db import connection

    from baton.core import versions

    read_anew = versions.read_anew

    def watched(reads: tuple[str, ...], read: Callable[[], Any]) -> Any:
        asked: list[str] = []

        def listen(execute: Callable[..., Any], statement: str, *rest: Any) -> Any:
            asked.append(statement)
            return execute(statement, *rest)

        with connection.execute_wrapper(listen):
            found = read_anew(reads, read)
        unnamed = tables_in(asked) - tables_of(reads, own_state=False)
        assert not unnamed, f"{reads} does not name {', '.join(sorted(unnamed))}, which is read and kept."
        return found

    versions.read_anew = watched
    yield
    versions.read_anew = read_anew


@pytest.fixture(scope="session", autouse=True)
def versions_are_those_of_the_tables(django_test_environment: None) -> Iterator[None]:
    """A version that is not read anew because no entry of the trail has touched its records is what it would be."""
    from django.db import connection

    from baton.core import versions

    get = versions._Known.get

    def watched(self: Any, models: tuple[str, ...]) -> Any:
        version = get(self, models)
        # Not by way of Django: tests count what pages ask.
        asked = connection.connection.cursor()
        asked.execute('SELECT MAX("seq") FROM "core_auditentry"')
        if (asked.fetchone()[0] or 0) == self._at.seq:
            asked.execute(versions._newest(models))
            stands = tuple(value or 0 for value in asked.fetchone())
            assert version[:-1] == stands, f"An entry touched {', '.join(models)} and does not say so."
        asked.close()
        return version

    versions._Known.get = watched  # type: ignore[method-assign]
    yield
    versions._Known.get = get  # type: ignore[method-assign]


def tables_in(statements: list[str]) -> set[str]:
    """The tables of records that stand in these statements."""
    return {name for one in statements for name in re.findall(r'"(\w+)"', one)} & all_tables()


@cache
def all_tables() -> set[str]:
    from django.apps import apps

    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)}


@cache
def tables_of(reads: tuple[str, ...], own_state: bool) -> set[str]:
    """Those whose changes the version counts, and bulk entries and the trail, by which it does. ``own_state``: also
    those without a count of changes, of which the panel says the state itself."""
    from django.apps import apps

    from baton.core.versions import models_of

    named = {apps.get_model(name)._meta.db_table for name in models_of(*reads)}
    rest = set()
    if own_state:
        for model in apps.get_models():
            if model._meta.app_label in reads and not hasattr(model, "changed_seq"):
                rest.add(model._meta.db_table)
    return named | rest | {"core_batch", "core_auditentry"}
