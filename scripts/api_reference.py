"""The reference of ``baton_analysis``: one page a package, written from signatures and docstrings.

Loaded by scripts/reference.py, which writes the pages and checks that they are in step. Public is what has no leading
underscore, in modules that have none either.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

import baton_analysis

RESULT_WORDS = frozenset({"n", "method", "version", "warnings"})
"""What every result has; :class:`baton_analysis.results.Result` says what it means."""

LONGEST_DEFAULT = 30
INTRO = (
    "Every public module, class and function, from its signature and docstring. What the figures mean stands in the "
    "[methods](../methods/README.md). Written by scripts/reference.py."
)


def modules() -> list[ModuleType]:
    """The public modules of the analysis, packages before what is in them."""
    found = []
    for module in pkgutil.walk_packages(baton_analysis.__path__, "baton_analysis."):
        if not any(part.startswith("_") for part in module.name.split(".")):
            found.append(importlib.import_module(module.name))
    return sorted(found, key=lambda module: module.__name__)


def members(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """Its public classes and functions that are defined in it, in the order of the file."""
    for name, thing in vars(module).items():
        own = getattr(thing, "__module__", None) == module.__name__
        if not name.startswith("_") and own and (inspect.isclass(thing) or inspect.isfunction(thing)):
            yield name, thing


def methods(kind: type) -> Iterator[tuple[str, Any, bool]]:
    """Public methods and properties that a class defines: name, function, whether it is read like a field."""
    for name, thing in vars(kind).items():
        if name.startswith("_"):
            continue
        if isinstance(thing, property):
            yield name, thing.fget, True
        elif isinstance(thing, cached_property):
            yield name, thing.func, True
        elif isinstance(thing, classmethod | staticmethod):
            yield name, thing.__func__, False
        elif inspect.isfunction(thing):
            yield name, thing, False


def undocumented() -> list[str]:
    """The public things that no docstring describes; a property may be described in that of its class."""
    found = []
    for module in modules():
        if not module.__doc__:
            found.append(module.__name__)
        for name, thing in members(module):
            place = f"{module.__name__}.{name}"
            if not described(thing):
                found.append(place)
            if inspect.isclass(thing):
                found += [f"{place}.{part}" for part, function, _ in methods(thing) if not told(thing, part, function)]
    return found


def described(thing: Any) -> bool:
    """Whether it has a docstring of its own: data classes get one that only repeats their fields."""
    text = thing.__doc__ or ""
    return bool(text) and not text.startswith(f"{thing.__name__}(")


def told(kind: type, name: str, function: Any) -> bool:
    """Whether a method or property is described: by itself, by a class above, or among the attributes of its class."""
    above = any(getattr(getattr(base, name, None), "__doc__", None) for base in kind.__mro__[1:])
    among = re.search(rf"(``{name}\b|^ *(\w+, )*{name}(, \w+)*$)", kind.__doc__ or "", re.MULTILINE)
    return bool(function.__doc__) or above or bool(among) or name in RESULT_WORDS


def signature(thing: Any) -> str:
    """Its parameters with types and defaults, on one line; nothing for classes that take what their fields say."""
    try:
        found = inspect.signature(thing)
    except (TypeError, ValueError):
        return ""
    parts, marked = [], False
    for parameter in found.parameters.values():
        if parameter.name in ("self", "cls"):
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not marked:
            parts.append("*")
            marked = True
        marked = marked or parameter.kind is parameter.VAR_POSITIONAL
        parts.append(_parameter(parameter))
    answer = "" if found.return_annotation is found.empty else f" -> {_annotation(found.return_annotation)}"
    return f"({', '.join(parts)}){answer}"


def _parameter(parameter: inspect.Parameter) -> str:
    stars = (
        "*" if parameter.kind is parameter.VAR_POSITIONAL else "**" if parameter.kind is parameter.VAR_KEYWORD else ""
    )
    kind = "" if parameter.annotation is parameter.empty else f": {_annotation(parameter.annotation)}"
    if parameter.default is parameter.empty:
        return f"{stars}{parameter.name}{kind}"
    default = repr(parameter.default)
    if len(default) > LONGEST_DEFAULT or " at 0x" in default:
        default = "…"
    return f"{stars}{parameter.name}{kind} = {default}"


def _annotation(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


_ROLE = re.compile(r":\w+:`~?([\w.]+)`")
_SECTIONS = "Parameters|Attributes|Raises|Returns|Yields|Definitions"
_SECTION = re.compile(rf"^({_SECTIONS})\n-+$", re.MULTILINE)
_BEFORE_SECTION = re.compile(rf"^(?=(?:{_SECTIONS})\n-+$)", re.MULTILINE)
_TERM = re.compile(r"^(\S[^\n]{0,80})\n((?:(?: {4}[^\n]*|)\n)+)", re.MULTILINE)


def markdown(text: str | None) -> str:
    """A docstring as Markdown: sections as bold words, terms as a list, roles as code."""
    body = _ROLE.sub(lambda role: f"`{role[1].split('.')[-1]}`", inspect.cleandoc(text or "")).replace("``", "`")
    pieces = re.split(
        r"^(?=(?:Parameters|Attributes|Raises|Returns|Yields|Definitions)\n-+$)", body, flags=re.MULTILINE
    )
    return "\n\n".join(_piece(piece) for piece in pieces if piece.strip())


def _piece(piece: str) -> str:
    heading = _SECTION.match(piece)
    if heading is None:
        return re.sub(r"^([^\n]+)\n-{3,}$", r"**\1**\n", piece.strip(), flags=re.MULTILINE)
    rest = piece[heading.end() :].strip("\n") + "\n"
    terms = [f"- `{term}`: {' '.join(said.split())}" for term, said in _TERM.findall(rest)]
    return f"**{heading[1]}**\n\n" + ("\n".join(terms) if terms else rest.strip())


def _of_class(name: str, kind: type) -> list[str]:
    parts = [f"### `{name}`", markdown(kind.__doc__ if described(kind) else "")]
    for part, function, like_field in methods(kind):
        said = markdown(function.__doc__) or markdown(_from_above(kind, part))
        call = part if like_field else f"{part}{signature(function)}"
        parts.append(f"#### `{name}.{call}`\n\n{said}".rstrip())
    return parts


def _from_above(kind: type, name: str) -> str | None:
    return next(
        (doc for base in kind.__mro__[1:] if (doc := getattr(getattr(base, name, None), "__doc__", None))), None
    )


def _of_module(module: ModuleType) -> str:
    parts = [f"## `{module.__name__}`", markdown(module.__doc__)]
    offered = [name for name in getattr(module, "__all__", ()) if name not in dict(members(module))]
    if offered:
        parts.append(f"Offers: {', '.join(f'`{name}`' for name in offered)}.")
    for name, thing in members(module):
        if inspect.isclass(thing):
            parts += _of_class(name, thing)
        else:
            parts += [f"### `{name}{signature(thing)}`", markdown(thing.__doc__)]
    return "\n\n".join(part for part in parts if part)


def pages(root: Path) -> dict[Path, str]:
    """The text of every page by its path."""
    folder = root / "docs" / "reference"
    by_package: dict[str, list[ModuleType]] = {}
    for module in modules():
        by_package.setdefault(module.__name__.split(".")[1], []).append(module)
    made = {}
    rows = ["| page | about |", "|---|---|"]
    for package, within in sorted(by_package.items()):
        first = markdown(within[0].__doc__).split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        rows.append(f"| [{package}]({package}.md) | {first} |")
        text = "\n\n".join(_of_module(module) for module in within)
        made[folder / f"{package}.md"] = f"# baton_analysis.{package}\n\n{text}\n"
    listed = "\n".join(rows)
    made[folder / "README.md"] = f"# Reference of baton_analysis\n\n{INTRO}\n\n{listed}\n"
    return made
