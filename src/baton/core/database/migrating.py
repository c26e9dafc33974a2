"""Bringing the tables of the databases to the state that this version knows."""

from __future__ import annotations

from django.core.management import call_command

from baton.core.database.router import VOLATILE_APPS, VOLATILE_MODELS

_VOLATILE_LABELS = sorted((VOLATILE_APPS - {"django_cache"}) | {label for label, _model in VOLATILE_MODELS})


def migrate(alias: str) -> None:
    """Apply what the database behind ``alias`` lacks.

    In the volatile one only the apps that keep tables there: Django would work out the state of every other table, too,
    which takes longer than making those that are there.
    """
    for label in _VOLATILE_LABELS if alias == "volatile" else [None]:
        call_command("migrate", *([label] if label else []), database=alias, verbosity=0, interactive=False)
