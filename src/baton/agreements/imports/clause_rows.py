"""Clauses as rows of a table, as they are taken away and brought again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from baton.agreements import queries
from baton.agreements.imports.clause_columns import text_field
from baton.agreements.models import AgreementVersion, Clause
from baton.agreements.rules import EDITABLE, VersionState
from baton.core.actors import Actor
from baton.core.texts import say

CHOICES = ("clause_kind", "aspect", "measure", "direction", "source", "sampling", "measured_by")
PLAIN = (
    "target", "lower", "upper", "attainment", "source_note", "sample_size", "sampling_note", "baseline_value",
    "baseline_weeks", "baseline_from", "baseline_until", "baseline_note", "trial_until",
)  # fmt: skip
TEXTS = ("characteristic", "perception_item")
"""Fields of clauses by how they stand in a cell: as one of several words, plainly, and as texts by language."""


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """The clauses of every agreement that the viewer sees: those of its draft, else those of the version that
    counts."""
    seen = queries.agreements_in_sight(viewer=viewer, at=at).select_related("link").order_by("number")
    found = list(seen)
    for start in range(0, len(found), 200):
        part = found[start : start + 200]
        versions = queries.versions_of(viewer=viewer, agreements=part)
        chosen = [chosen_version(versions[one.pk]) for one in part if versions[one.pk]]
        held = queries.clauses_by_version(viewer=viewer, versions=chosen)
        for version in chosen:
            yield from clause_rows(version, held.get(version.pk, []))


def clause_rows(version: AgreementVersion, clauses: Iterable[Clause]) -> Iterator[Mapping[str, str]]:
    """The clauses of one version as rows of such a table."""
    for clause in clauses:
        yield {"agreement": version.agreement.number, "line": clause.line, **cells_of(clause)}


def cells_of(clause: Clause) -> dict[str, str]:
    """What a clause says, as cells by field."""
    said = clause.terms
    cells = {name: _cell(getattr(said, name)) for name in ("owed_by", *CHOICES, *PLAIN, "unit")}
    for name in TEXTS:
        texts = getattr(said, name)
        cells |= {text_field(name, code): texts.get(code, "") for code, _label in settings.LANGUAGES}
    calendar = clause.calendar
    return {**cells, "calendar": say(calendar.name, settings.LANGUAGE_CODE) if calendar is not None else ""}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def chosen_version(versions: Sequence[AgreementVersion]) -> AgreementVersion:
    """Of the versions of one agreement, newest first: its draft, else the one that counts."""
    drafts = [one for one in versions if VersionState(one.state) in EDITABLE]
    return drafts[0] if drafts else queries.that_counts(versions)
