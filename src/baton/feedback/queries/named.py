"""Sheets of named waves, for whoever is asked to fill them in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.feedback.models import InvitedLink, NamedSheet, SurveyInvitation, Wave
from baton.feedback.queries.ballots import Slip
from baton.feedback.queries.waves import waves_asking
from baton.feedback.rules import Band, Mode


def named_slip(*, viewer: Actor, public_id: str, at: datetime) -> Slip:
    """What the viewer is asked in a named wave that is open; NotFound where he is not."""
    wave = waves_asking(viewer=viewer, at=at).filter(public_id=public_id[:16], mode=Mode.NAMED).first()
    if wave is None:
        raise NotFound
    invitation = SurveyInvitation.objects.get(wave=wave, person=viewer.person)
    rows = InvitedLink.objects.filter(invitation=invitation).select_related(
        "wave_link__link__supplier", "wave_link__link__customer", "wave_link__link__output"
    )
    by_number = sorted(rows, key=lambda one: one.wave_link.link.number)
    return Slip(wave, "", tuple((one.wave_link, Band(one.band)) for one in by_number))


def own_answers(*, viewer: Actor, wave: Wave) -> dict[str, dict[str, Any]]:
    """What the viewer has answered in it, by the public id of the link of the wave (empty: about none)."""
    sheets = NamedSheet.objects.filter(wave=wave, person=viewer.person).select_related("wave_link")
    return {one.wave_link.public_id if one.wave_link else "": one.answers for one in sheets}


def answered_by_name(*, viewer: Actor, waves: Iterable[Wave]) -> set[int]:
    """The keys of those waves in which the viewer has answered."""
    found = NamedSheet.objects.filter(wave__in=list(waves), person=viewer.person).values_list("wave", flat=True)
    return set(found)
