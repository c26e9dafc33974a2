"""A sector becomes parties, outputs, responsibilities, outside needs and links, through the doors that people use.

What is entered bears the code of the sector's file as an external key of the system ``starter:<code>``. A party whose
key is there was loaded before: neither it nor what was loaded between such parties is entered again, so that a link
which the organisation has ended since stays ended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings

from baton.chain import changes as chain
from baton.chain import queries
from baton.chain.rules import OutputKind, Responsible, Source
from baton.core.actors import Actor
from baton.core.audit.trail import change
from baton.core.changes import give_external_key
from baton.core.days import day_of
from baton.core.errors import Refused
from baton.core.queries import records_by_key
from baton.core.texts import Texts, folded, say
from baton.starters.changes.starting_values import begin_agreements
from baton.starters.sectors import sector as read_sector
from baton.starters.sectors.rules import LANGUAGES, Link, Output, Party, Promised, Sector
from baton_analysis.errors import gettext_noop

if TYPE_CHECKING:
    from baton.chain import models


@dataclass(frozen=True, slots=True)
class LoadedSector:
    """How many records of each kind were entered; all zero where everything was there already."""

    code: str
    parties: int = 0
    outputs: int = 0
    responsibilities: int = 0
    needs: int = 0
    links: int = 0
    agreements: int = 0

    def to_dict(self) -> dict[str, object]:
        """As ``baton starter load --json`` prints it."""
        return asdict(self)


def system_of(code: str) -> str:
    """The system whose external keys the records of a sector bear."""
    return f"starter:{code}"


def load_sector(
    *,
    by: Actor,
    at: datetime,
    code: str,
    languages: Collection[str] = LANGUAGES,
    under: models.Party | None = None,
    names: Mapping[str, Texts] | None = None,
    promises: Mapping[Promised, Texts] | None = None,
    left_out: Collection[str] = (),
    beside: bool = False,
    began_on: date | None = None,
    starting_values: bool = False,
) -> LoadedSector:
    """Enter the sector of that ``code``, all of it or nothing.

    ``languages`` are those of its texts that are entered; the organisation's own language always is. ``under`` is the
    party under which its own parties come to stand, at the top if None. ``names`` are the organisation's own names of
    parties by their code in the file, ``promises`` the leader's own words; ``left_out`` are codes of parties that the
    organisation does not have: what they give and receive is left out with them. All of it is there from ``began_on``
    on, which is today unless said otherwise and may lie in the past. With ``starting_values`` each link that has some
    gets the first draft of an agreement, in which they are examples.

    Refused where other parties are there already, unless ``beside`` says that the sector is to stand beside them.
    """
    found = read_sector(code)
    if not beside:
        _refuse_beside_others(by, at, found)
    with change(by=by, at=at):
        return _Loading(
            by, at, found, frozenset({*languages, settings.LANGUAGE_CODE}), under, names or {}, promises or {},
            frozenset(left_out), began_on or day_of(at), starting_values=starting_values,
        ).run()  # fmt: skip


def _refuse_beside_others(by: Actor, at: datetime, found: Sector) -> None:
    own = {public_id for ids in _loaded(by, found).values() for public_id in ids}
    others = [party for party in queries.parties_to_choose(viewer=by, at=at) if party.public_id not in own]
    if others:
        raise Refused(
            expected=gettext_noop("A sector is loaded into an installation without parties."),
            found=gettext_noop("Found {count} parties, such as “{example}”."),
            remedy=gettext_noop("Load it beside them if that is what you want (--beside); nothing of yours changes."),
            count=len(others),
            example=str(others[0]),
        )


def _loaded(by: Actor, found: Sector) -> dict[str, set[str]]:
    codes = [party.code for party in found.parties]
    return records_by_key(viewer=by, kind="party", keys=codes, system=system_of(found.code))


class _Loading:
    """One load: what was there, and what has been entered so far."""

    def __init__(
        self,
        by: Actor,
        at: datetime,
        found: Sector,
        languages: frozenset[str],
        under: models.Party | None,
        names: Mapping[str, Texts],
        promises: Mapping[Promised, Texts],
        left_out: frozenset[str],
        day: date,
        *,
        starting_values: bool,
    ) -> None:
        self.by, self.at, self.sector, self.languages = by, at, found, languages
        self.under, self.names, self.promises, self.left_out = under, names, promises, left_out
        self.day, self.starting_values = day, starting_values
        self.parties: dict[str, models.Party] = {}
        self.outputs: dict[str, models.Output] = {}
        self.needs: dict[str, models.OutsideNeed] = {}
        self.new: set[str] = set()
        self.new_outputs: set[str] = set()
        self.known: dict[str, models.Output] = {}

    def run(self) -> LoadedSector:
        self._parties()
        needs = self._needs()
        self.known = _by_spelling(queries.outputs_to_choose(viewer=self.by, at=self.at))
        links = [link for link in self.sector.links if self._is_wanted(link)]
        if links:
            chain.add_links_in_bulk(
                by=self.by, at=self.at, rows=[self._link(link) for link in links], source=Source.DECLARED,
                title=say(self.sector.name, settings.LANGUAGE_CODE),
            )  # fmt: skip
        begun = 0
        if self.starting_values:
            begun = len(begin_agreements(
                by=self.by, at=self.at, links=links, parties=self.parties, outputs=self.outputs,
                languages=self.languages,
            ))  # fmt: skip
        given = self._responsibilities()
        return LoadedSector(
            code=self.sector.code, parties=len(self.new), outputs=len(self.new_outputs), responsibilities=given,
            needs=needs, links=len(links), agreements=begun,
        )  # fmt: skip

    def said(self, texts: Mapping[str, str]) -> Texts:
        """A text of the file in the languages that were asked for."""
        return {language: text for language, text in texts.items() if language in self.languages}

    def _parties(self) -> None:
        there = _loaded(self.by, self.sector)
        for party in self.sector.parties:
            for public_id in there.get(party.code, ()):
                self.parties[party.code] = queries.party(viewer=self.by, at=self.at, public_id=public_id)
        for party in _from_the_top(self.sector):
            if party.code in self.parties or party.code in self.left_out:
                continue
            # A deputy's role is part of the role he stands in for, and so serves its customers.
            above = self._above(party.deputy_of or party.parent) or (None if party.outside else self.under)
            made = chain.add_party(
                by=self.by, at=self.at, party_kind=party.kind, parent=above,
                name=self.names.get(party.code) or self.said(party.name), began_on=self.day,
            )  # fmt: skip
            give_external_key(
                by=self.by, at=self.at, kind="party", object_id=made.public_id, system=system_of(self.sector.code),
                key=party.code,
            )  # fmt: skip
            self.parties[party.code] = made
            self.new.add(party.code)

    def _above(self, code: str) -> models.Party | None:
        """The nearest party over it that is there; what stood under a party that is left out moves up."""
        while code:
            if code in self.parties:
                return self.parties[code]
            code = self.sector.party(code).parent
        return None

    def _needs(self) -> int:
        made = 0
        for need in self.sector.needs:
            if need.whose in self.new:
                self.needs[need.code] = chain.add_need(
                    by=self.by,
                    at=self.at,
                    holder=self.parties[need.whose],
                    words=self.said(need.name),
                    began_on=self.day,
                )
                made += 1
        return made

    def _is_wanted(self, link: Link) -> bool:
        """Whether one side is new and both are there."""
        sides = (link.supplier, link.customer)
        there = [self.parties[side] for side in sides if side in self.parties]
        alive = len(there) == len(sides) and all(party.ended_on is None for party in there)
        return alive and not self.new.isdisjoint(sides)

    def _link(self, link: Link) -> chain.LinkRow:
        output, grades = self._output(link.output), link.criticality
        return chain.LinkRow(
            self.parties[link.supplier], self.parties[link.customer], output.name, OutputKind(output.output_kind),
            began_on=self.day, need=self.needs.get(link.need),
            judged={
                "spend": grades.spend, "irreplaceability": grades.irreplaceability, "impact": grades.impact,
                "stage": link.stage, "sourcing": link.sourcing or "",
                "continuity_plan": say(link.continuity, settings.LANGUAGE_CODE),
            },
        )  # fmt: skip

    def _output(self, item: str) -> models.Output:
        """The output of that item code; one that the organisation has under the same name is that output."""
        if item not in self.outputs:
            output = self.sector.output(item)
            name = self._name_of_output(output)
            self.outputs[item] = self.known.get(_spelled(name)) or self._new_output(output, name)
        return self.outputs[item]

    def _name_of_output(self, output: Output) -> Texts:
        """Its name; what the leader promises goes by the words of the promise."""
        for promise in self.sector.promises:
            if promise.output == output.item:
                return self.promises.get(promise.promised) or self.said(promise.text)
        return self.said(output.name)

    def _new_output(self, output: Output, name: Texts) -> models.Output:
        taken = {known.item_code for known in self.known.values()}
        made = chain.add_output(
            by=self.by, at=self.at, name=name, output_kind=output.kind,
            item_code="" if output.item in taken else output.item, began_on=self.day,
        )  # fmt: skip
        if output.revision:
            chain.revise_output(by=self.by, at=self.at, output=made, label=output.revision, began_on=self.day)
        self.new_outputs.add(output.item)
        self.known[_spelled(name)] = made
        return made

    def _responsibilities(self) -> int:
        """Only for outputs that are new: who answers for one that was there, the organisation has said itself."""
        made = 0
        for given in self.sector.responsibilities:
            if given.output in self.new_outputs and given.party in self.parties:
                chain.give_responsibility(
                    by=self.by, at=self.at, output=self.outputs[given.output], party=self.parties[given.party],
                    responsible=Responsible(given.responsible), began_on=self.day,
                )  # fmt: skip
                made += 1
        return made


def _from_the_top(found: Sector) -> Iterable[Party]:
    """The parties, each after the one it stands under, deputies last."""
    waiting = [party for party in found.parties if not party.parent]
    deputies: list[Party] = []
    while waiting:
        party = waiting.pop(0)
        if party.deputy_of:
            deputies.append(party)
        else:
            yield party
        waiting += found.below(party.code)
    yield from deputies


def _spelled(name: Texts) -> str:
    return " ".join(folded(say(name, settings.LANGUAGE_CODE)).split())


def _by_spelling(outputs: Iterable[models.Output]) -> dict[str, models.Output]:
    return {_spelled(output.name): output for output in outputs}
