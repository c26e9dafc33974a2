"""The first-run wizard: answers are kept as a draft, and become records all at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings

from baton.chain import changes as chain
from baton.chain import queries as chain_queries
from baton.chain.rules import OUTSIDE, Capacity, PartyKind, Responsible
from baton.core import changes as core
from baton.core.actors import Actor
from baton.core.audit.trail import Trail, change
from baton.core.errors import Refused, explain
from baton.core.policy import demand, may_add_people
from baton.core.queries import records_by_key, roles_of
from baton.core.rules import Role
from baton.starters import policy
from baton.starters.changes.sectors import load_sector, system_of
from baton.starters.models import StartDraft
from baton.starters.plans import Plan, plan_of
from baton.starters.sectors.rules import Promised
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Party
    from baton.core.models import Person


def keep_draft(*, by: Actor, at: datetime, answers: Mapping[str, Any]) -> StartDraft:
    """Keep these answers beside those that are kept already; nothing else is entered."""
    demand(policy.may_start(by))
    with change(by=by, at=at) as trail:
        draft = _draft(trail, by)
        draft.answers = {**draft.answers, **answers}
        return trail.save(draft, "start_draft.kept")


def enter_draft(*, by: Actor, at: datetime, beside: bool = False, become_quality_manager: bool = False) -> StartDraft:
    """Make records of the draft, all of them or none; the draft is emptied.

    ``beside`` allows it where parties are there already. Who is administrator only becomes quality manager with it,
    which he has to say. Refused while lines cannot be read, and where nothing would be entered.
    """
    demand(policy.may_start(by))
    with change(by=by, at=at) as trail:
        draft = _draft(trail, by)
        plan = plan_of(draft.answers, language=settings.LANGUAGE_CODE)
        counts = plan.counts()
        _refuse(plan, by, at, beside=beside, become=become_quality_manager)
        if become_quality_manager and not policy.may_enter_chain(by) and by.person is not None:
            core.give_role(by=by, at=at, person=by.person, role=Role.QUALITY_MANAGER)
            by = Actor(by.person, roles_of(by.person, at), by.request, by.process, by.via)
        _Entering(by, at, plan).run()
        draft.answers, draft.entered_at = {}, at
        return trail.save(
            draft, "start_draft.entered", parties=counts.parties, links=counts.links, people=counts.people
        )


def forget_person(*, by: Actor, at: datetime, person: Person) -> None:
    """Empty the draft of somebody who is forgotten."""
    with change(by=by, at=at) as trail:
        for found in StartDraft.objects.filter(person=person, entered_at__isnull=True):
            draft = trail.lock(StartDraft, found)
            draft.answers, draft.entered_at = {}, at
            trail.save(draft, "start_draft.forgotten")


def _draft(trail: Trail, by: Actor) -> StartDraft:
    open_draft = StartDraft.objects.filter(person=by.person, entered_at__isnull=True).first()
    return StartDraft(person=by.person) if open_draft is None else trail.lock(StartDraft, open_draft)


def _refuse(plan: Plan, by: Actor, at: datetime, *, beside: bool, become: bool) -> None:
    if plan.has_errors:
        raise Refused(
            expected=gettext_noop("Every line must be readable before anything is entered."),
            found=gettext_noop("{count} are not."),
            remedy=gettext_noop("Go back to the steps that are marked."),
            count=sum(map(len, plan.errors.values())),
        )
    if not plan.counts().any:
        raise Refused(
            expected=gettext_noop("Expected something to enter."),
            remedy=gettext_noop("Choose a sector, or write down who is there."),
        )
    if plan.people.people and not may_add_people(by):
        raise Refused(
            expected=gettext_noop("People are added by an administrator or by HR."),
            found=gettext_noop("You are neither."),
            remedy=gettext_noop("Empty the list of people; they can be added afterwards."),
        )
    if not (policy.may_enter_chain(by) or become):
        raise Refused(
            field="become",
            expected=gettext_noop("Parties and links are entered by a quality manager."),
            found=gettext_noop("You are not one."),
            remedy=gettext_noop("Tick that you become quality manager, or let the quality manager do this."),
        )
    if not beside and chain_queries.parties_to_choose(viewer=Actor.system("start"), at=at):
        raise Refused(
            field="beside",
            expected=gettext_noop("Parties are there already."),
            remedy=gettext_noop("Tick that these are to stand beside them, if that is what you want."),
        )


class _Entering:
    """One plan on its way into the records."""

    def __init__(self, by: Actor, at: datetime, plan: Plan) -> None:
        self.by, self.at, self.plan = by, at, plan
        self.language = settings.LANGUAGE_CODE
        self.places: dict[str, Party] = {}
        """Parties by their name, folded, as the list of people names them."""

    def run(self) -> None:
        top = self._sector()
        chart = self._chart(top)
        if self.plan.sector is None and self.plan.makes_promises:
            self._promises([chart[place] for place in self.plan.tops])
        self._people()

    def _sector(self) -> Party | None:
        """Enter the sector; returns the party at its top, None without a sector."""
        plan = self.plan
        if plan.sector is None:
            return None
        load_sector(
            by=self.by, at=self.at, code=plan.sector.code, beside=True, left_out=plan.left_out,
            starting_values=True,
            names={code: texts for code, texts in plan.names.items() if code not in plan.left_out},
            promises={promised: {self.language: words} for promised, words in self._own_words().items()},
        )  # fmt: skip
        wanted = [party.code for party in plan.sector.parties]
        there = records_by_key(viewer=self.by, kind="party", keys=wanted, system=system_of(plan.sector.code))
        top = None
        for party in plan.sector.parties:
            for public_id in there.get(party.code, ()):
                made = chain_queries.party(viewer=self.by, at=self.at, public_id=public_id)
                self.places[plan.named(party.code, self.language).casefold()] = made
                top = made if top is None and not party.outside and not party.parent else top
        return top

    def _own_words(self) -> dict[Promised, str]:
        """Promises that the leader words otherwise than the sector does."""
        assert self.plan.sector is not None
        offered = {promise.promised: promise.text[self.language] for promise in self.plan.sector.promises}
        return {kind: words for kind, words in self.plan.promises.items() if words != offered.get(kind)}

    def _chart(self, top: Party | None) -> list[Party]:
        made: list[Party] = []
        for line in self.plan.chart.parties:
            at_top = None if line.kind in OUTSIDE else top
            made.append(
                chain.add_party(
                    by=self.by, at=self.at, party_kind=line.kind, name={self.language: line.name},
                    parent=at_top if line.above is None else made[line.above],
                )
            )  # fmt: skip
            self.places.setdefault(line.name.casefold(), made[-1])
        return made

    def _promises(self, staff: list[Party]) -> None:
        """Managers are suppliers of their staff: the leader's post, and a link for each promise to each whole."""
        leader = chain.add_party(
            by=self.by, at=self.at, party_kind=PartyKind.ROLE, name={self.language: self.plan.leader},
            parent=staff[0] if len(staff) == 1 else None,
        )  # fmt: skip
        self.places.setdefault(self.plan.leader.casefold(), leader)
        for words in self.plan.promises.values():
            output = chain.add_output(by=self.by, at=self.at, name={self.language: words})
            chain.give_responsibility(
                by=self.by, at=self.at, output=output, party=leader, responsible=Responsible.ACCOUNTABLE
            )
            for whole in staff:
                chain.add_link(by=self.by, at=self.at, supplier=leader, customer=whole, output=output)

    def _people(self) -> None:
        for line in self.plan.people.people:
            try:
                person = core.add_person(
                    by=self.by, at=self.at, sign_in_name=line.sign_in_name, name={self.language: line.name}
                )
            except Refused as refusal:
                raise Refused(
                    expected=gettext_noop("Line {line} of the people, “{name}”, could not be entered."),
                    found=gettext_noop("{why}"),
                    remedy=gettext_noop("Nothing was entered. Correct the line and enter all again."),
                    line=line.line,
                    name=line.name,
                    why=explain(refusal),
                ) from refusal
            if line.place:
                chain.appoint(
                    by=self.by, at=self.at, party=self.places[line.place.casefold()], person=person,
                    capacity=Capacity.HEAD if line.head else Capacity.MEMBER,
                )  # fmt: skip
