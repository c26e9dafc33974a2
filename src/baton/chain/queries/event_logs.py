"""What pages need to know of event logs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

from django.db.models import Count, F, OrderBy, Q, QuerySet

from baton.chain import policy
from baton.chain.models import EventLog, Link, LogParty, MinedPair, Party
from baton.chain.models.parties import PARTY_KINDS
from baton.chain.rules import MAP_EDGES, Finding, LogState, PartyKind, finding
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.errors import NotFound
from baton.core.policy import demand
from baton.core.queries import records_by_key
from baton.core.texts import visible

ORDERS = {
    "handovers": "handovers",
    "cases": "cases",
    "returns": "returns",
    "median": "median_wait_seconds",
    "p90": "p90_wait_seconds",
    "last": "last_seen",
    "supplier": "supplier",
    "customer": "customer",
}


def event_logs(*, viewer: Actor) -> QuerySet[EventLog]:
    """All logs that were not withdrawn, the newest first."""
    demand(policy.may_see_event_logs(viewer))
    return EventLog.objects.exclude(state=LogState.WITHDRAWN).order_by("-recorded_at")


def event_log(*, viewer: Actor, public_id: str, withdrawn: bool = False) -> EventLog:
    """One log; ``withdrawn``: also one that was taken back. NotFound where there is none or the viewer may not know."""
    if not policy.may_see_event_logs(viewer):
        raise NotFound
    log = EventLog.objects.filter(public_id=public_id).first()
    if log is None or (log.state == LogState.WITHDRAWN and not withdrawn):
        raise NotFound
    return log


def logs_that_hold_persons(*, viewer: Actor) -> list[EventLog]:
    """Logs that may hold the name of a person who is to be forgotten, the newest first.

    Those whose parties are persons: by name in pairs and names, or under pseudonyms, while the stored file still says
    who they are. And those of which nobody has said yet what their columns mean.
    """
    rows = event_logs(viewer=viewer)
    return list(rows.filter(Q(columns__party_kind=PartyKind.PERSON.value) | Q(state=LogState.UPLOADED)))


def mined_pairs(
    *, viewer: Actor, log: EventLog, search: str = "", at_least: int = 1, order: str = "-handovers"
) -> QuerySet[MinedPair]:
    """Pairs of a log whose supplier or customer contains ``search``, with ``at_least`` handovers."""
    demand(policy.may_see_event_logs(viewer))
    rows = log.pairs.filter(handovers__gte=at_least)
    if search:
        rows = rows.filter(Q(supplier__icontains=search) | Q(customer__icontains=search))
    return rows.order_by(*_ordered(order))


def _ordered(order: str) -> list[OrderBy | str]:
    """``handovers`` ascending, ``-handovers`` descending; ties by name; anything unknown: most handovers first."""
    column = ORDERS.get(order.removeprefix("-"))
    if column is None:
        return ["-handovers", "supplier", "customer"]
    by = F(column).desc(nulls_last=True) if order.startswith("-") else F(column).asc(nulls_last=True)
    return [by, "supplier", "customer"]


def linked_pairs(*, viewer: Actor, at: datetime, log: EventLog) -> dict[tuple[str, str], Link]:
    """The pairs of names of a log between which there is a link in force, with that link."""
    names: dict[int, list[str]] = {}
    for value, party in matched(viewer=viewer, log=log).items():
        names.setdefault(party.pk, []).append(value)
    links = Link.objects.filter(policy.in_force(day_of(at)), supplier__in=names, customer__in=names)
    return {pair: link for link in links for pair in product(names[link.supplier_id], names[link.customer_id])}


def names_of(*, viewer: Actor, log: EventLog, unmatched_only: bool = False) -> QuerySet[LogParty]:
    """Names of a log, those who hand over and receive most first."""
    demand(policy.may_see_event_logs(viewer))
    rows = log.names.select_related("party").order_by("-handovers", "value")
    return rows.filter(party__isnull=True) if unmatched_only else rows


def matched(*, viewer: Actor, log: EventLog) -> dict[str, Party]:
    """Name in the log -> party, for the names that are known."""
    rows = names_of(viewer=viewer, log=log).filter(party__isnull=False)
    return {row.value: row.party for row in rows if row.party is not None}


@dataclass(frozen=True, slots=True)
class Compared:
    """One pair in the comparison of the mined with the agreed chain.

    ``supplier`` and ``customer`` are names for people; ``pair`` is the row of the log (of several, where a party has
    several names in it, the one with most handovers), ``link`` the agreed link; one of the two may be missing.
    ``quiet_days`` are the days from the last handover to the end of the log.
    """

    finding: Finding
    supplier: str
    customer: str
    handovers: int
    last_seen: datetime | None
    quiet_days: float | None
    pair: MinedPair | None
    link: Link | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole comparison. ``not_judged`` links have an end that does not appear in the log."""

    rows: tuple[Compared, ...]
    not_judged: int

    def count(self, of: Finding) -> int:
        """How many pairs have this finding."""
        return sum(row.finding == of for row in self.rows)

    def counts(self) -> dict[str, int]:
        """Number of pairs by finding."""
        return {kind.value: self.count(kind) for kind in Finding}


