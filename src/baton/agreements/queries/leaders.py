"""What leaders promise their staff, and how it was kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.core.paginator import Page
from django.db.models import Prefetch, QuerySet

from baton.agreements import policy
from baton.agreements.models import AgreementVersion, Clause, Fulfilment, LeaderPromise, PromiseSeen
from baton.agreements.queries.sight import agreements_in_sight
from baton.agreements.queries.signing import valid_acceptances
from baton.agreements.rules import OPEN, PAGE_ROWS, Side, VersionState
from baton.agreements.rules.leaders import Kept, Rhythm, due_days, kept
from baton.chain import queries as chain
from baton.chain.policy import Standing, standing_of, under
from baton.chain.queries.discussing import heads_of_link
from baton.chain.queries.lists import page_of
from baton.chain.rules import POSTS, serves_its_staff
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.texts import Texts

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person


_COUNT = frozenset({VersionState.ACTIVE, *OPEN})
DAYS_OFFERED = 60
"""Most days that wait among which one is chosen."""


@dataclass(frozen=True, slots=True)
class LeaderRow:
    """A promise as it stands on the day. ``clause`` is its text in ``version``; ``signed``: the leader's side has
    signed it; before, it counts for nobody. ``last`` is what was done last, ``seen`` by how many of the staff;
    ``may_see``: the viewer may say that he has seen that, and has not."""

    promise: LeaderPromise
    clause: Clause
    version: AgreementVersion
    signed: bool
    kept: Kept
    last: Fulfilment | None
    seen: int
    may_fulfil: bool
    may_see: bool

    @property
    def link(self) -> Link:
        """On which it is promised."""
        return self.promise.agreement.link


def leader_promises_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[LeaderPromise]:
    """The promises on links in sight, ended ones too."""
    return LeaderPromise.objects.filter(agreement__in=agreements_in_sight(viewer=viewer, at=at).values("pk"))


def leader_promise(*, viewer: Actor, at: datetime, public_id: str) -> LeaderPromise:
    """One promise; :class:`NotFound` also where the viewer does not see its link."""
    rows = _with_link(leader_promises_in_sight(viewer=viewer, at=at))
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def leader_rows(*, viewer: Actor, at: datetime) -> list[LeaderRow]:
    """All promises in sight that were not ended: late ones first, then those due next. A fixed number of queries."""
    return _rows(viewer, at, leader_promises_in_sight(viewer=viewer, at=at).filter(ended_at__isnull=True))


def leader_page(*, viewer: Actor, at: datetime, page: int | str = 1) -> Page[LeaderRow]:
    """A page of them."""
    return page_of(leader_rows(viewer=viewer, at=at), page, rows_a_page=PAGE_ROWS)


def promised_to(*, viewer: Actor, at: datetime) -> list[LeaderRow]:
    """What is promised to the viewer as one of the staff, once it is signed, and what he promises himself. One query
    where that is nothing."""
    standing = standing_of(viewer, day_of(at))
    if not standing.belongs:
        return []
    wholes = {public_id for path in standing.belongs for public_id in path.strip("/").split("/")}
    rows = leader_promises_in_sight(viewer=viewer, at=at).filter(
        ended_at__isnull=True, agreement__link__customer__public_id__in=wholes
    )
    return [row for row in _rows(viewer, at, rows) if row.signed or row.may_fulfil]


def promises_of_link(*, viewer: Actor, at: datetime, link: str) -> list[LeaderRow]:
    """The promises on a link (public id) that were not ended."""
    rows = leader_promises_in_sight(viewer=viewer, at=at).filter(ended_at__isnull=True)
    return _rows(viewer, at, rows.filter(agreement__link__public_id=link))


def row_of(*, viewer: Actor, at: datetime, promise: LeaderPromise) -> LeaderRow:
    """A promise that the viewer sees, as it stands."""
    rows = leader_promises_in_sight(viewer=viewer, at=at).filter(pk=promise.pk)
    found = _rows(viewer, at, rows, closed=True)
    if not found:
        raise NotFound
    return found[0]


def days_that_wait(*, viewer: Actor, at: datetime, promise: LeaderPromise) -> list[date]:
    """The days on which it was due and that nobody has met, at most :data:`DAYS_OFFERED`, and the next one to come."""
    done = fulfilments_of(viewer=viewer, at=at, promise=promise)
    met = {one.due_on for one, _number in done if one.ended_at is None}
    found: list[date] = []
    for due in due_days(promise.due_on, Rhythm(promise.rhythm)):
        if due not in met:
            found.append(due)
            if due >= day_of(at) or len(found) == DAYS_OFFERED:
                break
    return found


def kept_by_line(agreements: Collection[int], day: date) -> dict[tuple[int, str], Kept]:
    """How the promises with days stand that are given in these agreements, by key and line of their clause. For those
    who read the clauses. Two queries."""
    rows = LeaderPromise.objects.filter(agreement__in=agreements, ended_at__isnull=True)
    counting = Prefetch("fulfilments", Fulfilment.objects.filter(ended_at__isnull=True))
    return {
        (one.agreement_id, one.line): kept(
            one.due_on, Rhythm(one.rhythm), {done.due_on: done.done_on for done in one.fulfilments.all()}, day
        )
        for one in rows.prefetch_related(counting)
    }


def fulfilments_of(*, viewer: Actor, at: datetime, promise: LeaderPromise) -> list[tuple[Fulfilment, int]]:
    """What was done, the last first, and by how many of the staff it was seen; what was taken back, too."""
    rows = list(
        Fulfilment.objects.filter(
            promise=promise, promise__in=leader_promises_in_sight(viewer=viewer, at=at).values("pk")
        ).order_by("-due_on", "-pk")
    )
    seen = _seen([one.pk for one in rows])
    return [(one, len(seen.get(one.pk, ()))) for one in rows]


def fulfilment(*, viewer: Actor, at: datetime, public_id: str) -> Fulfilment:
    """One of them, by the rules of :func:`leader_promise`."""
    seen = leader_promises_in_sight(viewer=viewer, at=at).values("pk")
    link = "promise__agreement__link__"
    rows = Fulfilment.objects.filter(promise__in=seen).select_related(
        f"{link}supplier", f"{link}customer", f"{link}output"
    )
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise NotFound
    return found


def not_clauses_yet(*, viewer: Actor, at: datetime, link: str = "", own: bool = False) -> list[Link]:
    """Live links on which a leader serves his staff, that hold no promise with days, and for which the viewer may give
    one; of them ``link`` alone (public id), or those of leaders whom he speaks for himself (``own``). No query for who
    leads nothing."""
    standing = standing_of(viewer, day_of(at))
    if not standing.leads and (own or not standing.edits_all):
        return []
    rows = chain.links_in_sight(viewer=viewer, at=at).filter(
        supplier__party_kind__in=sorted(POSTS), ended_on__isnull=True
    )
    if link:
        rows = rows.filter(public_id=link)
    if own:
        rows = rows.filter(under((lead.path for lead in standing.leads), "supplier__"))
    links = list(rows.select_related("supplier", "customer", "output").order_by("number"))
    found = [one for one in links if _to_convert(standing, one)]
    known = LeaderPromise.objects.filter(agreement__link__in=found, ended_at__isnull=True)
    held = set(known.values_list("agreement__link_id", flat=True)) if found else set()
    return [one for one in found if one.pk not in held]


def said_it_himself(*, viewer: Actor, public_id: str) -> bool:
    """Whether the viewer is the one who said so that he has seen a kept promise."""
    return PromiseSeen.objects.filter(public_id=public_id, person__pk=_key(viewer) or 0).exists()


def name_of_promise(public_id: str) -> Texts:
    """What it is called where people talk about it."""
    promise = LeaderPromise.objects.select_related("agreement__link__output").get(public_id=public_id)
    clause = Clause.objects.filter(agreement_version__agreement=promise.agreement, line=promise.line).first()
    said: Texts = clause.characteristic if clause is not None else promise.agreement.link.output.name
    return said


def heads_of_promise(public_id: str, day: date) -> Iterable[Person]:
    """Who is told of comments: the heads of both sides."""
    promise = LeaderPromise.objects.select_related("agreement__link").get(public_id=public_id)
    return heads_of_link(promise.agreement.link.public_id, day)


def address_of_fulfilment(public_id: str) -> str:
    """The page on which it is read."""
    one = Fulfilment.objects.select_related("promise").filter(public_id=public_id).first()
    return f"/agreements/leader-promises/{one.promise.public_id}/" if one is not None else "/agreements/"


def address_of_seen(public_id: str) -> str:
    """The page on which the kept promise is read that somebody has seen."""
    one = PromiseSeen.objects.select_related("fulfilment").filter(public_id=public_id).first()
    return address_of_fulfilment(one.fulfilment.public_id) if one is not None else "/agreements/"


def _to_convert(standing: Standing, link: Link) -> bool:
    supplier, customer = link.supplier, link.customer
    serves = serves_its_staff(kind=supplier.party_kind, path=supplier.path, customer_path=customer.path)
    return serves and policy.may_promise_staff(standing, link)


def _with_link(rows: QuerySet[LeaderPromise]) -> QuerySet[LeaderPromise]:
    link = "agreement__link__"
    return rows.select_related(f"{link}supplier", f"{link}customer", f"{link}output")


def _rows(viewer: Actor, at: datetime, promises: QuerySet[LeaderPromise], *, closed: bool = False) -> list[LeaderRow]:
    """``closed``: also those that stand in no version that is in force or on its way."""
    held = list(_with_link(promises))
    if not held:
        return []
    day = day_of(at)
    standing, clauses = standing_of(viewer, day), _clauses(held)
    versions = {clause.agreement_version for clause in clauses.values() if clause.agreement_version is not None}
    signed = valid_acceptances(viewer=viewer, versions=sorted(versions, key=lambda one: one.pk))
    done: dict[int, list[Fulfilment]] = {}
    for one in Fulfilment.objects.filter(promise__in=held, ended_at__isnull=True).order_by("due_on"):
        done.setdefault(one.promise_id, []).append(one)
    seen = _seen([given[-1].pk for given in done.values()])
    rows = []
    for promise in held:
        clause = clauses.get((promise.agreement_id, promise.line))
        if clause is None or clause.agreement_version is None:
            continue
        if not closed and clause.agreement_version.state not in _COUNT:
            continue
        given = done.get(promise.pk, [])
        last, link = (given[-1] if given else None), promise.agreement.link
        by = seen.get(last.pk, set()) if last is not None else set()
        rows.append(
            LeaderRow(
                promise, clause, clause.agreement_version,
                Side.SUPPLIER in signed.get(clause.agreement_version_id or 0, {}),
                kept(promise.due_on, Rhythm(promise.rhythm), {one.due_on: one.done_on for one in given}, day),
                last, len(by), policy.may_fulfil(standing, link),
                last is not None and policy.may_say_seen(standing, link) and _key(viewer) not in by,
            )
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row.kept.next_due or date.max, row.promise.pk))


def _key(viewer: Actor) -> int | None:
    return viewer.person.pk if viewer.person is not None else None


def _clauses(promises: Sequence[LeaderPromise]) -> dict[tuple[int, str], Clause]:
    """Of each promise its clause: in the version in force, else in the one on its way, else in the last. One query."""
    rows = Clause.objects.filter(
        agreement_version__agreement__in=[one.agreement_id for one in promises], line__in=[one.line for one in promises]
    ).select_related("agreement_version__agreement__link", "calendar")
    found: dict[tuple[int, str], Clause] = {}
    for clause in sorted(rows, key=_rank):
        version = clause.agreement_version
        if version is not None and not (clause.dropped and version.state in _COUNT):
            found[version.agreement_id, clause.line] = clause
    return found


def _rank(clause: Clause) -> tuple[int, int]:
    """Of two the one that counts comes later."""
    version = clause.agreement_version
    if version is None:
        return -1, 0
    return (2 if version.state == VersionState.ACTIVE else int(version.state in _COUNT)), version.version


def _seen(fulfilments: Collection[int]) -> dict[int, set[int]]:
    """Keys of those who have seen each of them."""
    found: dict[int, set[int]] = {}
    for one, person in PromiseSeen.objects.filter(fulfilment__in=fulfilments).values_list("fulfilment", "person"):
        found.setdefault(one, set()).add(person)
    return found
