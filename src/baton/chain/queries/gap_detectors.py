"""The detectors of gaps, one function each; :class:`baton.chain.rules.Detector` says what each finds.

They work on sets that are read once (:mod:`baton.chain.queries.gap_facts`) and ask the database nothing themselves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from baton.chain.queries.chains import LinkFact, OutputFact
from baton.chain.queries.gap_facts import About, ChainFacts, about_party, undeclared_pairs
from baton.chain.queries.graph import circle, customers_of, reached, strong_components, suppliers_of
from baton.chain.rules import (
    OUTSIDE,
    OUTSIDE_CUSTOMERS,
    PAIR_DETECTORS,
    Detector,
    Finding,
    PartyKind,
    Sourcing,
    finding,
    gap_subject,
)

DAY_SECONDS = 86400


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that nobody has made clear.

    ``about`` are the records that its sentence names, in the detector's order; ``paths`` of the parties that it
    concerns. ``weight`` counts what speaks for it: links, handovers or quiet days, as the detector says. ``first`` and
    ``last`` are the first and the last handover where an event log shows any. ``unseen`` is what of the weight is not
    for the reader to know.
    """

    detector: Detector
    key: str
    about: tuple[About, ...]
    paths: frozenset[str]
    weight: int = 0
    first: datetime | None = None
    last: datetime | None = None
    unseen: int = 0

    @property
    def shown_weight(self) -> int:
        """The weight as the reader may know it."""
        return self.weight - self.unseen

    @property
    def subject(self) -> str:
        """Id under which people talk about it."""
        return gap_subject(self.detector, self.key)

    @property
    def from_log(self) -> bool:
        """Whether only an event log shows it."""
        return self.detector in PAIR_DETECTORS

    @property
    def is_empty(self) -> bool:
        """Whether nothing speaks for it: two parties without a link, of which somebody may say that it is right so."""
        return self.from_log and not self.weight


def pair_key(supplier: str, customer: str) -> str:
    """The key of a gap between two parties, from their public ids."""
    return f"{supplier}.{customer}"


def _of(facts: ChainFacts, parties: Iterable[int]) -> frozenset[str]:
    return frozenset(facts.parties[party].path for party in parties)


def _link(facts: ChainFacts, link: LinkFact) -> tuple[About, ...]:
    """The link under the name of its output, supplier, customer."""
    output = facts.outputs.get(link.output)
    about = About("link", link.public_id, link.number, output.name if output is not None else {})
    return about, about_party(facts.parties[link.supplier]), about_party(facts.parties[link.customer])


def _output(output: OutputFact) -> About:
    return About("output", output.public_id, output.number, output.name)


def _handing_over(facts: ChainFacts) -> dict[int, list[LinkFact]]:
    """Links by output."""
    found: dict[int, list[LinkFact]] = defaultdict(list)
    for link in facts.links.values():
        if link.output in facts.outputs:
            found[link.output].append(link)
    return found


def _output_without_owner(facts: ChainFacts) -> Iterator[Gap]:
    """Weight: links that hand it over."""
    for output, links in _handing_over(facts).items():
        if not facts.accountable.get(output):
            about, suppliers = _output(facts.outputs[output]), {link.supplier for link in links}
            yield Gap(
                Detector.OUTPUT_WITHOUT_OWNER, about.public_id, (about,), _of(facts, suppliers), weight=len(links)
            )


def _output_with_two_owners(facts: ChainFacts) -> Iterator[Gap]:
    """Weight: parties that answer for it."""
    for output, parties in facts.accountable.items():
        if len(parties) > 1 and output in facts.outputs:
            about = _output(facts.outputs[output])
            named = (about, *(about_party(facts.parties[party]) for party in parties))
            yield Gap(Detector.OUTPUT_WITH_TWO_OWNERS, about.public_id, named, _of(facts, parties), weight=len(parties))


