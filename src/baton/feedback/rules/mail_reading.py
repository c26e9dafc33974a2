"""Reading an e-mail that somebody sent: who, what, about which party, and what is no message of a person. Pure Python.

Whatever comes is read as far as it goes: mail of the world keeps to no rule. What was left out is said (MailNote).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from enum import StrEnum
from hashlib import sha256
from typing import cast

from baton.feedback.rules.inbox import NAME_LENGTH, REACH_LENGTH, WORDS_LENGTH

MOST_BYTES = 10 * 1024 * 1024
"""A larger message is refused."""
MOST_PARTS = 200
_ODD = (MessageError, LookupError, ValueError, TypeError, AttributeError, AssertionError, RecursionError)
"""What the standard library raises over headers and bodies that nobody should send."""
_CODE = re.compile(r"\[([\w.-]{1,40})\]")
_PLUS = re.compile(r"^[^+@\s]+\+([^@\s]{1,40})@")
_SPACE = re.compile(r"[^\S\n]+")
_LEFT_OUT = frozenset({"script", "style", "head", "title"})
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "blockquote", "pre"})


class MailNote(StrEnum):
    """What was not kept as it came.

    CUT          it was longer than what is kept
    ATTACHMENTS  files came with it and were left out
    HTML         it had no plain text; that of its page was taken
    UNREADABLE   characters that its encoding does not know were replaced
    """

    CUT = "cut"
    ATTACHMENTS = "attachments"
    HTML = "html"
    UNREADABLE = "unreadable"


class WhyIgnored(StrEnum):
    """Why a message is no feedback.

    AUTOMATIC  a program wrote it (RFC 3834), or a list sent it
    BOUNCE     a mail server says that it could not deliver something
    OWN        Baton sent it
    EMPTY      it says nothing
    """

    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    OWN = "own"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class MailRead:
    """A message of a person. ``digest`` tells it from all others: SHA-256 of its Message-ID, or of all of it where it
    has none. ``codes`` are what may name a party or link, from plus addresses and the subject."""

    digest: str
    words: str
    name: str
    reach: str
    codes: tuple[str, ...]
    notes: tuple[MailNote, ...]


class TooLarge(Exception):
    """More than :data:`MOST_BYTES`."""


def read_mail(raw: bytes, *, own: str) -> MailRead | WhyIgnored:
    """What the message says; ``own`` is the address from which Baton sends. Raises :class:`TooLarge`."""
    if len(raw) > MOST_BYTES:
        raise TooLarge
    try:
        message = BytesParser(policy=policy.default).parsebytes(raw)
    except _ODD:
        return WhyIgnored.EMPTY
    sender = parseaddr(_header(message, "From"))
    ignored = _ignored(message, sender[1], own)
    if ignored is not None:
        return ignored
    body, notes = _body(message)
    subject = _line(_header(message, "Subject"))
    said = "\n\n".join(part for part in (subject, body) if part)
    if not said:
        return WhyIgnored.EMPTY
    if len(said) > WORDS_LENGTH:
        said, notes = said[: WORDS_LENGTH - 1].rstrip() + "…", (*notes, MailNote.CUT)
    identity = _header(message, "Message-ID").strip()
    return MailRead(
        digest=sha256(identity.encode("utf-8", "replace") if identity else raw).hexdigest(), words=said,
        name=_line(sender[0])[:NAME_LENGTH], reach=_line(sender[1])[:REACH_LENGTH], codes=_codes(message, subject),
        notes=notes,
    )  # fmt: skip


def _ignored(message: Message, sender: str, own: str) -> WhyIgnored | None:
    """RFC 3834 and what came before it; None: a person may have written it."""
    submitted = _header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    if sender and sender.lower() == parseaddr(own)[1].lower():
        return WhyIgnored.OWN
    path = message.get("Return-Path")
    if message.get_content_type() == "multipart/report" or (path is not None and str(path).strip() in {"", "<>"}):
        return WhyIgnored.BOUNCE
    if sender.partition("@")[0].lower() in {"mailer-daemon", "postmaster"}:
        return WhyIgnored.BOUNCE
    precedence = _header(message, "Precedence").strip().lower()
    lists = any(message.get(name) is not None for name in ("List-Id", "List-Unsubscribe", "X-Autoreply"))
    if submitted not in {"", "no"} or precedence in {"bulk", "junk", "list", "auto_reply"} or lists:
        return WhyIgnored.AUTOMATIC
    return None


def _header(message: Message, name: str) -> str:
    """A header as text; what cannot be read is left out. Line breaks in it mean nothing."""
    try:
        return " ".join(str(message.get(name, "")).split())
    except _ODD:
        return ""


def _body(message: Message) -> tuple[str, tuple[MailNote, ...]]:
    """The first plain text; without one the text of the first page. Everything else counts as a file."""
    texts: dict[str, Message] = {}
    files = False
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            continue
        kind = part.get_content_type()
        attached = _header(part, "Content-Disposition").lower().startswith("attachment") or number > MOST_PARTS
        if kind in {"text/plain", "text/html"} and kind not in texts and not attached:
            texts[kind] = part
        else:
            files = True
        if number > MOST_PARTS:
            break
    found = texts.get("text/plain") or texts.get("text/html")
    notes = [MailNote.ATTACHMENTS] if files else []
    if found is None:
        return "", tuple(notes)
    text, whole = _decoded(found)
    notes += [] if whole else [MailNote.UNREADABLE]
    if found is texts.get("text/html") and "text/plain" not in texts:
        text = _text_of_page(text)
        notes.append(MailNote.HTML)
    return _tidy(text), tuple(notes)


def _decoded(part: Message) -> tuple[str, bool]:
    """The text, and whether all of it could be read. GB 18030 holds all of GB 2312 and GBK, which mail programs name
    and go beyond; where the encoding is not named or not known, UTF-8 and GB 18030 are tried."""
    try:
        raw = cast("bytes", part.get_payload(decode=True)) or b""
        named = (part.get_content_charset() or "").lower()
    except _ODD:
        return "", False
    named = "gb18030" if named in {"gb2312", "gbk", "cp936"} else named
    for encoding in dict.fromkeys((named, "utf-8", "gb18030")):
        try:
            return raw.decode(encoding or "ascii"), True
        except (LookupError, ValueError):
            continue
    return raw.decode("utf-8", "replace"), False


def _text_of_page(page: str) -> str:
    from lxml import etree, html  # read where a page came: a server that starts needs none

    # A declaration of an encoding in a text that is decoded already is refused by lxml.
    page = re.sub(r"^\s*<\?xml[^>]*\?>", "", page.replace("\x00", ""))
    try:
        tree = html.document_fromstring(page)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return ""
    parts: list[str] = []
    for event, one in etree.iterwalk(tree, events=("start", "end")):
        left_out = not isinstance(one.tag, str) or one.tag in _LEFT_OUT
        parts.append("\n" if one.tag in _BREAKS and (event == "start" or one.tag != "br") else "")
        if event == "start":
            parts.append("" if left_out else one.text or "")
        else:
            parent = one.getparent()
            parts.append("" if parent is None or parent.tag in _LEFT_OUT else one.tail or "")
    return "".join(parts)


def _tidy(text: str) -> str:
    lines = [_SPACE.sub(" ", line).strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _line(text: str) -> str:
    return " ".join(text.split())


def _codes(message: Message, subject: str) -> tuple[str, ...]:
    """Of plus addresses first, then in brackets in the subject."""
    headers = [_header(message, name) for name in ("Delivered-To", "X-Original-To", "To", "Cc")]
    found = [match[1] for _name, one in getaddresses(headers) if (match := _PLUS.match(one))]
    return tuple(dict.fromkeys([*found, *_CODE.findall(subject)]))[:10]
