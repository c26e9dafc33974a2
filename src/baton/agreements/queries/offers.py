"""Service offers that the viewer may see, as a list and one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page
from django.db.models import Case, F, IntegerField, OuterRef, QuerySet, Subquery, Value, When

from baton.agreements.models import Agreement, AgreementVersion, Clause, OfferVersion, ServiceOffer, ServiceStep
from baton.agreements.queries.sight import agreements_in_sight, offer_versions_in_sight, offers_in_sight
from baton.agreements.rules import OFFERED, PAGE_ROWS, UNANSWERED, Answer, OfferState, VersionState, answer_of, is_over
from baton.agreements.rules.offers import that_answers
from baton.chain import queries as chain
from baton.chain.queries.lists import by_name, found, ordered, page_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.slices import FEW_ROWS, Slice, slice_of
from baton.core.texts import clean_text

if TYPE_CHECKING:
    from baton.chain.models import Link, Output, Party

WAITS = "waits"
"""Filter: offers of which a version waits for answers."""


@dataclass(frozen=True, slots=True)
class OfferFilters:
    """What a list of service offers shows. ``state`` is one of the version that counts (offered now, else the draft,
    else the last), or ``waits``; ``party`` the public id of the supplier; ``order``: number, name, supplier, output,
    state; minus sign: descending."""

    search: str = ""
    state: str = ""
    party: str = ""
    order: str = "name"


@dataclass(frozen=True, slots=True)
class OfferTally:
    """How many customers in sight were asked for a version and are asked still, and what they answered; ``deviating``
    links say something else in at least one clause."""

    asked: int = 0
    accepted: int = 0
    waiting: int = 0
    declined: int = 0
    deviating: int = 0


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A service offer with the version that counts, and what its customers answered."""

    offer: ServiceOffer
    version: OfferVersion
    tally: OfferTally
    draft: OfferVersion | None = None


def offers(*, viewer: Actor, at: datetime, filters: OfferFilters, page: int | str = 1) -> Page[OfferRow]:
    """A page of the list. A fixed number of queries, whatever the number of offers and customers."""
    rows = listed_offers(viewer=viewer, at=at, filters=filters)
    shown: Page[OfferRow] = page_of(rows, page, rows_a_page=PAGE_ROWS)
    shown.object_list = offer_rows(viewer=viewer, at=at, offers=list(shown.object_list))  # type: ignore[arg-type]
    return shown


def offers_to_export(*, viewer: Actor, at: datetime, filters: OfferFilters) -> Iterator[OfferRow]:
    """The whole list, as :func:`offers` shows it page by page."""
    yield from offer_rows(viewer=viewer, at=at, offers=list(listed_offers(viewer=viewer, at=at, filters=filters)))