def comparison(*, viewer: Actor, at: datetime, log: EventLog) -> Comparison:
    """The mined chain against the links of the agreed chain that are in force. Three queries, whatever the size.

    Names that are one party count together, and work between two of them is no handover, as in the facts.
    """
    parties = matched(viewer=viewer, log=log)
    names = {value: str(party) for value, party in parties.items()}
    ends = {value: party.pk for value, party in parties.items()}
    pairs: dict[_Ends, list[MinedPair]] = {}
    for pair in log.pairs.order_by("-handovers", "pk"):
        key = (ends.get(pair.supplier, pair.supplier), ends.get(pair.customer, pair.customer))
        if key[0] != key[1]:
            pairs.setdefault(key, []).append(pair)
    end = max((pair.last_seen for same in pairs.values() for pair in same if pair.last_seen), default=None)
    rows: list[Compared] = []
    not_judged = 0
    agreed: set[_Ends] = set()
    known = set(ends.values())
    for link in Link.objects.filter(policy.in_force(day_of(at))).select_related("supplier", "customer", "output"):
        if link.supplier_id not in known or link.customer_id not in known:
            not_judged += 1
            continue
        agreed.add((link.supplier_id, link.customer_id))
        found = pairs.get((link.supplier_id, link.customer_id), [])
        rows.append(_compared(found, link, str(link.supplier), str(link.customer), end))
    for key, found in pairs.items():
        if key not in agreed:
            opposite = (key[1], key[0])
            sent_back = sum(pair.returns for pair in pairs.get(opposite, [])) if opposite in agreed else 0
            supplier, customer = (names.get(value, value) for value in (found[0].supplier, found[0].customer))
            rows.append(_compared(found, None, supplier, customer, end, sent_back))
    rows.sort(key=lambda row: (_ORDER.index(row.finding), -row.handovers, row.supplier, row.customer))
    return Comparison(tuple(rows), not_judged)


# The two sides of a pair: the key of the party where the name is known, else the name.
_Ends = tuple[int | str, int | str]
_ORDER = (Finding.UNDECLARED, Finding.MISSING, Finding.DEAD, Finding.WAY_BACK, Finding.KEPT)


def _compared(
    pairs: Sequence[MinedPair],
    link: Link | None,
    supplier: str,
    customer: str,
    end: datetime | None,
    sent_back: int = 0,
) -> Compared:
    last = max((pair.last_seen for pair in pairs if pair.last_seen), default=None)
    quiet = (end - last).total_seconds() / 86400 if end and last else None
    handovers = sum(pair.handovers for pair in pairs)
    said = finding(agreed=link is not None, handovers=handovers, sent_back=sent_back, quiet_days=quiet)
    return Compared(said, supplier, customer, handovers, last, quiet, pairs[0] if pairs else None, link)


