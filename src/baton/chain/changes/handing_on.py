"""What a party that ends hands on to the one that takes over: links, people, responsibilities, needs, projects, keys.

Nothing is rewritten: what was ends on that day and keeps its history, and what goes on is a new record of the party
that takes over. For use inside an open change, whose caller has asked the policy.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Q

from baton.chain.changes.links import number_links
from baton.chain.changes.parties import move_party
from baton.chain.models import Link, Membership, OutsideNeed, Party, PartySuccession, Project, Responsibility
from baton.chain.queries.successions import Holdings
from baton.chain.rules import MOVED_AT_ONCE, OUTSIDE, Capacity, PartyKind, Succession
from baton.core.audit.trail import Trail
from baton.core.changes import give_external_key, withdraw_external_key
from baton.core.errors import Refused
from baton.core.rules import BatchState
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.core.models import ExternalKey
    from baton.core.models.records import Record

R = TypeVar("R", bound="Record")

_OWN = frozenset({"id", "public_id", "recorded_at", "changed_seq", "batch"})


@dataclass(frozen=True, slots=True)
class Handover:
    """An open change in which parties hand on what they had, on a day."""

    trail: Trail
    on: date

    def end(self, record: R) -> R:
        """End what an old party had; what had not begun yet never does."""
        held: Any = self.trail.lock(type(record), record)
        held.ended_on = max(self.on, held.began_on)
        saved: R = self.trail.save(held, f"{held.kind}.handed_on")
        return saved

    def go_on(self, old: R, **new: Any) -> R:
        """A new record like ``old``, but for ``new``, from the day on."""
        record: Any = type(old)(**_like(old, but=new), **new)
        record.began_on = max(self.on, record.began_on)
        if isinstance(record, Link):
            number_links([record], self.trail.at)
        saved: R = self.trail.save(record, f"{old.kind}.taken_over", after=old.public_id)
        return saved

    def link(self, old: Link, supplier: Party, customer: Party) -> Link:
        self.end(old)
        return self.go_on(old, supplier=supplier, customer=customer)

    def membership(self, old: Membership, party: Party, capacity: Capacity) -> None:
        """Who put him there stays who put him there: it decides who may help him with his password."""
        self.end(old)
        same = Membership.objects.filter(party=party, person=old.person, capacity=capacity, ended_on__isnull=True)
        if not same.exists():
            self.go_on(old, party=party, capacity=capacity)

    def responsibility(self, old: Responsibility, party: Party) -> None:
        self.end(old)
        same = Responsibility.everything.filter(
            output=old.output_id, party=party, responsible=old.responsible, ended_on__isnull=True
        )
        if not same.exists():
            self.go_on(old, party=party)

    def need(self, need: OutsideNeed, party: Party) -> None:
        need = self.trail.lock(OutsideNeed, need)
        need.holder = party
        self.trail.save(need, "outside_need.handed_on")

    def project(self, project: Project, party: Party) -> None:
        project = self.trail.lock(Project, project)
        project.owner = party
        self.trail.save(project, "project.handed_on")

    def child(self, child: Party, party: Party) -> None:
        move_party(by=self.trail.by, at=self.trail.at, party=child, parent=party, reason=self.trail.reason)

    def key(self, key: ExternalKey, party: Party) -> None:
        by, at = self.trail.by, self.trail.at
        withdraw_external_key(by=by, at=at, key=key)
        give_external_key(by=by, at=at, kind=Party.kind, object_id=party.public_id, system=key.system, key=key.key)

    def party(self, old: Party, successors: Sequence[Party], how: Succession) -> None:
        """End the old party and say who took over."""
        old = self.trail.lock(Party, old)
        old.ended_on = self.on
        self.trail.save(old, f"party.{_ENDED[how]}", by_party=[one.public_id for one in successors])
        for successor in successors:
            row = PartySuccession(predecessor=old, successor=successor, how=how, on_day=self.on)
            self.trail.save(row, "party_succession.added")


_ENDED = {Succession.MERGE: "merged", Succession.SPLIT: "split"}


def _like(old: Record, *, but: Collection[str]) -> dict[str, Any]:
    """The columns of ``old`` that say what it is, without those named in ``but``."""
    return {
        column.attname: getattr(old, column.attname)
        for column in old._meta.concrete_fields
        if column.name not in _OWN and column.name not in but
    }


def check_ending(parties: Sequence[Party], held: Holdings, on: date, today: date) -> None:
    """Refuse, with their names, parties that cannot hand on what they have."""
    _not_later(on, today)
    for party in parties:
        if party.party_kind == PartyKind.PERSON:
            raise _cannot(gettext_noop("{number} is one person."), number=party.number)
        if party.ended_on is not None:
            raise _cannot(
                gettext_noop("{number} ended on {ended_on}."), number=party.number, ended_on=party.ended_on.isoformat()
            )
        if on < party.began_on:
            raise _cannot(
                gettext_noop("{number} began on {began_on} only."),
                number=party.number,
                began_on=party.began_on.isoformat(),
            )
    _one_side(parties)
    _none_on_its_way(parties)
    if held.count > MOVED_AT_ONCE:
        raise Refused(
            expected=gettext_noop("At most {most} links, people, responsibilities, keys and parties move at once."),
            found=gettext_noop("Here it would be {count}."),
            remedy=gettext_noop("Move some of the parties or end some of the links first."),
            most=MOVED_AT_ONCE,
            count=held.count,
        )


def _cannot(found: str, **values: Any) -> Refused:
    return Refused(
        field="parties",
        expected=gettext_noop("Expected parties that exist on that day and are not one person."),
        found=found,
        remedy=gettext_noop("Choose other parties, or another day."),
        **values,
    )


def _not_later(on: date, today: date) -> None:
    if on > today:
        raise Refused(
            field="on",
            expected=gettext_noop("Expected a day up to today, {today}."),
            found=gettext_noop("Found {on}."),
            remedy=gettext_noop("Come back on that day; the tree shows only how it is now."),
            today=today.isoformat(),
            on=on.isoformat(),
        )


def _one_side(parties: Sequence[Party]) -> None:
    outside = [party for party in parties if party.party_kind in OUTSIDE]
    if outside and len(outside) != len(parties):
        inside = next(party for party in parties if party.party_kind not in OUTSIDE)
        raise Refused(
            field="parties",
            expected=gettext_noop("Expected parties of the organisation, or parties outside; not both."),
            found=gettext_noop("{outside} is outside, {inside} is not."),
            remedy=gettext_noop("Choose parties of one side."),
            outside=outside[0].number,
            inside=inside.number,
        )


def _none_on_its_way(parties: Sequence[Party]) -> None:
    keys = [party.pk for party in parties]
    count = Link.everything.filter(Q(supplier__in=keys) | Q(customer__in=keys), batch__state=BatchState.STAGING).count()
    if count:
        raise Refused(
            expected=gettext_noop("Expected parties whose links nobody is entering at the moment."),
            found=gettext_noop("A bulk entry that is not finished brings links of them: {count}."),
            remedy=gettext_noop("Wait until it is finished, or give it up (Data, Bulk entries)."),
            count=count,
        )
