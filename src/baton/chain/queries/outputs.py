"""Outputs that the viewer may see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.paginator import Page
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from baton.chain import policy
from baton.chain.models import Link, Output, OutputRevision, Party, Responsibility
from baton.chain.queries.chains import chain_in_sight
from baton.chain.queries.figures import LinkRow, with_figures
from baton.chain.queries.lists import by_name, found, in_state, ordered, page_of
from baton.chain.queries.tracing import Trace, nearest, outputs_that_serve, traces_of, walk_in_sight
from baton.chain.rules import OutputKind, Responsible, State
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.history import HistoryEntry, history_of
from baton.core.policy import demand, may_use

MONTHS = 24
"""Points of the trend of the number of suppliers."""
BEFORE = timedelta(days=182)
"""How far back a list compares the number of suppliers."""


@dataclass(frozen=True, slots=True)
class OutputFilters:
    """What a list of outputs shows. ``state`` is live, planned, ended or all; ``without_owner``: nobody is accountable;
    ``orphan``: the chain leads from none of its links in sight to what somebody outside needs. ``order``: name, number,
    kind, suppliers, customers; minus sign: descending."""

    search: str = ""
    output_kind: str = ""
    state: str = State.LIVE
    without_owner: bool = False
    orphan: bool = False
    order: str = "name"


@dataclass(frozen=True, slots=True)
class Held:
    """A responsibility; ``party`` is None where the viewer may not know of him."""

    held: Responsibility
    party: Party | None
    state: State


@dataclass(frozen=True, slots=True)
class OutputRow:
    """An output with its numbers of suppliers and customers over live links in sight, and who is accountable for it.
    ``suppliers_before`` is the number of suppliers :data:`BEFORE` the day; None where there was none."""

    output: Output
    suppliers: int
    suppliers_before: int | None
    customers: int
    owners: list[Held]


@dataclass(frozen=True, slots=True)
class Month:
    """How many suppliers handed an output over on ``day``, the last day of a month or today."""

    day: date
    suppliers: int


@dataclass(frozen=True, slots=True)
class OutputPage:
    """An output with all that the viewer may know of it. ``revisions`` newest first; ``responsibilities`` those that
    have not ended, in the order of :class:`baton.chain.rules.Responsible`; ``links`` those in sight, live ones first;
    ``suppliers`` oldest month first; ``serves`` the nearest needs that it serves, ``serves_more`` says how many more;
    ``ever`` are all responsibilities, ended ones too, for the history."""

    output: Output
    state: State
    revisions: list[OutputRevision]
    in_force: OutputRevision | None
    responsibilities: list[Held]
    links: list[LinkRow]
    suppliers: list[Month]
    serves: list[Trace]
    serves_more: int
    history: list[HistoryEntry]
    ever: list[Held]
    may_edit: bool
    may_link: bool

    @property
    def owners(self) -> list[Held]:
        """Who is accountable on the day. Nobody, or two, is a gap."""
        return [
            one for one in self.responsibilities
            if one.held.responsible == Responsible.ACCOUNTABLE and one.state is State.LIVE
        ]  # fmt: skip


def outputs_in_sight(sight: policy.Sight, day: date) -> Q:
    """Outputs of links in sight, those for which a party in sight answers, and for those who may enter links those that
    nobody hands over or answers for."""
    if sight.sees_all_links:
        return Q()
    handed = Link.objects.filter(sight.links).values("output")
    answered = Responsibility.objects.filter(
        policy.in_force(day), party__in=Party.objects.filter(sight.parties).values("pk")
    ).values("output")
    seen = Q(pk__in=handed) | Q(pk__in=answered)
    if policy.may_add_some_link(sight.standing):
        still = policy.beyond(day)
        anybodys = Output.objects.exclude(pk__in=Link.everything.filter(still).values("output"))
        seen |= Q(pk__in=anybodys.exclude(pk__in=Responsibility.objects.filter(still).values("output")).values("pk"))
    return seen


def outputs_to_choose(*, viewer: Actor, at: datetime) -> list[Output]:
    """Live outputs in sight, by name, for a field in which one is named."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    return list(Output.objects.filter(outputs_in_sight(sight, day), policy.in_force(day)).order_by(by_name()))


