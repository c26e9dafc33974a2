"""Handoffs as a table, one a row: looked at in parts, up to a million."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.core.actors import Actor
from baton.core.import_targets import Findings, ImportRow, ImportTarget
from baton.core.policy import may_use
from baton.handoffs import policy, queries
from baton.handoffs.changes.bulk_handoffs import HANDOFFS_TARGET, LINES_TARGET, VALUES_TARGET
from baton.handoffs.imports.bringing import may_bring
from baton.handoffs.imports.columns import COLUMNS, MOMENTS
from baton.handoffs.imports.known_links import LinkMeant, Named
from baton.handoffs.imports.late import apply
from baton.handoffs.imports.parts import add_parts, has_parts, tells_found
from baton.handoffs.imports.told import Memory, Told, is_well, judge, moments_of
from baton.handoffs.models import Handoff
from baton.handoffs.rules import COST_OF, OWN_SYSTEM
from baton_analysis.errors import gettext_noop
from baton_analysis.readers.cells import CellProblem

_OWN = {name: name for name in MOMENTS}
NO_KEY = CellProblem(
    expected=gettext_noop("Expected a key or a reference, by which the handoff is known again."),
    found=gettext_noop("Both are empty."),
    remedy=gettext_noop("Fill in one of them."),
)


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New handoffs, and what is told late of those that are there."""
    memory = Memory.of(findings)
    named = [_named(row) for row in rows]
    memory.links.look_up(set(named))
    told, parts = [], has_parts(findings)
    for row, name in zip(rows, named, strict=True):
        meant = memory.links.meant(name)
        if not isinstance(meant, LinkMeant):
            findings.refuse(row, *meant)
        elif (one := _told(row, meant, memory, findings, found=parts and tells_found(row))) is not None:
            told.append(one)
            if parts:
                add_parts(one, findings)
    judge(told, memory, findings)


def _named(row: ImportRow) -> Named:
    values = row.values.get
    return values("link") or "", values("supplier") or "", values("customer") or "", values("output") or ""


def _told(row: ImportRow, meant: LinkMeant, memory: Memory, findings: Findings, *, found: bool) -> Told | None:
    """The handoff of a row; None where it is refused. ``found``: its parts tell what the customer found."""
    values = row.values.get
    reference = values("reference") or ""
    key = values("key") or reference
    if not key:
        findings.refuse(row, "key" if row.says("key") else "reference", NO_KEY)
        return None
    read = moments_of(row, _OWN, memory, findings)
    if read is None:
        return None
    complete, right = values("complete"), values("information_right")
    one = Told(
        row, meant, read[0], _OWN, reference, values("system") or findings.system, key,
        "key" if values("key") else "reference", read[1], values("priority") or "", complete, right,
            values("supplier_cost"), values("customer_cost"), values("currency") or "",
        judged=found or complete is not None or right is not None,
    )  # fmt: skip
    return one if is_well(one, findings) else None


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """The handoffs in sight, in the order in which they were entered. One that no other system knows by a key is named
    by its own, so that it is known again."""
    seen = queries.handoffs_in_sight(viewer=viewer, at=at).exclude(state="withdrawn")
    for one in seen.select_related("link").order_by("pk").iterator(chunk_size=2_000):
        system, key = (one.system, one.key) if one.key else (OWN_SYSTEM, one.public_id)
        yield {
            "link": one.link.number, "reference": one.reference, "system": system, "key": key,
            "zone": one.zone, "priority": one.priority, **{name: _written(one, name) for name in MOMENTS},
            "complete": _yes_no(one.complete), "information_right": _yes_no(one.information_right),
            **{name: "" if (cost := getattr(one, name)) is None else str(cost) for name in COST_OF.values()},
            "currency": "" if one.cost is None else settings.CURRENCY,
        }  # fmt: skip


def _written(one: Handoff, name: str) -> str:
    """A moment in the zone of the handoff, with its offset, so that it is read in one way only."""
    moment = getattr(one, name)
    return "" if moment is None else moment.astimezone(ZoneInfo(one.zone or settings.TIME_ZONE)).isoformat(" ")


def _yes_no(said: bool | None) -> str:
    return "" if said is None else "yes" if said else "no"


HANDOFFS = ImportTarget(
    title=_("Handoffs"),
    text=_("What was handed over on links, one a row: asked for, due, delivered, accepted; up to a million."),
    columns=COLUMNS,
    may_bring=may_bring,
    handles_all=policy.handles_all_brought,
    makes=(HANDOFFS_TARGET, LINES_TARGET, VALUES_TARGET),
    check=check,
    apply=apply,
    rows=rows,
    in_parts=True,
    of_systems=True,
    may_take=may_use,
    icon="package",
)
