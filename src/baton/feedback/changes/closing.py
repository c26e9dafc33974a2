"""A wave is closed: its urn is emptied, sheets are cut into pieces and shuffled, and the key is destroyed."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.changes import notify
from baton.core.database.scrubbing import scrub
from baton.core.errors import Refused
from baton.core.jobs import enqueue
from baton.core.texts import clean_text
from baton.feedback.changes.checks import digest_of_ids
from baton.feedback.changes.keys import WaveKeys, destroy_keys, kept_keys, keys_of
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
from baton.feedback.rules import OVER, Kind, Mode, WaveState
from baton.feedback.rules.sealing import CannotOpen, opened_sheet

CLOSE_JOB = "feedback.close_waves"
CLOSED_TOPIC, LOST_TOPIC = "feedback.closed", "feedback.lost"
_TABLES = (Ballot, Envelope, UrnSheet)

_random = secrets.SystemRandom()


def close_wave(*, by: Actor, at: datetime, wave: Wave, reason: str = "", expected_seq: int | None = None) -> Wave:
    """Nobody answers any more. The sheets are opened, cut into one piece for each link, shuffled and written in one
    transaction; ballots, envelopes and urn are emptied and the key is destroyed. Without its key the wave is lost.

    ``reason``: why before its time.

    Raises :class:`baton.feedback.changes.keys.KeysUnreachable`, and leaves everything as it is, where it cannot be told
    whether the key is there.
    """
    with change(by=by, at=at, reason=clean_text(reason)) as trail:
        fresh = to_run(trail, wave, expected_seq, WaveState.OPEN)
        if fresh.mode == Mode.NAMED:
            answered = NamedSheet.objects.filter(wave=fresh).values("person").distinct().count()
            return _closed(trail, fresh, answered)
        keys = keys_of(fresh)
        if keys is None:
            return _lost(trail, fresh)
        sheets, damaged = _opened(fresh, keys)
        _empty(fresh)
        _write(trail, fresh, [piece for sheet in sheets for piece in sheet])
        saved = _closed(trail, fresh, len(sheets), **({"damaged": damaged} if damaged else {}))
        transaction.on_commit(partial(_leave_nothing, saved), robust=True)
        return saved


def lose_waves(*, by: Actor, at: datetime) -> list[Wave]:
    """After a backup was brought back: waves that were open in it and whose keys are gone are lost. Returns those."""
    lost = []
    for wave in _open_and_sealed():
        with change(by=by, at=at) as trail:
            fresh = to_run(trail, wave, None, WaveState.OPEN)
            if keys_of(fresh) is None:
                lost.append(_lost(trail, fresh))
    return lost


def waves_without_key() -> list[Wave]:
    """The open waves whose keys are gone: what was answered in them nobody can read."""
    return [wave for wave in _open_and_sealed() if keys_of(wave) is None]


def close_due(*, by: Actor, at: datetime) -> list[Wave]:
    """Close the waves whose time is over, and finish what a crash has kept from being destroyed. Returns those that
    were closed; one that cannot be closed now keeps no other from it, and is told of at the end."""
    closed, refused = [], None
    for wave in list(Wave.objects.filter(state=WaveState.OPEN, closes_at__lte=at).order_by("pk")):
        try:
            closed.append(close_wave(by=by, at=at, wave=wave))
        except Refused as wrong:
            refused = wrong
    for left in Wave.objects.filter(public_id__in=kept_keys(), state__in=OVER):
        transaction.on_commit(partial(_leave_nothing, left))
    if refused is not None:
        raise refused
    return closed


def _open_and_sealed() -> list[Wave]:
    return list(Wave.objects.filter(state=WaveState.OPEN, mode=Mode.ANONYMOUS).order_by("pk"))


def _empty(wave: Wave) -> None:
    for table in _TABLES:
        table.objects.filter(wave=wave).delete()


def _leave_nothing(wave: Wave) -> None:
    """After the commit; what a crash keeps from happening here, the next :func:`close_due` does, for as long as it
    finds the key: therefore that goes last, and it goes even where scrubbing fails."""
    try:
        scrub(*(table._meta.db_table for table in _TABLES))
    finally:
        destroy_keys(wave)


def _lost(trail: Trail, wave: Wave) -> Wave:
    count = UrnSheet.objects.filter(wave=wave).count()
    _empty(wave)
    wave.state, wave.closed_at = WaveState.LOST, trail.at
    saved = trail.save(wave, "wave.lost", sheets=count)
    _tell_leader(trail, saved, LOST_TOPIC)
    transaction.on_commit(partial(_leave_nothing, saved), robust=True)
    return saved


def _closed(trail: Trail, wave: Wave, sheets: int, **detail: Any) -> Wave:
    wave.state, wave.closed_at, wave.answered = WaveState.CLOSED, trail.at, sheets
    transaction.on_commit(lambda: enqueue(PUBLISH_JOB), robust=True)
    saved = trail.save(wave, "wave.closed", sheets=sheets, **detail)
    _tell_leader(trail, saved, CLOSED_TOPIC)
    return saved


def _tell_leader(trail: Trail, wave: Wave, topic: str) -> None:
    """Tell whoever leads it, unless he did it himself."""
    leader = wave.led_by
    if leader is not None and (trail.by.person is None or trail.by.person.pk != leader.pk):
        values = {"number": wave.number, "title": wave.title}
        notify(
            by=trail.by, at=trail.at, person=leader, topic=topic, address=f"/surveys/{wave.public_id}/", values=values,
            shows=[(Wave.kind, wave.public_id)],
        )  # fmt: skip


def _opened(wave: Wave, keys: WaveKeys) -> tuple[list[list[dict[str, Any]]], int]:
    """The sheets, each as its pieces, and how many seals are damaged: the disk has changed them."""
    sheets, damaged = [], 0
    for seal in UrnSheet.objects.filter(wave=wave).values_list("seal", flat=True):
        try:
            sheets.append(opened_sheet(bytes(seal), keys.urn))
        except CannotOpen:
            damaged += 1
    return sheets, damaged


def _write(trail: Trail, wave: Wave, pieces: list[dict[str, Any]]) -> None:
    """Write the pieces of all sheets in an order of chance, and words apart from them."""
    _random.shuffle(pieces)
    links = dict(WaveLink.objects.filter(wave=wave).values_list("public_id", "pk"))
    words = {one.key for one in wave.contents.questions() if one.kind is Kind.TEXT}
    sheets, comments = [], []
    for piece in pieces:
        link, answers = links.get(piece["link"]), piece["answers"]
        comments += [
            SurveyComment(wave=wave, wave_link_id=link, question=key, words=answers[key])
            for key in sorted(words & set(answers))
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
