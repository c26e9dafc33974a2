"""Links among which a wave chooses, and waves as their list shows them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from baton.chain import queries as chain
from baton.chain.policy import in_force
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.policy import demand
from baton.core.registries import Findable
from baton.feedback import policy
from baton.feedback.models import Wave, WaveLink, WaveReminder
from baton.feedback.queries.waves import waves_in_sight
from baton.feedback.rules import WaveState
from baton.feedback.rules.asking import LinkRule
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link

NUMBERS_LENGTH = 4_000


def links_by_rule(*, viewer: Actor, at: datetime, rule: LinkRule, party: str = "", numbers: str = "") -> list[Link]:
    """The live links that a rule means: all, those of a ``party`` (public id), or those with these ``numbers``, divided
    by spaces or commas.

    Refused: a number that no live link has.
    """
    demand(policy.may_run_waves(viewer))
    live = chain.links_in_sight(viewer=viewer, at=at).filter(in_force(day_of(at)))
    live = live.select_related("supplier", "customer", "output").order_by("number")
    if rule is LinkRule.ONE:
        return _numbered(live, numbers)
    if rule is LinkRule.ALL:
        return list(live)
    path = chain.party(viewer=viewer, at=at, public_id=party).path
    supplies, gets = Q(supplier__path__startswith=path), Q(customer__path__startswith=path)
    return list(live.filter({LinkRule.SUPPLIER: supplies, LinkRule.CUSTOMER: gets}.get(rule, supplies & gets)))


def _numbered(live: QuerySet[Link], numbers: str) -> list[Link]:
    wanted = list(dict.fromkeys(re.findall(r"[^\s,;，；、]+", numbers[:NUMBERS_LENGTH].upper())))
    found = {one.number: one for one in live.filter(number__in=wanted)}
    strange = [one for one in wanted if one not in found]
    if strange or not wanted:
        raise Refused(
            field="numbers",
            expected=gettext_noop("Expected numbers of live links, such as L-2026-0001."),
            found=gettext_noop("There is none with the number {number}.") if strange else "",
            remedy=gettext_noop("Look them up in the list of links."),
            number=strange[0][:40] if strange else "",
        )
    return [found[one] for one in wanted]


def waves_listed(*, viewer: Actor, over: bool = False) -> QuerySet[Wave]:
    """The waves in sight that are prepared or open, or those that are over, the youngest first."""
    ended = [WaveState.CLOSED, WaveState.PUBLISHED, WaveState.LOST, WaveState.WITHDRAWN]
    rows = waves_in_sight(viewer=viewer).select_related("questionnaire", "led_by")
    rows = rows.filter(state__in=ended) if over else rows.exclude(state__in=ended)
    return rows.order_by("-recorded_at", "-pk")


def waves_of_all_states(*, viewer: Actor, state: str = "") -> QuerySet[Wave]:
    """The waves in sight, those in one state where one is named."""
    rows = waves_in_sight(viewer=viewer).select_related("questionnaire", "collector")
    return rows.filter(state=state) if state else rows


def wave_link(*, viewer: Actor, wave: Wave, public_id: str) -> WaveLink | None:
    """A link about which the wave asks; None where it asks about no such."""
    demand(policy.may_see_wave(viewer, wave))
    return wave.links.filter(public_id=public_id[:16]).select_related("link").first()


def reminders_of(*, viewer: Actor, wave: Wave) -> list[WaveReminder]:
    """When everybody was reminded, the last first."""
    demand(policy.may_see_wave(viewer, wave))
    return list(wave.reminders.order_by("-recorded_at", "-pk"))


def waves_read(public_ids: Collection[str]) -> Iterator[Findable]:
    """What a search needs to know of waves; who finds which, the sight of the search says."""
    for one in Wave.objects.filter(public_id__in=public_ids):
        ended = one.closed_at.date() if one.closed_at is not None else None
        yield Findable(one.public_id, one.number, one.title, ended_on=ended)


def wave_ids() -> Iterator[str]:
    """Every wave, for a rebuild of the index."""
    return Wave.objects.values_list("public_id", flat=True).iterator()
