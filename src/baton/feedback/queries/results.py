"""Published results: what was published, as far as the viewer may see what it is about.

Whoever sees all links that a figure is about sees the figure; what is about the whole wave, whoever sees waves.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db.models import Q, QuerySet

from baton.chain import queries as chain
from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound, Refused
from baton.feedback import policy
from baton.feedback.models import CommentState, PublishedCell, PublishedStudy, SurveyComment, Wave, WaveLink
from baton.feedback.rules import Band, WaveState
from baton.feedback.rules.published import Grouping, grouping_of
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Party

T = TypeVar("T")

LOOKED_BACK = 12
"""So many waves are shown beside each other."""

_OF_LINK = (Grouping.LINK, Grouping.LINK_BAND)
_OF_SUPPLIER = (Grouping.SUPPLIER, Grouping.SUPPLIER_BAND)


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a wave a viewer may see: all of it, or these links, suppliers and customers by primary key."""

    whole: bool
    links: frozenset[int]
    suppliers: frozenset[int]
    customers: frozenset[int]

    @property
    def anything(self) -> bool:
        """Whether he may see something at all."""
        return self.whole or bool(self.links)


def sight_of_results(*, viewer: Actor, at: datetime, wave: Wave) -> Sight:
    """What the viewer may see of the results of a wave."""
    rows = list(WaveLink.objects.filter(wave=wave).values_list("pk", "link", "link__supplier", "link__customer"))
    whole = policy.may_see_wave(viewer, wave)
    seen = set(
        chain.links_in_sight(viewer=viewer, at=at).filter(pk__in=[row[1] for row in rows]).values_list("pk", flat=True)
    )
    hidden = [row for row in rows if row[1] not in seen and not whole]
    return Sight(
        whole=whole,
        links=frozenset(row[0] for row in rows if row[1] in seen or whole),
        suppliers=frozenset(row[2] for row in rows) - {row[2] for row in hidden},
        customers=frozenset(row[3] for row in rows) - {row[3] for row in hidden},
    )


def published_waves(*, viewer: Actor, at: datetime) -> QuerySet[Wave]:
    """The published waves of which the viewer may see something, the last one first."""
    held = Wave.objects.filter(state=WaveState.PUBLISHED).order_by("-published_at", "-pk")
    if policy.may_see_waves(viewer):
        return held
    mine = WaveLink.objects.filter(link__in=chain.links_in_sight(viewer=viewer, at=at)).values("wave")
    collected = Q(collector=viewer.person) if viewer.person is not None else Q(pk__in=[])
    return held.filter(collected | Q(pk__in=mine))


def published_wave(*, viewer: Actor, at: datetime, public_id: str) -> Wave:
    """One of them; NotFound for any other."""
    found = published_waves(viewer=viewer, at=at).select_related("questionnaire", "collector")
    one = found.filter(public_id=public_id[:16]).first()
    if one is None:
        raise NotFound
    return one


def published_cells(*, viewer: Actor, at: datetime, wave: Wave) -> QuerySet[PublishedCell]:
    """The figures of a published wave that the viewer may see, shown or hidden, in the order in which they were
    asked."""
    if wave.state != WaveState.PUBLISHED:
        return PublishedCell.objects.none()
    sight = sight_of_results(viewer=viewer, at=at, wave=wave)
    rows = PublishedCell.objects.filter(wave=wave).select_related(
        "wave_link__link__supplier", "wave_link__link__customer", "wave_link__link__output", "supplier", "customer"
    )
    if not sight.whole:
        rows = rows.filter(
            Q(grouping__in=_OF_LINK, wave_link__in=sight.links)
            | Q(grouping__in=_OF_SUPPLIER, supplier__in=sight.suppliers)
            | Q(grouping=Grouping.CUSTOMER, customer__in=sight.customers)
        )
    return rows.order_by("pk")


