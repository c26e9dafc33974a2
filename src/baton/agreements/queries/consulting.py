"""A consultation: who is asked, who has said what, and what waits for an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet, Sum

from baton.agreements import policy
from baton.agreements.models import AgreementVersion, Clause, Invitation, Opinion, Workshop
from baton.agreements.queries.agreements import clauses_by_version
from baton.agreements.queries.agreements import version as read_version
from baton.agreements.queries.hearing import hearing_of, held_in, line_of, said_of
from baton.agreements.queries.sight import agreements_in_sight
from baton.agreements.rules import TO_ANSWER, Hearing, Outcome, Side, Stance, VersionState
from baton.chain.policy import Standing, sight_of
from baton.chain.queries.group_chats import people_in
from baton.chain.rules import OUTSIDE
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import demand

if TYPE_CHECKING:
    from baton.core.models import Person

_LINK = "version__agreement__link__"
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Heard:
    """An opinion with what the viewer may do about it. ``changed``: the clause was changed since it was said."""

    opinion: Opinion
    clause: Clause | None
    changed: bool
    may_answer: bool
    mine: bool

    @property
    def waits(self) -> bool:
        """Whether it waits for an answer."""
        return self.opinion.outcome == Outcome.OPEN and Stance(self.opinion.stance) in TO_ANSWER


@dataclass(frozen=True, slots=True)
class ConsultedClause:
    """A clause, or the whole version (``clause`` None, ``line`` empty), with what was said to it, what waits for an
    answer first. ``own`` is the viewer's opinion that he may still change, ``answered`` his that were answered."""

    line: str
    clause: Clause | None
    heard: list[Heard]
    own: Heard | None
    answered: list[Heard] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many wait for an answer."""
        return sum(one.waits for one in self.heard)


@dataclass(frozen=True, slots=True)
class Consultation:
    """A consultation as its pages show it. ``heard`` of its parts is empty where the viewer reads figures only
    (``reads`` False). ``asks`` are the sides whose people he may ask, ``speaks`` those for which he speaks. ``came``:
    how many devices of each side took part in workshops about the version; they bear no names, and count for nothing
    here."""

    version: AgreementVersion
    hearing: Hearing
    parts: list[ConsultedClause]
    gone: list[Heard]
    invitations: list[Invitation]
    invitation: Invitation | None
    reads: bool
    asks: frozenset[Side]
    speaks: frozenset[Side]
    may_say: bool
    came: dict[Side, int]

    @property
    def said(self) -> int:
        """To how many clauses the viewer has said something."""
        return sum(1 for part in self.parts if part.line and (part.own or part.answered))

    @property
    def clauses(self) -> int:
        """How many clauses there are to speak of."""
        return sum(1 for part in self.parts if part.line)


def consultation(*, viewer: Actor, at: datetime, public_id: str) -> Consultation:
    """The consultation of a version, also when it is over. A fixed number of queries."""
    version = read_version(viewer=viewer, at=at, public_id=public_id)
    sight, link, state = sight_of(viewer, day_of(at)), version.agreement.link, VersionState(version.state)
    invitations = list(
        Invitation.objects.filter(version=version).select_related("person").order_by("side", "ended_at", "pk")
    )
    for one in invitations:
        one.version = version
    own = next((one for one in invitations if viewer.person is not None and one.person_id == viewer.person.pk), None)
    reads = policy.may_read_opinions(sight, link, invited=own is not None)
    clauses = held_in(viewer=viewer, version=version)
    heard = _heard(viewer, version, clauses, sight.standing) if reads else []
    speaks = policy.speaks_for(sight.standing, link)
    lines = {line_of(one) for one in clauses} | {""}
    return Consultation(
        version=version,
        hearing=hearing_of(viewer=viewer, version=version),
        parts=[_part("", None, heard), *(_part(line_of(one), one, heard) for one in clauses)],
        gone=[one for one in heard if one.opinion.line not in lines],
        invitations=invitations if reads else [],
        invitation=own,
        reads=reads,
        asks=frozenset(side for side in Side if policy.may_ask_staff(sight.standing, link, side))
        if state is VersionState.CONSULTATION
        else frozenset(),
        speaks=speaks,
        may_say=bool(speaks) or _is_asked(viewer, at, version, own)
        if state is VersionState.CONSULTATION
        else state is VersionState.PROPOSED and bool(speaks),
        came=_came(version),
    )


def _came(version: AgreementVersion) -> dict[Side, int]:
    closed = Workshop.objects.filter(version=version, closed_at__isnull=False)
    joined = closed.aggregate(**{side.value: Sum(f"joined_{side}") for side in Side})
    return {side: joined[side.value] or 0 for side in Side}


def _is_asked(viewer: Actor, at: datetime, version: AgreementVersion, own: Invitation | None) -> bool:
    """Whether the viewer is asked still, and belongs still to the side for which he is."""
    if own is None or own.ended_at is not None:
        return False
    return belongs(viewer=viewer, at=at, version=version, side=Side(own.side))


def _heard(viewer: Actor, version: AgreementVersion, clauses: Sequence[Clause], standing: Standing) -> list[Heard]:
    state, link = VersionState(version.state), version.agreement.link
    by_line = {line_of(one): one for one in clauses}
    now = {line: said_of(clauses, line) for line in (*by_line, "")}
    rows = list(
        Opinion.objects.filter(version=version).select_related("person", "task_link", "answered_by").order_by("pk")
    )
    for one in rows:
        one.version = version
    return [
        Heard(
            one, by_line.get(one.line), changed=one.said_of != now.get(one.line, ""),
            may_answer=_waits(one) and policy.may_answer(standing, link, one, state),
            mine=viewer.person is not None and one.person_id == viewer.person.pk,
        )
        for one in rows
    ]  # fmt: skip


def _part(line: str, clause: Clause | None, heard: Sequence[Heard]) -> ConsultedClause:
    of_line = [one for one in heard if one.opinion.line == line]
    mine = [one for one in of_line if one.mine]
    return ConsultedClause(
        line,
        clause,
        sorted(of_line, key=lambda one: (not one.waits, one.opinion.outcome == Outcome.WITHDRAWN)),
        next((one for one in mine if one.opinion.outcome == Outcome.OPEN), None),
        [one for one in mine if one.opinion.outcome in (Outcome.ADOPTED, Outcome.DECLINED)],
    )


def _waits(opinion: Opinion) -> bool:
    return opinion.outcome == Outcome.OPEN and Stance(opinion.stance) in TO_ANSWER


def opinion(*, viewer: Actor, at: datetime, public_id: str) -> Opinion:
    """One opinion; :class:`NotFound` where the viewer may not read it."""
    seen = Opinion.objects.filter(
        public_id=public_id, version__agreement__in=agreements_in_sight(viewer=viewer, at=at).values("pk")
    )
    found = seen.select_related(
        f"{_LINK}supplier", f"{_LINK}customer", f"{_LINK}output", "person", "task_link", "answered_by"
    ).first()
    if found is None or not _reads(viewer, at, found.version):
        raise NotFound
    return found


def opinions_of(*, viewer: Actor, at: datetime, version: AgreementVersion) -> list[Heard]:
    """All opinions about a version that the caller has read with this viewer, the oldest first; refused to who may not
    read them."""
    demand(_reads(viewer, at, version))
    clauses = held_in(viewer=viewer, version=version)
    return _heard(viewer, version, clauses, sight_of(viewer, day_of(at)).standing)


def _reads(viewer: Actor, at: datetime, version: AgreementVersion) -> bool:
    invited = viewer.person is not None and Invitation.objects.filter(version=version, person=viewer.person).exists()
    return policy.may_read_opinions(sight_of(viewer, day_of(at)), version.agreement.link, invited=invited)


def invitation(*, viewer: Actor, at: datetime, public_id: str) -> Invitation:
    """One invitation, by the rules of :func:`opinion`."""
    seen = Invitation.objects.filter(
        public_id=public_id, version__agreement__in=agreements_in_sight(viewer=viewer, at=at).values("pk")
    )
    found = seen.select_related(f"{_LINK}supplier", f"{_LINK}customer", f"{_LINK}output", "person").first()
    if found is None or not _reads(viewer, at, found.version):
        raise NotFound
    return found


def staff_of(*, viewer: Actor, at: datetime, version: AgreementVersion, side: Side) -> list[Person]:
    """Who can be asked on a side: everybody who belongs to its party or below it, in the order of their names; nobody
    of an outside party, whose people are asked by task links. For who may ask them."""
    link = version.agreement.link
    demand(policy.may_ask_staff(sight_of(viewer, day_of(at)).standing, link, side))
    party = link.supplier if side is Side.SUPPLIER else link.customer
    if party.party_kind in OUTSIDE:
        return []
    return sorted(people_in(party.public_id, at), key=str)


def belongs(*, viewer: Actor, at: datetime, version: AgreementVersion, side: Side) -> bool:
    """Whether the viewer still belongs to the party on this side, or to one below it."""
    link = version.agreement.link
    party = link.supplier if side is Side.SUPPLIER else link.customer
    standing = sight_of(viewer, day_of(at)).standing
    return any(path.startswith(party.path) for path in standing.belongs) and not standing.is_guest


@dataclass(frozen=True, slots=True)
class Asked:
    """A consultation in which the viewer is asked: until when, of how many clauses, to how many he has spoken."""

    version: AgreementVersion
    due_on: date
    clauses: int
    said: int


def waiting_for_me(*, viewer: Actor, at: datetime) -> list[Asked]:
    """The consultations in which the viewer is asked and has not spoken to every clause, the most urgent first, at most
    :data:`MOST_SHOWN`. One query where he is not asked, four where he is."""
    if viewer.person is None:
        return []
    asked = open_invitations().filter(person=viewer.person).select_related(
        f"{_LINK}supplier", f"{_LINK}customer", f"{_LINK}output"
    )  # fmt: skip
    rows = list(asked.order_by("due_on", "pk")[:MOST_SHOWN])
    if not rows:
        return []
    versions = [one.version for one in rows]
    clauses = clauses_by_version(viewer=viewer, versions=versions)
    mine = Opinion.objects.filter(version__in=[one.pk for one in versions], person=viewer.person)
    said = set(mine.exclude(outcome=Outcome.WITHDRAWN).values_list("version_id", "line"))
    found = []
    for one in rows:
        lines = [line_of(clause) for clause in clauses[one.version_id]]
        spoken = sum((one.version_id, line) in said for line in lines)
        if spoken < len(lines):
            found.append(Asked(one.version, one.due_on, len(lines), spoken))
    return found


def open_invitations() -> QuerySet[Invitation]:
    """Invitations to consultations that are going on."""
    return Invitation.objects.filter(ended_at__isnull=True, version__state=VersionState.CONSULTATION)


def address_of_opinion(public_id: str) -> str:
    """The page on which an opinion (public id) is read."""
    return _address(Opinion.objects.select_related("version").filter(public_id=public_id).first())


def address_of_invitation(public_id: str) -> str:
    """The page on which an invitation (public id) is read."""
    return _address(Invitation.objects.select_related("version").filter(public_id=public_id).first())


def _address(found: Opinion | Invitation | None) -> str:
    return f"/agreements/versions/{found.version.public_id}/consultation/" if found is not None else "/agreements/"
