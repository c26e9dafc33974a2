"""A wave is closed: its urn is emptied, sheets are cut into pieces and shuffled, and the key is destroyed."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.database.scrubbing import scrub
from baton.core.jobs import enqueue
from baton.feedback.changes.checks import digest_of_ids
from baton.feedback.changes.keys import destroy_keys, kept_keys, keys_of
from baton.feedback.changes.publishing import PUBLISH_JOB
from baton.feedback.changes.waves import to_run
from baton.feedback.models import (
    AnswerSheet,
    Ballot,
    Envelope,
    NamedSheet,
    SurveyComment,
    UrnSheet,
    Wave,
    WaveLink,
)
from baton.feedback.rules import Kind, Mode, WaveState
from baton.feedback.rules.sealing import CannotOpen, opened_sheet

CLOSE_JOB = "feedback.close_waves"
_TABLES = (Ballot, Envelope, UrnSheet)

_random = secrets.SystemRandom()


def close_wave(*, by: Actor, at: datetime, wave: Wave, expected_seq: int | None = None) -> Wave:
    """Nobody answers any more. The sheets are opened, cut into one piece for each link, shuffled and written in one
    transaction; ballots, envelopes and urn are emptied and the key is destroyed. Without its key the wave is lost."""
    with change(by=by, at=at) as trail:
        fresh = to_run(trail, wave, expected_seq, WaveState.OPEN)
        if fresh.mode == Mode.NAMED:
            sheets = NamedSheet.objects.filter(wave=fresh).values("person").distinct().count()
            return _closed(trail, fresh, sheets)
        pieces = _opened(fresh)
        count = UrnSheet.objects.filter(wave=fresh).count()
        for table in _TABLES:
            table.objects.filter(wave=fresh).delete()
        if pieces is None:
            fresh.state, fresh.closed_at = WaveState.LOST, at
            saved = trail.save(fresh, "wave.lost", sheets=count)
        else:
            _write(trail, fresh, pieces)
            saved = _closed(trail, fresh, count)
        transaction.on_commit(lambda: _leave_nothing(saved), robust=True)
        return saved


def close_due(*, by: Actor, at: datetime) -> list[Wave]:
    """Close the waves whose time is over, and destroy keys that a crash has left. Returns those that were closed."""
    due = Wave.objects.filter(state=WaveState.OPEN, closes_at__lte=at).order_by("pk")
    closed = [close_wave(by=by, at=at, wave=wave) for wave in list(due)]
    open_ones = set(Wave.objects.filter(state=WaveState.OPEN).values_list("public_id", flat=True))
    for left in Wave.objects.filter(public_id__in=set(kept_keys()) - open_ones).exclude(state=WaveState.DRAFT):
        destroy_keys(left)
    return closed


def _leave_nothing(wave: Wave) -> None:
    """After the commit; what a crash keeps from happening here, the next :func:`close_due` does."""
    destroy_keys(wave)
    scrub(*(table._meta.db_table for table in _TABLES))


def _closed(trail: Trail, wave: Wave, sheets: int) -> Wave:
    wave.state, wave.closed_at, wave.answered = WaveState.CLOSED, trail.at, sheets
    transaction.on_commit(lambda: enqueue(PUBLISH_JOB), robust=True)
    return trail.save(wave, "wave.closed", sheets=sheets)


def _opened(wave: Wave) -> list[dict[str, Any]] | None:
    """All pieces of all sheets, shuffled; None where the key is lost."""
    seals = list(UrnSheet.objects.filter(wave=wave).values_list("seal", flat=True))
    keys = keys_of(wave)
    if keys is None:
        return None
    try:
        pieces = [piece for seal in seals for piece in opened_sheet(bytes(seal), keys.urn)]
    except CannotOpen:
        return None
    _random.shuffle(pieces)
    return pieces


def _write(trail: Trail, wave: Wave, pieces: Iterable[dict[str, Any]]) -> None:
    links = dict(WaveLink.objects.filter(wave=wave).values_list("public_id", "pk"))
    words = {one.key for one in wave.contents.questions() if one.kind is Kind.TEXT}
    sheets, comments = [], []
    for piece in pieces:
        link, answers = links.get(piece["link"]), piece["answers"]
        comments += [
            SurveyComment(wave=wave, wave_link_id=link, question=key, words=answers[key])
            for key in words & set(answers)
        ]
        kept = {key: answer for key, answer in answers.items() if key not in words}
        if kept:
            sheets.append(AnswerSheet(wave=wave, wave_link_id=link, band=piece["band"], answers=kept))
    # Apart from the sheets, so that the place of a comment says nothing of the sheet beside it.
    _random.shuffle(comments)
    AnswerSheet.objects.bulk_create(sheets, batch_size=500)
    if comments:
        said = digest_of_ids(sorted(one.public_id for one in comments))
        trail.bulk(
            SurveyComment.kind, "wave.comments_kept", rows=comments, digest=said, row_range=(1, len(comments)),
            object_id=wave.public_id,
        )  # fmt: skip
