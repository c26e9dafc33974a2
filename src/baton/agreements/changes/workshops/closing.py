"""A workshop is closed: figures and votes are counted, and what could tell who wrote what is destroyed."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import datetime, timedelta
from hashlib import sha256

from baton.agreements import policy
from baton.agreements.changes.checks import note_given
from baton.agreements.changes.workshops.boards import moved, to_lead
from baton.agreements.models import Workshop, WorkshopCluster, WorkshopNote
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import Stage
from baton.core.actors import Actor
from baton.core.audit.chain import canonical
from baton.core.audit.trail import change

CLOSE_JOB = "agreements.close_workshops"
FORGOTTEN = timedelta(days=7)
"""So long after its hours a workshop that nobody has closed is closed by itself: devices are not kept for ever."""


def close_workshop(
    *, by: Actor, at: datetime, workshop: Workshop, expected_seq: int | None = None, reason: str = ""
) -> Workshop:
    """Close it, in whatever stage it is. Nothing is written or voted from then on; notes, clusters, dots and figures of
    participation stay, devices and marks go. The entry of the trail holds the figures and the digest of the minutes."""
    with change(by=by, at=at, reason=note_given(reason, "reason")) as trail:
        fresh = to_lead(trail, workshop, expected_seq, may=policy.may_tidy_workshop)
        _count_people(fresh)
        _settle(fresh)
        fresh.minutes_digest = digest_of(fresh)
        fresh.stage, fresh.stage_began_at, fresh.closed_at = Stage.CLOSED, at, at
        saved = trail.save(fresh, "workshop.closed", notes=fresh.notes.count(), clusters=fresh.clusters.count())
        moved(saved)
        return saved


def close_expired(*, by: Actor, at: datetime) -> int:
    """Close those whose hours have been over for :data:`FORGOTTEN`; returns how many."""
    due = Workshop.objects.filter(closed_at__isnull=True, expires_at__lt=at - FORGOTTEN)
    closed = 0
    for key in list(due.values_list("pk", flat=True)):
        with change(by=by, at=at):
            # Read again under the lock: somebody may have closed it, or given it another address.
            workshop = due.filter(pk=key).first()
            if workshop is not None:
                close_workshop(by=by, at=at, workshop=workshop)
                closed += 1
    return closed


def digest_of(workshop: Workshop) -> str:
    """SHA-256 of notes, clusters and dots, whatever order they stand in."""
    notes = workshop.notes.values_list("public_id", "side", "words", "cluster", "votes", "taken_out_because")
    clusters = workshop.clusters.values_list("public_id", "name", "votes")
    body = {"notes": sorted(map(list, notes)), "clusters": sorted(map(list, clusters))}
    return sha256(canonical(body).encode()).hexdigest()


def _count_people(workshop: Workshop) -> None:
    seats = list(workshop.seats.values_list("side", "wrote", "voted"))
    for side in Side:
        mine = [(wrote, voted) for held, wrote, voted in seats if held == side]
        setattr(workshop, f"joined_{side}", len(mine))
        setattr(workshop, f"wrote_{side}", sum(wrote for wrote, _voted in mine))
        setattr(workshop, f"voted_{side}", sum(voted for _wrote, voted in mine))


def _settle(workshop: Workshop) -> None:
    """Count the dots and destroy them with the devices; write the notes anew, in an order of chance: the place of a row
    in the file of the database says when it was written."""
    dots = list(workshop.dots_laid.values_list("cluster", "note"))
    of_clusters = Counter(cluster for cluster, _note in dots if cluster)
    of_notes = Counter(note for _cluster, note in dots if note)
    workshop.dots_laid.all().delete()
    workshop.seats.all().delete()
    for cluster in workshop.clusters.all():
        WorkshopCluster.objects.filter(pk=cluster.pk).update(votes=of_clusters[cluster.pk])
    notes = list(workshop.notes.all())
    secrets.SystemRandom().shuffle(notes)
    workshop.notes.all().delete()
    for note in notes:
        note.slot, note.votes = secrets.token_hex(32), of_notes[note.pk]
    WorkshopNote.objects.bulk_create(notes)
