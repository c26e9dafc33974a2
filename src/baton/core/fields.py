"""Form fields dressed for the page: the control with its classes, tied to its help and to what is wrong with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField

from baton.core.widgets import LongSelect

_SWITCHES = (forms.CheckboxInput,)
_GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _shape(widget: forms.Widget) -> str:
    """``check``, ``group``, ``select`` or ``input``: how the template lays the field out."""
    if isinstance(widget, _GROUPS):
        return "group"
    if isinstance(widget, _SWITCHES):
        return "check"
    if isinstance(widget, forms.Select):
        return "select"
    return "input"


_CLASSES = {"check": "form-check-input", "group": "choices", "select": "form-select", "input": "form-control"}


def _plain(widget: forms.Widget) -> forms.Widget:
    """A select whose options stand in no groups is written in one go."""
    if type(widget) is not forms.Select or any(isinstance(label, list | tuple) for _key, label in widget.choices):
        return widget
    plain = LongSelect(widget.attrs, widget.choices)
    plain.is_required = widget.is_required
    return plain


def dressed(bound: BoundField, *, label: str = "", help: str = "", width: str = "") -> dict[str, Any]:
    """What the component ``field`` shows.

    ``label`` and ``help`` replace the form's own; ``width`` is ``short``, ``medium`` or empty. The control gets
    ``aria-describedby`` for help and error and ``aria-invalid`` where it was refused.
    """
    widget = bound.field.widget
    shape = _shape(widget)
    name = bound.auto_id or bound.html_name
    said = help or bound.help_text
    described = [f"{name}_help"] if said else []
    described += [f"{name}_error"] if bound.errors else []
    attributes: dict[str, str | bool] = {
        "class": " ".join(part for part in (widget.attrs.get("class", ""), _CLASSES[shape]) if part)
    }
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["class"] = f"{attributes['class']} is-invalid"
        attributes["aria-invalid"] = "true"
    return {
        "bound": bound,
        "control": bound.as_widget(_plain(widget), attrs=attributes),
        "shape": shape,
        "name": name,
        "label": label or bound.label,
        "help": said,
        "width": width,
        "optional": not bound.field.required and shape in {"input", "select"},
        "hidden": bound.is_hidden,
    }
