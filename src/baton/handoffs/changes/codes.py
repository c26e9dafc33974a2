"""Defect codes are added, renamed and ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements.changes.checks import texts_given
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.checks import text_needed
from baton.handoffs.models import DefectCode
from baton.handoffs.rules import CODE_LENGTH
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Output


def add_defect_code(
    *, by: Actor, at: datetime, code: str, name: Mapping[str, str], output: Output | None = None
) -> DefectCode:
    """A new code: of one output, or of all."""
    demand(policy.may_keep_codes(by))
    with change(by=by, at=at) as trail:
        made = DefectCode(
            code=text_needed(code, "code", CODE_LENGTH, gettext_noop("Give a short code, such as TORN.")),
            name=texts_given(name, "name"), output=output,
        )  # fmt: skip
        if DefectCode.objects.filter(code=made.code, output=output, ended_on__isnull=True).exists():
            raise Refused(
                field="code",
                expected=gettext_noop("Expected a code that is not in use."),
                found=gettext_noop("{code} is in use."),
                remedy=gettext_noop("Choose another, or rename that one."),
                code=made.code,
            )
        return trail.save(made, "defect_code.added")


def rename_defect_code(
    *, by: Actor, at: datetime, defect_code: DefectCode, name: Mapping[str, str], expected_seq: int | None = None
) -> DefectCode:
    """Other words for the same code."""
    demand(policy.may_keep_codes(by))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(DefectCode, defect_code, expected_seq=expected_seq)
        fresh.name = texts_given(name, "name")
        return trail.save(fresh, "defect_code.renamed")


def end_defect_code(*, by: Actor, at: datetime, defect_code: DefectCode, expected_seq: int | None = None) -> DefectCode:
    """It is offered no more; what stands under it keeps it."""
    demand(policy.may_keep_codes(by))
    with change(by=by, at=at) as trail:
        fresh = trail.lock(DefectCode, defect_code, expected_seq=expected_seq)
        fresh.ended_on = fresh.ended_on or day_of(at)
        return trail.save(fresh, "defect_code.ended")
