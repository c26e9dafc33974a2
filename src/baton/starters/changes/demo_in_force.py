"""The agreements that are in force over the whole year of a demonstration, and against which its handoffs are held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings

from baton.agreements import changes as agreements
from baton.agreements.rules import Aspect, Direction, Measure, Side, Source, Terms
from baton.core.actors import Actor
from baton.core.days import day_of
from baton.core.queries import calendars
from baton.core.texts import Texts
from baton.starters.changes.demo_acting import acting, sign
from baton.starters.changes.demo_talk import LINEN, PARTS, SPECIMEN, Key

if TYPE_CHECKING:
    from baton.chain.models import Link
    from baton.core.models import Person, WorkCalendar

BY = Actor.system("demo")
TERM = timedelta(days=365)
REVIEW = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Line:
    """What is counted on each handoff of a link: item, unit, least and most pieces, and how many of a thousand pieces
    are refused, under which code."""

    item: Texts
    unit: Texts
    pieces: tuple[int, int]
    refused: float
    code: str


@dataclass(frozen=True, slots=True)
class Value:
    """What is measured on each handoff of a link: the characteristic of its clause, mean and standard deviation."""

    name: Texts
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class InForce:
    """What is agreed on a link since the year began, and what its handoffs carry.

    ``signed_by`` are the sign-in names for supplier and customer; the first clause is the promised time, if there is
    one. ``codes``: defect codes under which something comes back, with what people see. ``silent``: after so many hours
    without a word nobody waits any longer.
    """

    link: Key
    signed_by: tuple[str, str]
    clauses: tuple[Terms, ...]
    codes: tuple[str, ...]
    line: Line | None = None
    value: Value | None = None
    silent: int | None = None

    @property
    def seconds(self) -> float | None:
        """The promised time; None where none is promised."""
        first = self.clauses[0]
        if first.measure is not Measure.TIME or first.target is None:
            return None
        return first.target * {"min": 60.0, "h": 3600.0}[first.unit]


CODES: Mapping[str, Texts] = {
    "TORN": {"en": "Torn or stained", "zh-hans": "破损或有污渍"},
    "WRONG": {"en": "Wrong item", "zh-hans": "物品不对"},
    "SHORT": {"en": "Pieces short", "zh-hans": "件数不足"},
    "LABEL": {"en": "Wrong or unreadable label", "zh-hans": "标签错误或无法辨认"},
    "INCOMPLETE": {"en": "Information is missing", "zh-hans": "信息不全"},
    "DAMAGED": {"en": "Damaged", "zh-hans": "损坏"},
}
"""Defect codes of all demonstrations, of every output."""


def _time(characteristic: Texts, target: float, unit: str, attainment: float) -> Terms:
    """At most so long in that share of the cases."""
    return Terms(
        owed_by=Side.SUPPLIER, characteristic=characteristic, aspect=Aspect.RELIABILITY, measure=Measure.TIME,
        unit=unit, direction=Direction.AT_MOST, target=target, attainment=attainment, source=Source.HANDOFFS,
    )  # fmt: skip


def _sent_back(characteristic: Texts, most: float) -> Terms:
    """At most that share (%) comes back."""
    return Terms(
        owed_by=Side.SUPPLIER, characteristic=characteristic, aspect=Aspect.TANGIBLES, measure=Measure.SHARE, unit="%",
        direction=Direction.AT_MOST, target=most, source=Source.HANDOFFS,
    )  # fmt: skip


def _faulty(characteristic: Texts, most: float) -> Terms:
    """At most so many of a thousand pieces are refused."""
    return Terms(
        owed_by=Side.SUPPLIER, characteristic=characteristic, aspect=Aspect.TANGIBLES, measure=Measure.DEFECTS,
        unit="1/1000", direction=Direction.AT_MOST, target=most, source=Source.HANDOFFS,
    )  # fmt: skip


def _within(name: Texts, unit: str, lower: float | None, upper: float, target: float | None = None) -> Terms:
    """A measured value between its limits, in 98 of 100 cases."""
    return Terms(
        owed_by=Side.SUPPLIER, characteristic=name, aspect=Aspect.TANGIBLES, measure=Measure.VALUE, unit=unit,
        lower=lower, upper=upper, target=target, attainment=98.0, source=Source.HANDOFFS,
    )  # fmt: skip


_PIECES: Texts = {"en": "pieces", "zh-hans": "件"}
_WEIGHT: Texts = {"en": "Weight of a set", "zh-hans": "器械包重量"}
_MOISTURE: Texts = {"en": "Moisture of the specimen", "zh-hans": "试样含水率"}

HOSPITAL = (
    InForce(
        LINEN, ("laundry", "ward"),
        (
            _time({"en": "Clean linen is on the ward", "zh-hans": "干净布草送达病区"}, 4, "h", 80),
            _sent_back({"en": "Linen sent back or washed again", "zh-hans": "退回或重洗的布草"}, 6),
            _faulty({"en": "Torn or stained pieces", "zh-hans": "破损或有污渍的件数"}, 20),
        ),
        ("TORN", "WRONG", "SHORT"),
        line=Line({"en": "Sheets", "zh-hans": "床单"}, _PIECES, (24, 60), 3.0, "TORN"),
    ),
    InForce(
        ("cssd", "ward_a", "Sterile sets"), ("cssd", "ward"),
        (
            _time({"en": "Sterile sets on the ward", "zh-hans": "无菌包送达病区"}, 2, "h", 90),
            _sent_back({"en": "Sets sent back", "zh-hans": "退回的无菌包"}, 4),
            _within(_WEIGHT, "kg", None, 10.0),
        ),
        ("INCOMPLETE", "DAMAGED"),
        value=Value(_WEIGHT, 7.4, 1.0),
    ),
    InForce(
        ("imaging", "doctors", "Imaging reports"), ("imaging", "medical"),
        (
            _time({"en": "Report is with the doctor", "zh-hans": "报告送达医生"}, 3, "h", 95),
            _sent_back({"en": "Reports with an addendum", "zh-hans": "需补充修改的报告"}, 4),
        ),
        ("INCOMPLETE",), silent=8,
    ),
)  # fmt: skip

FACTORY = (
    InForce(
        PARTS, ("warehouse", "line_a"),
        (
            _time({"en": "Parts are at the line", "zh-hans": "物料配送到线"}, 75, "min", 88),
            _sent_back({"en": "Picks sent back", "zh-hans": "退回的配料"}, 4),
            _faulty({"en": "Wrong parts", "zh-hans": "错料件数"}, 20),
        ),
        ("WRONG", "SHORT", "LABEL"),
        line=Line({"en": "Parts", "zh-hans": "零件"}, _PIECES, (40, 120), 2.0, "WRONG"),
    ),
    InForce(
        ("engineering", "production", "Drawings, bill of material and work instruction"),
        ("engineering", "production"),
        (
            _time({"en": "Drawings are with production", "zh-hans": "图纸送达生产部"}, 8, "h", 90),
            _sent_back({"en": "Documents with an error", "zh-hans": "有差错的文件"}, 5),
        ),
        ("INCOMPLETE", "WRONG"),
    ),
    InForce(
        ("purchasing", "production", "Kitted material"), ("purchasing", "production"),
        (_time({"en": "Kit is in production", "zh-hans": "齐套物料送达生产部"}, 6, "h", 90),),
        ("SHORT",), silent=8,
    ),
)  # fmt: skip

LABORATORY = (
    InForce(
        SPECIMEN, ("prep", "bench"),
        (
            _time({"en": "Specimens are at the bench", "zh-hans": "试样送达检测室"}, 2, "h", 90),
            _sent_back({"en": "Specimens sent back", "zh-hans": "退回的试样"}, 3),
            _within(_MOISTURE, "%", None, 0.5),
        ),
        ("LABEL", "DAMAGED"),
        value=Value(_MOISTURE, 0.32, 0.06),
    ),
    InForce(
        ("contract_review", "bench", "Order for the bench"), ("contracts", "bench"),
        (
            _time({"en": "Order is at the bench", "zh-hans": "任务单送达检测室"}, 3, "h", 95),
            _sent_back({"en": "Orders with a question", "zh-hans": "需要澄清的任务单"}, 5),
        ),
        ("INCOMPLETE",),
    ),
    InForce(
        ("reception", "prep", "Registered and labelled sample"), ("reception", "prep"),
        (_time({"en": "Sample is in preparation", "zh-hans": "样品送达制备组"}, 2, "h", 90),),
        ("LABEL",), silent=8,
    ),
)  # fmt: skip

IN_FORCE: Mapping[str, tuple[InForce, ...]] = {"hospital": HOSPITAL, "factory": FACTORY, "laboratory": LABORATORY}
"""By sector; what happens today, happens on the first link of each."""


def began_at(first: date) -> datetime:
    """When everything was signed: on the morning of the first day of the year."""
    return datetime.combine(first, time(0, 30), tzinfo=ZoneInfo(settings.TIME_ZONE))


def hours_of_promises() -> WorkCalendar:
    """The calendar in which the promised times run: the one that was entered last."""
    return calendars(viewer=BY).order_by("-pk")[0]


def sign_what_holds(
    *, at: datetime, first: date, sector: str, people: Mapping[str, Person], links: Mapping[Key, Link]
) -> None:
    """Begin, propose and sign them on the first day of the year; ``people`` by sign-in name."""
    began, hours = began_at(first), hours_of_promises().public_id
    for one in IN_FORCE[sector]:
        supplier, customer = (acting(people[who], began) for who in one.signed_by)
        clauses = [replace(terms, calendar=hours if terms.measure is Measure.TIME else "") for terms in one.clauses]
        draft = agreements.begin_agreement(by=supplier, at=began, link=links[one.link], clauses=clauses)
        version = agreements.describe_version(
            by=supplier, at=began, version=draft, ends_on=day_of(at) + TERM, review_on=day_of(at) + REVIEW
        )
        version = agreements.propose_version(by=supplier, at=began, version=version)
        for side, by in ((Side.SUPPLIER, supplier), (Side.CUSTOMER, customer)):
            sign(by, began, version, side)
