"""The demonstration of a sector, loaded through the same doors that people use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from baton.chain import changes as chain
from baton.chain import queries
from baton.chain.rules import Capacity, OutputKind, PartyKind
from baton.core import changes as core
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.queries import records_by_key
from baton.handoffs.changes.figures import refresh_figures
from baton.monitoring import changes as monitoring
from baton.starters.changes.demo_agreements import add_agreements
from baton.starters.changes.demo_assurances import add_certificates, guarantee_linen
from baton.starters.changes.demo_calendars import add_calendars
from baton.starters.changes.demo_complaints import add_complaints
from baton.starters.changes.demo_details import add_details
from baton.starters.changes.demo_feedback import add_feedback
from baton.starters.changes.demo_grades import add_grades
from baton.starters.changes.demo_houses import add_house
from baton.starters.changes.demo_limits import say_limits
from baton.starters.changes.demo_lived import live_through
from baton.starters.changes.demo_more import OUTPUT_KINDS, add_more
from baton.starters.changes.demo_needs import add_confidants, add_needs
from baton.starters.changes.demo_offers import offer_linen
from baton.starters.changes.demo_points import count_points
from baton.starters.changes.demo_promises import promise_the_staff, train_the_laundry
from baton.starters.changes.demo_recorded import record_year
from baton.starters.changes.demo_reviews import add_reviews
from baton.starters.changes.demo_surveys import add_surveys
from baton.starters.changes.demo_talk import LINEN, Key, add_talk
from baton.starters.changes.demo_today import begin_today
from baton.starters.changes.demo_workshops import add_workshops
from baton.starters.changes.sectors import load_sector, system_of
from baton.starters.rules import ABOVE, PASSWORD, PEOPLE, DemoPerson, sign_in_lines
from baton_analysis.facts.mapping import EventMapping

if TYPE_CHECKING:
    from baton.chain.models import EventLog, Link, Party
    from baton.core.models import Person
    from baton_analysis.simulation.running import SimulatedYear

BY = Actor.system("demo")
SEED = 2026
KINDS = {
    "department": PartyKind.DEPARTMENT,
    "team": PartyKind.TEAM,
    "customer": PartyKind.OUTSIDE_CUSTOMER,
    "supplier": PartyKind.OUTSIDE_SUPPLIER,
}


@dataclass(frozen=True, slots=True)
class LoadedDemo:
    """What was loaded, for the message on the screen."""

    sector: str
    parties: int
    links: int
    events: int
    handoffs: int

    def lines(self) -> list[str]:
        """What somebody needs to know to begin."""
        return [
            f"Demonstration {self.sector}: {self.parties} parties, {self.links} links, "
            f"{self.events:,} events of a year, {self.handoffs:,} of its handoffs recorded.",
            *sign_in_lines(self.sector),
        ]


@dataclass(frozen=True, slots=True)
class _Entered:
    """How many parties and links there are, and the links of the simulation."""

    parties: int
    links: int
    by_key: Mapping[Key, Link]


def load_demo(
    *, at: datetime, sector: str = "hospital", progress: Callable[[float], None] = lambda share: None
) -> LoadedDemo:
    """Load the demonstration of a sector ("hospital", "factory" or "laboratory"): people, parties and links, a year of
    handovers, and their charts.

    The year ends on the day before ``at``. Its faults are those of the simulation; nothing on the pages is made up
    beyond it.
    """
    year = _year(sector, at)
    people = _people(at, PEOPLE[sector])
    add_calendars(at=at, sector=sector)
    progress(0.1)
    entered = _enter_hospital(at, year, people) if sector == "hospital" else _enter_template(at, year, sector, people)
    links = entered.by_key
    progress(0.2)
    log = _bring(at, year, sector)
    told = record_year(at=at, year=year, sector=sector, links=links)
    progress(0.5)
    live_through(at=at, first=year.first, sector=sector, people=people, links=links, told=told)
    begin_today(at=at, sector=sector, people=people, links=links)
    count_points(at=at, sector=sector, people=people, links=links, told=told)
    progress(0.6)
    log.refresh_from_db()
    chain.accept_event_log(by=BY, at=at, log=log)
    monitoring.refresh(by=BY, at=at)
    refresh_figures(by=BY, at=at)
    say_limits(at=at, began_on=year.first)
    monitoring.refresh(by=BY, at=at)
    if sector == "hospital":
        add_reviews(at=at, people=people, language=settings.LANGUAGE_CODE)
        add_grades(at=at, people=people)
    add_surveys(at=at, people=people, links=links)
    add_needs(at=at, people=people)
    add_confidants(at=at, people=people)
    add_complaints(at=at, people=people, links=links)
    add_feedback(at=at, people=people, links=links)
    progress(1.0)
    return LoadedDemo(sector, entered.parties, entered.links, year.events.height, len(told))


def _year(sector: str, at: datetime) -> SimulatedYear:
    from baton_analysis.simulation.factory import factory_year
    from baton_analysis.simulation.hospital import hospital_year
    from baton_analysis.simulation.laboratory import laboratory_year

    make = {"hospital": hospital_year, "factory": factory_year, "laboratory": laboratory_year}[sector]
    return make(seed=SEED, end=day_of(at) - timedelta(days=1))


def _enter_hospital(at: datetime, year: SimulatedYear, people: dict[str, Person]) -> _Entered:
    """The hospital, which shows more of a chain than its template has."""
    parties = _parties(at, year)
    _members(at, year, PEOPLE["hospital"], people, parties)
    links = _links(at, year, parties)
    new, more = add_more(at=at, first=year.first, people=people, parties=parties, links=links)
    add_talk(at=at, sector="hospital", people=people, links=links)
    add_agreements(at=at, first=year.first, sector="hospital", people=people, links=links)
    promise_the_staff(at=at)
    train_the_laundry(at=at, people=people, links=links)
    add_workshops(at=at, people=people, links=links)
    add_house(at=at, people=people, links=links)
    add_certificates(at=at, sector="hospital", parties=parties)
    guarantee_linen(at=at, link=links[LINEN], language=settings.LANGUAGE_CODE)
    wards, linen = offer_linen(at=at, first=year.first, people=people, parties=parties, language=settings.LANGUAGE_CODE)
    return _Entered(len(parties) + len(new) + wards, len(links) + 1 + more + linen, links)


def _enter_template(at: datetime, year: SimulatedYear, sector: str, people: dict[str, Person]) -> _Entered:
    """A sector as its template has it."""
    loaded = load_sector(by=BY, at=at, code=sector, began_on=year.first)
    keys = records_by_key(
        viewer=BY, kind="party", keys=[party.code for party in year.parties], system=system_of(sector)
    )
    parties = {
        code: queries.party(viewer=BY, at=at, public_id=public_id)
        for code, public_ids in keys.items()
        for public_id in public_ids
    }
    _members(at, year, PEOPLE[sector], people, parties)
    code_of = {party.public_id: code for code, party in parties.items()}
    seen = [row.link for row in queries.links_to_export(viewer=BY, at=at, filters=queries.LinkFilters())]
    links: dict[Key, Link] = {
        (code_of[link.supplier.public_id], code_of[link.customer.public_id], link.output.name["en"]): link
        for link in seen
        if {link.supplier.public_id, link.customer.public_id} <= set(code_of)
    }
    add_talk(at=at, sector=sector, people=people, links=links)
    add_agreements(at=at, first=year.first, sector=sector, people=people, links=links)
    add_certificates(at=at, sector=sector, parties=parties)
    return _Entered(loaded.parties, loaded.links, links)


def _people(at: datetime, who_is_there: tuple[DemoPerson, ...]) -> dict[str, Person]:
    people: dict[str, Person] = {}
    for who in who_is_there:
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


def _members(
    at: datetime,
    year: SimulatedYear,
    who_is_there: tuple[DemoPerson, ...],
    people: dict[str, Person],
    parties: dict[str, Party],
) -> None:
    for who in who_is_there:
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


def _bring(at: datetime, year: SimulatedYear, sector: str) -> EventLog:
    """The year as an event log, brought as CSV like anybody's export."""
    from baton_analysis.simulation.writing import log_as_csv

    log = chain.bring_event_log(by=BY, at=at, file_name=f"{sector}-handovers.csv", chunks=[log_as_csv(year)])
    return chain.choose_columns(
        by=BY, at=at, log=log, zone=settings.TIME_ZONE,
        mapping=EventMapping(case="case", party="team", time="time", activity="activity", party_kind="team"),
    )  # fmt: skip
