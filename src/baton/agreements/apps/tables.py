"""What comes in as tables: clauses of drafts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.agreements import policy
from baton.agreements.changes import bulk_clauses
from baton.agreements.imports.clauses import CLAUSES
from baton.core.import_targets import import_targets
from baton.core.registries import BulkTarget, bulk_targets, dependants


def register() -> None:
    """Enter the targets of imports and bulk entries."""
    import_targets.add("clauses", CLAUSES)
    bulk_targets.add(
        bulk_clauses.CLAUSES_TARGET,
        BulkTarget(
            title=_("Clauses of agreements"), model="agreements.Clause", may_enter=policy.may_bring_clauses,
            rows=bulk_clauses.clauses_of, admit=bulk_clauses.admit_clauses, conflict=bulk_clauses.conflict_of_clauses,
            sealed=bulk_clauses.seal_clauses, released=bulk_clauses.RELEASED,
        ),
    )  # fmt: skip
    dependants.add("agreements.clauses", bulk_clauses.proposed_since)
