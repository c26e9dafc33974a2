"""The sector templates that ship: sound, in both languages, every party with a customer, every chain to the outside."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest

from baton.chain.rules import OUTSIDE_CUSTOMERS, PartyKind, Sourcing
from baton.starters import sectors
from baton.starters.sectors import CODES, Sector, SectorError, sector
from baton.starters.sectors.rules import LANGUAGES, UNITS, ClauseKind, Promised
from baton.starters.sectors.sources import SOURCES
from tests.architecture.test_independence import run_without_django

# Links that people who know the sector named, as supplier>customer.
NAMED = {
    "factory": "supplier>purchasing purchasing>production incoming_qc>warehouse planning>production "
    "engineering>production warehouse>line_a line_a>line_b maintenance>line_a maintenance>line_b quality>production "
    "production>shipping sales>planning shipping>customer quality>customer line_b_night>line_b_day",
    "hospital": "laundry>ward cssd>operating_room cssd>ward lab>doctors ward>lab lab>outpatient "
    "blood_bank>operating_room pharmacy>ward doctors>pharmacy imaging>doctors porters>ward porters>imaging "
    "equipment>ward ward>patient leaders>ward ward_night>ward_day infection_control>ward",
    "hotel": "it>reservations reservations>front_desk front_desk>guest housekeeping>front_desk "
    "engineering>housekeeping engineering>guest housekeeping>guest fnb>guest bell>guest laundry>housekeeping "
    "front_desk>housekeeping hotel>guest hr>front_desk hr>housekeeping front_desk_night>front_desk_day",
    "laboratory": "client>reception contract_review>bench reception>prep prep>bench reagents>bench metrology>bench "
    "bench_chem>report_office bench_phys>report_office report_office>signatory signatory>client quality>bench "
    "quality>director contract_review>client",
    "retailer": "consultant>customer warehouse>consultant hotline>customer hotline>quality quality>hotline "
    "training>consultant marketing>consultant it>consultant team_director>consultant finance>consultant "
    "store>customer consultant>marketing",
    "it_projects": "business_unit>product_owner product_owner>development architecture>development team_a>team_b "
    "team_a>qa team_b>qa qa>development platform>development security>development service_desk>users "
    "team_a>platform pmo>business_unit vendor>procurement desk_night>desk_day",
    "school": "academic_affairs>teachers teachers>student teachers>academic_affairs logistics>teachers it_av>teachers "
    "canteen>student canteen>teachers library>teachers library>student finance>teachers hr>academic_affairs "
    "homeroom>parent student_affairs>homeroom principals_office>school",
    "assembly_line": "parts_supplier>feeder workplace_1>workplace_2 workplace_2>workplace_3 workplace_3>workplace_4 "
    "workplace_4>workplace_5 workplace_5>workplace_6 workplace_6>dealer late_shift>early_shift",
}
# Words that mean something else in Chinese, or that people would not use of their own work; 检查 is imaging's word.
WRONG_WORDS = ("检查", "升级", "当事方", "链接", "你")
HALF_WIDTH = re.compile(r"[一-鿿][,;:?!()]|[,;:?!()][一-鿿]")


@pytest.fixture(params=CODES)
def template(request: pytest.FixtureRequest) -> Sector:
    """Each of the sectors that ship."""
    return sector(request.param)


def texts(value: Any) -> Iterator[dict[str, str]]:
    """Every text by language, anywhere in a template."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts(getattr(value, field.name))


def handed_on(template: Sector) -> dict[str, set[str]]:
    """Who receives the work of whom. A whole's work is that of its parts, and what a whole receives its parts receive;
    what the organisation as a whole does is nobody's own."""
    parents = {party.code: party.parent for party in template.parties}

    def chain(code: str) -> list[str]:
        return [code, *(chain(parents[code]) if parents[code] else [])]

    found: dict[str, set[str]] = {}
    for party in parents:
        wholes = chain(party)[:-1] if len(chain(party)) > 1 else [party]
        customers = {link.customer for link in template.links if link.supplier in wholes}
        found[party] = {other for other in parents if customers & set(chain(other))}
    return found


def test_every_sector_is_sound_and_has_something_of_everything(template: Sector) -> None:
    assert list(sectors.faults(template)) == []
    assert len(template.parties) >= 14
    assert len(template.links) >= 18
    assert template.needs
    assert {promise.promised for promise in template.promises} == set(Promised)
    assert [link for link in template.links if link.sourcing is Sourcing.CHOSEN] or template.code == "assembly_line"


