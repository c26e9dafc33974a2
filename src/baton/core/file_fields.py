"""Form fields for several files at once; what they are is looked at where they are kept."""

from __future__ import annotations

from typing import Any

from django import forms


class FilesInput(forms.FileInput):
    """A control in which several files can be chosen."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files, or none."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in given]
