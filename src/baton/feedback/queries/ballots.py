"""What a token opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from baton.core.actors import Actor
from baton.feedback.models import Ballot, Envelope, Wave, WaveLink
from baton.feedback.rules import Band, Mode, WaveState
from baton.feedback.rules.sealing import CannotOpen, opened_under
from baton.feedback.rules.tokens import digest_of, key_of, token_in


@dataclass(frozen=True, slots=True)
class Slip:
    """That a token opens a sheet of a wave, about these links, in their order on the sheet."""

    wave: Wave
    token: str
    links: tuple[tuple[WaveLink, Band], ...]


def wave_to_answer(*, public_id: str, at: datetime) -> Wave | None:
    """The open anonymous wave with this public id; None where there is none."""
    found = Wave.objects.filter(public_id=public_id[:16], mode=Mode.ANONYMOUS, state=WaveState.OPEN, closes_at__gt=at)
    return found.select_related("questionnaire").first()


def slip_of(*, wave: Wave, typed: str) -> Slip | None:
    """What the token that somebody typed or that his link carried opens in this wave; None where it opens nothing:
    mistyped, of another wave, used, never given. Which of these it is nobody is told. The same work is done for all of
    them but those that are no spelling of a token."""
    token = token_in(typed)
    if token is None:
        return None
    ballot = Ballot.objects.filter(digest=digest_of(token, wave.public_id), wave=wave).first()
    if ballot is None:
        return None
    try:
        scope: dict[str, str] = opened_under(bytes(ballot.seal), key_of(token, wave.public_id))
    except CannotOpen:
        return None
    links = WaveLink.objects.filter(wave=wave, public_id__in=list(scope)).select_related(
        "link__supplier", "link__customer", "link__output"
    )
    rows = sorted(links, key=lambda one: one.link.number)
    return Slip(wave, token, tuple((one, Band(scope[one.public_id])) for one in rows))


def has_envelope(*, viewer: Actor, wave: Wave) -> bool:
    """Whether the way to his sheet lies ready for the viewer."""
    return viewer.person is not None and Envelope.objects.filter(wave=wave, person=viewer.person).exists()


def envelope_of(*, viewer: Actor, wave: Wave) -> Envelope | None:
    """The viewer's own envelope; nobody else's."""
    return Envelope.objects.filter(wave=wave, person=viewer.person).first() if viewer.person is not None else None
