"""Findings of waves, what was answered, and what keeps the next wave from being opened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page
from django.db.models import Q, QuerySet

from baton.chain import queries as chain
from baton.chain.policy import sight_of, standing_of, under
from baton.chain.queries.lists import page_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.queries import signatures_of
from baton.core.texts import clean_text
from baton.feedback import policy
from baton.feedback.models import Finding, Wave, WaveException
from baton.feedback.rules.findings import FindingState

if TYPE_CHECKING:
    from baton.chain.models import Party

PAGE_ROWS = 50
_WITH = ("wave", "supplier", "owner", "wave_link__link__customer", "wave_link__link__output")


@dataclass(frozen=True, slots=True)
class FindingFilters:
    """Which findings a list shows. ``show``: ``open`` (not answered, or not done), ``late``, ``mine`` (of parties that
    the viewer leads), ``all``. ``party`` and ``wave`` are public ids; empty: any."""

    show: str = "open"
    party: str = ""
    wave: str = ""


def findings_in_sight(*, viewer: Actor, at: datetime) -> QuerySet[Finding]:
    """The findings about parties in sight of published waves."""
    if not policy.may_read_findings(viewer):
        return Finding.objects.none()
    rows = Finding.objects.select_related(*_WITH)
    if sight_of(viewer, day_of(at)).sees_all_links:
        return rows
    return rows.filter(supplier__in=chain.seen_parties(viewer=viewer, at=at).values("pk"))


def finding(*, viewer: Actor, at: datetime, public_id: str) -> Finding:
    """One of them; NotFound for any other."""
    found = findings_in_sight(viewer=viewer, at=at).filter(public_id=public_id[:16]).first()
    if found is None:
        raise NotFound
    return found


def listed_findings(*, viewer: Actor, at: datetime, filters: FindingFilters) -> QuerySet[Finding]:
    """Those that a list shows: what is due first at the top."""
    rows, today = findings_in_sight(viewer=viewer, at=at), day_of(at)
    if filters.party:
        rows = rows.filter(supplier__public_id=clean_text(filters.party)[:16])
    if filters.wave:
        rows = rows.filter(wave__public_id=clean_text(filters.wave)[:16])
    if filters.show in {"open", "late", "mine"}:
        rows = rows.filter(state__in=[FindingState.OPEN, FindingState.ANSWERED])
    if filters.show == "late":
        rows = rows.filter(late(today))
    if filters.show == "mine":
        rows = rows.filter(pk__in=_to_answer(viewer, at, rows))
    return rows.order_by("answer_due_on", "pk")


def finding_page(*, viewer: Actor, at: datetime, filters: FindingFilters, page: int | str = 1) -> Page[Finding]:
    """A page of them."""
    return page_of(listed_findings(viewer=viewer, at=at, filters=filters), page, rows_a_page=PAGE_ROWS)


def said_and_done(*, viewer: Actor, at: datetime) -> QuerySet[Finding]:
    """You said, we did: the findings that were answered, the latest wave first."""
    rows = findings_in_sight(viewer=viewer, at=at).exclude(state=FindingState.OPEN)
    return rows.order_by("-wave__published_at", "-wave__pk", "supplier__public_id", "pk")


def late(today: date) -> Q:
    """What is past its day: not answered in time, or promised and not done."""
    unanswered = Q(state=FindingState.OPEN, answer_due_on__lt=today)
    return unanswered | Q(state=FindingState.ANSWERED, promised_for__lt=today)


def waiting_to_answer(*, viewer: Actor, at: datetime) -> int:
    """How many findings about parties that the viewer leads wait for an answer. Asked on every page: one query, none
    for whoever leads nothing."""
    led = [one.path for one in standing_of(viewer, day_of(at)).leads]
    if not led or not policy.may_read_findings(viewer):
        return 0
    return Finding.objects.filter(under(led, "supplier__"), state=FindingState.OPEN).count()


def _to_answer(viewer: Actor, at: datetime, rows: QuerySet[Finding]) -> list[int]:
    """Of parties that he leads himself; the quality manager, who may answer all, is not waited for."""
    standing = standing_of(viewer, day_of(at))
    led = [one.path for one in standing.leads]
    return [one.pk for one in rows if any(one.supplier.path.startswith(path) for path in led)]


def unanswered_about(*, wave: Wave) -> list[Finding]:
    """The findings of earlier waves that nobody has answered, about suppliers about whom this wave asks: they stand on
    its first page, and it opens only with the director's signature."""
    suppliers = wave.links.values("link__supplier")
    rows = Finding.objects.filter(state=FindingState.OPEN, supplier__in=suppliers).exclude(wave=wave)
    return list(rows.select_related(*_WITH).order_by("answer_due_on", "pk"))


def exceptions_of(*, viewer: Actor, wave: Wave) -> list[tuple[WaveException, bool]]:
    """What was asked for so that the wave may be opened although answers are missing, and whether it is signed."""
    if not policy.may_see_wave(viewer, wave):
        raise NotFound
    rows = WaveException.objects.filter(wave=wave).order_by("-pk")
    return [(one, is_signed(viewer=viewer, exception=one)) for one in rows]


def exception(*, viewer: Actor, public_id: str) -> WaveException:
    """One of them; NotFound where the viewer does not see its wave."""
    if not sees_exception(viewer=viewer, public_id=public_id):
        raise NotFound
    return WaveException.objects.select_related("wave").get(public_id=public_id[:16])


def sees_exception(*, viewer: Actor, public_id: str) -> bool:
    """Whether the viewer sees its wave."""
    found = WaveException.objects.select_related("wave").filter(public_id=public_id[:16]).first()
    return found is not None and policy.may_see_wave(viewer, found.wave)


def is_signed(*, viewer: Actor, exception: WaveException) -> bool:
    """Whether a signature holds under it."""
    return any(
        one.holds for one in signatures_of(viewer=viewer, kind=WaveException.kind, public_id=exception.public_id)
    )


def suppliers_of(*, viewer: Actor, wave: Wave) -> list[Party]:
    """The suppliers about whom a wave asks, by name."""
    if not policy.may_see_wave(viewer, wave):
        raise NotFound
    found = {one.link.supplier.pk: one.link.supplier for one in wave.links.select_related("link__supplier")}
    return sorted(found.values(), key=str)


def exception_contents(public_ids: Collection[str]) -> Mapping[str, Mapping[str, Any]]:
    """What a signature under an exception stands for."""
    rows = WaveException.objects.select_related("wave").filter(public_id__in=list(public_ids))
    return {one.public_id: {"wave": one.wave.public_id, "reason": one.reason, "findings": one.findings} for one in rows}


def exception_names(public_ids: Collection[str]) -> Mapping[str, Mapping[str, str]]:
    """What an exception is called: as its wave."""
    rows = WaveException.objects.select_related("wave").filter(public_id__in=list(public_ids))
    return {
        one.public_id: {code: f"{title} ({one.wave.number})" for code, title in one.wave.title.items()} for one in rows
    }


def finding_called(public_id: str) -> Mapping[str, str]:
    """What it found, by language; for who sees it."""
    words: Mapping[str, str] = Finding.objects.get(public_id=public_id).words
    return words


def supplier_of(public_id: str) -> str:
    """Public id of the supplier about whom a finding is."""
    return str(Finding.objects.values_list("supplier__public_id", flat=True).get(public_id=public_id))
