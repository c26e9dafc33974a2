"""Points for handoffs: terms and ledger of a link, accounts of parties, claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, Sum

from baton.chain import queries as chain
from baton.chain.policy import sight_of, standing_of
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.handoffs import policy
from baton.handoffs.models import Handoff, LedgerEntry, LinkSettlement, SettlementClaim
from baton.handoffs.queries.breaches import Breach, breaches_of
from baton.handoffs.queries.sight import sees_handoff
from baton.handoffs.rules import Side
from baton.handoffs.rules.settlement import (
    BEFORE_ARBITER,
    PENDING_CLAIMS,
    ClaimState,
    EntryKind,
    TermsState,
    limit_of,
)

if TYPE_CHECKING:
    from baton.chain.models import Link, Party

STATEMENT_ROWS = 50
SHOWN_OF_LINK = 20
MOST_CLAIMS = 200
MOST_ACCOUNTS = 500
EXPORT_ROWS = 500
_TERMS = ("link__supplier", "link__customer", "link__output", "arbiter", "proposed_by", "agreed_by")
_CLAIM = (
    "handoff", "clause", "found_return", "made_by", "answered_by", "decided_by", *(f"terms__{one}" for one in _TERMS),
)  # fmt: skip
_ENTRY = ("debit", "credit", "handoff__link__output", "handoff__batch", "claim", "terms")


@dataclass(frozen=True, slots=True)
class LinkLedger:
    """What the settlement page of a link shows. ``held`` are the terms in force, ``proposed`` those on which the other
    side is to say something; ``supplier`` is the balance of the supplier on this link, the customer's is the same below
    zero; ``entries`` the last ones, ``claims`` those that are not over; ``sides`` those for which the viewer agrees;
    ``accounts`` the parties whose accounts he sees; ``sees_link`` whether he sees the link and its handoffs."""

    link: Link
    held: LinkSettlement | None
    proposed: LinkSettlement | None
    supplier: int
    entries: list[LedgerEntry]
    claims: list[SettlementClaim]
    sides: frozenset[Side]
    agrees: bool
    accounts: list[Party]
    sees_link: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever agreed or counted here."""
        return self.held is None and not self.entries


def ledger_of_link(*, viewer: Actor, at: datetime, public_id: str) -> LinkLedger:
    """The settlement of a link; :class:`NotFound` also for who may not see it. A fixed number of queries."""
    link, held, proposed = _terms(viewer, at, public_id)
    sight = sight_of(viewer, day_of(at))
    standing = sight.standing
    entries = LedgerEntry.objects.filter(handoff__link=link)
    sides = frozenset(side for side in Side if policy.may_agree_settlement(standing, link, side))
    own = proposed is not None and viewer.person is not None and proposed.proposed_by_id == viewer.person.pk
    claims = SettlementClaim.objects.filter(terms__link=link, state__in=sorted(PENDING_CLAIMS))
    return LinkLedger(
        link=link,
        held=held,
        proposed=proposed,
        supplier=_balance(entries, link.supplier_id),
        entries=list(entries.select_related(*_ENTRY).order_by("-pk")[:SHOWN_OF_LINK]),
        claims=list(claims.select_related(*_CLAIM).order_by("pk")[:MOST_CLAIMS]),
        sides=sides,
        agrees=proposed is not None and not own and Side(proposed.proposed_side).other in sides,
        accounts=[one for one in (link.supplier, link.customer) if policy.may_see_account(sight, one)],
        sees_link=chain.sees_link(viewer=viewer, at=at, public_id=public_id),
    )


def _terms(viewer: Actor, at: datetime, public_id: str) -> tuple[Link, LinkSettlement | None, LinkSettlement | None]:
    """The link with the terms in force and proposed; NotFound for who may not see them."""
    rows = LinkSettlement.objects.filter(
        link__public_id=public_id, state__in=[TermsState.AGREED, TermsState.PROPOSED]
    ).select_related(*_TERMS)
    by_state = {one.state: one for one in rows}
    held, proposed = by_state.get(TermsState.AGREED), by_state.get(TermsState.PROPOSED)
    named = held or proposed
    sight = sight_of(viewer, day_of(at))
    # The arbiter need not see the link otherwise.
    if named is not None and policy.may_see_settlement(sight, named.link, held or proposed):
        return named.link, held, proposed
    link = chain.link(viewer=viewer, at=at, public_id=public_id)
    if not policy.may_see_settlement(sight, link, None):
        raise NotFound
    return link, None, None


def terms(*, viewer: Actor, at: datetime, public_id: str) -> LinkSettlement:
    """One row of terms; :class:`NotFound` also for who may not see it."""
    found = LinkSettlement.objects.filter(public_id=public_id).select_related(*_TERMS).first()
    if found is None or not policy.may_see_settlement(sight_of(viewer, day_of(at)), found.link, found):
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """A claim with what the viewer may do about it. ``points`` are those of the handoff; ``answer_until`` is when an
    open claim is tripped."""

    claim: SettlementClaim
    points: int
    answer_until: datetime | None
    may_answer: bool
    may_rule: bool
    may_withdraw: bool
    sees_handoff: bool


