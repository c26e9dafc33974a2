"""What participants do: take a seat, write, lay dots. Nobody is named, here or in the trail: a device shows a random
secret, and what it writes is kept under marks that only this secret makes again."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from baton.agreements.changes.workshops.boards import (
    Gone,
    StageChanged,
    cluster_in,
    moved,
    named_cluster,
    note_in,
    open_workshop,
    place_notes,
)
from baton.agreements.models import Workshop, WorkshopNote, WorkshopSeat, WorkshopVote
from baton.agreements.models.workshops import secret_digest
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import (
    MOST_NOTES,
    MOST_SEATS,
    NOTE_TEXT,
    NOTES_A_SEAT,
    WRITING,
    Stage,
    slots,
)
from baton.core.errors import Forbidden, Refused, TooLong
from baton.core.ids import ALPHABET
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop

SECRET_LENGTH = 32


def new_seat_secret() -> str:
    """A random text for a device that takes part."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SECRET_LENGTH))


def is_secret(raw: str) -> bool:
    """Whether it could be the secret of a device."""
    return len(raw) == SECRET_LENGTH and set(raw) <= set(ALPHABET)


def take_seat(*, at: datetime, workshop: Workshop, secret: str, side: Side) -> WorkshopSeat:
    """Take part for a side. Done again with the same secret, it is the same seat; the side may be changed as long as
    nothing was written or voted for it."""
    if not is_secret(secret):
        raise Forbidden
    with transaction.atomic():
        fresh = open_workshop(workshop, at)
        seat = fresh.seats.filter(secret_digest=secret_digest(secret)).first()
        if seat is not None and (seat.side == side or seat.wrote or seat.voted):
            if seat.side != side:
                raise _stays(seat)
            return seat
        if seat is None:
            _refuse_a_crowd(fresh)
            seat = WorkshopSeat(workshop=fresh, secret_digest=secret_digest(secret))
        seat.side = side
        seat.save()
        moved(fresh)
        return seat


def write_note(*, at: datetime, seat: WorkshopSeat, secret: str, words: str) -> WorkshopNote:
    """Write down one thing that is needed. Refused outside the stage in which its side writes."""
    said = _words_given(words)
    with transaction.atomic():
        workshop = open_workshop(seat.workshop, at)
        if WRITING.get(Stage(workshop.stage)) != seat.side:
            raise StageChanged(Stage(workshop.stage))
        mine = slots(secret, "note", NOTES_A_SEAT)
        free = _free(mine, workshop.notes.filter(slot__in=mine).values_list("slot", flat=True))
        if workshop.notes.count() >= MOST_NOTES:
            raise Refused(
                field="words",
                expected=gettext_noop("Expected at most {most} notes in a workshop."),
                found=gettext_noop("There are as many."),
                remedy=gettext_noop("Take one back that matters less, or say it aloud: the wall is full."),
                most=MOST_NOTES,
            )
        if free is None:
            raise Refused(
                field="words",
                expected=gettext_noop("Expected at most {most} notes from each participant."),
                found=gettext_noop("You have written as many."),
                remedy=gettext_noop("Take one back that matters less, then write this one."),
                most=NOTES_A_SEAT,
            )
        note = WorkshopNote.objects.create(workshop=workshop, side=seat.side, words=said, slot=free)
        moved(workshop)
    # Apart, so that nothing that the database keeps of a transaction ties the note to the seat.
    WorkshopSeat.objects.filter(pk=seat.pk, wrote=False).update(wrote=True)
    return note


def take_back_note(*, at: datetime, seat: WorkshopSeat, secret: str, public_id: str) -> None:
    """Take a note of one's own back while one's side writes; nothing of it stays. Refused where whoever leads went back
    to writing after the note had become a clause."""
    with transaction.atomic():
        workshop = open_workshop(seat.workshop, at)
        if WRITING.get(Stage(workshop.stage)) != seat.side:
            raise StageChanged(Stage(workshop.stage))
        mine = workshop.notes.filter(public_id=clean_text(public_id)[:16], slot__in=slots(secret, "note", NOTES_A_SEAT))
        if not mine.exists():
            raise Gone
        if mine.filter(origins__isnull=False).exists():
            raise Refused(
                expected=gettext_noop("Expected a note from which no clause has come."),
                found=gettext_noop("This one was turned into a clause."),
                remedy=gettext_noop("Write what should be otherwise on another note, or say it aloud."),
            )
        mine.delete()
        moved(workshop)