def offer_slice(
    *, viewer: Actor, at: datetime, filters: OfferFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[ServiceOffer]:
    """The list as programs read it, part by part."""
    rows = listed_offers(viewer=viewer, at=at, filters=filters)
    return slice_of(rows, asked=asdict(filters), limit=limit, cursor=cursor)


def listed_offers(*, viewer: Actor, at: datetime, filters: OfferFilters) -> QuerySet[ServiceOffer]:
    """The whole list, in its order; each carries the state of the version that counts as ``state``."""
    seen = offer_versions_in_sight(viewer=viewer, at=at)
    rows: QuerySet[Any] = offers_in_sight(viewer=viewer, at=at)
    rows = rows.annotate(state=_that_counts(seen, "state"), counts=_that_counts(seen, "pk"))
    rows = rows.filter(found(filters.search, "search_text", "supplier__search_text", "output__search_text"))
    if party := clean_text(filters.party):
        rows = rows.filter(supplier__public_id=party)
    if filters.state == WAITS:
        rows = rows.filter(pk__in=_waiting(viewer, at).values("offer_version__offer"))
    elif filters.state in set(OfferState):
        rows = rows.filter(state=filters.state)
    orders = {
        "number": F("number"), "name": by_name(""), "supplier": by_name("supplier__"), "output": by_name("output__"),
        "state": F("state"),
    }  # fmt: skip
    return ordered(rows.select_related("supplier", "output"), filters.order, orders, "name")


def offer_rows(*, viewer: Actor, at: datetime, offers: Sequence[ServiceOffer]) -> list[OfferRow]:
    """Offers in the viewer's sight with the versions that count. Four queries for any number of them."""
    seen = offer_versions_in_sight(viewer=viewer, at=at).filter(offer__in=[one.pk for one in offers])
    versions: dict[int, list[OfferVersion]] = {}
    for version in seen.order_by("-version"):
        versions.setdefault(version.offer_id, []).append(version)
    counting = {key: that_counts(several) for key, several in versions.items()}
    tallies = _tallies(viewer, at, [one.pk for one in counting.values()])
    rows = []
    for offer in offers:
        if (counts := counting.get(offer.pk)) is None:
            continue
        draft = next((one for one in versions[offer.pk] if one.state == OfferState.DRAFT and one.pk != counts.pk), None)
        rows.append(OfferRow(offer, counts, tallies.get(counts.pk, OfferTally()), draft))
    return rows


def that_counts(versions: Sequence[OfferVersion]) -> OfferVersion:
    """Of the versions of one offer, newest first: the newest that is offered, else the draft, else the last."""
    offered = [one for one in versions if one.state in OFFERED]
    drafts = [one for one in versions if one.state == OfferState.DRAFT]
    return (offered or drafts or list(versions))[0]


def offer(*, viewer: Actor, at: datetime, public_id: str) -> ServiceOffer:
    """One service offer; :class:`NotFound` also where the viewer may not know of it."""
    seen = offers_in_sight(viewer=viewer, at=at).select_related("supplier", "output")
    one = seen.filter(public_id=public_id).first()
    if one is None:
        raise NotFound
    return one


def sees_offer(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is such a service offer and the viewer may know of it."""
    return offers_in_sight(viewer=viewer, at=at).filter(public_id=public_id).exists()


def offer_version(*, viewer: Actor, at: datetime, public_id: str) -> OfferVersion:
    """One version with its offer, by the rules of :func:`offer`."""
    seen = offer_versions_in_sight(viewer=viewer, at=at).select_related("offer__supplier", "offer__output")
    one = seen.filter(public_id=public_id).first()
    if one is None:
        raise NotFound
    return one


def service_step(*, viewer: Actor, at: datetime, public_id: str) -> ServiceStep:
    """One step of a version in sight."""
    seen = ServiceStep.objects.filter(offer_version__in=offer_versions_in_sight(viewer=viewer, at=at).values("pk"))
    one = seen.select_related("offer_version__offer__supplier").filter(public_id=public_id).first()
    if one is None:
        raise NotFound
    return one


def offers_of_party(*, viewer: Actor, at: datetime, party: str) -> list[OfferRow]:
    """What a party (public id) offers, without what has ended. One query where it offers nothing."""
    if not ServiceOffer.objects.filter(supplier__public_id=party, ended_at__isnull=True).exists():
        return []
    rows = listed_offers(viewer=viewer, at=at, filters=OfferFilters(party=party)).filter(ended_at__isnull=True)
    return offer_rows(viewer=viewer, at=at, offers=list(rows))


def offers_for_link(*, viewer: Actor, at: datetime, link: Link) -> list[ServiceOffer]:
    """What the supplier of a link offers to all customers of its output, in the viewer's sight. One query where it
    offers nothing."""
    offered = ServiceOffer.objects.filter(supplier=link.supplier_id, output=link.output_id, ended_at__isnull=True)
    keys = list(offered.values_list("pk", flat=True))
    if not keys:
        return []
    rows = offers_in_sight(viewer=viewer, at=at).filter(pk__in=keys).select_related("supplier", "output")
    return list(rows.order_by("number"))


def agreements_to_begin_with(*, viewer: Actor, at: datetime, supplier: str) -> list[Agreement]:
    """The agreements in sight of what a party (public id) hands over: an offer can begin with the clauses of one."""
    rows = agreements_in_sight(viewer=viewer, at=at).filter(link__supplier__public_id=supplier, offer__isnull=True)
    return list(rows.select_related("link__supplier", "link__customer", "link__output").order_by("number"))


def answering(pointing: Iterable[AgreementVersion]) -> list[AgreementVersion]:
    """Of versions of agreements that point to versions of offers, oldest first, those that say what each customer
    answered to each version of an offer."""
    found: dict[tuple[int | None, int], list[AgreementVersion]] = {}
    for one in pointing:
        found.setdefault((one.offer_version_id, one.agreement_id), []).append(one)
    return [several[that_answers([VersionState(one.state) for one in several])] for several in found.values()]


def answer_in(version: AgreementVersion, at: datetime, *, revised: bool = False) -> Answer:
    """What its customer answered with a version, which comes with its link."""
    over = is_over(None, version.agreement.link.ended_on, day_of(at))
    return answer_of(VersionState(version.state), revised=revised, over=over)


def tallied(answers: Iterable[tuple[VersionState, Answer, bool]]) -> OfferTally:
    """Counts of answers, each with the state of the version that gives it, and whether the link deviates."""
    counting = [(answer, deviates) for state, answer, deviates in answers if state is not VersionState.WITHDRAWN]
    said = [answer for answer, _deviates in counting]
    return OfferTally(
        asked=len(said), accepted=said.count(Answer.ACCEPTED), waiting=sum(one in UNANSWERED for one in said),
        declined=said.count(Answer.DECLINED), deviating=sum(deviates for _answer, deviates in counting),
    )  # fmt: skip


def _waiting(viewer: Actor, at: datetime) -> QuerySet[AgreementVersion]:
    """Versions that customers in sight have not answered."""
    return AgreementVersion.objects.filter(
        offer_version__state__in=sorted(OFFERED), state__in=[VersionState.PROPOSED, VersionState.CONSULTATION],
        agreement__in=agreements_in_sight(viewer=viewer, at=at).filter(link__ended_on__isnull=True).values("pk"),
    )  # fmt: skip


def _that_counts(seen: QuerySet[OfferVersion], column: str) -> Subquery:
    rank = Case(
        When(state__in=sorted(OFFERED), then=Value(0)), When(state=OfferState.DRAFT, then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    mine = seen.filter(offer=OuterRef("pk")).annotate(rank=rank)
    return Subquery(mine.order_by("rank", "-version").values(column)[:1])


def _tallies(viewer: Actor, at: datetime, versions: Sequence[int]) -> dict[int, OfferTally]:
    """Counts of each of the versions (keys) by answer. Two queries."""
    seen = agreements_in_sight(viewer=viewer, at=at).values("pk")
    rows = AgreementVersion.objects.filter(offer_version__in=versions, agreement__in=seen)
    own = Clause.objects.filter(agreement_version__in=rows.values("pk")).exclude(dropped=True, deviates_from="")
    deviating = set(own.values_list("agreement_version", flat=True))
    said: dict[int, list[tuple[VersionState, Answer, bool]]] = {}
    for one in answering(rows.select_related("agreement__link").order_by("version")):
        answer = (VersionState(one.state), answer_in(one, at), one.pk in deviating)
        said.setdefault(one.offer_version_id or 0, []).append(answer)
    return {key: tallied(answers) for key, answers in said.items()}


def outputs_to_offer(*, viewer: Actor, at: datetime, supplier: Party) -> list[Output]:
    """What a party hands over, as far as the viewer sees it, by name."""
    links = chain.links_in_sight(viewer=viewer, at=at).filter(supplier=supplier, ended_on__isnull=True)
    outputs = {one.output_id: one.output for one in links.select_related("output")}
    return sorted(outputs.values(), key=str)


def offered_clauses(*, viewer: Actor, version: OfferVersion) -> list[Clause]:
    """The clauses of a version in their order. The caller has made sure that ``viewer`` may see it; a stranger gets
    nothing."""
    if viewer.is_anonymous:
        return []
    rows = Clause.objects.filter(offer_version=version, dropped=False).select_related("calendar")
    return list(rows.order_by("position", "pk"))


def clauses_to_publish(*, viewer: Actor, at: datetime, offer: ServiceOffer) -> list[Clause]:
    """The clauses of the version that is offered now: some of them may stand on the public page."""
    versions = offer_versions_in_sight(viewer=viewer, at=at).filter(offer=offer, state__in=sorted(OFFERED))
    version = versions.order_by("-version").first()
    rows = Clause.objects.filter(offer_version=version, dropped=False) if version else Clause.objects.none()
    return list(rows.select_related("calendar").order_by("position", "pk"))
