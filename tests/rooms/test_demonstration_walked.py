"""Everybody of a Chinese demonstration follows his links and presses his buttons: nobody is offered what he may not do,
and no page speaks English to him.

Of each view the first page that is offered is opened, and of a file that is sent bit by bit all for the first who asks;
of those who are nothing but heads or members of a department a few follow their links. With ``--exhaustive`` everybody
does, three pages are opened, and everybody takes whole files. Forms are sent as they stand, in a transaction that is
rolled back. A form that is to be filled in first may answer that something is missing (422); it may not answer that the
sender is not allowed (403), or that there is no such address (404, 405).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from django.test import override_settings

from baton.agreements.models import Agreement
from baton.chain import changes
from baton.chain.models import EventLog, Link, Membership, Party
from baton.chain.rules import LogState
from baton.core.actors import Actor
from baton.core.models import Person
from baton.core.registries import panels_of
from baton.starters.changes import load_demo
from baton.starters.rules import HOSPITAL
from baton_analysis.facts.mapping import PROPOSED_MISSING
from tests.chinese import NAMES, english, half_width, own_words, read
from tests.databases import Databases, Template, connected
from tests.exhaustive import exhaustive, shortly
from tests.offers import NOT_PRESSED, Opened, press, walk
from tests.world import World

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

pytestmark = pytest.mark.sqlite

DEAD = {403, 404, 405, 429}
# Heads who stand as others do: of the ward and of the laundry (with members), and of nursing.
LIKE_OTHER_HEADS = {"lab", "pharmacy", "logistics", "medical", "imaging", "cssd", "admission"}
# A member who stands as the nurse does.
LIKE_THE_NURSE = {"porter"}
# These stand between others: a head with parties below, and a member of those who serve the nurse.
BETWEEN = {"nursing", "washer"}
# The calls of the API are named in English; the organisation's words are entered, and questionnaires shown, in every
# language.
SPEAK_ENGLISH = ("/api/docs/", "/settings/words/", "/surveys/questionnaires/")
# People of the page of components.
SAMPLE_NAMES = {"Chen", "Jing", "Wu", "Tao"}


@dataclass(frozen=True)
class EnteredDemo:
    """Databases and data folder of the demonstration, and the words of its records."""

    databases: Databases
    settings: dict[str, Any]
    words: frozenset[str]


@pytest.fixture(scope="module")
def entered_demo(
    template: Template,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[EnteredDemo]:
    """The hospital of a Chinese organisation, with a log in each of the states in which its page differs; loaded once
    for all tests of this module."""
    databases = template.copy("demo")
    settings = {"LANGUAGE_CODE": "zh-hans", "DEMO": True, "DATA_DIR": tmp_path_factory.mktemp("demo")}
    with django_db_blocker.unblock(), connected(databases), override_settings(**settings):
        load_demo(at=datetime.now(UTC))
        _bring_logs()
        entered = EnteredDemo(databases, settings, frozenset({*own_words(), *PROPOSED_MISSING}))
    yield entered
    template.drop(databases)


CODES = "/s/"
"""Under which a code is typed that nobody who walks has."""


def _bring_logs() -> None:
    for state in (LogState.UPLOADED, LogState.FAILED, LogState.READING, LogState.MINED):
        content = f"病例,班组,时间\n1,{state},2026-03-01T08:00:00Z\n1,洗衣房,2026-03-01T09:00:00Z\n".encode()
        log = changes.bring_event_log(
            by=Actor.system("demo"), at=datetime.now(UTC), file_name=f"{state}.csv", chunks=[content]
        )
        columns = {"case": "病例", "party": "班组", "time": "时间", "activity": None, "party_kind": "team",
                   "missing": [], "allow_persons": False}  # fmt: skip
        EventLog.objects.filter(pk=log.pk).update(state=state, columns=columns)


@pytest.fixture
def chinese_demo(entered_demo: EnteredDemo, db: None, settings: Any) -> frozenset[str]:
    """The demonstration of a Chinese organisation; the words of its records."""
    for name, value in entered_demo.settings.items():
        setattr(settings, name, value)
    return entered_demo.words


@dataclass
class Walked:
    """What is wrong with the pages of somebody."""

    dead: list[str]
    english: list[str]
    views: set[str]


def walked(person: Person, words: frozenset[str], sent_whole: set[str]) -> Walked:
    client = World.client(person)
    client.raise_request_exception = False
    name, came_from, found = person.sign_in_name, dict[str, str](), Walked([], [], set())
    for page in walk(client, shortly(1, 3), sent_whole):
        found.views.add(page.view)
        for link in page.links:
            came_from.setdefault(link, page.address)
        if page.status in DEAD or page.status >= 500:
            found.dead.append(f"{name}: {page.status} {page.address} (offered on {came_from.get(page.address)})")
        found.english += [f"{name}: {page.address}: {text}" for text in not_chinese(page, words)]
        for form in page.forms:
            if form[0] in NOT_PRESSED or form[0].startswith(CODES):
                continue
            for said, answered in press(client, form):
                if answered in DEAD or answered >= 500:
                    found.dead.append(f"{name}: {answered} {said} (offered on {page.address})")
    return found


def not_chinese(page: Opened, words: frozenset[str]) -> list[str]:
    if page.address.startswith(SPEAK_ENGLISH):
        return []
    every = read(page.text).said
    # An entry of the trail shows what was written in every language.
    said = [one for one in every if not (page.view == "core:audit_entry" and " / " in one)]
    return english(said, NAMES | words) + half_width(every)


def looked_at() -> list[str]:
    """Who looks: all, or one of those who stand alike."""
    alike = LIKE_OTHER_HEADS | LIKE_THE_NURSE | BETWEEN
    return [one.sign_in_name for one in HOSPITAL if exhaustive() or one.sign_in_name not in alike]


@pytest.mark.slow
def test_nobody_is_offered_what_he_may_not_do_and_nobody_reads_english(chinese_demo: frozenset[str]) -> None:
    assert {one.sign_in_name for one in HOSPITAL if one.heads and one.role is None} > LIKE_OTHER_HEADS
    sent_whole: set[str] = set()
    found = {
        name: walked(Person.objects.get(sign_in_name=name), chinese_demo, set() if exhaustive() else sent_whole)
        for name in looked_at()
    }  # fmt: skip
    dead = [line for one in found.values() for line in one.dead]
    assert not dead, "\n".join(dead)
    spoken = [line for one in found.values() for line in one.english]
    assert not spoken, "\n".join(spoken[:40])
    for name, at_least in (("quality", 200), ("admin", 90), ("nurse", 100)):
        assert len(found[name].views) >= at_least, name


def test_entrance_and_error_pages_are_chinese(chinese_demo: frozenset[str], settings: Any) -> None:
    browser = World.client()
    for address in (
        "/components/",
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/code/",
        "/nowhere/",
    ):
        settings.DEBUG = address == "/components/"  # for those who build pages
        page = browser.get(address, headers={"accept-language": "zh-CN"}).content.decode()
        said = [text for text in read(page).said if not re.search(r"请求编号|[0-9a-f]{8}", text)]
        assert not english(said, NAMES | chinese_demo | {"MB", "pass", "the", "baton"} | SAMPLE_NAMES), address


def test_names_stand_in_the_order_of_pinyin(chinese_demo: frozenset[str]) -> None:
    """二 èr, 感 gǎn, 后 hòu, 护 hù, 患 huàn, 检 jiǎn …; by code points 一 would be the first."""
    browser = World.client(Person.objects.get(sign_in_name="quality"))
    page = browser.get("/parties/?order=name").content.decode()
    names = ["二病区护理组", "感染管理科", "后勤保障部", "护理部", "患者", "检验科", "洗衣房", "药剂科", "一病区护理组"]
    places = [page.index(f">{name}</a>") for name in names]
    assert places == sorted(places)


def test_the_organisations_language_is_asked_first(chinese_demo: frozenset[str]) -> None:
    browser = World.client(Person.objects.get(sign_in_name="quality"))
    page = browser.get("/parties/add/").content.decode()
    assert page.index('name="name_zh_hans"') < page.index('name="name_en"')
    assert "名称（简体中文）" in page


def test_panels_that_say_so_are_alike_all_day_and_for_all_who_are_the_same(
    chinese_demo: frozenset[str], panels_are_as_alike_as_they_say: list[str]
) -> None:
    agreed = list(Link.objects.filter(pk__in=Agreement.objects.values("link")).order_by("pk"))[:: shortly(12, 1)]
    for name in looked_at():
        person = Person.objects.get(sign_in_name=name)
        own = Party.objects.filter(pk__in=Membership.objects.filter(person=person).values("party"))
        client = World.client(person)
        for page in [
            "/",
            *(f"/links/{one.public_id}/" for one in agreed),
            *(f"/parties/{one.public_id}/" for one in own),
        ]:
            assert client.get(page).status_code in (200, 404), page
    said = {
        str(one.title)
        for slot in ("home", "link", "party")
        for _name, one in panels_of(slot)
        if one.by_day or one.alike
    }
    assert said == set(panels_are_as_alike_as_they_say)
