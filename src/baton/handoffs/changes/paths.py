"""Paths are measured: somebody asks for it, and a job computes what their handoffs tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from baton.chain.policy import standing_of
from baton.core.actors import Actor
from baton.core.audit import feed
from baton.core.audit.trail import change
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.jobs import silent
from baton.core.policy import demand
from baton.handoffs import policy
from baton.handoffs.changes.figures import links_touched
from baton.handoffs.models import MeasuredPath, PathFigures
from baton.handoffs.rules.paths import FEWEST_LINKS, MOST_LINKS, MOST_PATHS, REST, follows, path_key
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import AuditEntry

READER = "handoffs.paths"
PATHS_JOB = "handoffs.paths"
ENTRIES_A_STEP = 1_000

Report = Callable[[int, int, str], None]


def measure_path(*, by: Actor, at: datetime, links: Sequence[Link]) -> MeasuredPath:
    """Have a path measured; one that is measured already stays as it is. The caller has made sure that ``by`` sees its
    links."""
    with change(by=by, at=at) as trail:
        _demand_path(links)
        demand(policy.may_measure_path(standing_of(by, day_of(at)), links))
        ids = [link.public_id for link in links]
        known = MeasuredPath.objects.filter(key=path_key(ids)).first()
        if known is not None and known.ended_at is None:
            return known
        if MeasuredPath.objects.filter(ended_at__isnull=True).count() >= MOST_PATHS:
            raise Refused(
                expected=gettext_noop("At most {most} paths are measured at a time."),
                found=gettext_noop("So many are."),
                remedy=gettext_noop("End one that nobody looks at any more."),
                most=MOST_PATHS,
            )
        path = MeasuredPath(key=path_key(ids), links=ids) if known is None else trail.lock(MeasuredPath, known)
        path.ended_at = None
        return trail.save(path, "measured_path.begun")


def end_path(
    *, by: Actor, at: datetime, path: MeasuredPath, links: Sequence[Link], expected_seq: int | None = None
) -> MeasuredPath:
    """Measure it no more. ``links`` are those of the path; the caller has made sure that ``by`` sees them."""
    with change(by=by, at=at) as trail:
        fresh = trail.lock(MeasuredPath, path, expected_seq=expected_seq)
        demand(policy.may_measure_path(standing_of(by, day_of(at)), links))
        if fresh.ended_at is not None:
            return fresh
        fresh.ended_at = at
        PathFigures.objects.filter(path=fresh).delete()
        return trail.save(fresh, "measured_path.ended")


def _demand_path(links: Sequence[Link]) -> None:
    distinct = len({link.pk for link in links})
    if not FEWEST_LINKS <= len(links) <= MOST_LINKS or distinct < len(links):
        raise Refused(
            expected=gettext_noop("A path has {least} to {most} links, each once."),
            found=gettext_noop("Found {links} links, {distinct} of them different."),
            remedy=gettext_noop("Choose where the way begins and where it ends, and for each step one link."),
            least=FEWEST_LINKS, most=MOST_LINKS, links=len(links), distinct=distinct,
        )  # fmt: skip
    for earlier, later in pairwise(links):
        if not follows(earlier.customer.path, later.supplier.path):
            raise Refused(
                expected=gettext_noop("Each link begins where the one before it ends."),
                found=gettext_noop("{earlier} ends elsewhere than {later} begins."),
                remedy=gettext_noop("Choose links that follow each other."),
                earlier=earlier.number, later=later.number,
            )  # fmt: skip


def refresh_paths(*, by: Actor, at: datetime, progress: Report = silent) -> int:
    """Compute the figures of every measured path that has none, whose method changed, or on which something happened
    and whose figures are older than :data:`REST`. Returns how many. Killed anywhere, the next run ends with the same
    figures: what happened is noted before the cursor moves on."""
    from baton.handoffs.facts import paths as facts  # the mathematics are loaded when something is computed

    paths = list(MeasuredPath.objects.filter(ended_at__isnull=True).order_by("pk"))
    while entries := feed.read(READER, ENTRIES_A_STEP):
        _note(paths, entries)
        feed.advance(READER, entries[-1].seq)
    known = {one.path_id: one for one in PathFigures.objects.filter(path__in=paths)}
    due = [path for path in paths if _is_due(known.get(path.pk), at, facts.VERSION)]
    for number, path in enumerate(due):
        progress(number, len(due), str(path))
        PathFigures.objects.update_or_create(
            path=path,
            defaults={
                "result": facts.figures_of_path(path.links, at), "method": facts.METHOD, "version": facts.VERSION,
                "computed_at": at, "outdated": False,
            },
        )  # fmt: skip
    return len(due)


def _note(paths: Iterable[MeasuredPath], entries: Iterable[AuditEntry]) -> None:
    touched = links_touched(entries)
    keys = [path.pk for path in paths if touched.intersection(path.links)]
    if keys:
        PathFigures.objects.filter(path__in=keys).update(outdated=True)


def _is_due(known: PathFigures | None, at: datetime, version: str) -> bool:
    if known is None or known.version != version:
        return True
    return known.outdated and known.computed_at <= at - REST
