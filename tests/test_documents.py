"""What the documents say is true: examples run, links lead somewhere, both languages have the same pages, and the
commands that they name are those of the console script."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from baton.config.cli import main

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "guide"
LANGUAGES = ("en", "zh-hans")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LIST_OF_METHODS = (ROOT / "docs" / "methods" / "README.md").read_text(encoding="utf-8")
METHODS = sorted((ROOT / "docs" / "methods").glob("*.md"))
NOTEBOOKS = [GUIDE / language / "notebook.md" for language in LANGUAGES]

_FENCE = re.compile(r"^(?:```|~~~).*?^(?:```|~~~)[ \t]*$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^(?: {4}|\t).*$", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]+`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
# Not in a path (src/baton), not as part of a longer word.
_COMMAND = re.compile(r"(?<![\w/.-])(?:(?:\.venv/bin/)?baton|python3 run\.py) +([a-z]+)(?: +([a-z]+)\b)?")
_COMMANDS_OF_RUN_PY = {"setup", "test"}


def name_of(document: Path) -> str:
    return str(document.relative_to(ROOT))


def prose(text: str) -> str:
    """The text without what is code: a bracket in an example is no link."""
    return _CODE.sub("", _INDENTED.sub("", _FENCE.sub("", text)))


def anchor(heading: str) -> str:
    """The fragment that GitHub gives a heading: lower case, blanks as hyphens, punctuation left out."""
    kept = [c for c in heading.lower() if c.isalnum() or c in " -_"]
    return "".join(kept).replace(" ", "-")


def anchors(document: Path) -> set[str]:
    return {anchor(heading) for heading in _HEADING.findall(_FENCE.sub("", document.read_text(encoding="utf-8")))}


def heading_levels(document: Path) -> list[str]:
    """``#``, ``##`` ... in the order of the headings."""
    return re.findall(r"^(#+) ", _FENCE.sub("", document.read_text(encoding="utf-8")), re.MULTILINE)


def broken_links(document: Path) -> list[str]:
    """Links within the repository that lead nowhere."""
    wrong = []
    for target in _LINK.findall(prose(document.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, fragment = unquote(target).partition("#")
        file = (document.parent / path).resolve() if path else document
        missing = not file.exists() or (path and ROOT not in file.parents)
        if missing or (fragment and file.suffix == ".md" and fragment not in anchors(file)):
            wrong.append(target)
    return wrong


def commands(group: click.Group, before: str = "") -> set[str]:
    """All commands of the console script, those of groups with the group's name in front."""
    found = set()
    for name, command in group.commands.items():
        found |= commands(command, f"{name} ") if isinstance(command, click.Group) else {before + name}
    return found


def commands_named(text: str) -> set[str]:
    """What stands after ``baton`` or ``python3 run.py`` in code, such as ``people add``."""
    code = "\n".join([*_CODE.findall(text), *_INDENTED.findall(text), *_FENCE.findall(text)])
    groups = {name for name, command in main.commands.items() if isinstance(command, click.Group)}
    found = set()
    for first, second in _COMMAND.findall(code):
        found.add(f"{first} {second}" if first in groups and second else first)
    return found - _COMMANDS_OF_RUN_PY - groups


@pytest.mark.parametrize("document", [*METHODS, *NOTEBOOKS], ids=name_of)
def test_the_examples_of_a_method_run(document: Path) -> None:
    failed, tried = doctest.testfile(str(document), module_relative=False, encoding="utf-8")
    assert failed == 0
    assert tried > 0 or document.name == "README.md"


@pytest.mark.parametrize("document", [page for page in METHODS if page.name != "README.md"], ids=name_of)
def test_a_method_asks_in_both_languages_and_says_when_not_to_use_it(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for part in ("**Question.** ", "**问题。** ", "\n## Sources\n", "\n## When not to use it\n"):
        assert part in text, part
    (row,) = re.findall(rf"^\|.*\]\({re.escape(document.name)}\) \| (.+) \| (.+) \|$", LIST_OF_METHODS, re.MULTILINE)
    assert row[0].endswith("?")
    assert row[1].endswith("？")
    assert row[1] in text.replace("\n", "")


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_within_the_repository_lead_somewhere(document: Path) -> None:
    assert broken_links(document) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One thing\n\n[there](#one-thing) `[code](nothing.md)` [gone](nothing.md) [else](#two)\n")
    assert broken_links(page) == ["nothing.md", "#two"]


def test_every_page_of_the_guide_is_there_in_both_languages() -> None:
    pages = {language: {page.name for page in (GUIDE / language).glob("*.md")} for language in LANGUAGES}
    assert pages["en"] == pages["zh-hans"]
    assert len(pages["en"]) > 5


@pytest.mark.parametrize("page", sorted(page.name for page in (GUIDE / "en").glob("*.md")))
def test_both_languages_have_the_same_sections(page: str) -> None:
    english, chinese = (heading_levels(GUIDE / language / page) for language in LANGUAGES)
    assert english == chinese


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_that_is_named_exists(document: Path) -> None:
    assert commands_named(document.read_text(encoding="utf-8")) - commands(main) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_exists_is_described(language: str) -> None:
    page = (GUIDE / language / "command-line.md").read_text(encoding="utf-8")
    assert commands(main) - commands_named(page) == set()
    for name in main.commands:
        assert f"\n## baton {name}\n" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_option_that_exists_is_described(language: str) -> None:
    """Options of a command stand in its section of the page about the command line."""
    page = (GUIDE / language / "command-line.md").read_text(encoding="utf-8")
    sections = {part.splitlines()[0].strip(): part for part in page.split("\n## baton ")[1:]}
    for name, command in main.commands.items():
        below = command.commands.values() if isinstance(command, click.Group) else [command]
        options = {option for one in below for parameter in one.params for option in parameter.opts if "--" in option}
        assert {option for option in options if option not in sections[name]} == set(), name


def test_a_command_that_does_not_exist_is_found() -> None:
    assert commands_named("Run `baton fly` or\n\n    python3 run.py people invent\n") - commands(main) == {
        "fly",
        "people invent",
    }
