"""No page speaks English to somebody who reads Chinese: the demonstration is walked through, link by link."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from django.test import override_settings
from django.urls import Resolver404, resolve
from django.utils.translation import override

from baton.chain.models import EventLog, LogParty, Output, Party
from baton.core import formats
from baton.core.errors import Refused, explain
from baton.core.models import ImportRun, Person
from baton.handoffs.models import DefectCode, Handoff
from baton.starters.changes import load_demo
from baton_analysis.errors import gettext_noop
from tests.databases import Databases, Template, connected
from tests.world import World

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

pytestmark = pytest.mark.sqlite

AT = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)
# Names of things and formats, signs of statistics, and the name of the other language.
NAMES = {
    "API", "Baton", "HR", "SAP", "CSV", "English", "Excel", "JSON", "Laney", "Lark", "MiB", "Nelson", "OCEL", "PNG",
    "Office", "PDF", "Parquet", "RACI", "SQLite", "SVG", "UTC", "Webhook", "XES", "XLSX", "XML", "gz", "https",
    "imports", "webhook", "xes", "xlsx", "Cp", "Cpk", "Cpm", "Pp", "Ppk", "WE", "CNAS", "ISO", "Outlook", "WPS",
    "iCalendar", "ics", "BY", "Tab", "TORN", "PROMISE", "PIN", "kg", "SHA", "RFC", "FREQ", "WEEKLY",
    "INTERVAL", "BYDAY", "TU", "JPEG", "WebP", "EUR",
}  # fmt: skip
# Zones, numbers such as L-2026-0001, weeks, codes of rules, ping-pong A-B-A, public ids, and marks of versions.
SIGNS = re.compile(
    r"\b(?:\w+(?:/[\w+-]+)+|(?:[LPRSW]|HO|SO|RM|QP|SC)-\d{4}-\d+(?: [ev]\d)?|\d{4}-W\d\d|WE\d|A-B-A|[0-9a-z]{16}|"
    r"https?://[\w.:/-]+|[0-9a-f]{4}(?: [0-9a-f]{4}){3}|[0-9a-z]{4}-[0-9a-z]{4})\b"
)
WORD = re.compile(r"[A-Za-z]{2,}")
HALF_WIDTH = re.compile(r"[一-鿿”][,;:?!]|[,;:!] ?[一-鿿]")
# What the machine says to itself, pictures, and names as an event log gives them.
UNREAD = {"script", "style", "svg", "code", "bdi"}
SPOKEN = {"aria-label", "title", "placeholder", "alt"}
PER_VIEW = 2
# People of the page of components.
SAMPLE_NAMES = {"Chen", "Jing", "Wu", "Tao"}


class Reader(HTMLParser):
    """What a page says to eyes and to screen readers, without the zones to choose from."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in UNREAD
        self.said += [value for name, value in attrs if name in SPOKEN and value]
        self.links += [unescape(value) for name, value in attrs if name == "href" and value and value.startswith("/")]

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self._unread and data.strip():
            self.said.append(data.strip())


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def english(said: list[str], allowed: set[str]) -> list[str]:
    """The texts with a word of ASCII letters that nobody allowed."""
    return [text for text in said if set(WORD.findall(SIGNS.sub(" ", text))) - allowed]


def half_width(said: list[str]) -> list[str]:
    """The texts in which a sign of English stands beside a Chinese one."""
    return [text for text in said if HALF_WIDTH.search(text)]


def own_words() -> set[str]:
    """Words that stand in the records themselves: codes, sign-in names, names of event logs and tables."""
    texts = [code for code in Party.objects.values_list("code", flat=True) if code]
    texts += [code for code in Output.objects.values_list("item_code", flat=True) if code]
    texts += LogParty.objects.values_list("value", flat=True)
    texts += EventLog.objects.values_list("name", flat=True)
    texts += Handoff.objects.values_list("reference", flat=True)
    texts += Handoff.objects.values_list("system", flat=True).distinct()
    texts += DefectCode.objects.values_list("code", flat=True)
    texts += ImportRun.objects.values_list("title", flat=True)
    texts += Person.objects.values_list("sign_in_name", flat=True)
    return {word for text in texts for word in WORD.findall(text)}


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
    """The demonstration of a Chinese organisation, loaded once for all tests of this module."""
    databases = template.copy("demo")
    settings = {"LANGUAGE_CODE": "zh-hans", "DEMO": True, "DATA_DIR": tmp_path_factory.mktemp("demo")}
    with django_db_blocker.unblock(), connected(databases), override_settings(**settings):
        load_demo(at=AT)
        entered = EnteredDemo(databases, settings, frozenset(own_words()))
    yield entered
    template.drop(databases)


