"""Confidants agree and leave; employees and confidants talk in sealed talks, which either may end and delete.

What is done with talks has no entry in the trail: no time, no person, no count beside the tally of the year. The one
exception beside anonymous surveys to the rule that every write has one; see docs/decisions/0046.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from random import SystemRandom
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import notify
from baton.core.days import day_of
from baton.core.errors import Forbidden, NotFound, Refused
from baton.core.given import words_given
from baton.core.policy import demand
from baton.core.queries import colleagues
from baton.feedback import policy
from baton.feedback.changes.checks import texts_given
from baton.feedback.changes.talk_keys import (
    destroy_talk_key,
    index_key,
    keys_left_behind,
    made_index_key,
    make_talk_key,
    talk_key,
)
from baton.feedback.models import Confidant, SealedTalk, TalkTally
from baton.feedback.rules.sealing import CannotOpen, TooMuch
from baton.feedback.rules.talks import (
    ABOUT_LENGTH,
    MOST_TALKS,
    MOST_WORDS,
    WORDS_LENGTH,
    Said,
    Talk,
    TalkSide,
    mark_of,
    opened_talk,
    sealed_talk,
)
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import Person

CONFIDANT_TOPIC = "feedback.confidants_reminded"
CONFIDANT_JOB = "feedback.remind_confidants"
TALKS_JOB = "feedback.tend_talks"


def agree_to_be_confidant(
    *, by: Actor, at: datetime, about: Mapping[str, str], expected_seq: int | None = None
) -> Confidant:
    """Agree to be written to in confidence; said again, other words about oneself."""
    with change(by=by, at=at) as trail:
        demand(policy.may_be_confidant(by))
        if by.person is None:
            raise Forbidden
        held = Confidant.objects.filter(person=by.person, ended_at__isnull=True).first()
        fresh = Confidant(person=by.person) if held is None else trail.lock(Confidant, held, expected_seq=expected_seq)
        fresh.about = texts_given(about, "about", most=ABOUT_LENGTH)
        return trail.save(fresh, "confidant.agreed" if held is None else "confidant.changed")


def leave_as_confidant(*, by: Actor, at: datetime, confidant: Confidant, expected_seq: int | None = None) -> Confidant:
    """Nobody begins a talk with him any more; talks that there are go on until one of the two ends them."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(Confidant, confidant, expected_seq=expected_seq)
        demand(policy.may_leave_as_confidant(by, fresh))
        if fresh.ended_at is None:
            fresh.ended_at = at
            trail.save(fresh, "confidant.left")
        return fresh


def begin_talk(*, by: Actor, at: datetime, confidant: Confidant, words: str, key: str) -> str:
    """Write to a confidant; ``key`` is a fresh random one that the form carries: sent twice, there is one talk. Returns
    the key under which the two find it."""
    said = _words_given(words)
    asker = by.person
    if asker is None or not policy.may_write_to_confidants(by):
        raise Forbidden
    other = confidant.person
    if confidant.ended_at is not None or not other.is_active or other.pk == asker.pk:
        raise Refused(
            field="confidant",
            expected=gettext_noop("Expected somebody who is listed as a confidant now."),
            found=gettext_noop("This person is not, or is yourself."),
            remedy=gettext_noop("Choose another one."),
        )
    if len(own_talks(by)) >= MOST_TALKS:
        raise Refused(
            expected=gettext_noop("Expected at most {most} talks of one person."),
            found=gettext_noop("There are as many of yours."),
            remedy=gettext_noop("Delete one that is over."),
            most=MOST_TALKS,
        )
    talk = Talk(asker.public_id, other.public_id, (Said(TalkSide.ASKER, day_of(at), said),))
    if SealedTalk.objects.filter(key=key).exists():
        return key
    _laid(key, talk)
    return key


def answer_talk(*, by: Actor, at: datetime, key: str, words: str) -> None:
    """Say something in one's talk."""
    said = _words_given(words)
    with transaction.atomic():
        row, talk, side = _own_locked(by, key)
        if talk.ended_on is not None:
            raise Refused(
                expected=gettext_noop("Expected a talk that goes on."),
                found=gettext_noop("It was ended."),
                remedy=gettext_noop("Begin another one."),
            )
        if len(talk.said) >= MOST_WORDS:
            raise _too_long()
        _reseal(row, talk.with_words(Said(side, day_of(at), said)))