def claim(*, viewer: Actor, at: datetime, public_id: str) -> SettlementClaim:
    """One claim; :class:`NotFound` also for who may not see it."""
    found = SettlementClaim.objects.filter(public_id=public_id).select_related(*_CLAIM).first()
    if found is None or not policy.may_see_settlement(sight_of(viewer, day_of(at)), found.terms.link, found.terms):
        raise NotFound
    return found


def claim_shown(*, viewer: Actor, at: datetime, public_id: str) -> ClaimShown:
    """One claim with what can be done about it, by the rules of :func:`claim`."""
    found = claim(viewer=viewer, at=at, public_id=public_id)
    standing, state = standing_of(viewer, day_of(at)), ClaimState(found.state)
    earned = LedgerEntry.objects.filter(handoff=found.handoff_id, entry_kind=EntryKind.CREDIT)
    waits = state is ClaimState.OPEN and found.made_at is not None
    return ClaimShown(
        claim=found,
        points=earned.values_list("points", flat=True)[0],
        answer_until=limit_of(found.made_at, found.terms.claim_days) if waits and found.made_at is not None else None,
        may_answer=state is ClaimState.OPEN and policy.may_answer_claim(standing, found),
        may_rule=_may_rule(viewer, at, found),
        may_withdraw=policy.may_take_claim_back(standing, found),
        sees_handoff=sees_handoff(viewer=viewer, at=at, public_id=found.handoff.public_id),
    )


def _may_rule(viewer: Actor, at: datetime, found: SettlementClaim) -> bool:
    day = day_of(at)
    arbiter = standing_of(Actor(found.terms.arbiter), day)
    return found.state in BEFORE_ARBITER and policy.may_rule(standing_of(viewer, day), found, arbiter=arbiter)


@dataclass(frozen=True, slots=True)
class HandoffPoints:
    """What a handoff earned, what of it went back, and what the viewer can do: ``claim`` the one that there is;
    ``breaches`` for what he can claim now, with ``until`` when of each."""

    earned: LedgerEntry
    back: int
    claim: SettlementClaim | None
    breaches: list[tuple[Breach, datetime]]


def points_of_handoff(*, viewer: Actor, at: datetime, handoff: Handoff, judge: bool = True) -> HandoffPoints | None:
    """The points of a handoff that the viewer sees; None where there are none, or for who may not see them. ``judge``:
    see :func:`breaches_of`."""
    entries = list(LedgerEntry.objects.filter(handoff=handoff).select_related(*_ENTRY).order_by("pk"))
    earned = next((one for one in entries if one.entry_kind == EntryKind.CREDIT), None)
    sight = sight_of(viewer, day_of(at))
    if earned is None or not policy.may_see_settlement(sight, handoff.link, earned.terms):
        return None
    earned.handoff = handoff
    known = SettlementClaim.objects.filter(handoff=handoff).first()
    free = known is None and not any(one.entry_kind == EntryKind.VOID for one in entries)
    may_claim = free and policy.may_claim(sight.standing, handoff.link)
    found = breaches_of(viewer=viewer, earned=earned, judge=judge) if may_claim else []
    limits = [(one, limit_of(one.known_at, earned.terms.claim_days)) for one in found]
    return HandoffPoints(
        earned=earned,
        back=sum(one.points for one in entries if one.counters_id is not None),
        claim=known,
        breaches=[(one, until) for one, until in limits if at <= until],
    )


@dataclass(frozen=True, slots=True)
class Account:
    """A party with its balance."""

    party: Party
    balance: int


@dataclass(frozen=True, slots=True)
class StatementRow:
    """An entry as an account sees it: ``points`` above zero for what came in, and the balance after it."""

    entry: LedgerEntry
    points: int
    balance: int


def account(*, viewer: Actor, at: datetime, party: str) -> Account:
    """The account of a party (public id); :class:`NotFound` also for who may not see it."""
    found = chain.party(viewer=viewer, at=at, public_id=party)
    if not policy.may_see_account(sight_of(viewer, day_of(at)), found):
        raise NotFound
    return Account(found, _balance(LedgerEntry.objects.all(), found.pk))


def statement(*, viewer: Actor, at: datetime, party: str) -> tuple[Account, QuerySet[LedgerEntry]]:
    """The account of a party and its entries, the newest first, by the rules of :func:`account`."""
    found = account(viewer=viewer, at=at, party=party)
    return found, _of_party(found.party.pk).select_related(*_ENTRY).order_by("-pk")


