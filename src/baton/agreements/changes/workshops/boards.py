"""What every change in a workshop begins with and leaves behind."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from django.db.models import F

from baton.agreements import policy
from baton.agreements.models import Workshop, WorkshopCluster, WorkshopNote, WorkshopVote
from baton.agreements.models.workshops import STAGES
from baton.agreements.rules.workshops import CLUSTER_NAME, MOST_CLUSTERS, Fate, Stage
from baton.chain.policy import Standing, standing_of
from baton.core.audit.trail import Trail
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused, TooLong
from baton.core.policy import demand
from baton.core.texts import clean_text
from baton_analysis.errors import gettext_noop


class WorkshopOver(Refused):
    """The workshop is closed, or its hours are over."""

    status = 410

    def __init__(self) -> None:
        super().__init__(
            expected=gettext_noop("A workshop takes words and dots until it is closed or its hours are over."),
            found=gettext_noop("This one is over."),
            remedy=gettext_noop("Say it to whoever leads the workshop; your text is still here."),
        )


class StageChanged(Refused):
    """The workshop is in another stage than what somebody does belongs to; ``stage`` is where it is."""

    status = 409

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        super().__init__(
            expected=gettext_noop("Everything has its time in a workshop."),
            found=gettext_noop("It went on to “{stage}” meanwhile; nothing was sent."),
            remedy=gettext_noop("Your text is still here. Say it aloud, or ask for the stage to be opened again."),
            stage=STAGES[stage],
        )


class Gone(Refused):
    """A cluster or note that somebody chose is not there any more."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            expected=gettext_noop("Expected a note or cluster of this workshop."),
            found=gettext_noop("It is not there any more: somebody put it together with others or took it out."),
            remedy=gettext_noop("Look at the list as it stands now and choose again."),
        )


def open_workshop(workshop: Workshop, at: datetime, *stages: Stage) -> Workshop:
    """The workshop as it now stands, locked, in one of these stages (any where none is named)."""
    fresh = Workshop.objects.select_for_update(of=("self",)).filter(pk=workshop.pk).first()
    if fresh is None:
        raise NotFound
    if fresh.fate(at) is not Fate.OPEN:
        raise WorkshopOver
    if stages and fresh.stage not in stages:
        raise StageChanged(Stage(fresh.stage))
    return fresh


def to_lead(
    trail: Trail,
    workshop: Workshop,
    expected_seq: int | None = None,
    *,
    may: Callable[[Standing, Workshop], bool] = policy.may_lead_workshop,
) -> Workshop:
    """The workshop, locked, for whoever may lead it (or ``may`` do what is done); refused once it is closed. Its hours
    bind those who take part."""
    fresh = trail.lock(Workshop, workshop, expected_seq=expected_seq)
    demand(may(standing_of(trail.by, day_of(trail.at)), fresh))
    if fresh.closed_at is not None:
        raise Refused(
            expected=gettext_noop("Expected a workshop that is not closed."),
            found=gettext_noop("{number} is closed."),
            remedy=gettext_noop("Begin another one for the same version."),
            number=fresh.number,
        )
    return fresh


def moved(workshop: Workshop) -> None:
    """Say to all who look at it that something happened."""
    Workshop.objects.filter(pk=workshop.pk).update(revision=F("revision") + 1)


def cluster_in(workshop: Workshop, public_id: str) -> WorkshopCluster:
    """One of its clusters."""
    found = workshop.clusters.filter(public_id=clean_text(public_id)[:16]).first()
    if found is None:
        raise Gone
    return found


def note_in(workshop: Workshop, public_id: str) -> WorkshopNote:
    """One of its notes that was not taken out."""
    found = workshop.notes.filter(public_id=clean_text(public_id)[:16], taken_out_because="").first()
    if found is None:
        raise Gone
    return found


def named_cluster(workshop: Workshop, name: str) -> WorkshopCluster:
    """A new cluster of this name, or the one that bears it."""
    said = cluster_name(name)
    known = workshop.clusters.filter(name=said).first()
    if known is not None:
        return known
    if workshop.clusters.count() >= MOST_CLUSTERS:
        raise Refused(
            field="name",
            expected=gettext_noop("Expected at most {most} clusters."),
            remedy=gettext_noop("Put notes into one that is there: what nobody can overlook nobody votes on."),
            most=MOST_CLUSTERS,
        )
    return WorkshopCluster.objects.create(workshop=workshop, name=said)


def cluster_name(raw: str) -> str:
    """A name, cleaned: one line, not empty, not too long."""
    said = " ".join(clean_text(raw).split())
    if not said:
        raise Refused(
            field="name",
            expected=gettext_noop("Expected a name for the cluster."),
            found=gettext_noop("Nothing was entered."),
            remedy=gettext_noop("Say in a few words what its notes have in common."),
        )
    if len(said) > CLUSTER_NAME:
        raise TooLong(field="name", most=CLUSTER_NAME, length=len(said))
    return said


def place_notes(workshop: Workshop, notes: list[WorkshopNote], cluster: WorkshopCluster | None) -> None:
    """Put the notes into a cluster, or let them stand alone. Dots on a note go along into its cluster; clusters that
    are left without notes, dots and clauses vanish."""
    left = {note.cluster_id for note in notes if note.cluster_id} - {cluster.pk if cluster is not None else ""}
    ids = [note.pk for note in notes]
    WorkshopNote.objects.filter(pk__in=ids).update(cluster=cluster)
    if cluster is not None:
        WorkshopVote.objects.filter(note__in=ids).update(cluster=cluster, note=None)
    let_vanish(left)
    moved(workshop)


def let_vanish(clusters: Collection[str]) -> None:
    """Delete those of the clusters (keys) that have neither notes nor dots nor clauses."""
    emptied = WorkshopCluster.objects.filter(pk__in=clusters, notes=None, dots_laid=None, origins=None)
    WorkshopCluster.objects.filter(pk__in=list(emptied.values_list("pk", flat=True))).delete()
