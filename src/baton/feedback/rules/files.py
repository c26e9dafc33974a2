"""A questionnaire as a file: JSON that one installation writes and another reads. Pure Python.

``{"format": "baton-questionnaire", "version": 1, "name": {…}, "purpose": {…}, "sections": […]}``, where the sections
are those of :func:`baton.feedback.rules.questions.document_of`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from baton.feedback.rules.drafting import faults_of, text_faults
from baton.feedback.rules.faults import Fault
from baton.feedback.rules.file_shapes import Shape, short
from baton.feedback.rules.questions import Contents, Texts, contents_of, document_of
from baton_analysis.errors import gettext_noop

FORMAT, VERSION = "baton-questionnaire", 1
LARGEST = 2 * 1024**2
"""Bytes of a file that is read."""
NAME_LENGTH, PURPOSE_LENGTH = 200, 2_000


@dataclass(frozen=True, slots=True)
class FileRead:
    """What stands in a file: the questionnaire where there are no ``faults``. ``left_out``: languages that this
    installation does not have. ``untranslated``: language -> places of texts that lack it."""

    name: Texts = field(default_factory=dict)
    purpose: Texts = field(default_factory=dict)
    contents: Contents = field(default_factory=Contents)
    faults: tuple[Fault, ...] = ()
    left_out: tuple[str, ...] = ()
    untranslated: Mapping[str, Sequence[str]] = field(default_factory=dict)


class _Twice(ValueError):
    """A name stands twice in one object."""


def file_text(name: Texts, purpose: Texts, contents: Contents) -> str:
    """The file of a questionnaire."""
    held = {"format": FORMAT, "version": VERSION, "name": dict(name), "purpose": dict(purpose), **document_of(contents)}
    return json.dumps(held, ensure_ascii=False, indent=2) + "\n"


def read_file(raw: bytes, *, languages: Iterable[str], language: str) -> FileRead:
    """What stands in a file. ``languages`` are those of the installation, ``language`` that in which every text must be
    there."""
    found = _parsed(raw)
    if isinstance(found, Fault):
        return FileRead(faults=(found,))
    if (wrong := _of_format(found)) is not None:
        return FileRead(faults=(wrong,))
    shape = Shape(tuple(languages))
    held = shape.file({name: value for name, value in found.items() if name not in {"format", "version"}})
    if shape.faults:
        return FileRead(faults=tuple(shape.faults))
    name, purpose, contents = held.get("name", {}), held.get("purpose", {}), contents_of(held)
    faults = [*text_faults("name", name, language, NAME_LENGTH), *faults_of(contents, language)]
    if purpose:
        faults += text_faults("purpose", purpose, language, PURPOSE_LENGTH)
    missing = {code: places for code, places in shape.missing.items() if code != language}
    return FileRead(name, purpose, contents, tuple(faults), tuple(sorted(shape.left_out)), missing)


def _parsed(raw: bytes) -> Mapping[str, Any] | Fault:
    again = gettext_noop("Choose a file that was exported from a questionnaire.")
    if len(raw) > LARGEST:
        return Fault(
            "", gettext_noop("Expected a file of at most {most} MiB."), again, gettext_noop("It is larger."),
            {"most": LARGEST // 1024**2},
        )  # fmt: skip
    try:
        found = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_number)
    except UnicodeDecodeError:
        return Fault("", gettext_noop("Expected text in UTF-8."), again, gettext_noop("It is something else."))
    except json.JSONDecodeError as wrong:
        return Fault(
            "", gettext_noop("Expected JSON."), gettext_noop("Mend it there, or export the questionnaire again."),
            gettext_noop("It breaks off or goes wrong in line {line}, column {column}."),
            {"line": wrong.lineno, "column": wrong.colno},
        )  # fmt: skip
    except _Twice as wrong:
        return Fault(
            "", gettext_noop("Expected every name once in an object."),
            gettext_noop("Leave one of them out."), gettext_noop("Found “{value}” twice."), {"value": short(wrong)},
        )  # fmt: skip
    except (ValueError, RecursionError):
        return Fault("", gettext_noop("Expected JSON with plain numbers, not nested endlessly."), again)
    if not isinstance(found, dict):
        return Fault("", gettext_noop("Expected a questionnaire as Baton writes it."), again)
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise _Twice(name)
        found[name] = value
    return found


def _no_number(name: str) -> float:
    raise ValueError(name)


def _of_format(found: Mapping[str, Any]) -> Fault | None:
    if found.get("format") != FORMAT:
        return Fault(
            "format", gettext_noop("Expected a questionnaire as Baton writes it."),
            gettext_noop("Choose a file that was exported from a questionnaire."),
            gettext_noop("Its “format” is not “{format}”."), {"format": FORMAT},
        )  # fmt: skip
    version = found.get("version")
    if isinstance(version, bool) or version != VERSION:
        return Fault(
            "version", gettext_noop("Expected version {version} of the format."),
            gettext_noop("A newer one is read by a newer Baton: renew this one, or export again from an older one."),
            gettext_noop("Found “{value}”."), {"version": VERSION, "value": short(version)},
        )  # fmt: skip
    return None
