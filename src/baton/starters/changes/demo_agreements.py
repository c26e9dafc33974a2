"""What the demonstration has agreed, and what people are about to agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from baton.agreements import changes as agreements
from baton.agreements.rules import (
    Aspect,
    ClauseKind,
    Direction,
    Measure,
    MeasuredBy,
    Sampling,
    Side,
    Source,
    Terms,
)
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.starters.changes.demo_acting import acting, sign
from baton.starters.changes.demo_consultation import consult
from baton.starters.changes.demo_talk import DATA, LINEN, LOTS, PARTS, SPECIMEN, Key
from baton.starters.changes.starting_values import starting_terms
from baton.starters.sectors import sector as read_sector
from baton.starters.sectors.rules import LANGUAGES

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion
    from baton.chain.models import Link
    from baton.core.models import Person

BY = Actor.system("demo")
TERM = timedelta(days=365)
REVIEW = timedelta(days=120)

LINEN_CLAUSES = (
    Terms(
        owed_by=Side.SUPPLIER,
        characteristic={"en": "Clean linen is on the ward", "zh-hans": "干净布草送达病区"},
        aspect=Aspect.RELIABILITY,
        measure=Measure.TIME,
        unit="h",
        direction=Direction.AT_MOST,
        target=4.0,
        attainment=95.0,
        source=Source.EVENT_LOG,
        perception_item={"en": "Linen is there when I need it.", "zh-hans": "需要布草时就有。"},
    ),
    Terms(
        owed_by=Side.SUPPLIER,
        characteristic={"en": "Linen sent back or washed again", "zh-hans": "退回或重洗的布草"},
        aspect=Aspect.TANGIBLES,
        measure=Measure.SHARE,
        unit="%",
        direction=Direction.AT_MOST,
        target=1.0,
        source=Source.COUNT_BY_HAND,
        measured_by=MeasuredBy.CUSTOMER,
        sampling=Sampling.SAMPLE,
        sample_size=50,
    ),
    Terms(
        owed_by=Side.SUPPLIER,
        clause_kind=ClauseKind.BEHAVIOUR,
        characteristic={"en": "Tells the ward before a round is late", "zh-hans": "送布草要晚到时提前告知病区"},
        aspect=Aspect.RESPONSIVENESS,
    ),
    Terms(
        owed_by=Side.CUSTOMER,
        clause_kind=ClauseKind.PROCESS,
        characteristic={"en": "Used linen is sorted into the right bags", "zh-hans": "用过的布草按袋分类"},
        aspect=Aspect.RELIABILITY,
        measure=Measure.SHARE,
        unit="%",
        direction=Direction.AT_LEAST,
        target=98.0,
        source=Source.INSPECTION,
        measured_by=MeasuredBy.SUPPLIER,
        sampling=Sampling.SAMPLE,
        sample_size=20,
    ),
    Terms(
        owed_by=Side.CUSTOMER,
        clause_kind=ClauseKind.PROCESS,
        characteristic={"en": "Extra linen is ordered ahead", "zh-hans": "额外布草提前申请"},
        aspect=Aspect.RESPONSIVENESS,
        measure=Measure.TIME,
        unit="working_d",
        direction=Direction.AT_LEAST,
        target=1.0,
        source=Source.COUNT_BY_HAND,
    ),
)
"""What Laundry and Ward A talk about; one of them nobody knows how to measure yet."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An agreement of the demonstration: of which link, from which link of the template its starting values come (codes
    of supplier and customer, item code), and who signed it for supplier and customer (sign-in names; empty: it is a
    draft that nobody has looked at)."""

    link: Key
    template: tuple[str, str, str]
    signed_by: tuple[str, str] | None = None


BEGUN: Mapping[str, tuple[Begun, ...]] = {
    "hospital": (
        Begun(("lab", "doctors", "Results"), ("lab", "doctors", "RESULT")),
        Begun(("cssd", "ward_a", "Sterile sets"), ("cssd", "ward", "STERILE-SET"), ("cssd", "ward")),
    ),
    "factory": (
        Begun(PARTS, ("warehouse", "line_a", "PICK"), ("warehouse", "line_a")),
        Begun(LOTS, ("production", "shipping", "FINISHED-LOT")),
    ),
    "laboratory": (
        Begun(SPECIMEN, ("prep", "bench", "SPECIMEN"), ("prep", "bench")),
        Begun(DATA, ("bench_chem", "report_office", "RAW-DATA")),
    ),
}


def add_agreements(*, at: datetime, sector: str, people: Mapping[str, Person], links: Mapping[Key, Link]) -> None:
    """Begin, propose and talk them over; ``people`` by sign-in name."""
    found = read_sector(sector)
    templates = {(link.supplier, link.customer, link.output): link for link in found.links}
    for one in BEGUN[sector]:
        clauses = [starting_terms(clause, LANGUAGES) for clause in templates[one.template].clauses]
        if one.signed_by is None:
            agreements.begin_agreement(by=BY, at=at, link=links[one.link], clauses=clauses, example=True)
            continue
        supplier, customer = (acting(people[who], at) for who in one.signed_by)
        terms = [replace(clause, source=_source(clause)) for clause in clauses]
        draft = agreements.begin_agreement(by=supplier, at=at, link=links[one.link], clauses=terms)
        version = _propose(supplier, at, draft)
        for side, by in ((Side.SUPPLIER, supplier), (Side.CUSTOMER, customer)):
            sign(by, at, version, side)
    if sector == "hospital":
        _consult_about_linen(at, people, links)


def _consult_about_linen(at: datetime, people: Mapping[str, Person], links: Mapping[Key, Link]) -> None:
    supplier, customer = acting(people["laundry"], at), acting(people["ward"], at)
    draft = agreements.begin_agreement(by=supplier, at=at, link=links[LINEN], clauses=LINEN_CLAUSES)
    version = _propose(supplier, at, draft)
    consult(at, agreements.open_consultation(by=customer, at=at, version=version), people)


def _propose(by: Actor, at: datetime, draft: AgreementVersion) -> AgreementVersion:
    today = day_of(at)
    version = agreements.describe_version(by=by, at=at, version=draft, ends_on=today + TERM, review_on=today + REVIEW)
    return agreements.propose_version(by=by, at=at, version=version)


def _source(terms: Terms) -> Source:
    """Times stand in the event log that is brought; everything else somebody counts."""
    return Source.EVENT_LOG if terms.measure is Measure.TIME else Source.COUNT_BY_HAND
