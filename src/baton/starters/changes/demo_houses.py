"""What the wards of the demonstration need of the laundry, and what is promised to the patient: a house of quality, and
a draft at the end of the chain that the promises before it do not support."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from baton.agreements import changes as agreements
from baton.agreements.changes import houses
from baton.agreements.changes.houses import Judged
from baton.agreements.queries import houses as house_queries
from baton.agreements.rules import Direction, Measure, Side, Source, Terms
from baton.agreements.rules.houses import NeedSource
from baton.core.actors import Actor
from baton.core.queries import roles_of
from baton.starters.changes.demo_talk import LINEN, Key

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person

CARE: Key = ("ward_a", "patient", "Medication and care")

NAME = {"en": "Clean linen on ward A", "zh-hans": "A 病区的干净布草"}
NEEDS: tuple[tuple[dict[str, str], Judged, NeedSource], ...] = (
    (
        {"en": "Linen is there when we change the beds", "zh-hans": "换床的时候布草已经到了"},
        Judged(importance=5, current=3, target=5, sales_point=1.5),
        NeedSource.WORKSHOP,
    ),
    (
        {"en": "No stains, no holes", "zh-hans": "没有污渍，没有破洞"},
        Judged(importance=5, current=4, target=5),
        NeedSource.WORKSHOP,
    ),
    (
        {"en": "As many pieces as we asked for", "zh-hans": "件数和我们申请的一样"},
        Judged(importance=4, current=3, target=4, sales_point=1.2),
        NeedSource.COMPLAINT,
    ),
    (
        {"en": "Somebody tells us when a round is late", "zh-hans": "送晚了有人告诉我们一声"},
        Judged(importance=3, current=2, target=4, sales_point=1.2),
        NeedSource.SAID,
    ),
    (
        {"en": "We do not have to carry bags", "zh-hans": "不用我们自己搬布草袋"},
        Judged(importance=2, current=3, target=3),
        NeedSource.SAID,
    ),
)
CHARACTERISTICS: tuple[tuple[dict[str, str], str, str], ...] = (
    (
        {"en": "Hours from collection to the ward", "zh-hans": "从收取到送达病区的小时数"},
        "smaller", "Clean linen is on the ward",
    ),
    (
        {"en": "Pieces sent back or washed again", "zh-hans": "退回或重洗的件数"},
        "smaller", "Linen sent back or washed again",
    ),
    ({"en": "Pieces short of the request", "zh-hans": "与申请相比缺少的件数"}, "smaller", ""),
    (
        {"en": "Late rounds that were announced", "zh-hans": "提前告知的晚到次数"},
        "larger", "Tells the ward before a round is late",
    ),
    ({"en": "Rounds a day", "zh-hans": "每天送几次"}, "nominal", ""),
)  # fmt: skip
"""Name, goal, and the characteristic of the clause that promises it; empty: none does."""
STRENGTHS = ((9, 1, 3, 1, 9), (1, 9, 0, 0, 0), (0, 3, 9, 0, 3), (0, 0, 0, 9, 1), (0, 0, 0, 0, 0))
ROOF = {(0, 1): "-", (0, 4): "++", (2, 4): "+"}

BED = Terms(
    owed_by=Side.SUPPLIER,
    characteristic={"en": "A clean bed after admission", "zh-hans": "入院后有干净的床位"},
    measure=Measure.TIME,
    unit="h",
    direction=Direction.AT_MOST,
    target=6.0,
    attainment=97.0,
    source=Source.EVENT_LOG,
)


def add_house(*, at: datetime, people: Mapping[str, Person], links: Mapping[Key, Link]) -> None:
    """Build and judge the house; promise the patient what the laundry's promise does not support."""
    person = people["ward"]
    by = Actor(person, roles_of(person, at))
    house = houses.begin_house(by=by, at=at, link=links[LINEN], name=NAME)
    needs = [
        houses.add_house_need(by=by, at=at, house=house, words=words, judged=judged, source=source)
        for words, judged, source in NEEDS
    ]
    lines = {
        clause.characteristic["en"]: line
        for line, clause in house_queries.clauses_of_link(viewer=by, link=house.link_id).items()
    }
    columns = []
    for name, goal, clause in CHARACTERISTICS:
        one = houses.add_characteristic(by=by, at=at, house=house, name=name, goal=goal)
        if line := lines.get(clause):
            one = houses.change_characteristic(by=by, at=at, characteristic=one, name=name, goal=goal, line=line)
        columns.append(one)
    houses.judge_house(
        by=by,
        at=at,
        house=house,
        needs={},
        relations={
            (need.public_id, one.public_id): strength
            for need, row in zip(needs, STRENGTHS, strict=True)
            for one, strength in zip(columns, row, strict=True)
        },
        roof={(columns[a].public_id, columns[b].public_id): sign for (a, b), sign in ROOF.items()},
    )
    agreements.begin_agreement(by=by, at=at, link=links[CARE], clauses=[BED])
