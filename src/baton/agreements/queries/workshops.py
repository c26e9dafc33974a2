"""Workshops: those of agreements in sight, the one behind an address or a code, and what stands on its wall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from baton.agreements.models import (
    AgreementVersion,
    Clause,
    ClauseOrigin,
    OfferVersion,
    Workshop,
    WorkshopCluster,
    WorkshopNote,
    WorkshopSeat,
)
from baton.agreements.models.workshops import secret_digest
from baton.agreements.queries.agreements import version as agreement_version
from baton.agreements.queries.offers import offer_version
from baton.agreements.queries.sight import agreements_in_sight, offer_versions_in_sight
from baton.agreements.rules import Side
from baton.agreements.rules.workshops import NOTES_A_SEAT, Stage, percent, slots
from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.core.policy import may_use

_LINK = "version__agreement__link__"
WITH_TEXT = (
    f"{_LINK}supplier", f"{_LINK}customer", f"{_LINK}output", "offer_version__offer__supplier",
    "offer_version__offer__output", "led_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Participation:
    """How many of a side took part; shares are percent of the invited, None where nobody was invited."""

    side: Side
    invited: int
    joined: int
    wrote: int
    voted: int

    def share(self, of: str) -> float | None:
        """Percent of the invited who joined, wrote or voted."""
        return percent(getattr(self, of), self.invited)


@dataclass(frozen=True, slots=True)
class Topic:
    """What can be voted on and turned into a clause: a cluster with its notes, or a note that stands alone."""

    cluster: WorkshopCluster | None
    notes: list[WorkshopNote]
    votes: int
    clauses: list[Clause] = field(default_factory=list)

    @property
    def public_id(self) -> str:
        """Of the cluster, or of the note."""
        return str(self.cluster.pk if self.cluster is not None else self.notes[0].pk)

    @property
    def words(self) -> str:
        """Its name."""
        return self.cluster.name if self.cluster is not None else self.notes[0].words

    @property
    def side(self) -> Side:
        """Of which side most of its notes are; the customer's where both have as many."""
        sides = Counter(note.side for note in self.notes)
        return Side.SUPPLIER if sides[Side.SUPPLIER] > sides[Side.CUSTOMER] else Side.CUSTOMER


@dataclass(frozen=True, slots=True)
class Board:
    """What stands on the wall: how many take part, and the topics with their dots and clauses."""

    workshop: Workshop
    people: dict[Side, Participation]
    notes: dict[Side, int]
    topics: list[Topic]
    taken_out: list[WorkshopNote]

    @property
    def clusters(self) -> list[Topic]:
        """The topics that are clusters."""
        return [topic for topic in self.topics if topic.cluster is not None]

    @property
    def alone(self) -> list[Topic]:
        """The notes that stand alone."""
        return [topic for topic in self.topics if topic.cluster is None]

    @property
    def dots_laid(self) -> int:
        """Dots of all."""
        return sum(topic.votes for topic in self.topics)

    @property
    def dots_there_are(self) -> int:
        """Dots of all who have joined."""
        return self.workshop.dots * sum(one.joined for one in self.people.values())

    @property
    def ranked(self) -> list[Topic]:
        """The topics, those with most dots first."""
        return sorted(self.topics, key=lambda topic: (-topic.votes, -len(topic.notes), topic.words))


def workshops_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Workshop]:
    """The workshops of agreements and service offers that the viewer sees, the newest first. Of an offer that is still
    written those, too, who see a link on which it would hold: they are asked to come."""
    seen = Q(version__agreement__in=agreements_in_sight(viewer=viewer, at=at).values("pk"))
    if may_use(viewer):
        offered = "offer_version__offer__"
        near = chain.links_in_sight(viewer=viewer, at=at).filter(
            supplier=OuterRef(f"{offered}supplier"), output=OuterRef(f"{offered}output"), ended_on__isnull=True
        )
        seen |= Q(offer_version__in=offer_versions_in_sight(viewer=viewer, at=at).values("pk")) | Q(Exists(near))
    return Workshop.objects.filter(seen).select_related(*WITH_TEXT).order_by("-recorded_at", "-pk")


def text_to_talk_over(*, viewer: Actor, at: datetime, public_id: str) -> AgreementVersion | OfferVersion:
    """The version with this public id, of an agreement or of a service offer; :class:`NotFound` also where the viewer
    may not know of it."""
    try:
        return agreement_version(viewer=viewer, at=at, public_id=public_id)
    except NotFound:
        return offer_version(viewer=viewer, at=at, public_id=public_id)


def sees_text(*, viewer: Actor, at: datetime, workshop: Workshop) -> bool:
    """Whether the viewer, who sees the workshop, may also open what it is about: drafts of service offers are read by
    those who write them."""
    if workshop.offer_version_id is None:
        return True
    return offer_versions_in_sight(viewer=viewer, at=at).filter(pk=workshop.offer_version_id).exists()


def workshop(*, viewer: Actor, at: datetime, public_id: str) -> Workshop:
    """One workshop; :class:`NotFound` also where the viewer may not know of it."""
    found = workshops_in_sight(viewer=viewer, at=at).filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def workshops_of(*, viewer: Actor, at: datetime, version: str) -> list[Workshop]:
    """The workshops about a version of an agreement or of a service offer (public id) that the viewer sees."""
    about = Q(version__public_id=version) | Q(offer_version__public_id=version)
    return list(workshops_in_sight(viewer=viewer, at=at).filter(about))


def workshop_behind(token: str) -> Workshop | None:
    """The workshop with this address; the address is the right to it. One query."""
    return Workshop.objects.select_related(*WITH_TEXT).filter(token_digest=secret_digest(token)).first()


