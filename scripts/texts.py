#!/usr/bin/env python3
"""Collect the texts of the program and compile their translations; needs Babel, not GNU gettext.

    python3 scripts/texts.py            bring the .po file in step with the source and compile it
    python3 scripts/texts.py --missing  the same, then list what has no translation yet
    python3 scripts/texts.py --check    change nothing; say what is missing, out of step or damaged

English is the language of the source and has no file. A text that is no longer used is dropped with its translation;
there are no fuzzy guesses. Both packages share one file, because the application translates the messages of the
analysis.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
LANGUAGES = ("zh_Hans",)
# A setting is declared with its meaning as the fourth argument (config/env.py).
KEYWORDS = {
    name: spec
    for base, spec in {
        "gettext": None,
        "ngettext": (1, 2),
        "pgettext": ((1, "c"), 2),
        "npgettext": ((1, "c"), 2, 3),
    }.items()
    for name in (base, f"{base}_lazy", f"{base}_noop")
} | {"_": None, "setting": (4,)}
# The files carry no times, so that the same source gives the same bytes.
NO_TIME = datetime(2026, 1, 1, tzinfo=UTC)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*(?:[:!][^{}]*)?\}")


def po_file(language: str) -> Path:
    """The file of translations; the compiled one lies beside it with the suffix .mo."""
    return SOURCE / "baton" / "locale" / language / "LC_MESSAGES" / "django.po"


def texts_of(text: str) -> Iterator[tuple[str | tuple[str, ...], list[str], str | None]]:
    """The messages of a piece of Python: message or (singular, plural), comments for translators, context."""
    found = extract("python", io.BytesIO(text.encode()), KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
    for _line, message, comments, context in found:
        yield message, comments, context


def source_texts(file: Path) -> str:
    """The file as Python that names its messages. A template becomes one line of calls."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".py":
        return text
    return f"({' '.join(templatize(text, origin=str(file)).splitlines())})"


def collect(language: str) -> Catalog:
    """Every text of the source, without translations."""
    catalog = new_catalog(language)
    files = [file for pattern in ("*.py", "*.html", "*.txt") for file in SOURCE.rglob(pattern)]
    for file in sorted(file for file in files if "static" not in file.parts and "migrations" not in file.parts):
        place = [(file.relative_to(SOURCE).as_posix(), 0)]
        for message, comments, context in texts_of(source_texts(file)):
            catalog.add(message, locations=place, auto_comments=comments, context=context)
    return catalog


def new_catalog(language: str) -> Catalog:
    """An empty file of translations with the header that gettext needs."""
    catalog = Catalog(
        locale=language,
        header_comment=f"# Baton in {language}. Written by scripts/texts.py; fill in what stands after msgstr.",
        project="Baton",
        version="1",
        msgid_bugs_address="none",
        creation_date=NO_TIME,
        revision_date=NO_TIME,
        fuzzy=False,
    )
    catalog.language_team, catalog.last_translator = "", ""
    return catalog


def merged(language: str) -> Catalog:
    """The texts of the source with the translations that are there."""
    catalog = collect(language)
    file = po_file(language)
    if not file.exists():
        return catalog
    with file.open("rb") as stream:
        known = read_po(stream, locale=language)
    for message in texts(catalog):
        translated = known.get(message.id, context=message.context)
        if translated and not translated.fuzzy:
            message.string = translated.string
    return catalog


def texts(catalog: Catalog) -> list[Message]:
    """The messages without the header."""
    return [message for message in catalog if message.id]


def written(catalog: Catalog) -> tuple[bytes, bytes]:
    """The .po and the .mo file of a catalog."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, width=118, sort_output=True, include_lineno=False)
    write_mo(mo, catalog)
    return po.getvalue(), mo.getvalue()


def strings(message: Message) -> list[str]:
    """The translations of a message, one for each plural form; empty texts where there is none."""
    string = message.string or ""
    return [string] if isinstance(string, str) else [form or "" for form in string]


def untranslated(catalog: Catalog) -> list[str]:
    """The texts without a translation."""
    return [singular(message) for message in texts(catalog) if not all(strings(message))]


def damaged(catalog: Catalog) -> list[str]:
    """The texts whose translation has other placeholders than the text: it could not be filled in."""
    found = []
    for message in texts(catalog):
        allowed = [
            set(PLACEHOLDER.findall(text)) for text in ([message.id] if isinstance(message.id, str) else message.id)
        ]
        if any(text and set(PLACEHOLDER.findall(text)) not in allowed for text in strings(message)):
            found.append(singular(message))
    return found


def singular(message: Message) -> str:
    """The text itself."""
    return message.id if isinstance(message.id, str) else message.id[0]


def problems(language: str, catalog: Catalog | None = None) -> list[str]:
    """What is wrong with the translations into a language, one line each; empty when all is well. ``catalog`` is what
    :func:`merged` gives, where that was asked for already."""
    catalog = merged(language) if catalog is None else catalog
    po, mo = written(catalog)
    file = po_file(language)
    found = [f"no translation: {text}" for text in untranslated(catalog)]
    found += [f"other placeholders in the translation: {text}" for text in damaged(catalog)]
    if not file.exists() or file.read_bytes() != po:
        found.append(f"{file.relative_to(ROOT)} is not in step with the source: run scripts/texts.py")
    compiled = file.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != mo:
        found.append(f"{compiled.relative_to(ROOT)} is not in step with the .po file: run scripts/texts.py")
    return found


def main() -> int:
    """Write or check; 1 when the check finds something."""
    parser = argparse.ArgumentParser(description="Collect the texts of the program and compile their translations.")
    parser.add_argument("--check", action="store_true", help="change nothing; say what is wrong")
    parser.add_argument("--missing", action="store_true", help="list what has no translation")
    asked = parser.parse_args()
    found = (
        [f"{language}: {problem}" for language in LANGUAGES for problem in problems(language)] if asked.check else []
    )
    for line in found:
        print(line, file=sys.stderr)
    if asked.check:
        return 1 if found else 0
    for language in LANGUAGES:
        catalog = merged(language)
        po, mo = written(catalog)
        po_file(language).parent.mkdir(parents=True, exist_ok=True)
        po_file(language).write_bytes(po)
        po_file(language).with_suffix(".mo").write_bytes(mo)
        missing = untranslated(catalog)
        print(f"{language}: {len(texts(catalog))} texts, {len(missing)} without translation")
        if asked.missing:
            print("\n".join(missing))
    return 0


if not settings.configured:
    settings.configure()

if __name__ == "__main__":
    raise SystemExit(main())
