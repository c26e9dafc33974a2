"""What a page says to somebody who reads Chinese, and what of it is English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree, html

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
    r"\b(?:\w+(?:/[\w+-]+)+|(?:[FLPRSW]|CO|FB|HO|SO|RM|QN|QP|SC|EN|GR|SP|SV)-\d{4}-\d+(?: [ev]\d)?|"
    r"\d{4}-W\d\d|WE\d|A-B-A|"
    r"top-2-box|[0-9a-z]{16}|https?://[\w.:/-]+|[0-9a-f]{4}(?: [0-9a-f]{4}){3}|"
    r"[0-9a-z]{4}-[0-9a-z]{4}|[0-9a-f]{64}|[a-z]\*{4}[a-z]*)\b",
    re.ASCII,
)
WORD = re.compile(r"[A-Za-z]{2,}")
HALF_WIDTH = re.compile(r"[一-鿿”][,;:?!]|[,;:!] ?[一-鿿]")
# What the machine says to itself, pictures, and names as an event log gives them.
UNREAD = {"script", "style", "svg", "code", "bdi"}
SPOKEN = {"aria-label", "title", "placeholder", "alt"}


@dataclass
class Read:
    """What a page says to eyes and to screen readers, without the zones to choose from, and where its links lead."""

    said: list[str]
    links: list[str]


def read(page: str) -> Read:
    """Parsed by lxml: in Python alone it would take as long as to answer with the page."""
    found, unread, other_language = Read([], []), 0, False
    if not page.strip():
        return found
    for event, one in etree.iterwalk(html.document_fromstring(page), events=("start", "end", "comment")):
        data = one.tail
        if event == "start":
            data = one.text
            unread += one.tag in UNREAD
            if one.tag == "textarea":  # what is typed there is meant in that language
                other_language = one.get("lang") == "en"
            found.said += [value for name, value in one.items() if name in SPOKEN and value]
            address = one.get("href") or ""
            found.links += [address] if address.startswith("/") else []
        elif event == "end":
            unread -= one.tag in UNREAD
            other_language = other_language and one.tag != "textarea"
        if data and not unread and not other_language and data.strip():
            found.said.append(data.strip())
    return found


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
