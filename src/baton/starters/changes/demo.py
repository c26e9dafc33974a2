"""The demonstration hospital, loaded through the same doors that people use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from baton.chain import changes as chain
from baton.chain.rules import Capacity, OutputKind, PartyKind
from baton.core import changes as core
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.worker import Worker
from baton.monitoring import changes as monitoring
from baton.starters.changes.demo_details import add_details
from baton.starters.changes.demo_more import OUTPUT_KINDS, add_more
from baton.starters.changes.demo_talk import add_talk
from baton.starters.rules import ABOVE, PASSWORD, PEOPLE, sign_in_lines
from baton_analysis.facts.mapping import EventMapping

if TYPE_CHECKING:
    from baton.chain.models import EventLog, Link, Party
    from baton.core.models import Person
    from baton_analysis.simulation.running import SimulatedYear

BY = Actor.system("demo")
SEED = 2026
KINDS = {"department": PartyKind.DEPARTMENT, "team": PartyKind.TEAM, "customer": PartyKind.OUTSIDE_CUSTOMER}


@dataclass(frozen=True, slots=True)
class LoadedDemo:
    """What was loaded, for the message on the screen."""

    parties: int
    links: int
    events: int

    def lines(self) -> list[str]:
        """What somebody needs to know to begin."""
        return [
            f"Demonstration hospital: {self.parties} parties, {self.links} links, {self.events:,} events of a year.",
            *sign_in_lines(),
        ]


def load_demo(*, at: datetime, progress: Callable[[float], None] = lambda share: None) -> LoadedDemo:
    """Load the demonstration: people, the hospital's parties and links, a year of its handovers, and their charts.

    The year ends on the day before ``at``. Its faults are those of the simulation; nothing on the pages is made up
    beyond it.
    """
    from baton_analysis.simulation.hospital import hospital_year

    year = hospital_year(seed=SEED, end=day_of(at) - timedelta(days=1))
    people = _people(at)
    progress(0.1)
    parties = _parties(at, year)
    _members(at, year, people, parties)
    links = _links(at, year, parties)
    new, more = add_more(at=at, first=year.first, people=people, parties=parties, links=links)
    add_talk(at=at, people=people, links=links)
    progress(0.2)
    log = _bring(at, year)
    Worker().drain(at)
    progress(0.6)
    log.refresh_from_db()
    chain.accept_event_log(by=BY, at=at, log=log)
    monitoring.refresh(by=BY, at=at)
    progress(1.0)
    return LoadedDemo(len(parties) + len(new), len(links) + 1 + more, year.events.height)


def _people(at: datetime) -> dict[str, Person]:
    people: dict[str, Person] = {}
    for who in PEOPLE:
        person = core.add_person(
            by=BY, at=at, sign_in_name=who.sign_in_name, name={"en": who.english, "zh-hans": who.chinese},
            password=PASSWORD, language=settings.LANGUAGE_CODE,
        )  # fmt: skip
        if who.role is not None:
            core.give_role(by=BY, at=at, person=person, role=who.role)
        people[who.sign_in_name] = person
    return people


def _parties(at: datetime, year: SimulatedYear) -> dict[str, Party]:
    parties: dict[str, Party] = {}
    parent_of: dict[str, Party] = {}
    for code, (name, below) in ABOVE.items():
        parties[code] = chain.add_party(
            by=BY, at=at, party_kind=PartyKind.DEPARTMENT, name=name, code=code, began_on=year.first
        )
        parent_of |= dict.fromkeys(below, parties[code])
    for party in year.parties:
        parties[party.code] = chain.add_party(
            by=BY, at=at, party_kind=KINDS[party.kind], name=dict(party.name), code=party.code,
            parent=parent_of.get(party.code), began_on=year.first,
        )  # fmt: skip
    return parties


def _members(at: datetime, year: SimulatedYear, people: dict[str, Person], parties: dict[str, Party]) -> None:
    for who in PEOPLE:
        for capacity, codes in ((Capacity.HEAD, who.heads), (Capacity.MEMBER, who.belongs)):
            for code in codes:
                chain.appoint(
                    by=BY, at=at, party=parties[code], person=people[who.sign_in_name], capacity=capacity,
                    began_on=year.first,
                )  # fmt: skip


def _links(at: datetime, year: SimulatedYear, parties: dict[str, Party]) -> dict[tuple[str, str, str], Link]:
    """The agreed links by supplier, customer and output; what is judged of them, and one that belongs to a project."""
    made = {
        (link.supplier, link.customer, link.output["en"]): chain.add_link(
            by=BY, at=at, supplier=parties[link.supplier], customer=parties[link.customer], output=dict(link.output),
            output_kind=OUTPUT_KINDS.get(link.output["en"], OutputKind.SERVICE), began_on=year.first,
        )
        for link in year.links
    }  # fmt: skip
    add_details(at=at, first=year.first, parties=parties, links=made)
    return made


def _bring(at: datetime, year: SimulatedYear) -> EventLog:
    """The year as an event log, brought as CSV like anybody's export."""
    import polars as pl

    rows = year.events.with_columns(pl.col("time").dt.strftime("%Y-%m-%dT%H:%M:%SZ"))
    log = chain.bring_event_log(by=BY, at=at, file_name="hospital-handovers.csv", chunks=[rows.write_csv().encode()])
    return chain.choose_columns(
        by=BY, at=at, log=log, zone=settings.TIME_ZONE,
        mapping=EventMapping(case="case", party="team", time="time", activity="activity", party_kind="team"),
    )  # fmt: skip