def lay_dot(*, at: datetime, seat: WorkshopSeat, secret: str, cluster: str = "", note: str = "") -> WorkshopVote:
    """Lay one dot on a cluster, or on a note that stands alone (public ids). Of the marks that the device can make each
    is taken once: whoever has laid all his dots is refused, however many requests come at once."""
    with transaction.atomic():
        workshop = open_workshop(seat.workshop, at, Stage.VOTE)
        mine = slots(secret, "dot", workshop.dots)
        free = _free(mine, workshop.dots_laid.filter(slot__in=mine).values_list("slot", flat=True))
        if free is None:
            raise Refused(
                expected=gettext_noop("Each participant lays {dots} dots."),
                found=gettext_noop("Yours are laid."),
                remedy=gettext_noop("Take one back, then lay it elsewhere."),
                dots=workshop.dots,
            )
        dot = WorkshopVote(workshop=workshop, slot=free, **_target(workshop, cluster, note))
        dot.save(force_insert=True)
        moved(workshop)
    WorkshopSeat.objects.filter(pk=seat.pk, voted=False).update(voted=True)
    return dot


def take_back_dot(*, at: datetime, seat: WorkshopSeat, secret: str, cluster: str = "", note: str = "") -> None:
    """Take one of one's own dots back from there; nothing happens where none lies."""
    with transaction.atomic():
        workshop = open_workshop(seat.workshop, at, Stage.VOTE)
        mine = workshop.dots_laid.filter(slot__in=slots(secret, "dot", workshop.dots))
        dot = mine.filter(**_target(workshop, cluster, note)).first()
        if dot is not None:
            dot.delete()
            moved(workshop)


def put_together_by_seat(
    *, at: datetime, seat: WorkshopSeat, notes: Sequence[str], cluster: str = "", name: str = ""
) -> None:
    """Put notes together as a participant, where whoever leads the workshop lets everybody do so."""
    with transaction.atomic():
        workshop = open_workshop(seat.workshop, at, Stage.CLUSTER)
        if not workshop.everybody_sorts:
            raise Forbidden
        chosen = [note_in(workshop, one) for one in notes]
        if not chosen:
            raise Gone
        into = cluster_in(workshop, cluster) if cluster else named_cluster(workshop, name)
        place_notes(workshop, chosen, into)


def _target(workshop: Workshop, cluster: str, note: str) -> dict[str, object]:
    if cluster:
        return {"cluster": cluster_in(workshop, cluster)}
    found = note_in(workshop, note)
    if found.cluster_id is not None:
        raise Gone
    return {"note": found}


def _free(marks: Sequence[str], taken: object) -> str | None:
    used = set(taken)  # type: ignore[call-overload]
    return next((mark for mark in marks if mark not in used), None)


def _words_given(raw: str) -> str:
    said = " ".join(clean_text(raw).split())
    if not said:
        raise Refused(
            field="words",
            expected=gettext_noop("Expected a sentence that says what you need."),
            found=gettext_noop("Nothing was entered."),
            remedy=gettext_noop("Write one thing, in your words."),
        )
    if len(said) > NOTE_TEXT:
        raise TooLong(
            field="words", most=NOTE_TEXT, length=len(said),
            remedy=gettext_noop("Say one thing only; write the next one on a note of its own."),
        )  # fmt: skip
    return said


def _stays(seat: WorkshopSeat) -> Refused:
    return Refused(
        field="side",
        expected=gettext_noop("A device takes part for one side."),
        found=gettext_noop("Something was written or voted from this one for the other side."),
        remedy=gettext_noop("Go on for that side, or use another device."),
    )


def _refuse_a_crowd(workshop: Workshop) -> None:
    if workshop.seats.count() >= MOST_SEATS:
        raise Refused(
            expected=gettext_noop("Expected at most {most} devices in a workshop."),
            found=gettext_noop("There are as many."),
            remedy=gettext_noop("Write together with somebody who is in."),
            most=MOST_SEATS,
        )
