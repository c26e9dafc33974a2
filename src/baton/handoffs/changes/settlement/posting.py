"""Entries of the ledger: what an accepted handoff earns, and what counters it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Sum

from baton.core.actors import Actor
from baton.core.audit import feed
from baton.core.audit.trail import Trail, change, head
from baton.core.jobs import silent
from baton.handoffs.models import Handoff, LedgerEntry, LinkSettlement, SettlementClaim
from baton.handoffs.rules import State
from baton.handoffs.rules.settlement import PENDING_CLAIMS, ClaimState, EntryKind

if TYPE_CHECKING:
    from baton.core.models import AuditEntry

READER = "handoffs.settlement"
POST_JOB = "handoffs.post_points"
ENTRIES_A_STEP = 1_000
AT_ONCE = 100
"""Handoffs of one change, in their order: other writers wait so long at most."""

Report = Callable[[int, int, str], None]


def post_points(*, by: Actor, at: datetime, progress: Report = silent) -> int:
    """Post what handoffs earned that were accepted since the last run, and counter what was withdrawn. Returns how
    many entries. Killed anywhere, or done again, it leaves the same entries: of a handoff there is one of each kind."""
    last = head()
    if not settings.SETTLEMENT:
        return 0
    if not LinkSettlement.objects.filter(agreed_at__isnull=False).exists():
        feed.advance(READER, last)  # whatever was accepted so far, nobody had agreed on points
        return 0
    posted = 0
    while entries := feed.read(READER, ENTRIES_A_STEP):
        progress(0, len(entries), str(entries[-1].seq))
        touched = _touched(entries)
        for first in range(0, len(touched), AT_ONCE):
            posted += _post(by, at, touched[first : first + AT_ONCE])
        feed.advance(READER, entries[-1].seq)
    return posted


def counter(
    trail: Trail, earned: LedgerEntry, points: int, kind: EntryKind, claim: SettlementClaim | None = None
) -> None:
    """Give points of an entry back: the posting the other way round. None are given where they come to none."""
    if not points:
        return
    trail.save(
        LedgerEntry(
            handoff=earned.handoff, terms=earned.terms, entry_kind=kind, debit=earned.credit, credit=earned.debit,
            points=points, happened_at=trail.at, counters=earned, claim=claim,
        ),
        f"ledger_entry.{kind.value}",
    )  # fmt: skip


def _touched(entries: Iterable[AuditEntry]) -> list[int]:
    """Keys of the handoffs that these entries are about, of links on which points were ever agreed."""
    alone, batches = set(), set()
    for entry in entries:
        if entry.kind == Handoff.kind:
            alone.add(entry.object_id)
        elif feed.kind_in_bulk(entry) == Handoff.kind:
            batches.add(entry.object_id)
    if not alone and not batches:
        return []
    links = LinkSettlement.objects.filter(agreed_at__isnull=False).values("link")
    settled = Handoff.everything.filter(link__in=links)
    found = set(settled.filter(public_id__in=alone).values_list("pk", flat=True))
    return sorted(found | set(settled.filter(batch__public_id__in=batches).values_list("pk", flat=True)))


def _post(by: Actor, at: datetime, keys: Sequence[int]) -> int:
    with change(by=by, at=at) as trail:
        earned = {
            one.handoff_id: one
            for one in LedgerEntry.objects.filter(handoff__in=keys, entry_kind=EntryKind.CREDIT)
            .select_related("handoff", "terms", "debit", "credit")
            .order_by("handoff")
        }
        counting = Handoff.objects.filter(pk__in=keys, accepted_at__isnull=False).exclude(state=State.WITHDRAWN)
        counted = {one.pk: one for one in counting.select_related("link__supplier", "link__customer").order_by("pk")}
        made = sum(_earn(trail, one) for one in counted.values() if one.pk not in earned)
        return made + sum(_void(trail, one) for key, one in earned.items() if key not in counted)


def _earn(trail: Trail, handoff: Handoff) -> bool:
    """Post what the handoff earns under the terms that held when it was accepted; whether any did."""
    accepted_at = handoff.accepted_at
    assert accepted_at is not None, "only what is accepted earns"
    held = LinkSettlement.objects.filter(link=handoff.link_id, agreed_at__lte=accepted_at)
    terms = held.order_by("-agreed_at", "-pk").first()
    if terms is None or (terms.ended_at is not None and terms.ended_at <= accepted_at):
        return False
    trail.save(
        LedgerEntry(
            handoff=handoff, terms=terms, entry_kind=EntryKind.CREDIT, debit=handoff.link.customer,
            credit=handoff.link.supplier, points=terms.price, happened_at=accepted_at,
        ),
        "ledger_entry.credit",
    )  # fmt: skip
    return True


def _void(trail: Trail, earned: LedgerEntry) -> bool:
    """Take back what is left of a handoff that counts no more; whether there was anything to take back."""
    counters = LedgerEntry.objects.filter(counters=earned)
    if counters.filter(entry_kind=EntryKind.VOID).exists():
        return False
    for claim in SettlementClaim.objects.filter(handoff=earned.handoff_id, state__in=sorted(PENDING_CLAIMS)).order_by(
        "pk"
    ):
        fresh = trail.lock(SettlementClaim, claim)
        fresh.state = ClaimState.WITHDRAWN
        trail.save(fresh, "settlement_claim.voided")
    back = counters.aggregate(points=Sum("points"))["points"] or 0
    counter(trail, earned, earned.points - back, EntryKind.VOID)
    return earned.points > back
