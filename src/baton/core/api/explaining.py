"""What does not fit a schema, in words: expected, found, what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from baton_analysis.errors import gettext_noop, sentences

# Kind of error in pydantic -> what was expected, with its own placeholders.
_EXPECTED = {
    "missing": gettext_noop("Expected a value: this one is required."),
    "extra_forbidden": gettext_noop("Expected only members that the reference names."),
    "enum": gettext_noop("Expected one of: {expected}."),
    "literal_error": gettext_noop("Expected one of: {expected}."),
    "string_type": gettext_noop("Expected a text."),
    "string_too_short": gettext_noop("Expected at least {min_length} characters."),
    "string_too_long": gettext_noop("Expected at most {max_length} characters."),
    "too_short": gettext_noop("Expected at least {min_length} entries."),
    "too_long": gettext_noop("Expected at most {max_length} entries."),
    "int_type": gettext_noop("Expected a whole number."),
    "int_parsing": gettext_noop("Expected a whole number."),
    "bool_type": gettext_noop("Expected true or false."),
    "bool_parsing": gettext_noop("Expected true or false."),
    "greater_than_equal": gettext_noop("Expected {ge} or more."),
    "less_than_equal": gettext_noop("Expected {le} or less."),
    "dict_type": gettext_noop("Expected an object."),
    "model_type": gettext_noop("Expected an object."),
    "list_type": gettext_noop("Expected a list."),
}
_OTHERS = {
    "day": gettext_noop("Expected a day such as 2026-03-31."),
    "integer": gettext_noop("Expected a whole number."),
    "pattern": gettext_noop("Expected a text of another form: {pattern}."),
    "": gettext_noop("Expected a value as the reference describes it."),
}
_PLACES = frozenset({"body", "query", "path", "header"})


def explained(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The errors of a validation as ``errors`` of a problem; at most 50."""
    return [_one(error) for error in errors[:50]]


def summary(errors: Sequence[Mapping[str, Any]]) -> str:
    """The first of them as one sentence, and how many there are."""
    first = errors[0]
    said = sentences([f"{first['field']}:", first["expected"], first["found"], first["remedy"]])
    if len(errors) == 1:
        return said
    return sentences([said, gettext("There are {count} such errors.").format(count=len(errors))])


def _one(error: Mapping[str, Any]) -> dict[str, Any]:
    loc = _place(error["loc"])
    kind = str(error["type"])
    context = {name: str(value)[:300] for name, value in error.get("ctx", {}).items()}
    if "expected" in context:  # pydantic lists values as English text: 'a', 'b' or 'c'
        context["expected"] = ", ".join(re.findall("'([^']*)'", context["expected"])) or context["expected"]
    names = [str(part) for part in loc[1:] if part != "[key]"]
    return {
        "loc": loc,
        "field": ".".join(names),
        "expected": _expected(kind, context).format(**context),
        "found": _found(kind, error.get("input")),
        "remedy": gettext("Leave it out.") if kind == "extra_forbidden" else gettext("Correct it and send it again."),
    }


def _place(loc: Sequence[Any]) -> list[str | int]:
    """Where, without the name of our own parameter that ninja puts behind ``body`` and ``query``."""
    parts: list[str | int] = [part if isinstance(part, int) else str(part)[:100] for part in loc]
    return [parts[0], *parts[2:]] if len(parts) > 1 and parts[0] in _PLACES and parts[1] in {"sent", "asked"} else parts


def _expected(kind: str, context: Mapping[str, str]) -> str:
    if kind in _EXPECTED:
        return gettext(_EXPECTED[kind])
    if kind == "value_error":
        other = context.get("error", "")
    elif kind.startswith("date"):
        other = "day"
    else:
        other = "pattern" if kind == "string_pattern_mismatch" else ""
    expected = _OTHERS.get(other, _OTHERS[""])
    return gettext(expected)


def _found(kind: str, value: Any) -> str:
    if kind == "missing":
        return gettext("Found nothing.")
    if isinstance(value, dict | list):
        return gettext("Found an object.") if isinstance(value, dict) else gettext("Found a list.")
    shown = str(value)[:60].encode("utf-8", "replace").decode("utf-8")
    return gettext("Found {value}.").format(value=shown)
