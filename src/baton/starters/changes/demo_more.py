"""What else the demonstration shows of a chain.

Suppliers outside, one of them a former competitor; two shifts; a counter and those who come to it; what the head of
nursing promises; who stands in for whom; an output with item code and revisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from baton.chain import changes as chain
from baton.chain.rules import (
    Capacity,
    Confidentiality,
    OutputKind,
    Partner,
    PartyKind,
    Responsible,
    Scope,
    Stage,
)
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.texts import Texts, say
from baton.starters.changes.demo_promises import PROMISED

if TYPE_CHECKING:
    from baton.chain.models import Link, Output, Party
    from baton.core.models import Person

BY = Actor.system("demo")

OUTPUT_KINDS: Mapping[str, OutputKind] = {
    "Results": OutputKind.INFORMATION,
    "Imaging reports": OutputKind.INFORMATION,
    "Imaging requests": OutputKind.INFORMATION,
    "Medication orders": OutputKind.INFORMATION,
    "Collection and transport orders": OutputKind.INFORMATION,
    "Papers for admission": OutputKind.INFORMATION,
    "Hygiene advice": OutputKind.CONTROL,
}
"""Kinds of the outputs that are no services, by English name."""

# Code, kind, names, code of the party that it stands in.
PARTIES: tuple[tuple[str, PartyKind, Texts, str], ...] = (
    ("day_shift", PartyKind.SHIFT, {"en": "Day shift, ward A", "zh-hans": "一病区白班"}, "ward_a"),
    ("night_shift", PartyKind.SHIFT, {"en": "Night shift, ward A", "zh-hans": "一病区夜班"}, "ward_a"),
    ("counter", PartyKind.WORKPLACE, {"en": "Blood-drawing counter", "zh-hans": "采血窗口"}, "lab"),
    ("outpatients", PartyKind.CONSUMERS, {"en": "Outpatients", "zh-hans": "门诊患者"}, ""),
    ("linen_hire", PartyKind.OUTSIDE_SUPPLIER, {"en": "City Linen Hire", "zh-hans": "城市布草租赁公司"}, ""),
    ("linen_mill", PartyKind.OUTSIDE_SUPPLIER, {"en": "Riverside Mill", "zh-hans": "江畔纺织厂"}, ""),
)

# Supplier, customer, output, kind, whether somebody outside sees it done.
LINKS: tuple[tuple[str, str, Texts, OutputKind, Stage], ...] = (
    ("night_shift", "day_shift", {"en": "Ward handover", "zh-hans": "病区交接班"}, OutputKind.INFORMATION, Stage.BACK),
    ("day_shift", "night_shift", {"en": "Ward handover", "zh-hans": "病区交接班"}, OutputKind.INFORMATION, Stage.BACK),
    ("counter", "outpatients", {"en": "Blood drawn", "zh-hans": "采血"}, OutputKind.SERVICE, Stage.FRONT),
    ("linen_hire", "laundry", {"en": "Bed sheets", "zh-hans": "床单"}, OutputKind.SERVICE, Stage.BACK),
    ("linen_mill", "laundry", {"en": "Bed sheets", "zh-hans": "床单"}, OutputKind.SERVICE, Stage.BACK),
)

ANSWERING = {"Ward handover": "ward_a", "Blood drawn": "lab", "Bed sheets": "laundry"}
"""Who is accountable for these outputs, by English name."""

PROMISES: tuple[Texts, ...] = (
    {"en": "Everybody learns on duty, two days a year", "zh-hans": "人人每年有两天在岗学习"},
    {"en": "Thanks by name at the Monday meeting", "zh-hans": "周一例会上点名感谢"},
    {"en": "An answer to every request within seven days", "zh-hans": "每项诉求七天内答复"},
)
ONE_SUPPLIER_SINCE = timedelta(days=150)
"""Since when the laundry buys its sheets from one mill only."""


def add_more(
    *,
    at: datetime,
    first: date,
    people: Mapping[str, Person],
    parties: Mapping[str, Party],
    links: Mapping[tuple[str, str, str], Link],
) -> tuple[dict[str, Party], int]:
    """Enter it all; ``people`` by sign-in name, the others by their codes. Returns the new parties by code, and how
    many links came with them."""
    new: dict[str, Party] = {}
    for code, party_kind, name, above in PARTIES:
        new[code] = chain.add_party(
            by=BY, at=at, party_kind=party_kind, name=name, parent=parties[above] if above else None, began_on=first
        )
    known = {**parties, **new}
    outputs: dict[str, Output] = {}
    for supplier, customer, output, kind, stage in LINKS:
        link = chain.add_link(
            by=BY, at=at, supplier=known[supplier], customer=known[customer], output=output, output_kind=kind,
            began_on=first,
        )  # fmt: skip
        outputs[output["en"]] = link.output
        chain.judge_link(by=BY, at=at, link=link, spend=2, irreplaceability=2, impact=3, stage=stage)
        if supplier == "linen_mill":
            chain.end_link(
                by=BY, at=at, link=link, ended_on=day_of(at) - ONE_SUPPLIER_SINCE, reason=_said("Price", "价格")
            )
    for handed, code in ANSWERING.items():
        chain.give_responsibility(
            by=BY, at=at, output=outputs[handed], party=known[code], responsible=Responsible.ACCOUNTABLE, began_on=first
        )
    chain.describe_partner(
        by=BY, at=at, party=new["linen_hire"], partner=Partner.FORMER_COMPETITOR,
        confidentiality=Confidentiality.CONFIDENTIAL,
    )  # fmt: skip
    new["head_of_nursing"] = chain.promise_to_staff(
        by=BY, at=at - PROMISED, party=parties["nursing"], promises=PROMISES,
        post={"en": "Head of nursing", "zh-hans": "护理部主任"},
    )  # fmt: skip
    _appoint_deputies(at, people, parties)
    _revise(at, first, links)
    return new, len(LINKS) + len(PROMISES)


def _appoint_deputies(at: datetime, people: Mapping[str, Person], parties: Mapping[str, Party]) -> None:
    """One who stands in now, for links with suppliers; one from next month on, for everything."""
    today = day_of(at)
    chain.appoint(
        by=BY, at=at, party=parties["logistics"], person=people["laundry"], capacity=Capacity.DEPUTY,
        scope=Scope.LINKS, scope_side="customer", scope_dealings="outside", ended_on=today + timedelta(days=12),
        note=_said("Contracts while Feng Gang is away", "冯刚外出期间负责合同"),
    )  # fmt: skip
    chain.appoint(
        by=BY, at=at, party=parties["ward_a"], person=people["nurse"], capacity=Capacity.DEPUTY,
        began_on=today + timedelta(days=30), ended_on=today + timedelta(days=44),
        note=_said("Leave of Wang Fang", "王芳休假"),
    )  # fmt: skip


def _revise(at: datetime, first: date, links: Mapping[tuple[str, str, str], Link]) -> None:
    sets = links["cssd", "ward_a", "Sterile sets"]
    output = chain.change_output(
        by=BY, at=at, output=sets.output, name=sets.output.name, output_kind=OutputKind.SERVICE, item_code="CSSD-04"
    )
    chain.revise_output(by=BY, at=at, output=output, label="1", began_on=first)
    chain.revise_output(
        by=BY,
        at=at,
        output=output,
        label="2",
        note=_said("One needle holder more", "增加一把持针器"),
        began_on=day_of(at) - timedelta(days=40),
    )


def _said(english: str, chinese: str) -> str:
    """A remark in the organisation's language."""
    return say({"en": english, "zh-hans": chinese}, settings.LANGUAGE_CODE)