def published_studies(*, viewer: Actor, wave: Wave) -> QuerySet[PublishedStudy]:
    """What was worked out from the whole wave, for who sees waves."""
    if wave.state != WaveState.PUBLISHED or not policy.may_see_wave(viewer, wave):
        return PublishedStudy.objects.none()
    return PublishedStudy.objects.filter(wave=wave).order_by("pk")


def comments_to_pass(*, viewer: Actor, wave: Wave) -> QuerySet[SurveyComment]:
    """The comments that nobody has passed or withheld yet, for who passes them, by their random ids."""
    if not policy.may_pass_comments(viewer, wave) or not _enough(wave):
        return SurveyComment.objects.none()
    return _comments(wave).filter(state=CommentState.WAITING)


def comment_to_pass(*, viewer: Actor, public_id: str) -> SurveyComment:
    """One comment, passed or not, for who passes those of its wave; NotFound for anybody else."""
    found = SurveyComment.objects.select_related("wave").filter(public_id=public_id[:16]).first()
    if found is None or not policy.may_pass_comments(viewer, found.wave) or not _enough(found.wave):
        raise NotFound
    return found


def passed_comments(*, viewer: Actor, at: datetime, wave: Wave) -> QuerySet[SurveyComment]:
    """The comments that were passed: those about a link for who sees it, all others for who sees waves."""
    if not _enough(wave):
        return SurveyComment.objects.none()
    rows = _comments(wave).filter(state=CommentState.PASSED)
    sight = sight_of_results(viewer=viewer, at=at, wave=wave)
    return rows if sight.whole else rows.filter(wave_link__in=sight.links)


def _enough(wave: Wave) -> bool:
    return wave.state == WaveState.PUBLISHED and (wave.answered or 0) >= wave.least_comments