def output(*, viewer: Actor, at: datetime, public_id: str) -> Output:
    """One output; :class:`NotFound` also where the viewer may not know of it."""
    day = day_of(at)
    return _one(policy.sight_of(viewer, day), day, public_id)


def sees_output(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is such an output and the viewer may know of it."""
    day = day_of(at)
    return Output.objects.filter(outputs_in_sight(policy.sight_of(viewer, day), day), public_id=public_id).exists()


def responsibility(*, viewer: Actor, at: datetime, public_id: str) -> Responsibility:
    """One responsibility for an output in sight, of a party in sight."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    held = Responsibility.objects.select_related("output", "party").filter(public_id=public_id).first()
    if held is None or not Party.objects.filter(sight.parties, pk=held.party_id).exists():
        raise NotFound
    _one(sight, day, held.output.public_id)
    return held


def outputs(*, viewer: Actor, at: datetime, filters: OutputFilters, page: int | str = 1) -> Page[OutputRow]:
    """A page of the list."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    found_page: Page[OutputRow] = page_of(_listed(sight, day, filters), page)
    found_page.object_list = _rows(sight, day, list(found_page.object_list))  # type: ignore[arg-type]
    return found_page


def outputs_to_export(*, viewer: Actor, at: datetime, filters: OutputFilters) -> Iterator[OutputRow]:
    """The whole list, as :func:`outputs` shows it page by page."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    batch: list[Output] = []
    for one in _listed(sight, day, filters).iterator(chunk_size=500):
        batch.append(one)
        if len(batch) == 500:
            yield from _rows(sight, day, batch)
            batch = []
    yield from _rows(sight, day, batch)


def listed_outputs(*, viewer: Actor, at: datetime, filters: OutputFilters) -> QuerySet[Output]:
    """The whole list, in its order; each output carries ``suppliers`` and ``customers``."""
    day = day_of(at)
    return _listed(policy.sight_of(viewer, day), day, filters)


def held_for(*, viewer: Actor, at: datetime, outputs: Sequence[Output]) -> dict[int, list[Held]]:
    """The responsibilities for each of the outputs that have not ended, by primary key."""
    day = day_of(at)
    rows = Responsibility.objects.filter(policy.beyond(day), output__in=[one.pk for one in outputs])
    held = list(rows.select_related("party").order_by("began_on"))
    known = _in_sight(policy.sight_of(viewer, day), held)
    found_held: dict[int, list[Held]] = {}
    for one in held:
        party = one.party if one.party_id in known else None
        found_held.setdefault(one.output_id, []).append(Held(one, party, one.state(day)))
    return found_held


def revisions_in_force(*, viewer: Actor, at: datetime, outputs: Sequence[Output]) -> dict[int, str]:
    """The label of the revision in force of each of the outputs, which the caller found to be in the viewer's sight."""
    demand(may_use(viewer))
    rows = OutputRevision.objects.filter(output__in=[one.pk for one in outputs], began_on__lte=day_of(at))
    return dict(rows.order_by("began_on").values_list("output_id", "label"))


def output_page(*, viewer: Actor, at: datetime, public_id: str) -> OutputPage:
    """Everything that the page of an output shows."""
    day = day_of(at)
    sight = policy.sight_of(viewer, day)
    seen = _one(sight, day, public_id)
    revisions = list(seen.revisions.order_by("-began_on"))
    held = list(seen.responsibilities.select_related("party").order_by("began_on"))
    known = _in_sight(sight, held)
    links = Link.objects.filter(sight.links, output=seen).select_related("supplier", "customer", "output")
    every = list(links.order_by(F("ended_on").desc(nulls_first=True), "number"))
    ever = [Held(one, one.party if one.party_id in known else None, one.state(day)) for one in held]
    standing = sight.standing
    chain = chain_in_sight(sight, day)
    paths = chain.walk.paths_to_needs([link.pk for link in every])
    near = nearest(paths)
    return OutputPage(
        output=seen,
        state=seen.state(day),
        revisions=revisions,
        in_force=next((one for one in revisions if one.began_on <= day), None),
        responsibilities=sorted((one for one in ever if one.state is not State.ENDED), key=_by_responsibility),
        links=with_figures(viewer, every),
        suppliers=suppliers_by_month(every, day),
        serves=traces_of(chain, near),
        serves_more=len(paths) - len(near),
        history=history_of(viewer=viewer, object_ids=[seen.public_id, *(one.public_id for one in (*held, *revisions))]),
        ever=ever,
        may_edit=seen.ended_on is None and policy.may_edit_output(standing, seen),
        may_link=seen.ended_on is None and policy.may_add_some_link(standing),
    )


def suppliers_by_month(links: Sequence[Link], today: date) -> list[Month]:
    """How many parties handed it over on the last day of each of the past :data:`MONTHS` months but one, and today."""
    days, first = [today], today.replace(day=1)
    while len(days) < MONTHS:
        last = first - timedelta(days=1)
        days.append(last)
        first = last.replace(day=1)
    return [
        Month(day, len({link.supplier_id for link in links if link.state(day) is State.LIVE}))
        for day in reversed(days)
    ]  # fmt: skip


def _one(sight: policy.Sight, day: date, public_id: str) -> Output:
    seen = Output.objects.filter(outputs_in_sight(sight, day), public_id=public_id).first()
    if seen is None:
        raise NotFound
    return seen


def _listed(sight: policy.Sight, day: date, filters: OutputFilters) -> QuerySet[Output]:
    rows = Output.objects.filter(
        outputs_in_sight(sight, day), found(filters.search, "search_text"), in_state(filters.state, day)
    )
    if filters.output_kind in set(OutputKind):
        rows = rows.filter(output_kind=filters.output_kind)
    if filters.without_owner:
        rows = rows.filter(
            ~Exists(
                Responsibility.objects.filter(
                    policy.in_force(day), output=OuterRef("pk"), responsible=Responsible.ACCOUNTABLE
                )
            )
        )
    if filters.orphan:
        rows = rows.exclude(pk__in=outputs_that_serve(walk_in_sight(sight, day)))
    live = Link.objects.filter(sight.links, policy.in_force(day))
    once = Link.objects.filter(sight.links, policy.in_force(day - BEFORE))
    rows = rows.annotate(
        suppliers=_number_of(live, "supplier"), suppliers_before=_number_of(once, "supplier"),
        customers=_number_of(live, "customer"),
    )  # fmt: skip
    orders = {
        "name": by_name(), "number": F("number"), "kind": F("output_kind"), "suppliers": F("suppliers"),
        "customers": F("customers"),
    }  # fmt: skip
    return ordered(rows, filters.order, orders, "name")


def _number_of(links: QuerySet[Link], side: str) -> Coalesce:
    """How many parties stand on ``side`` of those of ``links`` that hand over the output of the outer query."""
    mine = links.filter(output=OuterRef("pk")).order_by().values("output")
    return Coalesce(Subquery(mine.annotate(n=Count(side, distinct=True)).values("n"), output_field=IntegerField()), 0)


def _rows(sight: policy.Sight, day: date, found_outputs: Sequence[Output]) -> list[OutputRow]:
    owners = _owners(sight, day, found_outputs)
    return [
        OutputRow(
            one,
            getattr(one, "suppliers", 0),
            getattr(one, "suppliers_before", 0) or None,
            getattr(one, "customers", 0),
            owners.get(one.pk, []),
        )  # fmt: skip
        for one in found_outputs
    ]


def _owners(sight: policy.Sight, day: date, found_outputs: Sequence[Output]) -> dict[int, list[Held]]:
    accountable = Responsibility.objects.filter(
        policy.in_force(day), output__in=[one.pk for one in found_outputs], responsible=Responsible.ACCOUNTABLE
    )
    held = list(accountable.select_related("party").order_by("began_on"))
    known = _in_sight(sight, held)
    owners: dict[int, list[Held]] = {}
    for one in held:
        owners.setdefault(one.output_id, []).append(Held(one, one.party if one.party_id in known else None, State.LIVE))
    return owners


def _by_responsibility(one: Held) -> int:
    return list(Responsible).index(Responsible(one.held.responsible))


def _in_sight(sight: policy.Sight, held: Sequence[Responsibility]) -> set[int]:
    """Primary keys of those parties that the viewer may know of."""
    wanted = {one.party_id for one in held}
    return set(Party.objects.filter(sight.parties, pk__in=wanted).values_list("pk", flat=True))
