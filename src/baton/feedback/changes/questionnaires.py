"""Questionnaires are written, changed and ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import next_number
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.texts import folded, sort_keys
from baton.feedback import policy
from baton.feedback.changes.checks import INTRO_LENGTH, reason_given, refuse, texts_given
from baton.feedback.models import Questionnaire
from baton.feedback.rules import Contents, document_of, faults_of
from baton_analysis.errors import gettext_noop

NUMBER_PREFIX = "QN"


def write_questionnaire(
    *, by: Actor, at: datetime, name: Mapping[str, str], contents: Contents, purpose: Mapping[str, str] | None = None,
    library_key: str = "",
) -> Questionnaire:  # fmt: skip
    """Write a questionnaire. It may lack questions, but what is in it must be well: see
    :func:`baton.feedback.rules.faults_of`."""
    with change(by=by, at=at) as trail:
        demand(policy.may_write_questionnaires(by))
        fresh = Questionnaire(number=next_number(prefix=NUMBER_PREFIX, at=at), library_key=library_key)
        _fill(fresh, name=name, purpose=purpose or {}, contents=contents)
        return trail.save(fresh, "questionnaire.written")


def change_questionnaire(
    *, by: Actor, at: datetime, questionnaire: Questionnaire, expected_seq: int | None = None, **changes: Any
) -> Questionnaire:
    """Change ``name``, ``purpose`` or ``contents``; what is not given stays. Waves that are open keep theirs."""
    with change(by=by, at=at) as trail:
        fresh = _to_write(trail, questionnaire, expected_seq)
        _fill(
            fresh, name=changes.get("name", fresh.name), purpose=changes.get("purpose", fresh.purpose),
            contents=changes.get("contents", fresh.contents),
        )  # fmt: skip
        return trail.save(fresh, "questionnaire.changed")


def end_questionnaire(
    *, by: Actor, at: datetime, questionnaire: Questionnaire, reason: str, expected_seq: int | None = None
) -> Questionnaire:
    """No more waves are prepared with it; those that were are asked."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = _to_write(trail, questionnaire, expected_seq)
        fresh.ended_at, fresh.ended_because = at, why
        return trail.save(fresh, "questionnaire.ended")


def _fill(fresh: Questionnaire, *, name: Mapping[str, str], purpose: Mapping[str, str], contents: Contents) -> None:
    fresh.name = texts_given(name, "name")
    fresh.purpose = texts_given(purpose, "purpose", most=INTRO_LENGTH, optional=True)
    if any(contents.questions()):
        refuse(faults_of(contents, settings.LANGUAGE_CODE))
    fresh.document = document_of(contents)
    fresh.sort_keys = sort_keys(fresh.name)
    fresh.search_text = folded(fresh.number, *fresh.name.values())


def _to_write(trail: Trail, questionnaire: Questionnaire, expected_seq: int | None) -> Questionnaire:
    fresh = trail.lock(Questionnaire, questionnaire, expected_seq=expected_seq)
    demand(policy.may_write_questionnaires(trail.by))
    if fresh.ended_at is not None:
        raise Refused(
            expected=gettext_noop("Expected a questionnaire that is used."),
            found=gettext_noop("{number} was ended."),
            remedy=gettext_noop("Write a new one; it may begin as a copy."),
            number=fresh.number,
        )
    return fresh