def end_talk(*, by: Actor, at: datetime, key: str) -> None:
    """End it: both may read it until it is deleted by itself."""
    with transaction.atomic():
        row, talk, _side = _own_locked(by, key)
        if talk.ended_on is None:
            _reseal(row, replace(talk, ended_on=day_of(at)))


def delete_talk(*, by: Actor, key: str) -> None:
    """Delete it for both, now: its row, and its key, so that no backup opens it."""
    with transaction.atomic():
        row, _talk, _side = _own_locked(by, key)
        _gone(row)


def own_talks(viewer: Actor) -> list[tuple[str, Talk, TalkSide]]:
    """The talks in which somebody is one of the two, opened, with his side. One query for the marks of all, one for his
    own."""
    if viewer.person is None or not policy.may_write_to_confidants(viewer):
        return []
    held = list(SealedTalk.objects.values_list("key", "asker_mark", "confidant_mark"))
    # As long as there is no talk, there need be no folder of keys either.
    index = index_key() if held else None
    mine = {key for key, *marks in held if index is not None and _is_marked(index, viewer, key, marks)}
    found = []
    for row in SealedTalk.objects.filter(key__in=mine) if mine else ():
        talk = _opened(row)
        side = talk.side_of(viewer.id) if talk is not None else None
        if talk is not None and side is not None:
            found.append((row.key, talk, side))
    return sorted(found, key=lambda one: (one[1].said[-1].on, one[0]), reverse=True)


def own_talk(viewer: Actor, key: str) -> tuple[Talk, TalkSide]:
    """One of them; NotFound for everybody but the two, whatever his roles."""
    row = SealedTalk.objects.filter(key=key[:32]).first()
    return _as_own(viewer, row)


def remind_confidants(*, by: Actor, at: datetime) -> int:
    """Tell all confidants alike to look whether somebody has written: so the message says nothing of whether, of who
    or of when. Returns how many were told."""
    demand(by.is_system)
    rows = Confidant.objects.filter(ended_at__isnull=True, person__is_active=True).select_related("person")
    told = [one.person for one in rows.order_by("pk")]
    for person in told:
        notify(by=by, at=at, person=person, topic=CONFIDANT_TOPIC, address=reverse("confidants:confidants"))
    return len(told)


def tend_talks(*, by: Actor, at: datetime) -> None:
    """Delete what is due, or cannot be opened any more; end talks of whoever can sign in no more; and write the rest
    anew, shuffled and in one transaction, so that neither their order nor the numbers of transactions say which was
    written when."""
    demand(by.is_system)
    today = day_of(at)
    active = set(colleagues(viewer=by).values_list("public_id", flat=True))
    with transaction.atomic():
        kept: list[tuple[str, Talk]] = []
        rows = list(SealedTalk.objects.select_for_update().order_by("key"))
        # Without the key of the marks this may be another folder: nothing is deleted for that.
        is_ours = not rows or index_key() is not None
        for row in rows:
            talk = _opened(row)
            if talk is None or talk.delete_on() <= today:
                if talk is not None or is_ours:
                    _gone(row)
                continue
            if talk.ended_on is None and not {talk.asker, talk.confidant} <= active:
                talk = replace(talk, ended_on=today)
            kept.append((row.key, talk))
        SystemRandom().shuffle(kept)
        SealedTalk.objects.filter(key__in=[key for key, _talk in kept]).delete()
        for key, talk in kept:
            _inserted(key, talk)
    there = set(SealedTalk.objects.values_list("key", flat=True))
    for key in keys_left_behind(at):
        if key not in there:
            destroy_talk_key(key)


def forget_talks(*, by: Actor, at: datetime, person: Person) -> None:
    """Somebody is forgotten: his talks are deleted, on whichever side he was, and nobody writes to him any more."""
    with change(by=by, at=at) as trail:
        for held in Confidant.objects.filter(person=person):
            fresh = trail.lock(Confidant, held)
            fresh.about, fresh.ended_at = {}, fresh.ended_at or at
            trail.save(fresh, "confidant.forgotten")
    with transaction.atomic():
        for row in SealedTalk.objects.select_for_update().order_by("key"):
            talk = _opened(row)
            if talk is not None and talk.side_of(person.public_id) is not None:
                _gone(row)


