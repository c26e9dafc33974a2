"""Robots of group chats: how a message is written and signed for each service, and what its answers mean.

WeCom     https://developer.work.weixin.qq.com/document/path/91770
          ``msgtype`` markdown, at most 4096 bytes, no signature
DingTalk  https://open.dingtalk.com/document/robots/custom-robot-access: ``timestamp`` in milliseconds and ``sign``, the
          base64 of HMAC-SHA256 under the secret over "<timestamp>\\n<secret>", both in the address
Feishu    https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot: ``timestamp`` in seconds and ``sign``, the
          base64 of HMAC-SHA256 over nothing under the key "<timestamp>\\n<secret>", both in the body

Each answers 200 also when it refuses; a code beside it says so.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.utils.text import Truncator

from baton.core.errors import Refused
from baton.core.outgoing.addresses import Target, parsed
from baton.core.outgoing.calls import Answer, Failure
from baton.core.rules import Protocol
from baton_analysis.errors import gettext_noop

HOSTS = {
    Protocol.WECOM: ("qyapi.weixin.qq.com",),
    Protocol.DINGTALK: ("oapi.dingtalk.com",),
    Protocol.FEISHU: ("open.feishu.cn", "open.larksuite.com"),
}
_PATHS = {
    Protocol.WECOM: "/cgi-bin/webhook/send?key=",
    Protocol.DINGTALK: "/robot/send?access_token=",
    Protocol.FEISHU: "/open-apis/bot/v2/hook/",
}
# Codes by which they say that too much was sent in too short a time.
_RATE_CODES = {45009, 130101, 130102, 410100, 11232, 99991400}
NAME_LENGTH = 100

# Whatever one of the services reads as markup, a mention or an address, and a sign that looks alike.
_INERT = str.maketrans("<>[]()*_`#~|!@\\", "‹›［］（）＊＿ˋ＃～｜！＠＼")


@dataclass(frozen=True, slots=True)
class Line:
    """One event as people read it: what happened, to what, and the page."""

    what: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """What a chat is told at a time. ``title`` stands above, ``open`` is the word of the links, ``colon`` as the
    language writes it."""

    title: str
    open: str
    language: str
    lines: Sequence[Line]
    colon: str = ": "


def target_of(protocol: Protocol, address: str) -> Target:
    """The parts of a robot's address; :class:`Refused` unless it is one of the service, or of a host that the
    installation allows."""
    known = HOSTS[protocol]
    try:
        target = parsed(address, hosts={*known, *settings.CHAT_HOSTS})
    except Refused as refused:
        raise _not_one(protocol, refused.found, **refused.values) from refused
    if target.host in known and (target.scheme != "https" or not target.path.startswith(_PATHS[protocol])):
        raise _not_one(protocol, gettext_noop("Its path is a different one."))
    return target


def call_of(
    protocol: Protocol, target: Target, secret: str, message: Message, at: datetime
) -> tuple[Target, bytes]:  # fmt: skip
    """Where ``message`` is sent, and how it reads."""
    if protocol is Protocol.WECOM:
        said: dict[str, Any] = {"msgtype": "markdown", "markdown": {"content": _markdown(message)}}
    elif protocol is Protocol.DINGTALK:
        said = {"msgtype": "markdown", "markdown": {"title": message.title, "text": _markdown(message)}}
        target = replace(target, path=target.path + _dingtalk_signature(target, secret, at))
    else:
        said = {**_feishu_signature(secret, at), "msg_type": "post", "content": {"post": _post(message)}}
    return target, json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def understood(answer: Answer) -> Answer:
    """The answer with what its body says: a code that is not 0 is a failure, whatever the status."""
    if answer.failure is not None:
        return replace(answer, failure=Failure.RATE) if answer.status == 429 else answer
    try:
        said = json.loads(answer.body)
        code = next(int(said[name]) for name in ("errcode", "code", "StatusCode") if name in said)
    except (ValueError, TypeError, StopIteration):
        return replace(answer, failure=Failure.ANSWER)
    if code == 0:
        return answer
    return replace(answer, failure=Failure.RATE if code in _RATE_CODES else Failure.REFUSED)


def inert(name: str) -> str:
    """A name that makes no link, mentions nobody and does not change the message, on one line."""
    line = " ".join(name.split()).replace("://", ": //")
    return Truncator(line.translate(_INERT)).chars(NAME_LENGTH)


def _markdown(message: Message) -> str:
    lines = [f"**{inert(message.title)}**"]
    for line in message.lines:
        name = f"{message.colon}{inert(line.name)}" if line.name else ""
        lines.append(f"{inert(line.what)}{name} [{inert(message.open)}]({line.url})")
    return "\n\n".join(lines)


def _post(message: Message) -> dict[str, Any]:
    paragraphs = []
    for line in message.lines:
        name = f"{message.colon}{inert(line.name)}" if line.name else ""
        text = {"tag": "text", "text": f"{inert(line.what)}{name} "}
        paragraphs.append([text, {"tag": "a", "text": message.open, "href": line.url}])
    language = "zh_cn" if message.language.startswith("zh") else "en_us"
    return {language: {"title": message.title, "content": paragraphs}}


def _dingtalk_signature(target: Target, secret: str, at: datetime) -> str:
    if not secret:
        return ""
    timestamp = str(round(at.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    sign = quote(base64.b64encode(digest).decode(), safe="")
    return f"{'&' if '?' in target.path else '?'}timestamp={timestamp}&sign={sign}"


def _feishu_signature(secret: str, at: datetime) -> dict[str, str]:
    if not secret:
        return {}
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(digest).decode()}


def _not_one(protocol: Protocol, found: str, **values: Any) -> Refused:
    return Refused(
        field="address",
        expected=gettext_noop("Expected the address of a robot as the service shows it, such as {example}…"),
        found=found,
        remedy=gettext_noop("Copy it from the settings of the chat’s robot."),
        **{**values, "example": f"https://{HOSTS[protocol][0]}{_PATHS[protocol]}"},
    )