def _comments(wave: Wave) -> QuerySet[SurveyComment]:
    held = SurveyComment.objects.filter(wave=wave).order_by("public_id")
    return held.select_related("wave_link__link__supplier", "wave_link__link__customer", "wave_link__link__output")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of answers whose figures are published: by which columns, and with which values, of which the viewer may
    see the figures."""

    grouping: Grouping
    wave_link: WaveLink | None = None
    supplier: Party | None = None
    customer: Party | None = None
    band: str = ""


def group_asked(*, viewer: Actor, at: datetime, wave: Wave, asked: Mapping[str, str]) -> Group:
    """The group that an address or a program names by public ids of ``supplier``, ``customer`` and ``link`` and by
    ``band``; without any all answers, or, for who may not see these, the first link in his sight.

    Refused: together what is not published together. Whoever could put groups together at will could choose one person.
    """
    given = {name: asked.get(name, "") for name in ("supplier", "customer", "link", "band")}
    named = [name for name, value in given.items() if value]
    grouping = grouping_of(named)
    if grouping is None:
        raise Refused(
            expected=gettext_noop("Results are shown of the whole wave, of a supplier, a customer or a link, and of"
                                  " heads and staff of the whole wave, a supplier or a link."),
            found=gettext_noop("Asked for together: {names}."),
            remedy=gettext_noop("Choose one of these. Other groups are not published: several of them together would"
                                " show what one person said."),
            names=", ".join(named),
        )  # fmt: skip
    sight = sight_of_results(viewer=viewer, at=at, wave=wave)
    rows = list(
        WaveLink.objects.filter(wave=wave).select_related("link__supplier", "link__customer", "link__output")
        .order_by("link__number")
    )  # fmt: skip
    if grouping is Grouping.WHOLE and not sight.whole:
        first = next((row for row in rows if row.pk in sight.links), None)
        if first is None:
            raise NotFound
        return Group(Grouping.LINK, wave_link=first)
    unknown = given["band"] and given["band"] not in [band.value for band in Band]
    if unknown or (grouping is Grouping.BAND and not sight.whole):
        raise NotFound
    link = _chosen(rows, given["link"], lambda row: row, sight.links)
    supplier = _chosen(rows, given["supplier"], lambda row: row.link.supplier, sight.suppliers)
    customer = _chosen(rows, given["customer"], lambda row: row.link.customer, sight.customers)
    return Group(grouping, link, supplier, customer, given["band"])


def cells_of_group(*, viewer: Actor, at: datetime, wave: Wave, group: Group) -> QuerySet[PublishedCell]:
    """The figures of a group, in the order of the questions."""
    return published_cells(viewer=viewer, at=at, wave=wave).filter(
        grouping=group.grouping, wave_link=group.wave_link, supplier=group.supplier, customer=group.customer,
        band=group.band,
    )  # fmt: skip


def waves_before(*, viewer: Actor, at: datetime, wave: Wave) -> list[Wave]:
    """The published waves of the same questionnaire in sight up to this one, the earliest first."""
    same = published_waves(viewer=viewer, at=at).filter(
        questionnaire=wave.questionnaire_id, published_at__lte=wave.published_at
    )
    return list(same[:LOOKED_BACK])[::-1]


def links_in_results(*, viewer: Actor, at: datetime, wave: Wave) -> list[WaveLink]:
    """The links of a wave whose results the viewer may see."""
    sight = sight_of_results(viewer=viewer, at=at, wave=wave)
    rows = WaveLink.objects.filter(pk__in=sight.links)
    return list(rows.select_related("link__supplier", "link__customer", "link__output").order_by("link__number"))


def waves_about(*, viewer: Actor, at: datetime, link: str) -> list[WaveLink]:
    """Where waves ask about a link that the viewer sees, the last opened first; those in preparation before all."""
    if not chain.sees_link(viewer=viewer, at=at, public_id=link):
        return []
    rows = WaveLink.objects.filter(link__public_id=link).exclude(wave__state=WaveState.WITHDRAWN)
    return list(rows.select_related("wave", "link").order_by("-wave__opened_at", "-wave__pk")[:LOOKED_BACK])


def link_to_predict(*, viewer: Actor, at: datetime, public_id: str, link: str) -> WaveLink:
    """The link of a wave in which who speaks for its supplier says how it will be rated; NotFound for anybody else."""
    found = WaveLink.objects.filter(wave__public_id=public_id[:16], link__public_id=link[:16])
    one = found.select_related("wave", "link__supplier", "link__customer", "link__output").first()
    if one is None or not may_predict(viewer=viewer, at=at, wave_link=one):
        raise NotFound
    return one


def may_predict(*, viewer: Actor, at: datetime, wave_link: WaveLink) -> bool:
    """Whether the viewer speaks for the supplier while the wave has not closed."""
    seen = chain.sees_link(viewer=viewer, at=at, public_id=wave_link.link.public_id)
    living = wave_link.wave.state in {WaveState.DRAFT, WaveState.OPEN}
    return seen and living and policy.may_predict(standing_of(viewer, day_of(at)), wave_link.link)


def _chosen(rows: Sequence[WaveLink], public_id: str, of: Callable[[WaveLink], T], seen: Container[int]) -> T | None:
    """The link or party that an id names; None where it names none. NotFound where it is none of the wave in sight."""
    if not public_id:
        return None
    for row in rows:
        one: Any = of(row)
        known = one.link.public_id if isinstance(one, WaveLink) else one.public_id
        if known == public_id and one.pk in seen:
            return cast("T", one)
    raise NotFound


def same_group(*, viewer: Actor, at: datetime, wave: Wave, group: Group) -> QuerySet[PublishedCell]:
    """The figures of the same group in another wave, where it was asked about the same link."""
    rows = published_cells(viewer=viewer, at=at, wave=wave).filter(
        grouping=group.grouping, supplier=group.supplier, customer=group.customer, band=group.band
    )
    return rows.filter(wave_link__link=group.wave_link.link_id) if group.wave_link else rows


def last_wave_of(*, viewer: Actor, at: datetime, supplier: str) -> Wave | None:
    """The last published wave that asks about links of a supplier."""
    asked = WaveLink.objects.filter(link__supplier__public_id=supplier).values("wave")
    return published_waves(viewer=viewer, at=at).filter(pk__in=asked).first()
