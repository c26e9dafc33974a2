"""The ordered steps of a service: added, changed, put in order, left out, in a draft of a service offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from baton.agreements.changes.checks import texts_given
from baton.agreements.changes.drafts import to_edit_offered, touch
from baton.agreements.models import OfferVersion, ServiceStep
from baton.agreements.rules import LONGEST_STEP, MOST_STEPS
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.errors import Refused
from baton.core.ids import new_public_id
from baton_analysis.errors import gettext_noop


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWords:
    """What a step says: texts by language, and ``minutes`` (None: not said)."""

    name: Mapping[str, str]
    role: Mapping[str, str] = field(default_factory=dict)
    minutes: int | None = None
    bring: Mapping[str, str] = field(default_factory=dict)


def add_step(*, by: Actor, at: datetime, version: OfferVersion, words: StepWords) -> ServiceStep:
    """Add a step at the end."""
    with change(by=by, at=at) as trail:
        version = to_edit_offered(trail, version)
        _refuse_too_many(version, 1)
        places = ServiceStep.objects.filter(offer_version=version).values_list("position", flat=True)
        step = _new(trail, version, words, position=max(places, default=0) + 1)
        touch(trail, version)
        return step


def set_steps(
    *, by: Actor, at: datetime, version: OfferVersion, steps: Sequence[StepWords], expected_seq: int | None = None
) -> OfferVersion:
    """These steps in this order instead of those that stand there. A step that says the same keeps its line."""
    with change(by=by, at=at) as trail:
        version = to_edit_offered(trail, version, expected_seq)
        known = list(_steps_of(version))
        _refuse_too_many(version, len(steps) - len(known))
        left = {one.pk: one for one in known}
        for place, words in enumerate(steps, start=1):
            same = next((one for one in left.values() if one.name == dict(words.name)), None)
            if same is None:
                _new(trail, version, words, position=place)
                continue
            del left[same.pk]
            held = trail.lock(ServiceStep, same)
            _describe(held, words)
            held.position = place
            trail.save(held, "service_step.changed")
        for one in left.values():
            _drop(trail, one)
        touch(trail, version)
        return version


def change_step(
    *, by: Actor, at: datetime, step: ServiceStep, words: StepWords, expected_seq: int | None = None
) -> ServiceStep:
    """Other words or another time."""
    with change(by=by, at=at) as trail:
        version = to_edit_offered(trail, step.offer_version)
        step = trail.lock(ServiceStep, step, expected_seq=expected_seq)
        _describe(step, words)
        step = trail.save(step, "service_step.changed")
        touch(trail, version)
        return step


def drop_step(*, by: Actor, at: datetime, step: ServiceStep, expected_seq: int | None = None) -> ServiceStep:
    """Leave a step out."""
    with change(by=by, at=at) as trail:
        version = to_edit_offered(trail, step.offer_version)
        step = _drop(trail, step, expected_seq)
        touch(trail, version)
        return step


def move_step(*, by: Actor, at: datetime, step: ServiceStep, position: int) -> ServiceStep:
    """Put a step at ``position``, from 1 on; the others close up. A position beyond the last is the last."""
    with change(by=by, at=at) as trail:
        version = to_edit_offered(trail, step.offer_version)
        others = [one for one in _steps_of(version) if one.pk != step.pk]
        moved = trail.lock(ServiceStep, step)
        before = max(position, 1) - 1
        for place, one in enumerate([*others[:before], moved, *others[before:]], start=1):
            if one.position != place:
                held = moved if one is moved else trail.lock(ServiceStep, one)
                held.position = place
                trail.save(held, "service_step.moved")
        touch(trail, version)
        return moved


def carry_steps_over(trail: Trail, before: OfferVersion, version: OfferVersion) -> None:
    """Within an open change: the steps of the version before, by the same lines."""
    for place, step in enumerate(_steps_of(before), start=1):
        copy = ServiceStep(
            offer_version=version, line=step.line, position=place, name=step.name, role=step.role,
            minutes=step.minutes, bring=step.bring,
        )  # fmt: skip
        trail.save(copy, "service_step.carried_over")


def _steps_of(version: OfferVersion) -> Sequence[ServiceStep]:
    return list(ServiceStep.objects.filter(offer_version=version, dropped=False).order_by("position", "pk"))


def _new(trail: Trail, version: OfferVersion, words: StepWords, *, position: int) -> ServiceStep:
    step = ServiceStep(offer_version=version, line=new_public_id(), position=position)
    _describe(step, words)
    return trail.save(step, "service_step.added")


def _drop(trail: Trail, step: ServiceStep, expected_seq: int | None = None) -> ServiceStep:
    held = trail.lock(ServiceStep, step, expected_seq=expected_seq)
    held.dropped = True
    return trail.save(held, "service_step.dropped")


def _describe(step: ServiceStep, words: StepWords) -> None:
    step.name = texts_given(words.name, "name")
    step.role = texts_given(words.role, "role", optional=True)
    step.bring = texts_given(words.bring, "bring", optional=True)
    if words.minutes is not None and not 0 <= words.minutes <= LONGEST_STEP:
        raise Refused(
            field="minutes",
            expected=gettext_noop("Expected 0 to {most} minutes, or nothing."),
            found=gettext_noop("Found {minutes}."),
            remedy=gettext_noop("Correct the time, or make several steps of it."),
            most=f"{LONGEST_STEP:,}",
            minutes=words.minutes,
        )
    step.minutes = words.minutes


def _refuse_too_many(version: OfferVersion, more: int) -> None:
    if ServiceStep.objects.filter(offer_version=version, dropped=False).count() + more > MOST_STEPS:
        raise Refused(
            expected=gettext_noop("Expected at most {most} steps."),
            remedy=gettext_noop("Put together what the customer meets as one step."),
            most=MOST_STEPS,
        )
