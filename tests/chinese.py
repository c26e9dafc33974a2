"""What a page says to somebody who reads Chinese, and what of it is English."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from baton.chain.models import EventLog, LogParty, Output, Party
from baton.core.models import ImportRun, Person
from baton.handoffs.models import DefectCode, Handoff

# Names of things and formats, signs of statistics, and the name of the other language.
NAMES = {
    "API", "Baton", "HR", "SAP", "CSV", "English", "Excel", "JSON", "Laney", "Lark", "MiB", "Nelson", "OCEL", "PNG",
    "Office", "PDF", "Parquet", "RACI", "SQLite", "SVG", "UTC", "Webhook", "XES", "XLSX", "XML", "gz", "https",
    "imports", "webhook", "xes", "xlsx", "Cp", "Cpk", "Cpm", "Pp", "Ppk", "WE", "CNAS", "ISO", "Outlook", "WPS",
    "iCalendar", "ics", "BY", "Tab", "TORN", "PROMISE", "PIN", "kg", "SHA", "RFC", "FREQ", "WEEKLY",
    "INTERVAL", "BYDAY", "TU", "JPEG", "WebP", "EUR", "IT", "NPS", "JavaScript",
    "Alpha", "alpha", "Wilson", "Bonett", "Wright",
}  # fmt: skip
# Zones, numbers such as L-2026-0001, weeks, codes of rules, ping-pong A-B-A, ids, digests, versions, masked names.
SIGNS = re.compile(
    r"\b(?:\w+(?:/[\w+-]+)+|(?:[FLPRSW]|CO|HO|SO|RM|QN|QP|SC|EN|GR|SP|SV)-\d{4}-\d+(?: [ev]\d)?|\d{4}-W\d\d|WE\d|A-B-A|"
    r"top-2-box|[0-9a-z]{16}|https?://[\w.:/-]+|[0-9a-f]{4}(?: [0-9a-f]{4}){3}|"
    r"[0-9a-z]{4}-[0-9a-z]{4}|[0-9a-f]{64}|[a-z]\*{4}[a-z]*)\b",
    re.ASCII,
)
WORD = re.compile(r"[A-Za-z]{2,}")
HALF_WIDTH = re.compile(r"[一-鿿”][,;:?!]|[,;:!] ?[一-鿿]")
# What the machine says to itself, pictures, and names as an event log gives them.
UNREAD = {"script", "style", "svg", "code", "bdi"}
SPOKEN = {"aria-label", "title", "placeholder", "alt"}


class Reader(HTMLParser):
    """What a page says to eyes and to screen readers, without the zones to choose from."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: list[str] = []
        self._unread = 0
        self._other_language = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in UNREAD
        if tag == "textarea":  # what is typed there is meant in that language
            self._other_language = dict(attrs).get("lang") == "en"
        self.said += [value for name, value in attrs if name in SPOKEN and value]
        self.links += [unescape(value) for name, value in attrs if name == "href" and value and value.startswith("/")]

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD
        self._other_language = self._other_language and tag != "textarea"

    def handle_data(self, data: str) -> None:
        if not self._unread and not self._other_language and data.strip():
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
