"""What the demonstration has agreed, and what people are about to agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.conf import settings

from baton.agreements import changes as agreements
from baton.agreements.queries import agreement_of_link
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
from baton.core.texts import say
from baton.starters.changes.demo_acting import acting
from baton.starters.changes.demo_consultation import consult
from baton.starters.changes.demo_in_force import REVIEW, TERM, sign_what_holds
from baton.starters.changes.demo_talk import DATA, LINEN, LOTS, Key
from baton.starters.changes.starting_values import starting_terms
from baton.starters.sectors import sector as read_sector
from baton.starters.sectors.rules import LANGUAGES

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person

BY = Actor.system("demo")
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
        source=Source.HANDOFFS,
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
        source=Source.HANDOFFS,
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
"""What Laundry and Ward A talk about instead of what holds; one of them nobody knows how to measure yet."""
STRICTER = {"en": "The ward needs more than four rounds of five in time", "zh-hans": "五轮中四轮准时，病区还不够用"}

Template = tuple[str, str, str]
"""A link of a sector's template: codes of supplier and customer, item code."""

DRAFTS: Mapping[str, tuple[Key, Template]] = {
    "hospital": (("lab", "doctors", "Results"), ("lab", "doctors", "RESULT")),
    "factory": (LOTS, ("production", "shipping", "FINISHED-LOT")),
    "laboratory": (DATA, ("bench_chem", "report_office", "RAW-DATA")),
}
"""By sector the link whose starting values nobody has looked at yet, and where in the template they stand."""


def add_agreements(
    *, at: datetime, first: date, sector: str, people: Mapping[str, Person], links: Mapping[Key, Link]
) -> None:
    """What has been in force since the ``first`` day of the year, and what is talked over; ``people`` by sign-in
    name."""
    sign_what_holds(at=at, first=first, sector=sector, people=people, links=links)
    key, template = DRAFTS[sector]
    templates = {(link.supplier, link.customer, link.output): link for link in read_sector(sector).links}
    clauses = [starting_terms(clause, LANGUAGES) for clause in templates[template].clauses]
    agreements.begin_agreement(by=BY, at=at, link=links[key], clauses=clauses, example=True)
    if sector == "hospital":
        _consult_about_linen(at, people, links[LINEN])


def _consult_about_linen(at: datetime, people: Mapping[str, Person], link: Link) -> None:
    supplier, customer = acting(people["laundry"], at), acting(people["ward"], at)
    agreement = agreement_of_link(viewer=BY, at=at, link=link.public_id)
    assert agreement is not None, "it has been in force for a year"
    reason = say(STRICTER, settings.LANGUAGE_CODE)
    draft = agreements.draft_version(by=supplier, at=at, agreement=agreement, reason=reason)
    held = {clause.characteristic["en"]: clause for clause in draft.clauses.all()}
    for wanted in LINEN_CLAUSES:
        if (clause := held.get(wanted.characteristic["en"])) is not None:
            known = clause.terms
            terms = replace(wanted, calendar=known.calendar, trial_until=known.trial_until)
            agreements.change_clause(by=supplier, at=at, clause=clause, terms=terms)
        else:
            agreements.add_clause(by=supplier, at=at, version=draft, terms=wanted)
    today = day_of(at)
    version = agreements.describe_version(
        by=supplier, at=at, version=draft, ends_on=today + TERM, review_on=today + REVIEW, reason=reason
    )
    version = agreements.propose_version(by=supplier, at=at, version=version)
    consult(at, agreements.open_consultation(by=customer, at=at, version=version), people)