def _hands_over(facts: ChainFacts) -> set[str]:
    """Public ids of the parties that hand something over, themselves or by what stands in them."""
    suppliers = {link.supplier for link in facts.links.values()}
    return {public_id for party in suppliers for public_id in facts.parties[party].path.strip("/").split("/")}


def _party_without_customer(facts: ChainFacts) -> Iterator[Gap]:
    """Who stands in a role, its deputy say, serves whom the role serves."""
    serving = _hands_over(facts)
    in_roles = serving & {one.public_id for one in facts.parties.values() if one.party_kind is PartyKind.ROLE}
    for party in facts.parties.values():
        inside = party.party_kind not in OUTSIDE and party.party_kind is not PartyKind.PERSON
        if inside and party.public_id not in serving and in_roles.isdisjoint(party.above):
            named = (about_party(party),)
            yield Gap(Detector.PARTY_WITHOUT_CUSTOMER, party.public_id, named, frozenset({party.path}))


def _person_without_customer(facts: ChainFacts) -> Iterator[Gap]:
    """Who belongs to a team belongs to what the team stands in, and serves whom that serves."""
    for person, about in facts.people.items():
        paths = _of(facts, facts.belongs.get(person, ()))
        yield Gap(Detector.PERSON_WITHOUT_CUSTOMER, about.public_id, (about,), paths)


def _link_without_need(facts: ChainFacts) -> Iterator[Gap]:
    """A party leads outside when it is an outside customer, or hands something to one that leads outside, or something
    for which somebody outside has said what he needs. What a whole gets is for its parts, and what a part gets is for
    its whole: a shift that hands over to the next one works for those whom the ward serves."""
    outside = {pk for pk, party in facts.parties.items() if party.party_kind in OUTSIDE_CUSTOMERS}
    naming = {link.supplier for link in facts.links.values() if link.need in facts.needs}
    suppliers = suppliers_of(customers_of(facts.pairs))
    alone = reached(suppliers, outside | naming)
    leading = reached(suppliers, alone | _wholes_and_parts(facts, alone))
    for link in facts.links.values():
        if link.need not in facts.needs and link.customer not in leading:
            yield Gap(
                Detector.LINK_WITHOUT_NEED,
                link.public_id,
                _link(facts, link),
                _of(facts, (link.supplier, link.customer)),
            )


def _wholes_and_parts(facts: ChainFacts, parties: Set[int]) -> set[int]:
    """What these parties stand in, and what stands in them."""
    ids = {facts.parties[party].public_id for party in parties}
    above = {public_id for party in parties for public_id in facts.parties[party].above[:-1]}
    return {
        pk for pk, party in facts.parties.items() if party.public_id in above or not ids.isdisjoint(party.above[:-1])
    }


def _accidental_single_source(facts: ChainFacts) -> Iterator[Gap]:
    """By customer and output: another supplier of the same output is a second source for him alone. One inside is a
    gap only where somebody has called it accidental: who does the work inside, the organisation has decided."""
    sources: dict[tuple[int, int], list[LinkFact]] = defaultdict(list)
    for link in facts.links.values():
        sources[(link.customer, link.output)].append(link)
    for links in sources.values():
        only = links[0]
        outside = facts.parties[only.supplier].party_kind is PartyKind.OUTSIDE_SUPPLIER
        undecided = only.sourcing == Sourcing.ACCIDENTAL or (outside and only.sourcing != Sourcing.CHOSEN)
        if undecided and len({link.supplier for link in links}) == 1:
            ends = (only.supplier, only.customer)
            yield Gap(Detector.ACCIDENTAL_SINGLE_SOURCE, only.public_id, _link(facts, only), _of(facts, ends))


def _cycle(facts: ChainFacts) -> Iterator[Gap]:
    """One for each set of parties that all reach each other; it names one circle among them. Weight: its parties."""
    edges = customers_of(facts.pairs)
    for component in strong_components(edges):
        around = circle(edges, component) if len(component) > 2 else []
        if around:
            named = sorted(facts.parties[party].public_id for party in component)
            key = named[0] + "." + sha256(".".join(named).encode()).hexdigest()[:24]
            abouts = tuple(about_party(facts.parties[party]) for party in around)
            yield Gap(Detector.CYCLE, key, abouts, _of(facts, component), weight=len(component))


