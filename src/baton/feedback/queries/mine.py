"""What somebody is asked himself. Whether he has answered nobody knows, this page neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from baton.core.actors import Actor
from baton.feedback.models import Envelope, SurveyInvitation, Wave
from baton.feedback.queries.named import answered_by_name
from baton.feedback.queries.waves import waves_asking
from baton.feedback.rules import Mode, Way


@dataclass(frozen=True, slots=True)
class AskedOf:
    """An open wave in which the viewer is asked. ``has_code``: his way lies ready in Baton; ``sent_at``: it was sent by
    e-mail; ``has_answered``: of a named one, where that is no secret."""

    wave: Wave
    has_code: bool
    sent_at: datetime | None
    has_answered: bool = False

    @property
    def is_named(self) -> bool:
        return self.wave.mode == Mode.NAMED


def asked_of(*, viewer: Actor, at: datetime) -> list[AskedOf]:
    """The open waves in which the viewer is asked, the one that closes next first. Four queries."""
    waves = list(waves_asking(viewer=viewer, at=at))
    held = {one.wave_id: one for one in SurveyInvitation.objects.filter(wave__in=waves, person=viewer.person)}
    ready = set(Envelope.objects.filter(wave__in=waves, person=viewer.person).values_list("wave", flat=True))
    answered = answered_by_name(viewer=viewer, waves=[one for one in waves if one.mode == Mode.NAMED])
    sent = {wave: one.handed_at for wave, one in held.items() if one.way == Way.MAIL}
    return [AskedOf(one, one.pk in ready, sent.get(one.pk), one.pk in answered) for one in waves]
