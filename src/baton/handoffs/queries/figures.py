"""The stored figures of a link."""

from __future__ import annotations

from datetime import datetime

from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.policy import may_use
from baton.handoffs.models import DefectCode, LinkFigures


def figures_of_link(*, viewer: Actor, at: datetime, link: str) -> LinkFigures | None:
    """What the handoffs of a link (public id) tell as a whole; None where nothing was computed, or for whoever does not
    see the link. One query beside those of the viewer's sight."""
    if not may_use(viewer) or not chain.sees_link(viewer=viewer, at=at, public_id=link):
        return None
    return LinkFigures.objects.filter(link__public_id=link).first()


def names_of_codes(*, viewer: Actor, codes: list[str]) -> dict[str, DefectCode]:
    """Defect codes by public id; none for who may not use the pages."""
    if not may_use(viewer) or not codes:
        return {}
    return {one.public_id: one for one in DefectCode.objects.filter(public_id__in=codes)}
