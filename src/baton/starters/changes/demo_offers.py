"""The laundry of the hospital offers its linen to thirty wards: one service offer, which they accepted with four
deviations; a new version waits for those who have not answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from baton.agreements import changes as agreements
from baton.agreements.changes import deviations, guarantees, offering, offers, publishing, service_steps
from baton.agreements.changes.service_steps import StepWords
from baton.agreements.queries.offering import customers_of
from baton.agreements.rules import Aspect, ClauseKind, Direction, Measure, MeasuredBy, Side, Source, Terms
from baton.chain import changes as chain
from baton.chain.rules import Capacity, OutputKind, PartyKind, Responsible
from baton.core import changes as core
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.signatures import Proof, digest_now
from baton.starters.changes.demo_acting import acting, sign

if TYPE_CHECKING:
    from baton.agreements.models import AgreementVersion, OfferVersion
    from baton.chain.models import Link, Party
    from baton.core.models import Person

BY = Actor.system("demo")
WARDS = 30
ANSWERED = 19
"""So many of them have accepted the new version."""
GROUP = {"en": "Inpatient wards", "zh-hans": "住院病区"}
HEAD = {"en": "Zhu Qing", "zh-hans": "朱青"}
OUTPUT = {"en": "Daily linen", "zh-hans": "每日布草"}
NAME = {"en": "Daily linen for wards", "zh-hans": "病区每日布草服务"}
FIRST_REASON = {"en": "One promise for all inpatient wards", "zh-hans": "住院病区统一承诺"}
SECOND_REASON = {"en": "An hour earlier, after the survey", "zh-hans": "根据调查结果提早一小时"}
DECLINED = {"en": "Nobody is on this ward before seven", "zh-hans": "本病区七点前没有人"}
MEANWHILE = timedelta(days=45)
"""How long the first version holds where the second is not accepted."""

LINEN = Terms(
    owed_by=Side.SUPPLIER,
    characteristic={"en": "Clean linen is on the ward in the morning", "zh-hans": "早晨干净布草送达病区"},
    aspect=Aspect.RELIABILITY, measure=Measure.TIME, unit="h", direction=Direction.AT_MOST, target=3.0,
    attainment=98.0, source=Source.HANDOFFS,
    perception_item={"en": "Linen is there when I need it.", "zh-hans": "需要布草时就有。"},
)  # fmt: skip
SHORT = Terms(
    owed_by=Side.SUPPLIER, characteristic={"en": "Rounds with pieces short", "zh-hans": "布草短缺的轮次"},
    aspect=Aspect.RELIABILITY, measure=Measure.COUNT, unit="1/month", direction=Direction.AT_MOST, target=2.0,
    source=Source.COUNT_BY_HAND, measured_by=MeasuredBy.CUSTOMER,
)  # fmt: skip
SORTED = Terms(
    owed_by=Side.CUSTOMER, clause_kind=ClauseKind.PROCESS,
    characteristic={"en": "Used linen is sorted into the right bags", "zh-hans": "用过的布草按袋分类"},
    aspect=Aspect.RELIABILITY, measure=Measure.SHARE, unit="%", direction=Direction.AT_LEAST, target=98.0,
    source=Source.COUNT_BY_HAND,
)  # fmt: skip
EXTRA = Terms(
    owed_by=Side.SUPPLIER, characteristic={"en": "A second round at noon", "zh-hans": "中午再送一轮"},
    aspect=Aspect.RESPONSIVENESS, measure=Measure.COUNT, unit="1/day", direction=Direction.AT_LEAST, target=1.0,
    source=Source.HANDOFFS,
)  # fmt: skip
STEPS = (
    StepWords(
        name={"en": "Bag and label used linen", "zh-hans": "用过的布草装袋并贴标签"}, minutes=15,
        role={"en": "Ward assistant", "zh-hans": "病区护理员"},
        bring={"en": "Coloured bags, ward label", "zh-hans": "分色布草袋、病区标签"},
    ),
    StepWords(
        name={"en": "Collection from the ward", "zh-hans": "到病区收取"}, minutes=20,
        role={"en": "Laundry porter", "zh-hans": "洗衣房运送员"},
    ),
    StepWords(
        name={"en": "Washing, drying, ironing", "zh-hans": "洗涤、烘干、熨烫"}, minutes=130,
        role={"en": "Laundry", "zh-hans": "洗衣房"},
    ),
    StepWords(
        name={"en": "Delivery into the linen cupboard", "zh-hans": "送入病区布草柜"}, minutes=15,
        role={"en": "Laundry porter", "zh-hans": "洗衣房运送员"},
        bring={"en": "Somebody who signs for it", "zh-hans": "安排人员签收"},
    ),
)  # fmt: skip
GUARANTEE: dict[str, Any] = {
    "promise": {
        "en": "No ward begins the day without clean linen",
        "zh-hans": "没有病区在缺少干净布草的情况下开始一天",
    },
    "remedy": {"en": "A porter brings a set from the reserve at once", "zh-hans": "运送员立即送来一套备用布草"},
    "how_to_call": {"en": "Call 4711 and name the ward", "zh-hans": "拨打4711，说明病区"},
}


def offer_linen(
    *, at: datetime, first: date, people: Mapping[str, Person], parties: Mapping[str, Party], language: str
) -> tuple[int, int]:
    """Enter the wards, the offer, who accepted it and with which deviations, and the new version; how many parties and
    links that are. ``people`` by sign-in name, ``parties`` by code."""
    head = core.add_person(by=BY, at=at, sign_in_name="inpatient", name=HEAD, language=language)
    wards = chain.add_party(
        by=BY, at=at, party_kind=PartyKind.DEPARTMENT, name=GROUP, parent=parties["nursing"], began_on=first
    )
    chain.appoint(by=BY, at=at, party=wards, person=head, capacity=Capacity.HEAD, began_on=first)
    links = [_ward(at, first, number, wards, parties["laundry"]) for number in range(1, WARDS + 1)]
    chain.give_responsibility(
        by=BY, at=at, output=links[0].output, party=parties["laundry"], responsible=Responsible.ACCOUNTABLE,
        began_on=first,
    )  # fmt: skip
    laundry, nurse = acting(people["laundry"], at), acting(head, at)
    version = _first_version(at, laundry, links, language)
    for number, one in enumerate(_asked(at, version)):
        if number < len(_DEVIATING):
            one = _deviates(at, nurse, version, one, number)
            sign(nurse, at, one, Side.CUSTOMER)
            sign(laundry, at, one, Side.SUPPLIER)
        else:
            sign(nurse, at, one, Side.CUSTOMER)
    _second_version(at, laundry, nurse, version, language)
    return WARDS + 1, WARDS


def _ward(at: datetime, first: date, number: int, wards: Party, laundry: Party) -> Link:
    name = {"en": f"Ward {number}", "zh-hans": f"第{number}病区"}
    ward = chain.add_party(by=BY, at=at, party_kind=PartyKind.TEAM, name=name, parent=wards, began_on=first)
    return chain.add_link(
        by=BY, at=at, supplier=laundry, customer=ward, output=OUTPUT, output_kind=OutputKind.SERVICE, began_on=first
    )


def _first_version(at: datetime, by: Actor, links: Sequence[Link], language: str) -> OfferVersion:
    supplier, output = links[0].supplier, links[0].output
    version = offers.begin_offer(by=by, at=at, supplier=supplier, output=output, name=NAME)
    for terms in (LINEN, SHORT, SORTED):
        agreements.add_clause(by=by, at=at, version=version, terms=terms)
    version = service_steps.set_steps(by=by, at=at, version=version, steps=STEPS)
    version = offers.describe_offer_version(by=by, at=at, version=version, reason=FIRST_REASON[language])
    guarantees.give_guarantee(by=by, at=at, on=version.offer, penalty_points=2, **GUARANTEE)
    version = _propose(at, by, version, links)
    lines = [clause.line for clause in version.clauses.filter(owed_by=Side.SUPPLIER)]
    publishing.publish_offer(by=by, at=at, offer=version.offer, lines=lines)
    return version


def _second_version(at: datetime, by: Actor, nurse: Actor, before: OfferVersion, language: str) -> None:
    version = offers.draft_offer_version(by=by, at=at, offer=before.offer, reason=SECOND_REASON[language])
    linen = version.clauses.get(line=before.clauses.order_by("position")[0].line)
    agreements.change_clause(by=by, at=at, clause=linen, terms=replace(LINEN, target=2.0))
    version = offers.describe_offer_version(
        by=by, at=at, version=version, holds_until=day_of(at) + MEANWHILE, reason=SECOND_REASON[language]
    )
    version = _propose(at, by, version, [])
    waiting = _asked(at, version)
    for one in waiting[:ANSWERED]:
        sign(nurse, at, one, Side.CUSTOMER)
    agreements.decline_version(by=nurse, at=at, version=waiting[-1], reason=DECLINED[language])
    agreements.open_consultation(by=nurse, at=at, version=waiting[-2])


def _propose(at: datetime, by: Actor, version: OfferVersion, links: Sequence[Link]) -> OfferVersion:
    return offering.propose_offer_version(
        by=by, at=at, version=version, links=links, expected_digest=digest_now(version.kind, version.public_id),
        proof=Proof(by.id, ("sign_in_name", "password"), at),
    )  # fmt: skip


def _asked(at: datetime, version: OfferVersion) -> list[AgreementVersion]:
    """What waits for each ward, in the order of their numbers."""
    customers = customers_of(viewer=BY, at=at, version=version)
    return [one.version for one in sorted(customers, key=lambda one: one.link.number)]


_DEVIATING = ("sooner", "fewer", "without", "extra")
"""How the first four wards deviate."""


def _deviates(at: datetime, by: Actor, version: OfferVersion, one: AgreementVersion, number: int) -> AgreementVersion:
    one = agreements.open_consultation(by=by, at=at, version=one)
    linen, short, sorted_bags = (clause.line for clause in version.clauses.order_by("position"))
    how = _DEVIATING[number]
    if how == "sooner":
        deviations.deviate(by=by, at=at, version=one, line=linen, terms=replace(LINEN, target=1.5))
    elif how == "fewer":
        deviations.deviate(by=by, at=at, version=one, line=short, terms=replace(SHORT, target=0.0))
    elif how == "without":
        deviations.leave_out_offered(by=by, at=at, version=one, line=sorted_bags)
    else:
        agreements.add_clause(by=by, at=at, version=one, terms=EXTRA)
    return agreements.close_consultation(by=by, at=at, version=one)
