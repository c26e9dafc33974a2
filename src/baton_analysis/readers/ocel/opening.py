"""From the bytes of an object-centric log to its events and objects, whichever of its three forms it has."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from threading import Timer
from typing import Any

from baton_analysis.errors import ReadError, gettext_noop
from baton_analysis.readers.model import MIB, Limits, display
from baton_analysis.readers.ocel.json_log import read_json
from baton_analysis.readers.ocel.log import ObjectLog
from baton_analysis.readers.ocel.xml_log import OcelTarget
from baton_analysis.readers.xes import parse_log

_CHILD = Path(__file__).with_name("sqlite_child.py")
_SECONDS = 300
"""Processor time that the reader of databases may take."""
_MEMORY = 1024 * MIB
_WAIT = 600
_LINE = 16 * 1024 * 1024
SQLITE_MAGIC = b"SQLite format 3\x00"


def load_ocel(chunks: Iterator[bytes], limits: Limits) -> ObjectLog:
    """The log whose unpacked bytes are ``chunks``.

    Raises
    ------
    ReadError
        It is no OCEL 2.0, damaged, or beyond its bounds.
    """
    first = next(chunks, b"")
    every = chain([first], chunks)
    if first.startswith(SQLITE_MAGIC):
        log = _from_database(every, limits)
    elif first.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        log = read_json(every, limits)
    else:
        target = OcelTarget(limits)
        parse_log(every, target)
        log = target.log
    if not log.events().height:
        raise ReadError(
            expected=gettext_noop("At least one event was expected."),
            found=gettext_noop("The log has {objects} objects and no event."),
            remedy=gettext_noop("Check the filter and the period of the export."),
            objects=log.objects().height,
        )
    return log


def _from_database(chunks: Iterator[bytes], limits: Limits) -> ObjectLog:
    """Read a copy of the database in a process of its own: this one may hold another SQLite library and its locks."""
    log = ObjectLog(limits)
    with tempfile.TemporaryDirectory(prefix="baton-") as folder:
        path = Path(folder) / "log.sqlite"
        with path.open("wb") as file:
            file.writelines(chunks)
        child = subprocess.Popen(
            [sys.executable, "-I", str(_CHILD), str(path), str(_MEMORY), str(_SECONDS)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        watch = Timer(_WAIT, child.kill)
        watch.daemon = True
        watch.start()
        try:
            complete = _heard(child, log)
        finally:
            watch.cancel()
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()
    if not complete:
        raise _too_much()
    return log


def _heard(child: subprocess.Popen[bytes], log: ObjectLog) -> bool:
    """Take the lines of the child; whether the last of them came."""
    assert child.stdout is not None
    while line := child.stdout.readline(_LINE):
        if not line.endswith(b"\n"):
            return False
        kind, *rest = json.loads(line)
        if kind == "end":
            return True
        if kind == "not":
            raise _no_log(*rest)
        _take(kind, rest, log)
    return False


def _take(kind: str, rest: list[Any], log: ObjectLog) -> None:
    if rest[0] is None or (kind in "oer" and rest[1] is None):
        log.counts["nameless"] += 1
    elif kind == "o":
        log.add_object(rest[0], rest[1], {})
    elif kind == "e":
        log.add_event(rest[0], rest[1], None, {})
    elif kind == "O":
        log.describe_object(rest[0], rest[1])
    elif kind == "E":
        log.describe_event(rest[0], rest[1], rest[2])
    else:
        log.relate(rest[0], rest[1])


def _no_log(reason: str, details: list[str], tables: list[str]) -> ReadError:
    if reason == "damaged":
        return _damaged()
    if reason == "memory":
        return _too_much()
    if reason == "columns":
        return ReadError(
            expected=gettext_noop("Tables with the columns that OCEL 2.0 prescribes were expected."),
            found=gettext_noop("One of them lacks such a column."),
            remedy=gettext_noop("Export the log as OCEL 2.0 or XES, or as CSV with one row an event."),
        )
    return ReadError(
        expected=gettext_noop("An object-centric log (OCEL 2.0) was expected, with the tables {missing}."),
        found=gettext_noop("The SQLite database has these tables: {tables}."),
        remedy=gettext_noop("Export the log as OCEL 2.0 or XES, or as CSV with one row an event."),
        missing=", ".join(details),
        tables=display(", ".join(tables), 300) or "-",
    )


def _damaged() -> ReadError:
    return ReadError(
        expected=gettext_noop("A sound SQLite database was expected."),
        found=gettext_noop("It is damaged or cut off."),
        remedy=gettext_noop("Copy or download the file again; if it stays so, ask for a new export."),
    )


def _too_much() -> ReadError:
    return ReadError(
        expected=gettext_noop("A log that is read within {minutes} minutes and {limit} MiB of memory was expected."),
        found=gettext_noop("This one took more, and reading was stopped."),
        remedy=gettext_noop("Export the log in parts, for example a year each."),
        minutes=_SECONDS // 60,
        limit=_MEMORY // MIB,
    )
