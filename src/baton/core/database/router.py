"""Which tables live in the second SQLite file."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Model

VOLATILE_APPS = frozenset({"sessions", "axes"})


class VolatileRouter:
    """Sessions and sign-in counters go to ``volatile`` where there is one (SQLite), else to ``default``."""

    def _alias(self, app_label: str) -> str:
        return "volatile" if app_label in VOLATILE_APPS and "volatile" in settings.DATABASES else "default"

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return self._alias(model._meta.app_label)

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return self._alias(model._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == self._alias(app_label)
