"""Somebody fills in the sheet of a named wave: beside his name, as the page says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.errors import Forbidden
from baton.core.policy import demand
from baton.feedback import policy
from baton.feedback.changes.casting import OF_WAVE, checked_pieces
from baton.feedback.changes.waves import demand_state
from baton.feedback.models import InvitedLink, NamedSheet, SurveyInvitation, Wave
from baton.feedback.queries.ballots import Slip
from baton.feedback.rules import Band, Mode, WaveState


def answer_by_name(
    *, by: Actor, at: datetime, wave: Wave, answers: Mapping[str, Mapping[str, Any]]
) -> list[NamedSheet]:
    """Keep what somebody answered about the links that he is asked about; until the wave closes he may change it. What
    he said before about a link of which he says nothing any more is taken back.

    Raises :class:`baton.feedback.changes.casting.SheetFaults` where an answer is none.
    """
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Wave, wave)
        demand_state(fresh, WaveState.OPEN)
        held = SurveyInvitation.objects.filter(wave=fresh, person=by.person).first() if by.person else None
        demand(policy.may_answer_named(by, invited=held is not None))
        if held is None or fresh.mode != Mode.NAMED or at >= fresh.closes_at:
            raise Forbidden
        rows = InvitedLink.objects.filter(invitation=held).select_related("wave_link").order_by("wave_link__public_id")
        slip = Slip(fresh, "", tuple((row.wave_link, Band(row.band)) for row in rows))
        links = {row.wave_link.public_id: row.wave_link for row in rows}
        kept = []
        for piece in checked_pieces(slip, answers):
            link = None if piece["link"] == OF_WAVE else links[piece["link"]]
            before = NamedSheet.objects.filter(wave=fresh, person=by.person, wave_link=link).first()
            sheet = (
                trail.lock(NamedSheet, before) if before else NamedSheet(wave=fresh, person=held.person, wave_link=link)
            )
            sheet.band, sheet.answers = piece["band"], piece["answers"]
            kept.append(trail.save(sheet, "named_sheet.answered"))
        rest = NamedSheet.objects.filter(wave=fresh, person=by.person).exclude(pk__in=[one.pk for one in kept])
        for emptied in rest.exclude(answers={}):
            sheet = trail.lock(NamedSheet, emptied)
            sheet.answers = {}
            trail.save(sheet, "named_sheet.emptied")
        return kept
