"""Bringing the tables of the databases to the state that this version knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.core.management import call_command
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from baton.core.database.router import VOLATILE_APPS, VOLATILE_MODELS

_VOLATILE_LABELS = sorted((VOLATILE_APPS - {"django_cache"}) | {label for label, _model in VOLATILE_MODELS})


def migrate(alias: str) -> None:
    """Apply what the database behind ``alias`` lacks.

    In the volatile one only the apps that keep tables there: Django would work out the state of every other table, too,
    which takes longer than making those that are there.
    """
    is_new = not MigrationRecorder(connections[alias]).has_table()
    with new_models_alone() if is_new else nullcontext():
        for label in _VOLATILE_LABELS if alias == "volatile" else [None]:
            call_command("migrate", *([label] if label else []), database=alias, verbosity=0, interactive=False)


@contextmanager
def new_models_alone() -> Iterator[None]:
    """What a migration adds is made without making all that it is related to once more.

    Django builds the classes of every related model anew for each model, index and constraint that a migration adds, so
    that the time grows with the square of their number: half of the first start. Only a migration that reads records
    through a relation back to a new model would miss that, and a database without tables has no records. Where a
    relation or what one points to is altered, and before Python of a migration, all is made anew as usual.
    """
    usual = ProjectState._find_reload_model  # type: ignore[attr-defined]

    def alone(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> set[tuple[str, str]]:
        if model_name in state.apps.all_models[app_label] and not delay:
            found: set[tuple[str, str]] = usual(state, app_label, model_name, delay)
            return found
        state.is_delayed = state.is_delayed or delay
        return {(app_label, model_name)}

    ProjectState._find_reload_model = alone  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = usual  # type: ignore[attr-defined]
