"""Who of a supplying party is trained in its clauses on behaviour: shares for everybody, names for a few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from baton.agreements import policy
from baton.agreements.models import AgreementVersion, Clause, Training
from baton.agreements.queries.agreements import clause as seen_clause
from baton.agreements.queries.agreements import clauses_by_version
from baton.agreements.rules import ClauseKind, Side, VersionState
from baton.agreements.rules.training import TrainingCoverage, covered, holds
from baton.chain.policy import standing_of, under
from baton.chain.queries.group_chats import people_in
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.models import Person


@dataclass(frozen=True, slots=True)
class TrainedPerson:
    """Somebody who belongs to the party, with his last training; None: none. ``holds``: it counts on the day."""

    person: Person
    training: Training | None
    holds: bool


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """Training in one clause. ``people`` are named for those who may read it, by name, else empty but for the viewer
    himself."""

    clause: Clause
    party: Party
    coverage: TrainingCoverage
    people: list[TrainedPerson]
    may_keep: bool


@dataclass(frozen=True, slots=True)
class ClauseTraining:
    """A clause on behaviour and how far the party that owes it is trained in it."""

    clause: Clause
    coverage: TrainingCoverage


def training_page(*, viewer: Actor, at: datetime, public_id: str) -> TrainingPage:
    """Training in a clause (public id) of an agreement in sight; :class:`NotFound` for a clause of another kind."""
    clause = seen_clause(viewer=viewer, at=at, public_id=public_id)
    if clause.clause_kind != ClauseKind.BEHAVIOUR or clause.owed_by != Side.SUPPLIER:
        raise NotFound
    party, day = supplier_of(clause), day_of(at)
    standing = standing_of(viewer, day)
    people = list(people_in(party.public_id, at))
    last = _last(Training.objects.filter(party=party, line=clause.line), day)
    named = policy.may_read_training(standing, party)
    shown = [
        TrainedPerson(one, last.get(one.pk), one.pk in last and _holds(last[one.pk], day))
        for one in people
        if named or (viewer.person is not None and one.pk == viewer.person.pk)
    ]
    coverage = covered([one.pk for one in people], [pk for pk, one in last.items() if _holds(one, day)])
    return TrainingPage(clause, party, coverage, shown, policy.may_keep_training(standing, party))


def training_of_versions(*, viewer: Actor, at: datetime, versions: Sequence[AgreementVersion]) -> list[ClauseTraining]:
    """The promises on behaviour that hold in these versions, with their coverage. The caller has made sure that
    ``viewer`` may see them. One query for the people of each supplying party."""
    held = clauses_by_version(viewer=viewer, versions=versions)
    suppliers = {version.pk: version.agreement.link.supplier for version in versions}
    clauses = [
        (suppliers[pk], clause)
        for pk, found in held.items()
        for clause in found
        if clause.clause_kind == ClauseKind.BEHAVIOUR and clause.owed_by == Side.SUPPLIER
    ]
    return _covered(clauses, at)


def training_of_party(*, viewer: Actor, at: datetime, party: Party) -> list[ClauseTraining]:
    """The same for what a party that the viewer sees promises itself in agreements in force and in sight; a clause that
    many customers accept with a service offer once."""
    from baton.agreements.queries.sight import agreements_in_sight

    seen = agreements_in_sight(viewer=viewer, at=at).filter(link__supplier=party, link__ended_on__isnull=True)
    versions = AgreementVersion.objects.filter(agreement__in=seen.values("pk"), state=VersionState.ACTIVE)
    found = list(versions.select_related("agreement__link__supplier"))
    held = training_of_versions(viewer=viewer, at=at, versions=found) if found else []
    return list({one.clause.pk: one for one in held}.values())


def trainings_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Training]:
    """The trainings that the viewer may read with names: of parties that he leads with everything, his own, all for the
    quality manager and HR. What was taken back, too. In rows what ``policy.may_read_training`` says of one party."""
    standing = standing_of(viewer, day_of(at))
    if policy.reads_all_training(standing):
        return Training.objects.all()
    mine = Q(person=viewer.person) if viewer.person is not None else Q(pk__in=())
    led = under((lead.path for lead in standing.leads if policy.reads_training_with(lead)), "party__")
    return Training.objects.filter(mine | led)


def training(*, viewer: Actor, at: datetime, public_id: str) -> Training:
    """One training, by the rules of :func:`trainings_in_sight`."""
    rows = trainings_in_sight(viewer=viewer, at=at).select_related("party", "person")
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def supplier_of(clause: Clause) -> Party:
    """The party that owes a promise in an agreement, or in a service offer."""
    if clause.agreement_version is not None:
        return clause.agreement_version.agreement.link.supplier
    assert clause.offer_version is not None  # a constraint of the database
    return clause.offer_version.offer.supplier


def address_of_training(public_id: str) -> str:
    """The page on which it is read: that of the newest clause with its line."""
    one = Training.objects.filter(public_id=public_id).first()
    if one is None:
        return "/agreements/"
    agreed = Q(agreement_version__agreement__link__supplier=one.party_id)
    offered = Q(offer_version__offer__supplier=one.party_id)
    clause = Clause.objects.filter(agreed | offered, line=one.line).order_by("-pk").first()
    return f"/agreements/clauses/{clause.public_id}/training/" if clause is not None else "/agreements/"


def _covered(clauses: Iterable[tuple[Party, Clause]], at: datetime) -> list[ClauseTraining]:
    held, day = list(clauses), day_of(at)
    if not held:
        return []
    people = {party.pk: [one.pk for one in people_in(party.public_id, at)] for party, _clause in held}
    trained: dict[tuple[int, str], set[int]] = {}
    rows = Training.objects.filter(
        party__in=list(people), line__in=[clause.line for _party, clause in held], ended_at__isnull=True
    )
    for one in rows:
        if _holds(one, day):
            trained.setdefault((one.party_id, one.line), set()).add(one.person_id)
    return [
        ClauseTraining(clause, covered(people[party.pk], trained.get((party.pk, clause.line), ())))
        for party, clause in held
    ]


def _last(rows: QuerySet[Training], day: date) -> dict[int, Training]:
    """Of each person the training that counts longest, else the last one."""
    found: dict[int, Training] = {}
    counting = rows.filter(ended_at__isnull=True).order_by("trained_on", "pk")
    for one in counting:
        known = found.get(one.person_id)
        if known is None or _holds(one, day) or not _holds(known, day):
            found[one.person_id] = one
    return found


def _holds(one: Training, day: date) -> bool:
    return holds(one.trained_on, one.expires_on, day)