def drop_unreadable_talks(*, by: Actor, at: datetime) -> bool:
    """After a backup was brought back: delete talks of which no key is left. Returns whether there were any."""
    demand(by.is_system)
    with transaction.atomic():
        lost = [row for row in SealedTalk.objects.select_for_update().order_by("key") if _opened(row) is None]
        for row in lost:
            _gone(row)
    return bool(lost)


def has_unreadable_talks() -> bool:
    """Whether the key of a talk is missing."""
    return any(talk_key(key) is None for key in SealedTalk.objects.values_list("key", flat=True))


def _is_marked(index: bytes, viewer: Actor, key: str, marks: Sequence[str]) -> bool:
    """Whether one of the marks of a talk, of who asks and of the confidant, is the viewer's."""
    own = [mark_of(index, key, side, viewer.id) for side in TalkSide]
    return any(hmac.compare_digest(one, mark) for one, mark in zip(own, marks, strict=True))


def _own_locked(by: Actor, key: str) -> tuple[SealedTalk, Talk, TalkSide]:
    row = SealedTalk.objects.select_for_update().filter(key=key[:32]).first()
    talk, side = _as_own(by, row)
    assert row is not None
    return row, talk, side


def _as_own(viewer: Actor, row: SealedTalk | None) -> tuple[Talk, TalkSide]:
    if row is None or viewer.person is None or not policy.may_write_to_confidants(viewer):
        raise NotFound
    index = index_key()
    if index is None or not _is_marked(index, viewer, row.key, [row.asker_mark, row.confidant_mark]):
        raise NotFound
    talk = _opened(row)
    side = talk.side_of(viewer.id) if talk is not None else None
    if talk is None or side is None:
        raise NotFound
    return talk, side


def _opened(row: SealedTalk) -> Talk | None:
    """What is under its seal; None where its key is lost."""
    key = talk_key(row.key)
    if key is None:
        return None
    try:
        return opened_talk(bytes(row.seal), key)
    except CannotOpen:
        return None


def _laid(key: str, talk: Talk) -> None:
    """A new talk with a key of its own, counted in the year and nowhere else."""
    year = talk.said[0].on.year
    if SealedTalk.objects.exists():
        index_key()  # a folder that is not there now is not made anew beside the one that is
    make_talk_key(key)
    with suppress(IntegrityError), transaction.atomic():
        _inserted(key, talk)
        TalkTally.objects.get_or_create(year=year)
        TalkTally.objects.filter(year=year).update(count=F("count") + 1)


def _inserted(key: str, talk: Talk) -> None:
    own, index = talk_key(key), made_index_key()
    if own is None:
        raise NotFound
    SealedTalk(
        key=key, asker_mark=mark_of(index, key, TalkSide.ASKER, talk.asker),
        confidant_mark=mark_of(index, key, TalkSide.CONFIDANT, talk.confidant), seal=_sealed(talk, own),
    ).save(force_insert=True)  # fmt: skip


def _reseal(row: SealedTalk, talk: Talk) -> None:
    own = talk_key(row.key)
    if own is None:
        raise NotFound
    row.seal = _sealed(talk, own)
    row.save(update_fields=["seal"])


def _sealed(talk: Talk, key: bytes) -> bytes:
    try:
        return sealed_talk(talk, key)
    except TooMuch as refused:
        raise _too_long() from refused


def _gone(row: SealedTalk) -> None:
    """The row is deleted now, its key when that is committed. Then pages and logs of the database that hold the seal
    still are opened by nothing any more."""
    key = row.key
    SealedTalk.objects.filter(key=key).delete()
    transaction.on_commit(lambda: destroy_talk_key(key))


def _too_long() -> Refused:
    return Refused(
        field="words",
        expected=gettext_noop("Expected a talk of at most {most} messages."),
        found=gettext_noop("There are as many."),
        remedy=gettext_noop("End it and begin another one, or go and see each other."),
        most=MOST_WORDS,
    )


def _words_given(raw: str) -> str:
    remedy = gettext_noop("Write a few words; nobody but the two of you reads them.")
    return words_given(raw, "words", most=WORDS_LENGTH, remedy=remedy)
