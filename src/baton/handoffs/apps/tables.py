"""What comes in as tables: handoffs with their lines and measured values."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from baton.core.import_targets import import_targets
from baton.core.registries import BulkTarget, bulk_targets
from baton.handoffs import policy
from baton.handoffs.changes import bulk_handoffs
from baton.handoffs.imports import TARGETS
from baton.handoffs.imports.bringing import may_bring


def register() -> None:
    """Enter the targets of imports and bulk entries."""
    for name, target in TARGETS.items():
        import_targets.add(name, target)
    bulk_targets.add(
        bulk_handoffs.HANDOFFS_TARGET,
        BulkTarget(
            title=_("Handoffs"), model="handoffs.Handoff", may_enter=may_bring, rows=bulk_handoffs.handoffs_of,
            admit=bulk_handoffs.admit_handoffs, conflict=bulk_handoffs.conflict_of_handoffs,
            released=bulk_handoffs.HANDOFFS_RELEASED, columns=bulk_handoffs.HANDOFF_COLUMNS,
            handles_all=policy.handles_all_brought,
        ),
    )  # fmt: skip
    for name, title, model, columns in (
        (bulk_handoffs.LINES_TARGET, _("Lines of handoffs"), "handoffs.HandoffLine", bulk_handoffs.LINE_COLUMNS),
        (bulk_handoffs.VALUES_TARGET, _("Measured values"), "handoffs.MeasuredValue", bulk_handoffs.VALUE_COLUMNS),
    ):
        bulk_targets.add(name, BulkTarget(
            title=title, model=model, may_enter=may_bring, rows=bulk_handoffs.parts_of_handoffs,
            admit=bulk_handoffs.admit_parts, conflict=bulk_handoffs.conflict_of_parts, released={}, columns=columns,
            handles_all=policy.handles_all_brought,
        ))  # fmt: skip
