"""Published results: what was published, as far as the viewer may see what it is about.

Whoever sees all links that a figure is about sees the figure; what is about the whole wave, whoever sees waves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.errors import NotFound
from baton.feedback import policy
from baton.feedback.models import CommentState, PublishedCell, PublishedStudy, SurveyComment, Wave, WaveLink
from baton.feedback.rules import WaveState
from baton.feedback.rules.published import Grouping

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
