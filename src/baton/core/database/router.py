"""Which tables live in the second SQLite file."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Model

# "django_cache" is the label under which Django asks for the table of its database cache.
VOLATILE_APPS = frozenset({"sessions", "axes", "django_cache"})
# Tables of the core that may be lost without harm, by label and model.
VOLATILE_MODELS = frozenset({("core", "tokenuse")})


def volatile_alias() -> str:
    """Where what may be lost is kept: ``volatile`` where there is one (SQLite), else ``default``."""
    return "volatile" if "volatile" in settings.DATABASES else "default"


def is_volatile(app_label: str, model_name: str | None = None) -> bool:
    """Whether the table of a model may be lost."""
    return app_label in VOLATILE_APPS or (app_label, model_name) in VOLATILE_MODELS


class VolatileRouter:
    """Sessions, cache and sign-in counters go to the volatile database, everything else to ``default``.

    A hand-written migration step says with ``hints={"lives_with": "django_cache"}`` where it belongs when that is not
    where its app lives.
    """

    def _alias(self, app_label: str, model_name: str | None = None) -> str:
        return volatile_alias() if is_volatile(app_label, model_name) else "default"

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        return self._alias(model._meta.app_label, model._meta.model_name)

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        return self._alias(model._meta.app_label, model._meta.model_name)

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        return db == self._alias(hints.get("lives_with", app_label), model_name)
