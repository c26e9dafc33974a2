"""For what points of a handoff can be claimed back, and what nobody claimed in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models.functions import TruncMonth

from baton.agreements.queries.in_force import clauses_in_force_at
from baton.agreements.rules import Side, Standing, standing
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.policy import may_use
from baton.handoffs.models import HandoffReturn, LedgerEntry, MeasuredValue
from baton.handoffs.rules import ReturnState
from baton.handoffs.rules.settlement import ClaimState, EntryKind, limit_of

if TYPE_CHECKING:
    from baton.agreements.models import Clause

LOOKED_BACK = timedelta(days=366)
"""Of what was accepted earlier nobody looks by himself any more whether a clause was broken."""
AT_ONCE = 500
_NOT_OWED = [ReturnState.DISMISSED, ReturnState.UNDECIDED, ReturnState.WITHDRAWN]
_CERTAIN = [ReturnState.OPEN, ReturnState.UPHELD, ReturnState.SETTLED]


@dataclass(frozen=True, slots=True)
class Breach:
    """A clause that was broken, or may have been, or something that came back; ``known_at`` since when it can be
    claimed; ``measured``: Baton found by its own facts that the clause was broken."""

    known_at: datetime
    clause: Clause | None = None
    found_return: HandoffReturn | None = None
    measured: bool = False

    @property
    def key(self) -> str:
        """Names it in a form and in a call."""
        record = self.clause or self.found_return
        assert record is not None, "a breach has one of them"
        return f"{record.kind}:{record.public_id}"


def breaches_of(*, viewer: Actor, earned: LedgerEntry, judge: bool = True) -> list[Breach]:
    """For what the points of a handoff can be claimed back: what came back and counts, and the promises of the
    supplier that held when it occurred, those that were measured as broken first; what was measured as kept and what is
    on trial is left out. To judge, the facts of a month are read; without, every promise may have been broken. The
    caller has made sure that ``viewer`` sees the handoff."""
    kept = _judged(_source(earned)) if judge else {}
    return _possible(viewer, earned, kept) if may_use(viewer) else []


def _possible(viewer: Actor, earned: LedgerEntry, kept: Mapping[tuple[int, str], bool]) -> list[Breach]:
    handoff = earned.handoff
    returns = HandoffReturn.objects.filter(handoff=handoff).exclude(state__in=_NOT_OWED).order_by("opened_at", "pk")
    clauses = clauses_in_force_at(viewer=viewer, link=handoff.link_id, moment=handoff.occurred_at)
    promises = [
        one
        for one in clauses
        if one.owed_by == Side.SUPPLIER
        and standing(one.terms, day_of(handoff.occurred_at)) is not Standing.ON_TRIAL
        and kept.get((handoff.pk, one.public_id)) is not True
    ]
    measured = [
        Breach(_known_of_clause(earned, one), clause=one, measured=kept.get((handoff.pk, one.public_id)) is False)
        for one in promises
    ]
    came_back = [Breach(_known_of_return(earned, one), found_return=one) for one in returns]
    return [*came_back, *sorted(measured, key=lambda one: not one.measured)]


def unclaimed(*, viewer: Actor, at: datetime) -> list[tuple[LedgerEntry, Breach]]:
    """The handoffs with a breach that Baton knows of and that nobody has claimed within the days of the terms, with the
    first such breach of each. For the job that trips them."""
    if not may_use(viewer):
        return []
    entries = LedgerEntry.objects.filter(entry_kind=EntryKind.CREDIT).exclude(countered_by__entry_kind=EntryKind.VOID)
    free = entries.exclude(
        handoff__claim__state__in=[one for one in ClaimState if one is not ClaimState.WITHDRAWN]
    ).select_related("handoff__link__supplier", "handoff__link__customer", "terms", "debit", "credit")  # fmt: skip
    found: dict[int, tuple[LedgerEntry, Breach]] = {}
    returned = HandoffReturn.objects.filter(state__in=_CERTAIN).values("handoff")
    for earned in free.filter(handoff__in=returned).order_by("pk"):
        returns = HandoffReturn.objects.filter(handoff=earned.handoff_id, state__in=_CERTAIN).order_by(
            "opened_at", "pk"
        )
        _first_over(found, earned, (Breach(_known_of_return(earned, one), found_return=one) for one in returns), at)
    recent = free.filter(happened_at__gte=at - LOOKED_BACK)
    months = recent.order_by().annotate(month=TruncMonth("handoff__occurred_at", tzinfo=UTC))
    for link, month in months.values_list("handoff__link__public_id", "month").distinct():
        kept = _judged(f"{link}-{month:%Y-%m}")
        broken = sorted({case for (case, _clause), well in kept.items() if not well})
        for first in range(0, len(broken), AT_ONCE):
            for earned in recent.filter(handoff__in=broken[first : first + AT_ONCE]).exclude(pk__in=found):
                measured = (one for one in _possible(viewer, earned, kept) if one.measured)
                _first_over(found, earned, measured, at)
    return [found[key] for key in sorted(found)]


def _first_over(
    found: dict[int, tuple[LedgerEntry, Breach]], earned: LedgerEntry, breaches: Iterable[Breach], at: datetime
) -> None:
    for one in breaches:
        if limit_of(one.known_at, earned.terms.claim_days) < at:
            found.setdefault(earned.pk, (earned, one))


def _known_of_return(earned: LedgerEntry, one: HandoffReturn) -> datetime:
    return max(one.opened_at, one.recorded_at, earned.recorded_at)


def _known_of_clause(earned: LedgerEntry, clause: Clause) -> datetime:
    """From when its points are there, and what was measured of it is entered."""
    values = MeasuredValue.objects.filter(handoff=earned.handoff_id, clause=clause)
    last = values.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
    return max(last, earned.recorded_at) if last is not None else earned.recorded_at


def _source(earned: LedgerEntry) -> str:
    """The facts in which the handoff of an entry stands."""
    handoff = earned.handoff
    return f"{handoff.link.public_id}-{handoff.occurred_at.astimezone(UTC):%Y-%m}"


def _judged(source: str) -> Mapping[tuple[int, str], bool]:
    """Whether the handoffs of a source kept their clauses, by key of the handoff and public id of the clause."""
    from baton.handoffs.facts.breaches import judged  # the mathematics are loaded when something is judged

    return judged(source)
