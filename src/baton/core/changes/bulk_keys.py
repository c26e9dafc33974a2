"""Many keys of other systems at once, as part of an import: as ``give_external_key`` gives one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import F

from baton.core.changes.bulk import lines_of
from baton.core.changes.keys import known_spelling
from baton.core.errors import Refused
from baton.core.models import Batch, ExternalKey
from baton.core.texts import folded
from baton_analysis.errors import gettext_noop

KEYS_TARGET = "external_keys"
RELEASED: Mapping[str, Any] = {"withdrawn_at": F("recorded_at")}
"""A withdrawn key never meant anything."""


def keys_of(batch: Batch) -> Iterator[ExternalKey]:
    """The keys of the rows that are left."""
    spelling: dict[str, str] = {}
    for line in lines_of(batch, after=batch.rows_entered):
        system = spelling.setdefault(line["system"], known_spelling(line["system"]))
        yield ExternalKey(
            record_kind=line["kind"], object_id=line["object_id"], subject=line["subject"], system=system,
            key=line["key"], search_text=folded(line["key"]),
        )  # fmt: skip


def admit_keys(*, at: datetime, batch: Batch, first: int, records: Sequence[ExternalKey]) -> None:
    """Unique keys of the table say whether another record has one meanwhile."""


def conflict_of_keys(*, first: int, records: Sequence[ExternalKey]) -> Refused:
    """Which key is taken, when the database has said that one is."""
    for record in records:
        same = ExternalKey.everything.filter(
            withdrawn_at__isnull=True, system=record.system, record_kind=record.record_kind, key=record.key
        )
        if same.exists():
            break
    return Refused(
        field="key",
        expected=gettext_noop("Expected a key that no other record has in {system}."),
        found=gettext_noop("Another record was given “{key}” in the meantime."),
        remedy=gettext_noop("Check the table again."),
        system=record.system,
        key=record.key,
    )
