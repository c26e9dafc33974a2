"""What must be equal after a restore: the rows of each table and the head of the audit trail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings

from baton.core.database.router import is_volatile

Ask = Callable[[str], Sequence[Sequence[Any]]]


def volatile_tables() -> list[str]:
    """Tables that are never backed up; where there is no second database they stand among the records."""
    models = [
        model._meta.db_table
        for model in apps.get_models()
        if is_volatile(model._meta.app_label, model._meta.model_name)
    ]
    return sorted([*models, str(settings.CACHES["default"]["LOCATION"])])


def summary(ask: Ask, tables: Sequence[str]) -> tuple[dict[str, int], int, str]:
    """Rows by table, and number and hash of the last audit entry. ``ask`` runs a statement and returns its rows."""
    counts = {table: ask(f'SELECT count(*) FROM "{table}"')[0][0] for table in sorted(tables)}
    last = ask("SELECT seq, hash FROM core_auditentry ORDER BY seq DESC LIMIT 1") if "core_auditentry" in counts else []
    return counts, *(last[0] if last else (0, ""))
