"""A foreign key to another room leaves no trace there: no accessor, and the row it names cannot vanish under it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

# Two applications that do nothing when they are loaded stand in for a low and a high room.
ROOMS = ("django.contrib.humanize", "django.contrib.sessions")


def foreign_keys(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """The fields of a model's own table, and its many-to-many fields, that point to other tables."""
    fields = [*model._meta.local_fields, *model._meta.local_many_to_many]
    yield from (field for field in fields if field.remote_field is not None)


def violation(field: Any) -> str:
    """What is wrong with a foreign key; empty when it is well or stays in its room."""
    target = field.remote_field.model._meta
    if target.app_label == field.model._meta.app_label:
        return ""
    if field.many_to_many:
        return "many-to-many to another room: make it a table of this room"
    if field.remote_field.related_name != "+":
        return 'needs related_name="+"'
    return "" if field.remote_field.on_delete is models.PROTECT else "needs on_delete=PROTECT"


def test_foreign_keys_leave_no_trace_in_other_rooms() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("baton.")]
    assert ours
    fields = [field for model in ours for field in foreign_keys(model)]
    assert {str(field): violation(field) for field in fields if violation(field)} == {}


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"on_delete": models.PROTECT, "related_name": "+"}, ""),
        ({"on_delete": models.PROTECT}, 'needs related_name="+"'),
        ({"on_delete": models.CASCADE, "related_name": "+"}, "needs on_delete=PROTECT"),
    ],
)
def test_planted_foreign_key_is_noticed(options: dict[str, Any], found: str) -> None:
    with isolate_apps(*ROOMS):

        class Low(models.Model):
            class Meta:
                app_label = "humanize"

        class High(models.Model):
            low = models.ForeignKey(Low, **options)

            class Meta:
                app_label = "sessions"

        assert [violation(field) for field in foreign_keys(High)] == [found]


def test_planted_many_to_many_is_noticed() -> None:
    with isolate_apps(*ROOMS):

        class Low(models.Model):
            class Meta:
                app_label = "humanize"

        class High(models.Model):
            low = models.ManyToManyField(Low, related_name="+")

            class Meta:
                app_label = "sessions"

        assert [violation(field) for field in foreign_keys(High)] == [
            "many-to-many to another room: make it a table of this room"
        ]
