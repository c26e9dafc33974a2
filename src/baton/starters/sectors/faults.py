"""What the entries of a sector must be to each other: nothing unknown, nothing twice, everybody with a customer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from baton.chain.rules import OUTSIDE, OUTSIDE_CUSTOMERS, TREE_DEPTH, PartyKind, Responsible, Sourcing, Stage
from baton.starters.sectors import walking
from baton.starters.sectors.clauses import in_clauses
from baton.starters.sectors.rules import (
    LANGUAGES,
    RATER,
    Dimension,
    Factor,
    Link,
    OutsideNeed,
    Party,
    Promised,
    Sector,
    SectorError,
)
from baton.starters.sectors.sources import SOURCES
from baton_analysis.errors import gettext_noop


def faults(sector: Sector) -> Iterator[SectorError]:
    """Everything that is wrong with a sector, first what would make the rest meaningless. Where a code is unknown or
    stands twice, or the tree runs in a circle, what follows is not looked at."""
    for stage in ((_twice, _unknown), (_tree,), (_chain, _links, _responsibilities, _kept_for_later, in_clauses)):
        found = [fault for looked_at in stage for fault in looked_at(sector)]
        yield from found
        if found:
            return


def _fault(
    sector: Sector, table: str, entry: str, expected: str, found: str, remedy: str, **values: object
) -> SectorError:
    return SectorError(
        file=sector.file, table=table, entry=entry, expected=expected, found=found, remedy=remedy, **values
    )  # fmt: skip


def _twice(sector: Sector) -> Iterator[SectorError]:
    tables: dict[str, Iterable[str]] = {
        "party": (party.code for party in sector.parties),
        "output": (output.item for output in sector.outputs),
        "need": (need.code for need in sector.needs),
        "link": (walking.called(link) for link in sector.links),
        "promise": (promise.promised for promise in sector.promises),
        "survey": (item.code for item in sector.survey),
        "check": (item.code for item in sector.checks),
        "note": (note.code for note in sector.notes),
        **{f"output, {language}": [output.name[language] for output in sector.outputs] for language in LANGUAGES},
        **{f"party, {language}": [party.name[language] for party in sector.parties] for language in LANGUAGES},
    }
    for table, names in tables.items():
        for name, times in Counter(names).items():
            if times > 1:
                yield _fault(
                    sector, table, name, gettext_noop("Expected every entry once."),
                    gettext_noop("Found it {times} times."),
                    gettext_noop("Leave one, or give the other a code or name of its own."), times=times,
                )  # fmt: skip


def _unknown(sector: Sector) -> Iterator[SectorError]:
    parties = {party.code for party in sector.parties}
    outputs = {output.item for output in sector.outputs}
    needs = {need.code for need in sector.needs}
    named: list[tuple[str, str, str, str, Collection[str]]] = []
    for party in sector.parties:
        named += [("party", party.code, "parent", party.parent, parties | {""})]
        named += [("party", party.code, "deputy_of", party.deputy_of, parties | {""})]
    named += [("output", said.output, said.responsible, said.party, parties) for said in sector.responsibilities]
    named += [("need", need.code, "whose", need.whose, parties) for need in sector.needs]
    for link in sector.links:
        sides = (("suppliers", link.supplier), ("customers", link.customer))
        named += [("link", walking.called(link), key, code, parties) for key, code in sides]
        named += [("link", walking.called(link), "output", link.output, outputs)]
        named += [("link", walking.called(link), "need", link.need, needs)]
    named += [("promise", promise.promised, "output", promise.output, outputs) for promise in sector.promises]
    named += [("check", item.code, "party", item.party, parties) for item in sector.checks]
    named += [("check", item.code, "source", item.source, SOURCES.keys() | {""}) for item in sector.checks]
    named += [("note", note.code, "source", note.source, SOURCES.keys() | {""}) for note in sector.notes]
    for table, entry, key, code, known in named:
        if code not in known:
            yield _fault(
                sector, table, entry, gettext_noop("Expected as {key} a code that this file knows."),
                gettext_noop("Found {value}."), gettext_noop("Correct the code, or add what it names."), key=key,
                value=repr(code),
            )  # fmt: skip


def _tree(sector: Sector) -> Iterator[SectorError]:
    """One top, no circles, inside and outside apart, deputies of roles."""
    by_code = {party.code: party for party in sector.parties}
    for party in sector.parties:
        above = walking.above(sector, party)
        if above is None:
            yield _fault(
                sector, "party", party.code, gettext_noop("Expected a tree of parties."),
                gettext_noop("Found that it stands under itself, directly or through others."),
                gettext_noop("Correct parent."),
            )  # fmt: skip
        elif len(above) >= TREE_DEPTH:
            yield _fault(
                sector, "party", party.code, gettext_noop("Expected at most {most} levels."),
                gettext_noop("Found {levels}."), gettext_noop("Let it stand further up."), most=TREE_DEPTH,
                levels=len(above) + 1,
            )  # fmt: skip
        if party.parent and by_code[party.parent].outside != party.outside:
            yield _fault(
                sector, "party", party.code, gettext_noop("Expected outside parties under outside parties only."),
                gettext_noop("Found {parent} above it."), gettext_noop("Correct parent or kind."), parent=party.parent,
            )  # fmt: skip
        if party.deputy_of and (
            party.kind is not PartyKind.ROLE or by_code[party.deputy_of].kind is not PartyKind.ROLE
            or party.deputy_of == party.code
        ):  # fmt: skip
            yield _fault(
                sector, "party", party.code, gettext_noop("Expected a role that stands in for another role."),
                gettext_noop("Found deputy_of {other}."), gettext_noop("Correct deputy_of or kind."),
                other=party.deputy_of,
            )  # fmt: skip
    tops = [party.code for party in sector.parties if not party.outside and not party.parent]
    if len(tops) != 1:
        yield _fault(
            sector, "party", ", ".join(tops) or "-",
            gettext_noop("Expected exactly one party of the organisation without parent: the organisation itself."),
            gettext_noop("Found {count}."), gettext_noop("Give the others a parent."), count=len(tops),
        )  # fmt: skip


def _chain(sector: Sector) -> Iterator[SectorError]:
    """Everybody has a customer, and the work of everybody reaches an outside customer."""
    serving = {link.supplier for link in sector.links}
    served = {link.customer for link in sector.links}
    reaching = walking.reaching_outside(sector)
    for party in sector.parties:
        if party.outside:
            yield from _outside_party(sector, party, serving, served)
            continue
        leaf = not any(sector.below(party.code))
        acting = party.deputy_of or party.code
        if leaf and acting not in serving:
            yield _fault(
                sector, "party", party.code, gettext_noop("Expected a link to a customer: everybody has one."),
                gettext_noop("Found none."), gettext_noop("Add a link with this party among the suppliers."),
            )  # fmt: skip
        elif acting not in reaching:
            yield _fault(
                sector, "party", party.code, gettext_noop("Expected a chain of links to an outside customer."),
                gettext_noop("Found that it ends within the organisation."),
                gettext_noop("Add the link that is missing after it."),
            )  # fmt: skip


def _outside_party(sector: Sector, party: Party, serving: set[str], served: set[str]) -> Iterator[SectorError]:
    """Suppliers supply; customers are served and want something, themselves or the group that they belong to."""
    family = {party.code, party.parent}
    if party.kind is PartyKind.OUTSIDE_SUPPLIER:
        if party.code not in serving:
            yield _fault(
                sector, "party", party.code, gettext_noop("Expected a link from this outside supplier."),
                gettext_noop("Found none."), gettext_noop("Add the link or leave the party out."),
            )  # fmt: skip
        return
    if not family & served:
        yield _fault(
            sector, "party", party.code, gettext_noop("Expected a link to this outside customer."),
            gettext_noop("Found none."), gettext_noop("Add the link or leave the party out."),
        )  # fmt: skip
    if not family & {need.whose for need in sector.needs}:
        yield _fault(
            sector, "party", party.code, gettext_noop("Expected a need in the words of this outside customer."),
            gettext_noop("Found none."), gettext_noop("Add one with this party as whose."),
        )  # fmt: skip


def _links(sector: Sector) -> Iterator[SectorError]:
    by_code = {party.code: party for party in sector.parties}
    needs = {need.code: need for need in sector.needs}
    for link in sector.links:
        sides = (by_code[link.supplier], by_code[link.customer])
        visible = any(side.kind in OUTSIDE_CUSTOMERS for side in sides)
        wrong = None
        if link.supplier == link.customer:
            wrong = (gettext_noop("Expected two parties."), gettext_noop("Name another customer."))
        elif all(side.outside for side in sides):
            wrong = (gettext_noop("Expected the organisation on one side."), gettext_noop("Correct the parties."))
        elif visible != (link.stage is Stage.FRONT):
            wrong = (
                gettext_noop("Expected stage front where an outside customer takes part, and back elsewhere."),
                gettext_noop("Correct stage."),
            )
        elif not _serves(sector, link, needs[link.need]):
            wrong = (
                gettext_noop("Expected a need of an outside customer whom this link reaches."),
                gettext_noop("Name another need, or add the link that is missing after it."),
            )
        elif (link.sourcing is Sourcing.CHOSEN) != (link.continuity is not None):
            wrong = (
                gettext_noop("Expected a continuity plan where a single source was chosen, and only there."),
                gettext_noop("Add or leave out continuity."),
            )
        elif link.sourcing and _sources(sector, link) > 1:
            wrong = (
                gettext_noop("Expected no other supplier of this output to the customer of a single source."),
                gettext_noop("Leave out sourcing."),
            )
        if wrong:
            yield _fault(
                sector, "link", walking.called(link), wrong[0],
                gettext_noop("Found stage {stage}, need {need}, sourcing {sourcing}."), wrong[1], stage=link.stage,
                need=link.need, sourcing=link.sourcing or "-",
            )  # fmt: skip


def _serves(sector: Sector, link: Link, need: OutsideNeed) -> bool:
    """Whether the chain leads from the link to whose need it is; what a customer brings serves his own needs."""
    family = {need.whose, sector.party(need.whose).parent} - {""}
    return bool(family & (walking.reached_from(sector, link.customer) | {link.customer, link.supplier}))


def _sources(sector: Sector, link: Link) -> int:
    """How many suppliers hand this output to this customer."""
    return sum(other.output == link.output and other.customer == link.customer for other in sector.links)


def _responsibilities(sector: Sector) -> Iterator[SectorError]:
    suppliers: dict[str, set[str]] = {}
    for link in sector.links:
        suppliers.setdefault(link.output, set()).add(link.supplier)
    for output in sector.outputs:
        said = [(one.responsible, one.party) for one in sector.responsibilities if one.output == output.item]
        owners = [party for raci, party in said if raci is Responsible.ACCOUNTABLE]
        doing = {party for raci, party in said if raci is Responsible.RESPONSIBLE}
        if len(owners) != 1:
            yield _fault(
                sector, "output", output.item, gettext_noop("Expected exactly one accountable party."),
                gettext_noop("Found {count}."), gettext_noop("Name one as accountable."), count=len(owners),
            )  # fmt: skip
        for owner in owners:
            if sector.party(owner).kind in OUTSIDE:
                yield _fault(
                    sector, "output", output.item,
                    gettext_noop("Expected an accountable party of the organisation."),
                    gettext_noop("Found {party}, which stands outside."),
                    gettext_noop("Name who answers for it inside; the party outside may be responsible."), party=owner,
                )  # fmt: skip
        if not doing:
            yield _fault(
                sector, "output", output.item, gettext_noop("Expected at least one responsible party."),
                gettext_noop("Found none."), gettext_noop("Name who does the work as responsible."),
            )  # fmt: skip
        if output.item not in suppliers:
            yield _fault(
                sector, "output", output.item, gettext_noop("Expected a link on which it is handed over."),
                gettext_noop("Found none."), gettext_noop("Add the link or leave the output out."),
            )  # fmt: skip
        for supplier in sorted(suppliers.get(output.item, set())):
            if not _takes_part(sector, supplier, doing | set(owners)):
                yield _fault(
                    sector, "output", output.item,
                    gettext_noop("Expected every supplier of it to be responsible or accountable."),
                    gettext_noop("Found {supplier} as supplier only."),
                    gettext_noop("Name the supplier, or a party under or above it, as responsible."),
                    supplier=supplier,
                )  # fmt: skip


def _takes_part(sector: Sector, supplier: str, named: set[str]) -> bool:
    below = {party.code for party in walking.within(sector, supplier)}
    return bool(named & (below | set(walking.above(sector, sector.party(supplier)) or ()) | {supplier}))


def _kept_for_later(sector: Sector) -> Iterator[SectorError]:
    """Needs that links serve, three promises with their links, every survey dimension, every factor of 5M1E."""
    used = {link.need for link in sector.links}
    for need in sector.needs:
        whose = sector.party(need.whose)
        if need.code not in used or whose.kind not in OUTSIDE_CUSTOMERS:
            yield _fault(
                sector, "need", need.code, gettext_noop("Expected a need of an outside customer that a link serves."),
                gettext_noop("Found whose {whose}, served by {count} links."),
                gettext_noop("Correct whose, or name the need on a link."), whose=need.whose,
                count=sum(link.need == need.code for link in sector.links),
            )  # fmt: skip
    yield from _missing(sector, "promise", Promised, {promise.promised for promise in sector.promises})
    for promise in sector.promises:
        links = [link for link in sector.links if link.output == promise.output]
        from_leader = [link for link in links if sector.party(link.supplier).kind is PartyKind.ROLE]
        if not links or len(from_leader) != len(links) or any(sector.party(one.customer).outside for one in links):
            yield _fault(
                sector, "promise", promise.promised,
                gettext_noop("Expected links of its output from the leader, a role, to staff of the organisation."),
                gettext_noop("Found {count} such links of {total}."), gettext_noop("Correct output, or add the link."),
                count=len(from_leader), total=len(links),
            )  # fmt: skip
    yield from _missing(sector, "survey", RATER, {item.dimension for item in sector.survey})
    yield from _missing(sector, "check", Factor, {item.factor for item in sector.checks})


def _missing(
    sector: Sector, table: str, expected: Iterable[Promised | Dimension | Factor], there: Collection[str]
) -> Iterator[SectorError]:
    for one in expected:
        if one not in there:
            yield _fault(
                sector, table, one, gettext_noop("Expected at least one entry of this kind."),
                gettext_noop("Found none."), gettext_noop("Add one."),
            )  # fmt: skip