def with_balances(*, viewer: Actor, party: Party, entries: Sequence[LedgerEntry]) -> list[StatementRow]:
    """Some consecutive entries of a statement, the newest first, with the balance after each. The caller has made sure
    that ``viewer`` sees the account. Two queries."""
    if not entries or not policy.may_use_settlement(viewer):
        return []
    balance = _balance(LedgerEntry.objects.filter(pk__lte=entries[0].pk), party.pk)
    rows = []
    for one in entries:
        points = one.points if one.credit_id == party.pk else -one.points
        rows.append(StatementRow(one, points, balance))
        balance -= points
    return rows


def whole_statement(*, viewer: Actor, at: datetime, party: str) -> Iterator[StatementRow]:
    """All entries of an account, the oldest first, with the balance after each, by the rules of :func:`account`."""
    found = account(viewer=viewer, at=at, party=party)
    balance = 0
    for one in _of_party(found.party.pk).select_related(*_ENTRY).order_by("pk").iterator(chunk_size=EXPORT_ROWS):
        points = one.points if one.credit_id == found.party.pk else -one.points
        balance += points
        yield StatementRow(one, points, balance)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in a list: the party's public id, number and name, and its balance."""

    public_id: str
    number: str
    name: Mapping[str, str]
    balance: int


def accounts(*, viewer: Actor, at: datetime) -> list[AccountRow]:
    """The accounts that the viewer sees, the highest balance first; all of them together are zero for who sees all."""
    sight = sight_of(viewer, day_of(at))
    if not policy.may_use_settlement(viewer):
        return []
    totals: dict[str, AccountRow] = {}
    for name, sign in (("credit", 1), ("debit", -1)):
        rows = LedgerEntry.objects.all() if sight.sees_all_links else LedgerEntry.objects.filter(
            **{f"{name}__in": sight.own}
        )  # fmt: skip
        said = rows.values_list(f"{name}__public_id", f"{name}__number", f"{name}__name")
        for public_id, number, called, points in said.annotate(total=Sum("points")).order_by():
            before = totals[public_id].balance if public_id in totals else 0
            totals[public_id] = AccountRow(public_id, number, called, before + sign * points)
    return sorted(totals.values(), key=lambda one: (-one.balance, one.number))


def claims_to_answer(*, viewer: Actor, at: datetime) -> list[SettlementClaim]:
    """The open claims that the viewer's parties are to answer, the oldest first. One query beside those of his sight;
    none where the installation has no points."""
    if not policy.may_use_settlement(viewer):
        return []
    sight = sight_of(viewer, day_of(at))
    if not sight.own:
        return []
    rows = SettlementClaim.objects.filter(state=ClaimState.OPEN, terms__link__supplier__in=sight.own)
    found = rows.select_related(*_CLAIM).order_by("made_at", "pk")[:MOST_CLAIMS]
    return [one for one in found if policy.may_answer_claim(sight.standing, one)]


def claims_to_decide(*, viewer: Actor, at: datetime) -> list[SettlementClaim]:
    """The disputed and tripped claims about which the viewer decides, the oldest first."""
    if not policy.may_use_settlement(viewer) or viewer.person is None:
        return []
    rows = SettlementClaim.objects.filter(state__in=sorted(BEFORE_ARBITER))
    if not sight_of(viewer, day_of(at)).standing.edits_all:
        rows = rows.filter(terms__arbiter=viewer.person)
    found = rows.select_related(*_CLAIM).order_by("breached_at", "pk")[:MOST_CLAIMS]
    return [one for one in found if _may_rule(viewer, at, one)]


def is_settled(*, viewer: Actor, at: datetime, link: str) -> bool:
    """Whether points were ever agreed on a link (public id) and the viewer may see them. Few queries where not."""
    if not policy.may_use_settlement(viewer):
        return False
    ever = LinkSettlement.objects.filter(link__public_id=link, agreed_at__isnull=False)
    named = ever.select_related(*_TERMS).order_by("-agreed_at", "-pk").first()
    if named is None:
        return False
    return policy.may_see_settlement(
        sight_of(viewer, day_of(at)), named.link, named if named.ended_at is None else None
    )


def balance_of_party(*, viewer: Actor, at: datetime, party: str) -> int | None:
    """The balance of a party (public id) that the viewer sees; None where it has no entries, and for who may not see
    its account."""
    if not policy.may_use_settlement(viewer):
        return None
    # Each by itself: with "or" between them a database looks through the whole ledger.
    if not any(LedgerEntry.objects.filter(**{f"{side}__public_id": party}).exists() for side in ("credit", "debit")):
        return None
    try:
        return account(viewer=viewer, at=at, party=party).balance
    except NotFound:
        return None


def _of_party(party: int) -> QuerySet[LedgerEntry]:
    return LedgerEntry.objects.filter(Q(credit=party) | Q(debit=party))


def _balance(entries: QuerySet[LedgerEntry], party: int) -> int:
    """What came in less what went out."""
    found: Any = [
        entries.filter(**{side: party}).aggregate(points=Sum("points"))["points"] or 0 for side in ("credit", "debit")
    ]
    return int(found[0] - found[1])