@pytest.fixture
def chinese_demo(entered_demo: EnteredDemo, db: None, settings: Any) -> frozenset[str]:
    """The demonstration of a Chinese organisation; the words of its records."""
    for name, value in entered_demo.settings.items():
        setattr(settings, name, value)
    return entered_demo.words


# The calls of the API are named in English; the organisation's words are entered in every language.
SPEAK_ENGLISH = ("/api/docs/", "/settings/words/")


def walk(sign_in_name: str) -> Iterator[tuple[str, str, Reader]]:
    """(view, address, page) from the home page on: of each view the first addresses that a link leads to."""
    browser = World.client(Person.objects.get(sign_in_name=sign_in_name))
    to_see, opened = ["/"], Counter[str]()
    known = set(to_see)
    while to_see:
        address = to_see.pop(0)
        try:
            view = resolve(address.partition("?")[0]).view_name
        except Resolver404:
            continue
        if opened[view] >= PER_VIEW or view == "account_logout":
            continue
        answer = browser.get(address)
        if not answer.get("Content-Type", "").startswith("text/html"):
            continue
        opened[view] += 1
        page = read(answer.content.decode())
        yield view, address, page
        fresh = [link for link in page.links if link not in known and not link.startswith("/static/")]
        known.update(fresh)
        to_see += fresh


@pytest.mark.slow
@pytest.mark.parametrize(("sign_in_name", "at_least"), [("quality", 22), ("admin", 16), ("nurse", 10)])
def test_pages_are_chinese(chinese_demo: frozenset[str], sign_in_name: str, at_least: int) -> None:
    found, views = [], set()
    for view, address, page in walk(sign_in_name):
        views.add(view)
        if address.startswith(SPEAK_ENGLISH):
            continue
        # An entry of the trail shows what was written in every language.
        said = [text for text in page.said if not (view == "core:audit_entry" and " / " in text)]
        found += [f"{address}: {text}" for text in english(said, NAMES | chinese_demo)]
        found += [f"{address}: {text}" for text in half_width(page.said)]
    assert not found, "\n".join(found[:40])
    assert len(views) >= at_least, sorted(views)


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


def test_english_sentence_is_noticed() -> None:
    page = read('<p>服务关系 L-2026-0001</p><p aria-label="Map">等待 3σ</p><code>party.added</code><p>n = 4 CSV</p>')
    assert english(page.said, NAMES) == ["Map"]


def test_the_organisations_language_is_asked_first(chinese_demo: frozenset[str]) -> None:
    browser = World.client(Person.objects.get(sign_in_name="quality"))
    page = browser.get("/parties/add/").content.decode()
    assert page.index('name="name_zh_hans"') < page.index('name="name_en"')
    assert "名称（简体中文）" in page


def test_days_figures_and_lists_are_written_as_chinese_readers_expect() -> None:
    with override("zh-hans"):
        assert formats.day(date(2026, 3, 9)) == "2026-03-09"
        assert formats.duration(95_040) == "1.1\u00a0天"
        assert formats.listing(["起始", "编号"]) == "起始、编号"
    assert formats.listing(["from", "number"]) == "from, number"


def test_parts_of_a_message_read_well_one_after_the_other() -> None:
    refusal = Refused(
        expected=gettext_noop("Expected at most {most} levels."),
        remedy=gettext_noop("Put it under a party that stands higher."),
        most=8,
    )
    assert explain(refusal) == "Expected at most 8 levels. Put it under a party that stands higher."
    with override("zh-hans"):
        assert explain(refusal) == "最多 8 级。请放到层级更高的部门/岗位下。"
