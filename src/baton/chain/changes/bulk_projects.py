"""Many projects at once, as part of an import: each comes out as ``add_project`` would have made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.db.models import F

from baton.chain.changes.bulk_rows import refuse_ended
from baton.chain.changes.checks import parties_named
from baton.chain.models import Party, Project
from baton.core.changes import next_numbers
from baton.core.changes.bulk import lines_of
from baton.core.errors import Refused
from baton.core.texts import Texts, folded, sort_keys

if TYPE_CHECKING:
    from baton.core.models import Batch

PROJECTS_TARGET = "projects"
RELEASED: Mapping[str, Any] = {"ended_on": F("began_on")}
"""A withdrawn project never began: it ends on its first day."""
_READ = 500


def project_line(
    *, public_id: str, name: Texts, owner: str, began_on: date, ends_on: date | None
) -> dict[str, Any]:  # fmt: skip
    """A row of the entry; ``owner`` is a public id, empty for none."""
    return {
        "public_id": public_id, "name": dict(name), "owner": owner, "began_on": began_on.isoformat(),
        "ends_on": ends_on.isoformat() if ends_on else "",
    }  # fmt: skip


def projects_of(batch: Batch) -> Iterator[Project]:
    """The projects of the rows that are left, without numbers."""
    lines = lines_of(batch, after=batch.rows_entered)
    while chunk := list(islice(lines, _READ)):
        owners = parties_named({line["owner"] for line in chunk if line["owner"]})
        for line in chunk:
            yield Project(
                public_id=line["public_id"], name=line["name"], sort_keys=sort_keys(line["name"]),
                owner=owners[line["owner"]] if line["owner"] else None, began_on=date.fromisoformat(line["began_on"]),
                ends_on=date.fromisoformat(line["ends_on"]) if line["ends_on"] else None,
            )  # fmt: skip


def admit_projects(*, at: datetime, batch: Batch, first: int, records: Sequence[Project]) -> None:
    """Under the lock: refuse those whose leader has ended since, and number the others."""
    refuse_ended(Party, [(row, project.owner_id) for row, project in enumerate(records, start=first)])
    numbers = next_numbers(prefix="J", at=at, count=len(records))
    for project, number in zip(records, numbers, strict=True):
        project.number = number
        project.search_text = folded(number, *project.name.values())


def conflict_of_projects(*, first: int, records: Sequence[Project]) -> Refused:
    """Nothing of a project is unique but what Baton gives it."""
    raise RuntimeError("the database refused projects that were admitted")
