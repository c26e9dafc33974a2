"""Whom a wave would ask, and why not others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from math import sqrt
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count

from baton.chain.queries.crews import places_of_all
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.mail.queries import told_by_mail
from baton.core.policy import demand
from baton.core.queries import colleagues
from baton.feedback import policy
from baton.feedback.models import PublishedCell, Questionnaire, QuietPerson, SurveyInvitation, Wave, WaveLink
from baton.feedback.rules import WaveState, Way
from baton.feedback.rules.asking import (
    BUDGET_DAYS,
    LEAST_SHARE,
    USUAL_SHARE,
    USUAL_SPREAD,
    Z_95,
    Belongs,
    LinkAsked,
    Shares,
    drawn,
    sample_size,
    shares_of,
    to_ask,
)
from baton.feedback.rules.published import Figure, Grouping
from baton.feedback.rules.questions import SCALED, scored_of
from baton.handoffs.queries.dealings import dealings

if TYPE_CHECKING:
    from baton.core.models import Person

ASKED_TOPIC = "feedback.asked"
"""Topic of the message that somebody is asked; who wants no e-mail of it gets no letter either."""
_OPENED = (WaveState.OPEN, WaveState.CLOSED, WaveState.PUBLISHED, WaveState.LOST)


@dataclass(frozen=True, slots=True)
class Spread:
    """What is known before a wave of how ratings differ and how many answer. ``wave``: from which one; None: from
    none, and both are what is usual."""

    deviation: float
    share: float
    wave: Wave | None


@dataclass(frozen=True, slots=True)
class LinkCount:
    """One link of a wave: how many could be asked, how many are; ``idle``: handoffs are recorded on it and there were
    none in the window."""

    link: WaveLink
    could: int
    asked: int
    idle: bool
    least: int

    @property
    def is_hidden(self) -> bool:
        """Whether so few are asked that its results will never be shown."""
        return self.asked < self.least


@dataclass(frozen=True, slots=True)
class PartyCount:
    """One department that is rated or asked, and how many people that is."""

    party: Any
    asked: int
    least: int

    @property
    def is_hidden(self) -> bool:
        """Whether so few are asked that nothing of it will ever be shown by itself."""
        return self.asked < self.least


@dataclass(frozen=True)
class Choice:
    """Whom a wave would ask: ``shares`` by person (key). ``quiet`` and ``lately``: how many are left out because they
    asked for it, and because they were asked in another wave not long ago."""

    wave: Wave
    shares: Shares
    could: Shares
    links: dict[int, WaveLink]
    idle: frozenset[int]
    quiet: int
    lately: int
    spread: Spread
    least: int = field(default=0)

    @cached_property
    def by_link(self) -> list[LinkCount]:
        """Every link, in the order of its number."""
        could = Counter(link for held in self.could.values() for link in held)
        asked = Counter(link for held in self.shares.values() for link in held)
        rows = sorted(self.links.values(), key=lambda one: one.link.number)
        return [LinkCount(one, could[one.pk], asked[one.pk], one.pk in self.idle, self.least) for one in rows]

    @cached_property
    def by_customer(self) -> list[PartyCount]:
        """Every department that is asked: by the customers of the links."""
        return self._by("customer")

    @cached_property
    def by_supplier(self) -> list[PartyCount]:
        """Every department that is rated: by the suppliers of the links."""
        return self._by("supplier")

    def _by(self, side: str) -> list[PartyCount]:
        people: dict[int, set[int]] = {}
        parties = {getattr(one.link, f"{side}_id"): getattr(one.link, side) for one in self.links.values()}
        for person, held in self.shares.items():
            for link in held:
                people.setdefault(getattr(self.links[link].link, f"{side}_id"), set()).add(person)
        rows = [PartyCount(party, len(people.get(key, ())), self.least) for key, party in parties.items()]
        return sorted(rows, key=lambda one: (-one.asked, str(one.party)))


def choice_for(
    *, viewer: Actor, at: datetime, wave: Wave, window_days: int, half_width: float | None,
    random: Random | None = None,
) -> Choice:  # fmt: skip
    """Whom the wave would ask if it were opened at ``at``; by chance where fewer than everybody are asked."""
    demand(policy.may_run_waves(viewer))
    links = {one.pk: one for one in links_of(viewer=viewer, wave=wave)}
    places = places_of_all(viewer=viewer, at=at)
    dealt = dealings(
        viewer=viewer, at=at, since=at - timedelta(days=window_days), links=[one.link_id for one in links.values()]
    )
    took = {who for one in dealt.values() for who in one.people}
    ids = dict(colleagues(viewer=viewer).filter(public_id__in=took).values_list("public_id", "pk"))
    asked = [_asked(one, dealt[one.link_id], ids) for one in links.values()]
    belongs = [Belongs(one.person, one.path, one.leads) for one in places]
    everybody = shares_of(asked, belongs)
    quiet, lately = _quiet(at) & everybody.keys(), _lately(at) & everybody.keys()
    could = shares_of(asked, belongs, quiet | lately)
    spread = spread_before(viewer=viewer, questionnaire=wave.questionnaire)
    shares = could
    if half_width is not None:
        shares = _drawn(could, asked, spread, half_width, wave.least, random or SystemRandom())
    idle = frozenset(one.key for one in asked if one.is_idle)
    return Choice(wave, shares, could, links, idle, len(quiet), len(lately - quiet), spread, wave.least)


def links_of(*, viewer: Actor, wave: Wave) -> list[WaveLink]:
    """The links about which a wave asks, with their sides, by number."""
    demand(policy.may_see_wave(viewer, wave))
    rows = wave.links.select_related("link__supplier", "link__customer", "link__output")
    return list(rows.order_by("link__number"))


def ways_for(*, viewer: Actor, people: Collection[Person]) -> dict[int, Way]:
    """How the way to his sheet reaches each of these people: by e-mail where e-mail is sent, he has a mailbox and wants
    to be told so; else he fetches it in Baton."""
    demand(policy.may_run_waves(viewer))
    mailed = told_by_mail(viewer=viewer, people=people, topic=ASKED_TOPIC) if settings.SENDS_MAIL else frozenset()
    return {one.pk: Way.MAIL if one.pk in mailed else Way.APP for one in people}


def ways_chosen(*, viewer: Actor, wave: Wave) -> dict[Way, int]:
    """How many of those who are chosen get to their sheets by which way."""
    demand(policy.may_see_wave(viewer, wave))
    rows = wave.invitations.order_by().values_list("way").annotate(count=Count("pk"))
    return {Way(way): count for way, count in rows}


def spread_before(*, viewer: Actor, questionnaire: Questionnaire) -> Spread:
    """How ratings differ and how many answer: from the last closed wave of the questionnaire, where there is one."""
    demand(policy.may_see_waves(viewer))
    rows = Wave.objects.filter(questionnaire=questionnaire, state__in=[WaveState.CLOSED, WaveState.PUBLISHED])
    last = rows.order_by("-closed_at", "-pk").first()
    low, high = (last or Wave(questionnaire=questionnaire)).rating_scale
    if last is None:
        return Spread(USUAL_SPREAD * (high - low), USUAL_SHARE, None)
    asked = last.invited + last.cards
    known = _deviation_published(last)
    share = min(1.0, max(LEAST_SHARE, (last.answered or 0) / asked)) if asked else USUAL_SHARE
    return Spread(known or USUAL_SPREAD * (high - low), share, last)


def _deviation_published(wave: Wave) -> float | None:
    """The standard deviation of ratings as far as it follows from what was published: from the 95 % interval of the
    mean of each rating over the whole wave, ``s = (upper - lower) / 2 * sqrt(n) / z``, put together by answers (root
    mean square). None where none was published by the spread of its own answers, which takes thirty. Nothing but what
    was published is read."""
    scaled = {one.key for one in scored_of(wave.contents) if one.question.kind in SCALED}
    cells = PublishedCell.objects.filter(
        wave=wave, figure=Figure.MEAN, grouping=Grouping.WHOLE, column__in=scaled, method="student"
    )
    rows = [
        (n, upper - lower)
        for n, lower, upper in cells.values_list("n", "lower", "upper")
        if n is not None and lower is not None and upper is not None and upper > lower
    ]
    answers = sum(n for n, _width in rows)
    if not answers:
        return None
    return sqrt(sum(n * (width / 2) ** 2 * n for n, width in rows) / answers) / Z_95


def quiet_until(*, viewer: Actor) -> QuietPerson | None:
    """Until when the viewer himself asked not to be asked; nobody reads it of anybody else."""
    return QuietPerson.objects.filter(person=viewer.person).first() if viewer.person is not None else None


def _asked(one: WaveLink, dealt: Any, ids: dict[str, int]) -> LinkAsked:
    took = {ids[who]: count for who, count in dealt.people.items() if who in ids}
    handoffs = dealt.count if dealt.recorded else None
    return LinkAsked(one.pk, one.link.supplier.path, one.link.customer.path, handoffs, took)


def _drawn(
    could: Shares, asked: list[LinkAsked], spread: Spread, half_width: float, least: int, random: Random
) -> Shares:
    population = Counter(link for held in could.values() for link in held)
    wanted = {
        link: to_ask(
            sample_size(people, spread=spread.deviation, half_width=half_width), people,
            share=spread.share, least=least,
        )
        for link, people in population.items()
    }  # fmt: skip
    took: Counter[int] = Counter()
    for one in asked:
        took.update(one.took)
    return drawn(could, wanted, took, random)


def _quiet(at: datetime) -> set[int]:
    return set(QuietPerson.objects.filter(until__gt=day_of(at)).values_list("person", flat=True))


def _lately(at: datetime) -> set[int]:
    since = at - timedelta(days=BUDGET_DAYS)
    rows = SurveyInvitation.objects.filter(wave__state__in=_OPENED, wave__opened_at__gt=since)
    return set(rows.values_list("person", flat=True))
