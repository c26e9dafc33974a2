"""Waves and questionnaires in sight."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.feedback import policy
from baton.feedback.models import Questionnaire, SurveyInvitation, UrnSheet, Wave
from baton.feedback.rules import WaveState, participation_told


def questionnaires(*, viewer: Actor) -> QuerySet[Questionnaire]:
    """The questionnaires that the viewer may read."""
    if not policy.may_read_questionnaires(viewer):
        return Questionnaire.objects.none()
    return Questionnaire.objects.all()


def questionnaire(*, viewer: Actor, public_id: str) -> Questionnaire:
    """One of them; NotFound for any other."""
    found = questionnaires(viewer=viewer).filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotFound
    return found


def waves_in_sight(*, viewer: Actor) -> QuerySet[Wave]:
    """The waves that the viewer may look at."""
    if policy.may_see_waves(viewer):
        return Wave.objects.all()
    return Wave.objects.filter(collector=viewer.person) if viewer.person is not None else Wave.objects.none()


def wave(*, viewer: Actor, public_id: str) -> Wave:
    """One of them; NotFound for any other."""
    found = waves_in_sight(viewer=viewer).select_related("questionnaire", "led_by", "collector")
    one = found.filter(public_id=public_id[:16]).first()
    if one is None:
        raise NotFound
    return one


def waves_asking(*, viewer: Actor, at: datetime) -> QuerySet[Wave]:
    """The open waves in which the viewer is asked himself; whether he has answered nobody knows."""
    if viewer.person is None:
        return Wave.objects.none()
    asked = SurveyInvitation.objects.filter(person=viewer.person).values("wave")
    return Wave.objects.filter(Q(pk__in=asked), state=WaveState.OPEN, closes_at__gt=at).order_by("closes_at", "pk")


def participation(*, viewer: Actor, wave: Wave) -> float | None:
    """The share of sheets that may be told while a wave is open, in steps of 10 %; exactly once it is closed; None
    where nothing is told."""
    if not policy.may_see_wave(viewer, wave):
        raise NotFound
    asked = wave.invited + wave.cards
    if wave.answered is not None:
        return min(1.0, wave.answered / asked) if asked else None
    if wave.state != WaveState.OPEN:
        return None
    return participation_told(invited=asked, answered=UrnSheet.objects.filter(wave=wave).count())
