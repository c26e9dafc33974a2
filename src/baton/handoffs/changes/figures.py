"""The figures of links are computed anew where a record of theirs changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from baton.chain import queries as chain
from baton.core.actors import Actor
from baton.core.audit import feed
from baton.core.jobs import silent
from baton.handoffs.facts.sources import sources_of_batch, sources_of_record
from baton.handoffs.models import (
    Handoff,
    HandoffEvent,
    HandoffLine,
    HandoffReturn,
    LinkFigures,
    StageCheck,
)
from baton.handoffs.models.conditions import IsOpen
from baton.handoffs.rules import State

if TYPE_CHECKING:
    from baton.core.models import AuditEntry

READER = "handoffs.figures"
REFRESH_JOB = "handoffs.figures"
ENTRIES_A_STEP = 1_000
_KINDS = frozenset({Handoff.kind, HandoffEvent.kind, HandoffLine.kind, HandoffReturn.kind, StageCheck.kind})

Report = Callable[[int, int, str], None]


def refresh_figures(*, by: Actor, at: datetime, progress: Report = silent) -> int:
    """Compute the figures of every link of which a handoff changed or fell due since the last run, of which another
    version of the method computed them, or which has handoffs and no figures. Returns how many. Killed anywhere, the
    next run ends with the same figures: the cursor moves only when they are stored."""
    from baton.handoffs.facts import whole  # the mathematics are loaded when something is computed

    computed = 0
    while entries := feed.read(READER, ENTRIES_A_STEP):
        touched = sorted(links_touched(entries))
        for number, link in enumerate(touched):
            progress(number, len(touched), link)
            computed += _store(link, at)
        feed.advance(READER, entries[-1].seq)
    outdated = LinkFigures.objects.filter(~Q(version=whole.VERSION) | _fell_due(at))
    for link in [*outdated.values_list("link__public_id", flat=True), *_without_figures(by, at)]:
        computed += _store(link, at)
    return computed


def _without_figures(by: Actor, at: datetime) -> list[str]:
    """Public ids of the links that have handoffs, and of which nothing is computed. One query."""
    wanted = Handoff.objects.filter(link=OuterRef("pk"), occurred_at__lte=at).exclude(state=State.WITHDRAWN)
    known = LinkFigures.objects.filter(link=OuterRef("pk"))
    rows = chain.links_in_sight(viewer=by, at=at).filter(Exists(wanted), ~Exists(known))
    return list(rows.order_by("pk").values_list("public_id", flat=True))


def _fell_due(at: datetime) -> Exists:
    """Whether a handoff of the link that has not come fell due since its figures were computed."""
    waiting = Handoff.objects.filter(IsOpen("state"), link=OuterRef("link"), due_at__gt=OuterRef("computed_at"))
    return Exists(waiting.filter(due_at__lte=at))


def links_touched(entries: Iterable[AuditEntry]) -> set[str]:
    """Public ids of the links of which handoffs changed."""
    sources: set[str] = set()
    for entry in entries:
        if entry.kind in _KINDS:
            sources.update(sources_of_record(entry.kind, entry.object_id))
        elif feed.kind_in_bulk(entry) in _KINDS:
            sources.update(sources_of_batch(entry.object_id))
    return {source.rsplit("-", 2)[0] for source in sources}


def _store(link: str, at: datetime) -> int:
    from baton.handoffs.facts import whole

    found = whole.figures_of(link, at)
    with transaction.atomic():
        if found is None:
            LinkFigures.objects.filter(link__public_id=link).delete()
            return 0
        key = Handoff.objects.filter(link__public_id=link).values_list("link_id", flat=True)[0]
        LinkFigures.objects.update_or_create(
            link_id=key,
            defaults={"result": found, "method": whole.METHOD, "version": whole.VERSION, "computed_at": at},
        )
    return 1