def _between(facts: ChainFacts) -> Callable[[int, int], list[int]]:
    """For a supplier and a customer: the parties over which agreed links lead from one to the other in two steps."""
    customers = customers_of(facts.pairs)
    suppliers = suppliers_of(customers)

    def over(supplier: int, customer: int) -> list[int]:
        return sorted(customers.get(supplier, set()) & suppliers.get(customer, set()))

    return over


def _pair(facts: ChainFacts, detector: Detector, ends: tuple[int, int], over: Iterable[int]) -> Gap:
    """Weight: handovers. Names supplier, customer, and whom the work goes past."""
    seen, named = facts.mined[ends], [about_party(facts.parties[party]) for party in (*ends, *over)]
    key = pair_key(named[0].public_id, named[1].public_id)
    return Gap(detector, key, tuple(named), _of(facts, ends), seen.handovers, seen.first, seen.last)


def _undeclared(facts: ChainFacts) -> Iterator[Gap]:
    over = _between(facts)
    for ends in undeclared_pairs(facts.pairs, facts.mined):
        if not over(*ends):
            yield _pair(facts, Detector.UNDECLARED, ends, ())


def _bypass(facts: ChainFacts) -> Iterator[Gap]:
    over = _between(facts)
    for ends in undeclared_pairs(facts.pairs, facts.mined):
        if past := over(*ends):
            yield _pair(facts, Detector.BYPASS, ends, past[:3])


def _judged(facts: ChainFacts) -> Iterator[tuple[LinkFact, Finding, float | None]]:
    """Links of which both ends appear in an accepted log, with what the logs say and the days of quiet at their end."""
    for link in facts.links.values():
        ends = (link.supplier, link.customer)
        both = [log for log in facts.logs if log.parties.issuperset(ends)]
        if both:
            seen, end = facts.mined.get(ends), max((log.end for log in both if log.end), default=None)
            quiet = (end - seen.last).total_seconds() / DAY_SECONDS if seen and seen.last and end else None
            yield link, finding(agreed=True, handovers=seen.handovers if seen else 0, quiet_days=quiet), quiet


def _missing(facts: ChainFacts) -> Iterator[Gap]:
    for link, found, _quiet in _judged(facts):
        if found is Finding.MISSING:
            yield Gap(Detector.MISSING, link.public_id, _link(facts, link), _of(facts, (link.supplier, link.customer)))


def _dead(facts: ChainFacts) -> Iterator[Gap]:
    """Weight: days from the last handover to the end of the logs."""
    for link, found, quiet in _judged(facts):
        if found is Finding.DEAD:
            ends = (link.supplier, link.customer)
            seen = facts.mined[ends]
            yield Gap(
                Detector.DEAD,
                link.public_id,
                _link(facts, link),
                _of(facts, ends),
                int(quiet or 0),
                seen.first,
                seen.last,
            )


DETECT: dict[Detector, Callable[[ChainFacts], Iterator[Gap]]] = {
    Detector.OUTPUT_WITHOUT_OWNER: _output_without_owner,
    Detector.OUTPUT_WITH_TWO_OWNERS: _output_with_two_owners,
    Detector.PARTY_WITHOUT_CUSTOMER: _party_without_customer,
    Detector.PERSON_WITHOUT_CUSTOMER: _person_without_customer,
    Detector.LINK_WITHOUT_NEED: _link_without_need,
    Detector.ACCIDENTAL_SINGLE_SOURCE: _accidental_single_source,
    Detector.CYCLE: _cycle,
    Detector.UNDECLARED: _undeclared,
    Detector.MISSING: _missing,
    Detector.DEAD: _dead,
    Detector.BYPASS: _bypass,
}
