"""Notes are put together, clusters named and dissolved, and what comes out of it turned into clauses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from baton.agreements import policy
from baton.agreements.changes.checks import reason_given
from baton.agreements.changes.clauses import add_clause
from baton.agreements.changes.workshops.boards import (
    Gone,
    StageChanged,
    cluster_in,
    cluster_name,
    let_vanish,
    moved,
    named_cluster,
    note_in,
    place_notes,
    to_lead,
)
from baton.agreements.changes.workshops.closing import digest_of
from baton.agreements.models import Clause, ClauseOrigin, Workshop, WorkshopCluster
from baton.agreements.rules import Terms
from baton.agreements.rules.workshops import SORTING, Stage
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton_analysis.errors import gettext_noop


def put_together(
    *, by: Actor, at: datetime, workshop: Workshop, notes: Sequence[str], cluster: str = "", name: str = "",
    alone: bool = False,
) -> WorkshopCluster | None:  # fmt: skip
    """Put notes (public ids) into a cluster, into a new one of this ``name``, or let them stand ``alone`` again."""
    with change(by=by, at=at) as trail:
        fresh = _to_sort(trail, workshop)
        chosen = [note_in(fresh, one) for one in notes]
        if not chosen:
            raise Gone
        into = None if alone else cluster_in(fresh, cluster) if cluster else named_cluster(fresh, name)
        place_notes(fresh, chosen, into)
        return into


def rename_cluster(*, by: Actor, at: datetime, workshop: Workshop, cluster: str, name: str) -> WorkshopCluster:
    """Give a cluster (public id) another name."""
    with change(by=by, at=at) as trail:
        fresh = _to_sort(trail, workshop)
        found, said = cluster_in(fresh, cluster), cluster_name(name)
        if fresh.clusters.filter(name=said).exclude(pk=found.pk).exists():
            raise Refused(
                field="name",
                expected=gettext_noop("Expected a name that no other cluster has."),
                found=gettext_noop("“{name}” is there already."),
                remedy=gettext_noop("Put the notes into that one, or choose another name."),
                name=said,
            )
        found.name = said
        found.save()
        moved(fresh)
        return found


def dissolve_cluster(*, by: Actor, at: datetime, workshop: Workshop, cluster: str) -> None:
    """Let the notes of a cluster stand alone; dots on it go back to those who laid them. Refused once a clause has come
    out of it."""
    with change(by=by, at=at) as trail:
        fresh = _to_sort(trail, workshop)
        found = cluster_in(fresh, cluster)
        if found.origins.exists():
            raise Refused(
                expected=gettext_noop("Expected a cluster from which no clause has come."),
                found=gettext_noop("“{name}” was turned into a clause."),
                remedy=gettext_noop("Leave it; its clause says where it comes from."),
                name=found.name,
            )
        found.notes.update(cluster=None)
        found.delete()
        moved(fresh)


def take_out_note(*, by: Actor, at: datetime, workshop: Workshop, note: str, reason: str) -> Workshop:
    """Take out a note that should not have been written, such as one that names a patient: its words are destroyed,
    also after the closing; the minutes have another digest then. That it was there, and why it went, stands in them."""
    why = reason_given(reason)
    with change(by=by, at=at, reason=why) as trail:
        fresh = trail.lock(Workshop, workshop)
        demand(policy.may_tidy_workshop(standing_of(by, day_of(at)), fresh))
        if fresh.closed_at is None and fresh.stage not in SORTING:
            raise StageChanged(Stage(fresh.stage))
        found = note_in(fresh, note)
        found.dots_laid.all().delete()
        left = found.cluster_id
        found.words, found.taken_out_because, found.cluster = "", why, None
        found.save()
        if left and fresh.closed_at is None:
            let_vanish([left])
        if fresh.closed_at is not None:
            fresh.minutes_digest = digest_of(fresh)
        trail.save(fresh, "workshop.note_taken_out", note=found.pk)
        moved(fresh)
        return fresh


def add_clause_from(
    *, by: Actor, at: datetime, workshop: Workshop, terms: Terms, cluster: str = "", note: str = ""
) -> Clause:
    """Turn a cluster or a note that stands alone (public id) into a clause of the version, which keeps where it comes
    from. From the sorting on: a note that somebody may still take back makes no clause."""
    with change(by=by, at=at) as trail:
        fresh = _to_sort(trail, workshop)
        found_cluster = cluster_in(fresh, cluster) if cluster else None
        found_note = None if cluster else note_in(fresh, note)
        clause = add_clause(by=by, at=at, version=fresh.text, terms=terms)
        trail.save(
            ClauseOrigin(workshop=fresh, clause=clause, cluster=found_cluster, note=found_note), "clause_origin.noted"
        )
        moved(fresh)
        return clause


def _to_sort(trail: Trail, workshop: Workshop) -> Workshop:
    fresh = to_lead(trail, workshop)
    if fresh.stage not in SORTING:
        raise StageChanged(Stage(fresh.stage))
    return fresh
