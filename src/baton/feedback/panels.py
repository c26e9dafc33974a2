"""What the feedback shows on pages of other rooms: published results, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from baton.chain import queries as chain
from baton.core.errors import NotFound
from baton.core.policy import may_use
from baton.core.registries import Panel
from baton.feedback import queries
from baton.feedback.pages import results as shown
from baton.feedback.pages.pulse import pulse_shown, satisfaction_shown
from baton.feedback.queries.path_results import path_results
from baton.feedback.queries.pulse import pulse_of
from baton.feedback.rules import WaveState

if TYPE_CHECKING:
    from django.http import HttpRequest

    from baton.core.middleware import BatonRequest
    from baton.core.registries import Subject
    from baton.feedback.models import Wave

LINES = 6
"""So many figures are shown on a page of another room; all of them are on the page of the results."""


def of_link(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The last published figures about a link, and where its supplier may predict the next."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    rows = queries.waves_about(viewer=viewer, at=at, link=subject.public_id) if may_use(viewer) else []
    predictions = [one for one in rows if queries.may_predict(viewer=viewer, at=at, wave_link=one)]
    last = next((one.wave for one in rows if one.wave.state == WaveState.PUBLISHED), None)
    if last is None:
        return {"predictions": predictions} if predictions else None
    return {"predictions": predictions, **_figures(asked, last, {"link": subject.public_id})}


def of_party(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """The last published figures about all links that a party serves, for who sees all of them, and the pulse of those
    who work there."""
    asked = cast("BatonRequest", request)
    viewer, at = asked.actor, asked.now
    if not may_use(viewer):
        return None
    wave = queries.last_wave_of(viewer=viewer, at=at, supplier=subject.public_id)
    party = chain.party(viewer=viewer, at=at, public_id=subject.public_id)
    pulse = pulse_shown(pulse_of(viewer=viewer, at=at, party=party))
    try:
        found = _figures(asked, wave, {"supplier": subject.public_id}) if wave is not None else {}
    except NotFound:
        found = {}
    if not found and pulse is None:
        return None
    said = satisfaction_shown(found["wave"], found["cells"]) if found and pulse is not None else None
    return {**found, "pulse": pulse, "satisfaction": said}


def of_path(request: HttpRequest, subject: Subject) -> dict[str, Any] | None:
    """Where the published figures along a measured path stand."""
    asked = cast("BatonRequest", request)
    found = path_results(viewer=asked.actor, at=asked.now, path=subject.public_id)
    return {"path": subject.public_id, "wave": found.wave} if found.wave is not None else None


def _figures(request: BatonRequest, wave: Wave, group: dict[str, str]) -> dict[str, Any]:
    viewer, at = request.actor, request.now
    chosen = queries.group_asked(viewer=viewer, at=at, wave=wave, asked=group)
    cells = list(queries.cells_of_group(viewer=viewer, at=at, wave=wave, group=chosen))
    lines = shown.shown(wave, chosen, cells).lines
    address = f"{reverse('surveys:results', args=[wave.public_id])}?{urlencode(group)}"
    return {"wave": wave, "address": address, "lines": lines[:LINES], "cells": cells}


PANELS = {
    "feedback.of_link": Panel("link", _("What the customer says"), "feedback/results/_panel.html", of_link, order=30),
    "feedback.of_party": Panel(
        "party", _("What its customers say"), "feedback/results/_panel.html", of_party, order=30
    ),
    "feedback.of_path": Panel(
        "measured_path", _("What customers say"), "feedback/results/_path_panel.html", of_path, order=30
    ),
}
