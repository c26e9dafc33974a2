"""Whether this installation can do its work: what a monitor asks and an administrator reads."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import Error, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from baton.core import registries
from baton.core.audit import triggers
from baton.core.database.postgresql import roles
from baton.core.errors import CannotStart, Refused
from baton.core.search import index
from baton.core.worker import last_seen
from baton_analysis.errors import gettext_noop

LEAST_FREE_BYTES = 200 * 1024 * 1024
WORKER_SILENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``message`` says how it stands and, where it is wrong, what to do.

    ``warning``: nothing fails, but it could stand better.
    """

    name: str
    ok: bool
    message: str
    warning: bool = False

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def checks(*, at: datetime, thorough: bool = False) -> list[Finding]:
    """Database, migrations, disk space, worker, the trail's triggers and the rooms' own work; with ``thorough`` also
    the settings, on PostgreSQL the role as which the application connects, and what exactly is wrong in the rooms.

    What cannot be asked without a database is left out when there is none.
    """
    found = [_database(alias) for alias in connections]
    if not all(finding.ok for finding in found):
        return [*found, _disk()]
    found += [migrations := _migrations(), _disk(), _worker(at), _triggers()]
    if migrations.ok:
        found += _of_rooms(at, thorough=thorough)
    return [*found, _settings(), *_role(), _search()] if thorough else found


def demand_startable() -> None:
    """Refuse to serve a database that does not answer, is older or newer than the program, or whose audit trail could
    be rewritten. Raises :class:`CannotStart`.
    """
    looks: list[Callable[[], Finding]] = [partial(_database, alias) for alias in connections]
    for look in (*looks, _migrations, _triggers):
        try:
            finding = look()
        except Refused as refused:  # of the database backend: an unsafe library, a disk that cannot lock
            raise CannotStart(remedy=gettext_noop("{why}"), why=str(refused)) from refused
        if not finding.ok:
            raise CannotStart(remedy=gettext_noop("{why}"), why=finding.message)


def _database(alias: str) -> Finding:
    try:
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        wrong = _("The database does not answer. Check that it runs and that its disk is not full.")
        return Finding(f"database {alias}", ok=False, message=wrong)
    return Finding(f"database {alias}", ok=True, message=_("answers"))


def _migrations() -> Finding:
    executor = MigrationExecutor(connections["default"])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        wrong = _("The database is older than the program. Run: baton migrate")
        return Finding("migrations", ok=False, message=wrong)
    ours = {app.label for app in apps.get_app_configs() if app.name.startswith("baton.")}
    if any(label in ours for label, _name in executor.loader.applied_migrations.keys() - executor.loader.graph.nodes):
        wrong = _(
            "The database is newer than the program. Start the newer program, or restore a backup made before it."
        )
        return Finding("migrations", ok=False, message=wrong)
    return Finding("migrations", ok=True, message=_("applied"))


def _disk() -> Finding:
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < LEAST_FREE_BYTES:
        wrong = _("Less than 200 MiB are free in the data folder. Make room, or nothing can be saved soon.")
        return Finding("disk", ok=False, message=wrong)
    return Finding("disk", ok=True, message=_("{size} MiB free").format(size=free // (1024 * 1024)))


def _worker(at: datetime) -> Finding:
    """A worker that was there and fell silent is wrong; where there never was one, pages work and only jobs wait."""
    seen = last_seen()
    if seen is None:
        return Finding("worker", ok=True, message=_("None has run yet: imports, mail and charts wait for one."))
    if at - seen > WORKER_SILENCE:
        wrong = _("The worker has been silent for more than five minutes. Start it again: baton worker")
        return Finding("worker", ok=False, message=wrong)
    return Finding("worker", ok=True, message=_("seen at {time}").format(time=seen.isoformat(timespec="seconds")))


def _of_rooms(at: datetime, *, thorough: bool) -> list[Finding]:
    """Work of rooms that goes on by itself. Pages work without it: where it does not go as it should, that is a
    warning."""
    found = [(name, look(at)) for name, look in registries.workings]
    return [
        Finding(name, ok=True, message=one.said if thorough else one.word, warning=not one.well) for name, one in found
    ]


def _settings() -> Finding:
    if settings.DEBUG and not settings.DEMO:
        wrong = _("BATON_DEBUG is on: error pages show what is inside. Switch it off where others can reach Baton.")
        return Finding("settings", ok=False, message=wrong)
    return Finding("settings", ok=True, message=_("sound"))


def _role() -> list[Finding]:
    """On PostgreSQL: whether the application could take the protection off its own audit trail."""
    connection = connections["default"]
    if connection.vendor != "postgresql":
        return []
    if roles.may_rewrite_trail(connection):
        better = _(
            "The application owns its tables, so whoever takes it over could rewrite the audit trail. Give them to a "
            "role of their own: see “Two roles” in the guide, Keeping it running."
        )
        return [Finding("database role", ok=True, message=better, warning=True)]
    return [Finding("database role", ok=True, message=_("owns no tables"))]


def _search() -> Finding:
    """Whether the database's own index of the search is there; without it the same is found, more slowly."""
    connection = connections["default"]
    if not index.missing(connection):
        return Finding("search", ok=True, message=_("has its index"))
    if connection.vendor == "sqlite":
        better = _("The search has no index and looks through every record. Run: baton rebuild --search")
    else:
        better = _(
            "The search has no index and looks through every record. Let the owner of the database run: {statements}"
        ).format(statements=index.REMEDY_POSTGRESQL)
    return Finding("search", ok=True, message=better, warning=True)


def _triggers() -> Finding:
    missing = triggers.missing(connections["default"])
    if missing:
        wrong = _("The audit trail is not protected: {names} is missing. Run: baton verify, then baton migrate")
        return Finding("audit trail", ok=False, message=wrong.format(names=", ".join(missing)))
    return Finding("audit trail", ok=True, message=_("protected"))