def test_everybody_has_a_customer_and_reaches_one_outside(template: Sector) -> None:
    suppliers = {link.supplier for link in template.links}
    outside = {party.code for party in template.parties if party.kind in OUTSIDE_CUSTOMERS}
    nexts = handed_on(template)
    stuck = []
    for party in template.parties:
        if party.outside or any(template.below(party.code)):
            continue
        start = party.deputy_of or party.code
        reached, waiting = set[str](), [start]
        while waiting:
            new = nexts[waiting.pop()] - reached
            reached |= new
            waiting += new
        if start not in suppliers or not reached & outside:
            stuck.append(party.code)
    assert stuck == []


def test_both_languages_are_there_and_differ(template: Sector) -> None:
    found = list(texts(template))
    assert len(found) > 90
    for text in found:
        assert set(text) == set(LANGUAGES)
        assert not re.search(r"[一-鿿]", text["en"]), text
        assert re.search(r"[一-鿿]", text["zh-hans"]), text


def test_chinese_keeps_to_its_words_and_punctuation(template: Sector) -> None:
    said = [text["zh-hans"] for text in texts(template)]
    assert [text for text in said if HALF_WIDTH.search(text)] == []
    assert [text for text in said for word in WRONG_WORDS if word in text] == []


def test_named_links_are_there(template: Sector) -> None:
    there = {f"{link.supplier}>{link.customer}" for link in template.links}
    assert set(NAMED[template.code].split()) - there == set()


def test_promises_are_links_from_a_leader_to_all_staff(template: Sector) -> None:
    """M112: managers are suppliers of their staff."""
    top = next(party.code for party in template.parties if not party.outside and not party.parent)
    for promise in template.promises:
        (link,) = [link for link in template.links if link.output == promise.output]
        assert template.party(link.supplier).kind is PartyKind.ROLE
        assert link.customer == top
        assert link.clauses


def test_three_working_samples() -> None:
    """M044: production is served by purchasing, the ward by the laundry, reservations by the information systems."""
    samples = {
        "factory": ("purchasing", "production", "KIT"),
        "hospital": ("laundry", "ward", "LINEN"),
        "hotel": ("it", "reservations", "BOOKING-SYSTEM"),
    }
    for code, sample in samples.items():
        (link,) = [one for one in sector(code).links if (one.supplier, one.customer, one.output) == sample]
        assert len(link.clauses) >= 3


def test_everybody_on_the_line_is_the_customer_of_the_one_before() -> None:
    """M105."""
    line = sector("assembly_line")
    places = [party.code for party in line.parties if party.kind is PartyKind.WORKPLACE]
    assert len(places) == 6
    links = {(link.supplier, link.customer): link for link in line.links}
    for before, after in zip(places, places[1:], strict=False):
        clauses = links[before, after].clauses
        assert {ClauseKind.OUTCOME, ClauseKind.PROCESS} <= {clause.kind for clause in clauses}


def test_known_values_keep_their_source() -> None:
    def clause(code: str, output: str, measure: str) -> tuple[float, str, float | None, str, bool]:
        links = [link for link in sector(code).links if link.output == output]
        found = next(one for one in links[0].clauses if one.measure["en"] == measure)
        return (found.value, found.unit, found.attainment, found.source, found.example)

    assert clause("factory", "MAT-LOT", "Lots delivered on time") == (95, "%", None, "PL", False)
    assert clause("factory", "INSPECTION", "First-piece check") == (30, "min", None, "", True)
    assert clause("hospital", "RESULT", "From receipt to result, common tests") == (60, "min", 90, "TAT", False)
    assert clause("hotel", "CHECK-IN", "Telephone answered") == (3, "ring", None, "HK", False)
    assert clause("school", "CLASSROOM-REPAIR", "On site in an emergency") == (30, "min", None, "SCH", False)


def test_every_source_and_unit_is_used() -> None:
    clauses = [clause for code in CODES for link in sector(code).links for clause in link.clauses]
    used = {clause.source for clause in clauses} | {
        one.source for code in CODES for one in (*sector(code).checks, *sector(code).notes)
    }
    assert used - {""} == SOURCES.keys()
    assert UNITS.keys() == {clause.unit for clause in clauses}


def test_files_are_those_of_the_sectors() -> None:
    shipped = {file.name for file in files(sectors).iterdir() if file.name.endswith(".toml")}
    assert shipped == {f"{code}.toml" for code in CODES}


def test_an_unknown_sector_is_refused() -> None:
    with pytest.raises(SectorError, match="Expected one of the sectors factory, .* Found 'bakery'"):
        sector("bakery")


def test_sectors_are_read_without_django() -> None:
    ran = run_without_django("from baton.starters.sectors import CODES, sector; print(len([sector(c) for c in CODES]))")
    assert ran.stdout == "8\n", ran.stderr
