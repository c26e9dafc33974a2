"""Controls of forms that Django has not, or draws too slowly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from baton.core.formats import labelled


def options_of(choices: Iterable[tuple[Any, Any]]) -> str:
    """The options of a select, none of them chosen."""
    return "".join(f'<option value="{escape(str(key))}">{escape(str(label))}</option>' for key, label in choices)


class LongSelect(forms.Select):
    """A select with hundreds of options, such as time zones: one string instead of a template for every option. Choices
    that are kept in that form have it as their ``options``."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        chosen = f'<option value="{escape("" if value is None else str(value))}"'
        ready: str | None = getattr(self.choices, "options", None)
        options = options_of(self.choices) if ready is None else ready
        options = options.replace(f"{chosen}>", f"{chosen} selected>", 1)
        return format_html(
            "<select{}>{}</select>",
            flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})})),
            SafeString(options),
        )


class GroupedChecks(forms.CheckboxSelectMultiple):
    """Many boxes to tick, under a heading for each group; who only hears a box hears the heading with it."""

    def __init__(self) -> None:
        super().__init__(attrs={"class": "choices-grouped"})

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        groups: list[Any] = super().optgroups(name, value, attrs)
        for group, options, _index in groups:
            for option in options:
                option["attrs"]["aria-label"] = labelled(group, option["label"])
        return groups


class NoSuggestions(forms.TextInput):
    """A line of text that the browser does not fill in by itself: it has to be typed."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off"})


class Suggesting(forms.TextInput):
    """A line of text with ``values`` to choose from while typing; anything else may be typed, too."""

    values: Sequence[str] = ()

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        listed = f"{(attrs or {}).get('id', name)}-values"
        line = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((text,) for text in self.values))
        return format_html('{}<datalist id="{}">{}</datalist>', line, listed, options)
