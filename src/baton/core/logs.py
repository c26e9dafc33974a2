"""Logs: one JSON object a line, nothing in it that ends a line early or opens a door."""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from baton.core.failures import traced
from baton.core.untraced import untraced

request_id: ContextVar[str] = ContextVar("request_id", default="")

# Anybody writes into the log by asking for an address: no pattern may go back over what it has read.
_SECRETS = re.compile(
    r"""(?ix)
    (?P<name> (?<! [\w-] )  # each word is looked at once, from its beginning
        (?= [\w-]*? (?: password | passwd | secret | token | authorization | cookie | session_?id | api[_-]?key
            | otp ) )
    [\w-]++ )
    (?P<link> ["']? \s* (?: [:=] | \s=>\s ) \s* ["']? )
    (?P<value> (?: bearer\s+ | basic\s+ )? [^\s"'&,;}\])]+ )
    """
)
_ONE_TIME_LINK = re.compile(r"(/password/reset/key/|/task/|/calendar-feed/)[^\s/\"']+")
_ADDRESS_PASSWORD = re.compile(r"(\b\w++://[^\s/:@]+:)[^\s/@]+@")
_EXTRA = ("status", "ms", "person", "run", "job")
MASK = "***"


def masked(text: str) -> str:
    """``text`` without the values of passwords, tokens, cookies and one-time links."""
    text = _ONE_TIME_LINK.sub(rf"\1{MASK}", text)
    text = _ADDRESS_PASSWORD.sub(rf"\1{MASK}@", text)
    return _SECRETS.sub(lambda found: f"{found['name']}{found['link']}{MASK}", text)


def escaped(text: str) -> str:
    """``text`` in which control characters, line separators and direction marks stand as ``\\uXXXX``."""
    return "".join(c if c.isprintable() else "".join(f"\\u{unit:04x}" for unit in _units(c)) for c in text)


def _units(character: str) -> list[int]:
    encoded = character.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(encoded[i : i + 2], "big") for i in range(0, len(encoded), 2)]


class JsonFormatter(logging.Formatter):
    """One line: time (UTC), level, logger, message, request id, and the traceback where there is one: classes and
    places only, because what an exception says may quote somebody's data (see :mod:`baton.core.failures`). Of a request
    that leaves no trace (:mod:`baton.core.untraced`) the day alone."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "at": at.date().isoformat() if untraced.get() else at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": escaped(masked(record.getMessage())),
        }
        if identity := request_id.get():
            line["request"] = identity
        for name in _EXTRA:
            if (value := getattr(record, name, None)) not in (None, ""):
                line[name] = value if isinstance(value, int) else escaped(masked(str(value)))
        if record.exc_info:
            error = record.exc_info[1]
            line["traceback"] = [escaped(masked(part)) for part in traced(error)] if error else []
        elif trace := getattr(record, "trace", None):
            line["traceback"] = [escaped(masked(part)) for part in trace]
        return json.dumps(line, ensure_ascii=False)
