"""The whole chain on one day, as the detectors of gaps look at it, with who belongs to it and what event logs show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from baton.chain import policy
from baton.chain.models import LogParty, Membership, MinedPair, Party, Responsibility
from baton.chain.queries.chains import LinkFact, OutputFact, PartyFact, chain_version, whole_chain
from baton.chain.rules import Finding, LogState, Responsible, finding
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.queries import colleagues
from baton.core.rules import Role
from baton.core.texts import Texts
from baton.core.versions import Memory, version_of


class About(NamedTuple):
    """A record that a gap is about. ``kind`` is that of the record: party, link, output, person."""

    kind: str
    public_id: str
    number: str
    name: Texts


@dataclass(slots=True)
class Mined:
    """What accepted event logs show of a supplier and a customer, over all logs together."""

    handovers: int = 0
    returns: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def add(self, handovers: int, returns: int, first: datetime | None, last: datetime | None) -> None:
        self.handovers += handovers
        self.returns += returns
        self.first = min(filter(None, (self.first, first)), default=None)
        self.last = max(filter(None, (self.last, last)), default=None)


@dataclass(slots=True)
class LogFact:
    """An accepted event log: the live parties that appear in it, and its last handover."""

    parties: set[int] = field(default_factory=set)
    end: datetime | None = None


def about_party(party: PartyFact) -> About:
    """The party as a gap names it."""
    return About("party", party.public_id, party.number, party.name)


@dataclass
class ChainFacts:
    """Everything that is live on a day, by primary key.

    ``accountable`` maps an output to the parties that answer for it. ``people`` are those who may sign in, are no
    guests and belong to nothing that hands over anything; ``belongs`` maps each to the parties that he is part of.
    ``mined`` holds the pairs of accepted logs by (supplier, customer).
    """

    day: date
    parties: Mapping[int, PartyFact]
    links: Mapping[int, LinkFact]
    outputs: dict[int, OutputFact]
    accountable: dict[int, list[int]]
    needs: frozenset[int]
    people: dict[int, About]
    belongs: dict[int, set[int]]
    logs: list[LogFact]
    mined: dict[tuple[int, int], Mined]

    @cached_property
    def pairs(self) -> set[tuple[int, int]]:
        """(supplier, customer) between whom there is a live link."""
        return {(link.supplier, link.customer) for link in self.links.values()}


def chain_facts(*, viewer: Actor, day: date) -> ChainFacts:
    """The chain for the detectors; what of it ``viewer`` may know is decided gap by gap. At most twelve queries."""
    chain = whole_chain(day)
    people, belongs = _people(viewer, day, chain.parties, _serving(chain.parties, chain.links))
    logs, mined = _accepted_logs(day)
    return ChainFacts(
        day=day,
        parties=chain.parties,
        links=chain.links,
        outputs={pk: output for pk, output in chain.outputs.items() if output.live},
        accountable=_accountable(day, chain.parties),
        needs=chain.needs,
        people=people,
        belongs=belongs,
        logs=logs,
        mined=mined,
    )


def mined_without_link(
    *, viewer: Actor, at: datetime, linked: Collection[tuple[int, int]]
) -> dict[tuple[int, int], Mined]:
    """What accepted event logs show between live parties that are not ``linked``, as far as the viewer may see event
    logs or leads one of the two. Five queries."""
    day = day_of(at)
    standing = policy.standing_of(viewer, day)
    if standing.is_guest or viewer.is_anonymous:
        return {}
    parties = whole_chain(day).parties
    _found, mined = _accepted_logs(day)
    return {
        ends: mined[ends]
        for ends in undeclared_pairs(linked, mined)
        if policy.may_see_gap(standing, [parties[end].path for end in ends], from_log=True)
    }


def undeclared_pairs(
    linked: Collection[tuple[int, int]], mined: Mapping[tuple[int, int], Mined]
) -> Iterator[tuple[int, int]]:
    """Pairs that hand work over without a link, and not merely back along one."""
    for (supplier, customer), seen in mined.items():
        back = mined.get((customer, supplier))
        sent_back = back.returns if back is not None and (customer, supplier) in linked else 0
        agreed = (supplier, customer) in linked
        if finding(agreed=agreed, handovers=seen.handovers, sent_back=sent_back) is Finding.UNDECLARED:
            yield supplier, customer


def _accountable(day: date, parties: Mapping[int, PartyFact]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    held = Responsibility.objects.filter(policy.in_force(day), responsible=Responsible.ACCOUNTABLE)
    for output, party in held.order_by("pk").values_list("output_id", "party_id"):
        if party in parties and party not in found[output]:
            found[output].append(party)
    return found


def _serving(parties: Mapping[int, PartyFact], links: Mapping[int, LinkFact]) -> frozenset[int]:
    """The parties whose people serve somebody: they hand something over, or what they stand in does, or what stands in
    them."""
    paths = {parties[link.supplier].path for link in links.values()}
    handing = {path.strip("/").split("/")[-1] for path in paths}
    holding = {public_id for path in paths for public_id in path.strip("/").split("/")}
    return frozenset(
        pk for pk, party in parties.items() if party.public_id in holding or not handing.isdisjoint(party.above)
    )


def _people(
    viewer: Actor, day: date, parties: Mapping[int, PartyFact], serving: frozenset[int]
) -> tuple[dict[int, About], dict[int, set[int]]]:
    """Who may sign in, is no guest and belongs to none of ``serving``, and what each is part of. The database leaves
    out the others, who are nearly all."""
    everybody = colleagues(viewer=viewer).order_by()
    guests = everybody.filter(organisation_roles__role=Role.GUEST, organisation_roles__ended_at__isnull=True)
    members = Membership.objects.filter(policy.in_force(day), party__in=serving).values("person_id")
    themselves = Party.objects.filter(pk__in=serving, person__isnull=False).values("person_id")
    without = everybody.exclude(pk__in=guests.values("pk")).exclude(pk__in=members).exclude(pk__in=themselves)
    rows = without.values_list("pk", "public_id", "name")
    people = {pk: About("person", public_id, "", name) for pk, public_id, name in rows}
    belongs: dict[int, set[int]] = defaultdict(set)
    concerned = without.values("pk")
    held = Membership.objects.filter(policy.in_force(day), person__in=concerned).values_list("person_id", "party_id")
    himself = Party.objects.filter(policy.in_force(day), person__in=concerned).values_list("person_id", "pk")
    for person, party in (*held, *himself):
        if party in parties:
            belongs[person].add(party)
    return people, belongs


Logs = tuple[list[LogFact], dict[tuple[int, int], Mined]]
_LOGS: Memory[Logs] = Memory(most=2)


def _accepted_logs(day: date) -> Logs:
    """Accepted logs together, read anew when one of them or the chain changes."""
    key = (version_of("chain.EventLog"), chain_version(), day)
    return _LOGS.get(key, lambda: _logs(whole_chain(day).parties))


def _logs(parties: Mapping[int, PartyFact]) -> Logs:
    """Names that are one party count together, and work between two of them is no handover."""
    accepted = {"log__state": LogState.ACCEPTED}
    names: dict[int, dict[str, int]] = defaultdict(dict)
    known = LogParty.objects.filter(**accepted, party__isnull=False).values_list("log_id", "value", "party_id")
    for log, value, party in known:
        if party is not None and party in parties:
            names[log][value] = party
    logs = {log: LogFact(set(of.values())) for log, of in names.items()}
    mined: dict[tuple[int, int], Mined] = defaultdict(Mined)
    pairs = MinedPair.objects.filter(**accepted, log__in=logs).values_list(
        "log_id", "supplier", "customer", "handovers", "returns", "first_seen", "last_seen"
    )
    for log, supplier, customer, handovers, returns, first, last in pairs.iterator(chunk_size=5000):
        ends = names[log].get(supplier, 0), names[log].get(customer, 0)
        fact = logs[log]
        fact.end = max(filter(None, (fact.end, last)), default=None)
        if all(ends) and ends[0] != ends[1]:
            mined[ends].add(handovers, returns, first, last)
    return list(logs.values()), dict(mined)