def workshop_with_code(code: str) -> Workshop | None:
    """The workshop with this code, however it is written; the code is the right to it."""
    raw = "".join(sign for sign in code.lower() if sign.isalnum())
    return Workshop.objects.filter(code_digest=secret_digest(f"{raw[:4]}-{raw[4:]}")).first() if raw else None


def seat_behind(workshop: Workshop, secret: str) -> WorkshopSeat | None:
    """The seat of the device that has this secret; the secret is the right to it."""
    found = workshop.seats.filter(secret_digest=secret_digest(secret)).first() if secret else None
    if found is not None:
        found.workshop = workshop
    return found


def notes_of_seat(workshop: Workshop, secret: str) -> list[WorkshopNote]:
    """What the device that has this secret wrote; ``turned``: into a clause, so that it is not taken back."""
    turned = Exists(ClauseOrigin.objects.filter(note=OuterRef("pk")))
    mine = workshop.notes.filter(slot__in=slots(secret, "note", NOTES_A_SEAT))
    return list(mine.annotate(turned=turned).order_by("pk"))


def dots_of_seat(workshop: Workshop, secret: str) -> Counter[str]:
    """Public id of a cluster or note -> how many of its own dots the device that has this secret has there."""
    mine = workshop.dots_laid.filter(slot__in=slots(secret, "dot", workshop.dots))
    return Counter(cluster or note for cluster, note in mine.values_list("cluster", "note"))


def board_of(*, viewer: Actor, workshop: Workshop) -> Board:
    """What stands on the wall of a workshop that was found for ``viewer``, or by its address. Six queries at most."""
    notes = list(workshop.notes.select_related("cluster").order_by("pk"))
    standing = [note for note in notes if not note.taken_out_because]
    clusters = list(workshop.clusters.order_by("name", "pk"))
    votes = _votes(workshop, clusters, standing)
    clauses = _clauses(workshop)
    within: dict[str, list[WorkshopNote]] = {one.pk: [] for one in clusters}
    for note in standing:
        if note.cluster_id is not None:
            within[note.cluster_id].append(note)
    topics = [Topic(one, within[one.pk], votes[one.pk], clauses.get(one.pk, [])) for one in clusters]
    topics += [Topic(None, [one], votes[one.pk], clauses.get(one.pk, [])) for one in standing if one.cluster_id is None]
    counts = Counter(note.side for note in notes)
    return Board(
        workshop, people_of(viewer=viewer, workshop=workshop), {side: counts[side] for side in Side}, topics,
        [note for note in notes if note.taken_out_because],
    )  # fmt: skip


def people_of(*, viewer: Actor, workshop: Workshop) -> dict[Side, Participation]:
    """How many of each side were invited, joined, wrote and voted."""
    return people_by_workshop(viewer=viewer, workshops=[workshop])[workshop.pk]


def people_by_workshop(*, viewer: Actor, workshops: Sequence[Workshop]) -> dict[int, dict[Side, Participation]]:
    """The same of several workshops that were found for ``viewer``, by key. One query at most."""
    still_open = [one.pk for one in workshops if one.closed_at is None]
    rows = WorkshopSeat.objects.filter(workshop__in=still_open).values_list("workshop", "side").annotate(
        joined=Count("pk"), written=Count("pk", filter=Q(wrote=True)), chosen=Count("pk", filter=Q(voted=True))
    )  # fmt: skip
    counts = {(key, side): figures for key, side, *figures in rows}
    return {
        one.pk: {
            side: _counted(one, side) if one.closed_at is not None
            else Participation(side, _invited(one, side), *counts.get((one.pk, side), (0, 0, 0)))
            for side in Side
        }
        for one in workshops
    }  # fmt: skip


def origins_of(*, viewer: Actor, at: datetime, clauses: Iterable[Clause]) -> dict[str, ClauseOrigin]:
    """Line of a clause -> where in a workshop it comes from, of clauses that the caller has read with ``viewer``. A
    service offer may have taken a clause from an agreement whose workshop he does not see."""
    lines = [one.line for one in clauses]
    seen = workshops_in_sight(viewer=viewer, at=at).values("pk")
    rows = ClauseOrigin.objects.filter(clause__line__in=lines, workshop__in=seen)
    rows = rows.select_related("workshop", "cluster", "note", "clause")
    return {one.clause.line: one for one in rows}


def _votes(workshop: Workshop, clusters: Sequence[WorkshopCluster], notes: Sequence[WorkshopNote]) -> Counter[str]:
    if workshop.closed_at is not None:
        return Counter({one.pk: one.votes for one in clusters} | {one.pk: one.votes for one in notes})
    if workshop.stage not in (Stage.VOTE, Stage.CLAUSES, Stage.CLUSTER):
        return Counter()
    laid = workshop.dots_laid.values_list("cluster", "note")
    return Counter(cluster or note for cluster, note in laid)


def _clauses(workshop: Workshop) -> dict[str, list[Clause]]:
    found: dict[str, list[Clause]] = {}
    for origin in workshop.origins.select_related("clause").order_by("pk"):
        found.setdefault(origin.cluster_id or origin.note_id or "", []).append(origin.clause)
    return found


def _counted(workshop: Workshop, side: Side) -> Participation:
    held = [getattr(workshop, f"{what}_{side}") or 0 for what in ("joined", "wrote", "voted")]
    return Participation(side, _invited(workshop, side), *held)


def _invited(workshop: Workshop, side: Side) -> int:
    return int(getattr(workshop, f"invited_{side}"))


def address_of_origin(public_id: str) -> str:
    """The page of the workshop from which a clause comes (public id of its origin)."""
    found = ClauseOrigin.objects.filter(public_id=public_id).values_list("workshop__public_id", flat=True).first()
    return f"/agreements/workshops/{found}/" if found else "/agreements/workshops/"
