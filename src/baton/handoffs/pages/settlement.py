"""Points for handoffs in words, as pages show them and tables take them away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from baton.core import formats
from baton.core.actors import Actor
from baton.core.rules import BatchState
from baton.core.texts import say
from baton.handoffs import policy
from baton.handoffs import queries as handoff_queries
from baton.handoffs.models import Handoff, LedgerEntry, SettlementClaim
from baton.handoffs.queries import settlement as queries
from baton.handoffs.queries.breaches import Breach
from baton.handoffs.rules.settlement import ClaimState, TripReason

CLAIM_SIGNS = {
    ClaimState.OPEN: "info", ClaimState.ACCEPTED: "kept", ClaimState.DISPUTED: "at_risk", ClaimState.TRIPPED: "broken",
    ClaimState.DECIDED: "kept", ClaimState.WITHDRAWN: "unknown",
}  # fmt: skip
WHY_TRIPPED = {
    TripReason.UNCLAIMED: gettext_lazy("Nobody claimed the breach in time, so that it goes to the arbiter."),
    TripReason.UNANSWERED: gettext_lazy("Nobody answered the claim in time, so that it goes to the arbiter."),
}


def signed(points: int) -> str:
    """Points with their sign: ``+100``, ``−10``, ``0``."""
    sign = "+" if points > 0 else "−" if points < 0 else ""
    return f"{sign}{formats.number(abs(points))}"


def breach_said(breach: Breach) -> str:
    """What was not as promised."""
    if breach.found_return is not None:
        return _("Came back: {what}").format(what=breach.found_return.phenomenon)
    assert breach.clause is not None, "a breach is of a clause or a return"
    said = say(breach.clause.characteristic)
    return _("{clause} (measured as broken)").format(clause=said) if breach.measured else said


def about(claim: SettlementClaim) -> str:
    """On what a claim rests."""
    return breach_said(Breach(claim.breached_at, claim.clause, claim.found_return))


def claim_rows(claims: Iterable[SettlementClaim]) -> list[dict[str, Any]]:
    """Claims with their sign and what they are about."""
    return [{"claim": one, "sign": CLAIM_SIGNS[ClaimState(one.state)], "about": about(one)} for one in claims]


def has_page(handoff: Handoff) -> bool:
    """Whether a handoff of an entry still has a page: its bulk entry may have been withdrawn."""
    return handoff.batch is None or handoff.batch.state == BatchState.SEALED


def entry_rows(entries: Iterable[LedgerEntry], party: int) -> list[dict[str, Any]]:
    """Entries of a link as a party (key) sees them."""
    return [
        {
            "entry": one, "points": signed(one.points if one.credit_id == party else -one.points),
            "has_page": has_page(one.handoff),
        }
        for one in entries
    ]  # fmt: skip


def shown_rows(rows: Iterable[queries.StatementRow]) -> list[dict[str, Any]]:
    """Rows of a statement as its page shows them."""
    return [
        {
            "entry": row.entry, "points": signed(row.points), "balance": signed(row.balance),
            "has_page": has_page(row.entry.handoff),
        }
        for row in rows
    ]  # fmt: skip


def link_context(found: queries.LinkLedger) -> dict[str, Any]:
    """What the settlement page of a link shows."""
    return {
        "found": found, "link": found.link, "supplier": signed(found.supplier), "customer": signed(-found.supplier),
        "entries": entry_rows(found.entries, found.link.supplier_id), "claims": claim_rows(found.claims),
    }  # fmt: skip


def claim_context(found: queries.ClaimShown) -> dict[str, Any]:
    """What the page of a claim shows."""
    claim = found.claim
    reason = claim.trip_reason
    return {
        "found": found, "claim": claim, "link": claim.terms.link, "sign": CLAIM_SIGNS[ClaimState(claim.state)],
        "about": about(claim), "why_tripped": WHY_TRIPPED[TripReason(reason)] if reason else "",
    }  # fmt: skip


def link_panel(viewer: Actor, at: datetime, link: str) -> dict[str, Any] | None:
    """The settlement of a link (public id); None where nothing was ever agreed, and for who may not see it."""
    if not policy.may_use_settlement(viewer) or not queries.is_settled(viewer=viewer, at=at, link=link):
        return None
    return link_context(queries.ledger_of_link(viewer=viewer, at=at, public_id=link))


def handoff_panel(viewer: Actor, at: datetime, public_id: str) -> dict[str, Any] | None:
    """What a handoff (public id) earned and gave back; None where it earned nothing, and for who may not see it."""
    if not policy.may_use_settlement(viewer):
        return None
    handoff = handoff_queries.handoff(viewer=viewer, at=at, public_id=public_id)
    found = queries.points_of_handoff(viewer=viewer, at=at, handoff=handoff, judge=False)
    if found is None:
        return None
    return {
        "handoff": handoff, "earned": formats.number(found.earned.points), "entry": found.earned,
        "back": formats.number(found.back) if found.back else "",
        "claims": claim_rows([found.claim] if found.claim is not None else []),
        "until": max((until for _breach, until in found.breaches), default=None),
    }  # fmt: skip


def account_panel(viewer: Actor, at: datetime, party: str) -> dict[str, Any] | None:
    """The balance of a party (public id); None where it has no entries, and for who may not see it."""
    balance = queries.balance_of_party(viewer=viewer, at=at, party=party)
    return {"party": party, "balance": signed(balance)} if balance is not None else None


def waiting_claims(viewer: Actor, at: datetime) -> dict[str, Any]:
    """The claims that the reader answers and decides."""
    return {
        "claims_to_answer": claim_rows(queries.claims_to_answer(viewer=viewer, at=at)),
        "claims_to_decide": claim_rows(queries.claims_to_decide(viewer=viewer, at=at)),
    }


def header() -> Sequence[str]:
    """Names of the columns of a statement."""
    return [
        _("Happened at"), _("Handoff"), _("Output"), _("What for"), pgettext("of points", "From"),
        pgettext("of points", "To"), pgettext("for points", "Claim"), pgettext("for handoffs", "Points"), _("Balance"),
    ]  # fmt: skip


def statement_rows(rows: Iterable[queries.StatementRow]) -> Iterator[Sequence[object]]:
    """A row for each entry of a statement."""
    for row in rows:
        one = row.entry
        yield [
            one.happened_at, one.handoff.number, str(one.handoff.link.output), str(one.get_entry_kind_display()),
            say(one.debit.name), say(one.credit.name), one.claim.number if one.claim is not None else "", row.points,
            row.balance,
        ]  # fmt: skip
