"""One worker at a time hands out a wave; everybody who is asked is told, and reminded.

What is told here holds no token: it leads to the page on which somebody who is signed in finds what he is asked.
Reminders go to everybody, whether he has answered or not: nobody knows who has.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import notify
from baton.core.errors import Refused
from baton.core.jobs import enqueue
from baton.core.queries.messages import told_since
from baton.feedback.changes.opening import HAND_OUT_JOB
from baton.feedback.changes.waves import demand_state, to_run
from baton.feedback.models import HandingOut, Occasion, SurveyInvitation, Wave, WaveReminder
from baton.feedback.queries.asking import ASKED_TOPIC
from baton.feedback.rules import Mode, WaveState, Way
from baton_analysis.errors import gettext_noop

REMIND_JOB = "feedback.remind"
TEND_JOB = "feedback.tend_waves"
REMINDED_TOPIC = "feedback.reminded"
CLAIM = timedelta(minutes=30)
"""For so long a worker hands out a wave alone; one that dies is followed by another afterwards."""
BETWEEN = timedelta(hours=24)
"""So long nobody is reminded again."""
_LAST = timedelta(days=1)


def claim(*, at: datetime, wave: Wave) -> bool:
    """Whether this worker may hand out the wave now: no other one does. :func:`release` ends it."""
    HandingOut.objects.get_or_create(wave=wave)
    free = HandingOut.objects.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=at), wave=wave)
    return bool(free.update(claimed_until=at + CLAIM))


def hold(*, at: datetime, wave: Wave) -> None:
    """This worker is still at it: letters to thousands take longer than :data:`CLAIM`, and whoever is followed by
    another one before he is done has people sent two ways to a sheet."""
    HandingOut.objects.filter(wave=wave).update(claimed_until=at + CLAIM)


def release(*, wave: Wave) -> None:
    """The worker is done, or failed where it could say so."""
    HandingOut.objects.filter(wave=wave).update(claimed_until=None)


def tell_asked(*, by: Actor, at: datetime, wave: Wave) -> int:
    """Tell those who are not reached by a letter that they are asked, everybody once. Returns how many were told."""
    asked = SurveyInvitation.objects.filter(wave=wave).exclude(way=Way.MAIL)
    if wave.mode == Mode.ANONYMOUS:
        asked = asked.filter(handed_at__isnull=False)
    return _tell(by, at, wave, ASKED_TOPIC, asked, wave.opened_at or at)


def remind(*, by: Actor, at: datetime, wave: Wave, occasion: Occasion = Occasion.HAND) -> WaveReminder:
    """Have everybody reminded who is asked, whether he has answered or not; a worker tells them one by one.

    Refused: a wave that is not open, one that was called to mind within a day.
    """
    with change(by=by, at=at) as trail:
        fresh = to_run(trail, wave, None, WaveState.OPEN)
        last = fresh.reminders.order_by("-recorded_at", "-pk").first()
        if occasion is Occasion.HAND and last is not None and last.recorded_at > at - BETWEEN:
            raise Refused(
                expected=gettext_noop("Expected at most one reminder in {hours} hours."),
                found=gettext_noop("The last one was sent less than {hours} hours ago."),
                remedy=gettext_noop("Wait: too many reminders make people weary of surveys."),
                hours=BETWEEN // timedelta(hours=1),
            )
        reminder = WaveReminder(wave=fresh, occasion=occasion)
        enqueue(REMIND_JOB, reminder=reminder.public_id)
        return trail.save(reminder, "wave_reminder.begun")


def tell_reminder(*, by: Actor, at: datetime, public_id: str) -> int:
    """Tell everybody of a reminder, each once, however often this is begun. Returns how many were told now."""
    reminder = WaveReminder.objects.select_related("wave").get(public_id=public_id)
    wave = reminder.wave
    if wave.state != WaveState.OPEN or at >= wave.closes_at:
        return 0
    told = _tell(by, at, wave, REMINDED_TOPIC, SurveyInvitation.objects.filter(wave=wave), reminder.recorded_at)
    with change(by=by, at=at) as trail:
        fresh = trail.lock(WaveReminder, reminder)
        fresh.told_at = at
        trail.save(fresh, "wave_reminder.told")
    return told


def tend(*, by: Actor, at: datetime) -> list[WaveReminder]:
    """Go on handing out waves that a crash has left, and remind everybody of those of which half of the time is over,
    or all but a day; those that are open for less than two days once. Returns the reminders that began."""
    begun = []
    for wave in Wave.objects.filter(state=WaveState.OPEN, closes_at__gt=at).order_by("pk"):
        if wave.mode == Mode.ANONYMOUS and wave.invitations.filter(handed_at__isnull=True).exists():
            enqueue(HAND_OUT_JOB, wave=wave.public_id)
        done = set(wave.reminders.values_list("occasion", flat=True))
        for occasion in _due(wave, at):
            if occasion.value not in done:
                begun.append(remind(by=by, at=at, wave=wave, occasion=occasion))
    return begun


def _due(wave: Wave, at: datetime) -> list[Occasion]:
    """The last reminder that is due; an earlier one that was missed is not made up for."""
    if wave.opened_at is None or not wave.reminds:
        return []
    long = wave.closes_at - wave.opened_at
    if long >= 2 * _LAST and at >= wave.closes_at - _LAST:
        return [Occasion.LAST]
    return [Occasion.HALF] if at >= wave.opened_at + long / 2 else []


def address_of_asked(wave: Wave) -> str:
    """Where somebody who is asked finds the wave."""
    return f"{reverse('surveys:mine')}#{wave.public_id}"


def _tell(by: Actor, at: datetime, wave: Wave, topic: str, asked: Iterable[SurveyInvitation], since: datetime) -> int:
    address, told = address_of_asked(wave), 0
    done = told_since(viewer=by, topic=topic, address=address, since=since)
    demand_state(wave, WaveState.OPEN)
    for one in SurveyInvitation.objects.filter(pk__in=[row.pk for row in asked]).select_related("person"):
        if one.person_id not in done and one.person.is_active:
            values = {"title": wave.title, "day": wave.closes_at.date().isoformat()}
            notify(by=by, at=at, person=one.person, topic=topic, address=address, values=values)
            told += 1
    return told
