"""Sheets without names, for the outside collector of a wave and for nobody else."""

from __future__ import annotations

import secrets
from typing import Any

from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.feedback import policy
from baton.feedback.models import AnswerSheet, Wave
from baton.feedback.rules import Mode


def raw_sheets(*, viewer: Actor, wave: Wave) -> list[AnswerSheet]:
    """The sheets of a published anonymous wave in an order of chance; NotFound for anybody but its collector."""
    if wave.mode != Mode.ANONYMOUS or not policy.may_read_sheets(viewer, wave):
        raise NotFound
    rows: list[Any] = list(AnswerSheet.objects.filter(wave=wave).select_related("wave_link__link"))
    secrets.SystemRandom().shuffle(rows)
    return rows