def mined_graph(
    *, viewer: Actor, at: datetime, log: EventLog, at_least: int = 1, most: int = MAP_EDGES
) -> dict[str, Any]:
    """Nodes and edges of the map of a mined chain: the ``most`` frequent pairs; ``left_out`` counts the others."""
    rows = mined_pairs(viewer=viewer, log=log, at_least=at_least).select_related(None)
    total = rows.count()
    parties = matched(viewer=viewer, log=log)
    live = {
        (link.supplier_id, link.customer_id): link.public_id
        for link in Link.objects.filter(policy.in_force(day_of(at))).only("supplier_id", "customer_id", "public_id")
    }
    nodes: dict[str, dict[str, Any]] = {}
    edges = []
    for pair in rows[:most]:
        ends = (parties.get(pair.supplier), parties.get(pair.customer))
        if ends[0] is not None and ends[0] == ends[1]:
            continue
        two = [
            _node(value, party, str(log.columns.get("party_kind", "team")))
            for value, party in zip((pair.supplier, pair.customer), ends, strict=True)
        ]
        nodes |= {node["id"]: node for node in two}
        link = live.get((ends[0].pk, ends[1].pk)) if ends[0] and ends[1] else None
        edges.append(
            {
                "id": f"e{pair.pk}", "source": two[0]["id"], "target": two[1]["id"],
                "label": f"{pair.handovers:,}", "weight": pair.handovers, "status": "",
                "style": "agreed" if link else "mined", "href": f"/links/{link}/" if link else "",
            }
        )  # fmt: skip
    return {"nodes": list(nodes.values()), "edges": edges, "left_out": max(total - most, 0)}


def _node(value: str, party: Party | None, kind: str) -> dict[str, Any]:
    if party is None:
        shown = str(PARTY_KINDS[PartyKind(kind)]) if kind in set(PartyKind) else kind
        return {"id": f"n:{value}", "label": visible(value), "kind": shown, "shape": kind, "href": "", "status": ""}
    return {
        "id": f"p:{party.public_id}", "label": str(party), "kind": party.get_party_kind_display(),
        "shape": party.party_kind, "href": f"/parties/{party.public_id}/", "status": "",
    }  # fmt: skip


def parties_by_name(*, viewer: Actor, values: Collection[str], system: str = "") -> dict[str, int]:
    """Primary key of the party that a name of a log surely means, by name.

    In this order: the key that the party has in ``system``, its own code, its key in any system where none is named,
    its name in any language. Where one of these means several parties, none of them is meant.
    """
    demand(policy.may_see_event_logs(viewer))
    codes: dict[str, set[int]] = {}
    names: dict[str, set[int]] = {}
    ids: dict[str, int] = {}
    rows = Party.objects.filter(ended_on__isnull=True).values_list("pk", "public_id", "code", "name")
    for pk, public_id, code, name in rows:
        ids[public_id] = pk
        codes.setdefault(code or "", set()).add(pk)
        for text in (name or {}).values():
            names.setdefault(text, set()).add(pk)
    known = records_by_key(viewer=viewer, kind=Party.kind, keys=values, system=system)
    keys = {key: {ids[one] for one in public_ids if one in ids} for key, public_ids in known.items()}
    order = (keys, codes, names) if system else (codes, keys, names)
    found: dict[str, int] = {}
    for value in filter(None, values):
        alike = next((same[value] for same in order if same.get(value)), set())
        if len(alike) == 1:
            found[value] = next(iter(alike))
    return found


def summary(*, viewer: Actor, log: EventLog) -> dict[str, int]:
    """How many names are matched, and how many there are."""
    counted = names_of(viewer=viewer, log=log).order_by().aggregate(all=Count("pk"), known=Count("party"))
    return {"names": counted["all"], "matched": counted["known"]}
