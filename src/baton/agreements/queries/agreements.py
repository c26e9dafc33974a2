"""Agreements that the viewer may see, as a list and one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from baton.agreements.models import Agreement, AgreementVersion, Clause
from baton.agreements.queries.sight import agreements_in_sight, of_party, offer_versions_in_sight
from baton.agreements.rules import OPEN, PAGE_ROWS, Side, Standing, VersionState, effective, standing
from baton.chain.queries.lists import by_name, found, ordered, page_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.once import once
from baton.core.slices import FEW_ROWS, Slice, slice_of

EXPORT_ROWS = 500
ON_ITS_WAY = "on_its_way"
"""Filter: agreements with a version that is not in force yet."""
RUNS_OUT = "runs_out"
"""Filter: agreements in force within the notice of their end."""


@dataclass(frozen=True, slots=True)
class AgreementFilters:
    """What a list of agreements shows. ``state`` is one of the version that counts (in force, else on its way, else the
    last), ``on_its_way`` or ``runs_out``; ``party`` a public id, on either side; ``order``: number, supplier, customer,
    output, state, ends_on; minus sign: descending."""

    search: str = ""
    state: str = ""
    party: str = ""
    order: str = "number"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many clauses of each side hold in a version, and how they count on the day."""

    promises: int = 0
    duties: int = 0
    red: int = 0
    on_trial: int = 0
    binding: int = 0


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement with the version that counts, its clauses counted, and the version on its way if that is another."""

    agreement: Agreement
    version: AgreementVersion
    tally: Tally
    on_its_way: AgreementVersion | None = None
    runs_out: bool = field(default=False)


def agreements(*, viewer: Actor, at: datetime, filters: AgreementFilters, page: int | str = 1) -> Page[AgreementRow]:
    """A page of the list. A fixed number of queries, whatever the number of agreements."""
    rows = listed_agreements(viewer=viewer, at=at, filters=filters)
    found_page: Page[AgreementRow] = page_of(rows, page, rows_a_page=PAGE_ROWS)
    found_page.object_list = _rows(list(found_page.object_list), day_of(at))  # type: ignore[arg-type]
    return found_page


def agreements_to_export(*, viewer: Actor, at: datetime, filters: AgreementFilters) -> Iterator[AgreementRow]:
    """The whole list, as :func:`agreements` shows it page by page."""
    rows = list(listed_agreements(viewer=viewer, at=at, filters=filters))
    for start in range(0, len(rows), EXPORT_ROWS):
        yield from _rows(rows[start : start + EXPORT_ROWS], day_of(at))


def listed_agreements(*, viewer: Actor, at: datetime, filters: AgreementFilters) -> QuerySet[Agreement]:
    """The whole list, in its order; each carries the key of the version that counts as ``counts``."""
    seen = agreements_in_sight(viewer=viewer, at=at)
    rows: QuerySet[Any] = seen.annotate(counts=_that_counts("pk"), state=_that_counts("state"))
    sides = ("link__supplier__search_text", "link__customer__search_text")
    rows = rows.filter(found(filters.search, "search_text", "link__search_text", "link__output__search_text", *sides))
    rows = _in_state(rows.filter(of_party(filters.party)), filters.state, day_of(at))
    orders = {
        "number": F("number"), "supplier": by_name("link__supplier__"), "customer": by_name("link__customer__"),
        "output": by_name("link__output__"), "state": F("state"), "ends_on": _that_counts("ends_on"),
    }  # fmt: skip
    with_link = rows.select_related("link__supplier", "link__customer", "link__output")
    return ordered(with_link, filters.order, orders, "number")


def agreement(*, viewer: Actor, at: datetime, public_id: str) -> Agreement:
    """One agreement with its link; :class:`NotFound` also where the viewer may not know of it."""
    seen = _with_link(agreements_in_sight(viewer=viewer, at=at)).filter(public_id=public_id).first()
    if seen is None:
        raise NotFound
    return seen


def agreement_of_link(*, viewer: Actor, at: datetime, link: str) -> Agreement | None:
    """The agreement of the link (public id); None where it has none or the viewer may not know of it."""
    return next(iter(_of_link(viewer, at, link)), None)


def row_of_link(*, viewer: Actor, at: datetime, link: str) -> AgreementRow | None:
    """The agreement of the link (public id) as a list shows it; None where there is none."""
    return next(iter(_rows(_of_link(viewer, at, link), day_of(at))), None)


def _of_link(viewer: Actor, at: datetime, link: str) -> list[Any]:
    """The agreement of the link, with what :func:`_rows` needs; read once for all panels of a page."""
    rows = _with_link(agreements_in_sight(viewer=viewer, at=at)).filter(link__public_id=link)
    counting = rows.annotate(counts=_that_counts("pk"))
    return once(("agreements.of_link", viewer, day_of(at), link), lambda: list(counting))


def sees_agreement(*, viewer: Actor, at: datetime, public_id: str) -> bool:
    """Whether there is such an agreement and the viewer may know of it."""
    return agreements_in_sight(viewer=viewer, at=at).filter(public_id=public_id).exists()


def version(*, viewer: Actor, at: datetime, public_id: str) -> AgreementVersion:
    """One version with its agreement and link, by the rules of :func:`agreement`."""
    held = AgreementVersion.objects.filter(
        public_id=public_id, agreement__in=agreements_in_sight(viewer=viewer, at=at).values("pk")
    )
    seen = _versions_with_link(held).first()
    if seen is None:
        raise NotFound
    return seen


def numbered_version(*, viewer: Actor, at: datetime, public_id: str, number: int) -> AgreementVersion:
    """Version ``number`` of the agreement with this public id, by the rules of :func:`agreement`."""
    seen = agreement(viewer=viewer, at=at, public_id=public_id)
    found_version = _versions_with_link(AgreementVersion.objects.filter(agreement=seen, version=number)).first()
    if found_version is None:
        raise NotFound
    return found_version


def clause(*, viewer: Actor, at: datetime, public_id: str) -> Clause:
    """One clause of a version of an agreement, by the rules of :func:`agreement`, or of a service offer that the viewer
    sees."""
    agreed = Q(agreement_version__agreement__in=agreements_in_sight(viewer=viewer, at=at).values("pk"))
    offered = Q(offer_version__in=offer_versions_in_sight(viewer=viewer, at=at).values("pk"))
    seen = Clause.objects.filter(agreed | offered, public_id=public_id).select_related(
        "agreement_version__agreement__link__supplier", "agreement_version__agreement__link__customer",
        "agreement_version__agreement__link__output", "offer_version__offer__supplier",
        "offer_version__offer__output", "calendar",
    ).first()  # fmt: skip
    if seen is None:
        raise NotFound
    return seen


def clauses_by_version(*, viewer: Actor, versions: Sequence[AgreementVersion]) -> dict[int, list[Clause]]:
    """The clauses that hold in each of the versions, those of service offers included, by key. The caller has made sure
    that ``viewer`` may see the versions; a stranger gets nothing. Two queries at most."""
    if viewer.is_anonymous:
        return {}
    own: dict[int, list[Clause]] = {}
    offered: dict[int, list[Clause]] = {}
    keys = [one.pk for one in versions]
    for held in Clause.objects.filter(agreement_version__in=keys).select_related("calendar").order_by("position", "pk"):
        own.setdefault(held.agreement_version_id or 0, []).append(held)
    offers = {one.offer_version_id for one in versions if one.offer_version_id is not None}
    if offers:
        for held in (
            Clause.objects.filter(offer_version__in=offers, dropped=False)
            .select_related("calendar")
            .order_by("position", "pk")
        ):
            offered.setdefault(held.offer_version_id or 0, []).append(held)
    return {one.pk: effective(offered.get(one.offer_version_id or 0, []), own.get(one.pk, [])) for one in versions}


def agreement_slice(
    *, viewer: Actor, at: datetime, filters: AgreementFilters, limit: int = FEW_ROWS, cursor: str = ""
) -> Slice[Agreement]:
    """The list as programs read it, part by part."""
    rows = listed_agreements(viewer=viewer, at=at, filters=filters)
    return slice_of(rows, asked=asdict(filters), limit=limit, cursor=cursor)


def versions_of(*, viewer: Actor, agreements: Sequence[Agreement]) -> dict[int, list[AgreementVersion]]:
    """All versions of each of the agreements, the newest first, by key. The caller has made sure that ``viewer`` may
    see the agreements; a stranger gets nothing. One query."""
    found_versions: dict[int, list[AgreementVersion]] = {one.pk: [] for one in agreements}
    if viewer.is_anonymous:
        return found_versions
    rows = AgreementVersion.objects.filter(agreement__in=list(found_versions)).select_related("agreement")
    for one in rows.order_by("-version"):
        found_versions[one.agreement_id].append(one)
    return found_versions


def left_out(*, viewer: Actor, version: AgreementVersion) -> list[Clause]:
    """The clauses that were taken out of the version, or of its offer for this link. The caller has made sure that
    ``viewer`` may see it; a stranger gets nothing."""
    if viewer.is_anonymous:
        return []
    rows = Clause.objects.filter(agreement_version=version, dropped=True).select_related("calendar")
    return list(rows.order_by("position", "pk"))


def offered_lines(*, viewer: Actor, version: AgreementVersion) -> dict[str, Clause]:
    """The clauses of the service offer to which the version points, by line, in their order. The caller has made sure
    that ``viewer`` may see it; a stranger gets nothing."""
    if viewer.is_anonymous or version.offer_version_id is None:
        return {}
    rows = Clause.objects.filter(offer_version=version.offer_version_id, dropped=False).select_related("calendar")
    return {one.line: one for one in rows.order_by("position", "pk")}


def _with_link(rows: QuerySet[Agreement]) -> QuerySet[Agreement]:
    return rows.select_related("link__supplier", "link__customer", "link__output", "offer")


def _versions_with_link(rows: QuerySet[AgreementVersion]) -> QuerySet[AgreementVersion]:
    link = "agreement__link__"
    return rows.select_related(f"{link}supplier", f"{link}customer", f"{link}output", "offer_version", "proposed_by")


def _that_counts(column: str) -> Subquery:
    """A column of the version that counts: in force, else on its way, else the last."""
    rank = Case(
        When(state=VersionState.ACTIVE, then=Value(0)), When(state__in=sorted(OPEN), then=Value(1)), default=Value(2),
        output_field=IntegerField(),
    )  # fmt: skip
    mine = AgreementVersion.objects.filter(agreement=OuterRef("pk")).annotate(rank=rank)
    return Subquery(mine.order_by("rank", "-version").values(column)[:1])


def _in_state(rows: QuerySet[Any], state: str, day: date) -> QuerySet[Any]:
    if state == ON_ITS_WAY:
        return rows.filter(pk__in=AgreementVersion.objects.filter(state__in=sorted(OPEN)).values("agreement"))
    if state == RUNS_OUT:
        return rows.filter(pk__in=[one.agreement_id for one in _running_out(day)])
    return rows.filter(state=state) if state in set(VersionState) else rows


def _running_out(day: date) -> list[AgreementVersion]:
    held = AgreementVersion.objects.filter(state=VersionState.ACTIVE, ends_on__isnull=False)
    return [one for one in held if runs_out(one, day)]


def runs_out(held: AgreementVersion, day: date) -> bool:
    """Whether the day lies within the notice of the end of a version that is in force."""
    if held.state != VersionState.ACTIVE or held.ends_on is None:
        return False
    return (held.ends_on - day).days <= held.renewal_days


def _rows(found_agreements: Sequence[Agreement], day: date) -> list[AgreementRow]:
    keys = [getattr(one, "counts", None) for one in found_agreements]
    counting = AgreementVersion.objects.in_bulk([key for key in keys if key is not None])
    open_ones = AgreementVersion.objects.filter(agreement__in=found_agreements, state__in=sorted(OPEN))
    on_its_way = {one.agreement_id: one for one in open_ones}
    held = clauses_by_version(viewer=_COUNTING, versions=list(counting.values()))
    rows = []
    for one, key in zip(found_agreements, keys, strict=True):
        if key is None:
            continue
        version_shown, other = counting[key], on_its_way.get(one.pk)
        rows.append(
            AgreementRow(
                one, version_shown, tally_of(held.get(key, []), day),
                other if other is not None and other.pk != key else None, runs_out(version_shown, day),
            )
        )  # fmt: skip
    return rows


def tally_of(clauses: Sequence[Clause], day: date) -> Tally:
    """Counts of clauses on a day."""
    counted = [standing(one.terms, day) for one in clauses]
    return Tally(
        promises=sum(one.owed_by == Side.SUPPLIER for one in clauses),
        duties=sum(one.owed_by == Side.CUSTOMER for one in clauses),
        red=counted.count(Standing.RED),
        on_trial=counted.count(Standing.ON_TRIAL),
        binding=counted.count(Standing.BINDING),
    )


_COUNTING = Actor.system("agreements")
