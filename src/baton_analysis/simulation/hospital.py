"""A small hospital and one year of its handovers, in which known faults were planted.

Parties and links follow the usual division of a general hospital; medians of waits are plausible, not measured.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from baton_analysis.arguments import checked
from baton_analysis.errors import SimulationError
from baton_analysis.simulation.description import Flow, Link, Organisation, Party, PlantedFault, Rating, Step, Texts
from baton_analysis.simulation.ready_made import week_of, year_of
from baton_analysis.simulation.running import SimulatedYear

LINEN_ROUNDS = 3.0


def _text(en: str, zh: str) -> Texts:
    return {"en": en, "zh-hans": zh}


PARTIES = (
    Party("ward_a", _text("Ward nursing A", "一病区护理组"), "team"),
    Party("ward_b", _text("Ward nursing B", "二病区护理组"), "team"),
    Party("doctors", _text("Doctors", "医生组"), "team"),
    Party("lab", _text("Clinical laboratory", "检验科")),
    Party("imaging", _text("Imaging", "影像科")),
    Party("pharmacy", _text("Pharmacy", "药剂科")),
    Party("cssd", _text("Central sterile supply", "消毒供应中心")),
    Party("laundry", _text("Laundry", "洗衣房")),
    Party("porters", _text("Porters", "运送中心"), "team"),
    Party("equipment", _text("Equipment and IT", "设备与信息科")),
    Party("admission", _text("Admission and finance", "入出院与财务处")),
    Party("infection_control", _text("Infection control", "感染管理科")),
    Party("patient", _text("Patient", "患者"), "customer"),
)

WARDS = ("ward_a", "ward_b")
WARD_SHARE = {"ward_a": 0.6, "ward_b": 0.4}


def _ward_flows(ward: str) -> tuple[Flow, ...]:
    """Cases of one ward; what is the same for both wards but the linen rounds goes by their share of patients."""
    share = WARD_SHARE[ward]
    suffix = ward[-1].upper()
    return (
        Flow(
            f"SPE-{suffix}",
            11 * share,
            (
                Step(ward, "Specimen taken"),
                Step("lab", "Specimen received", 25, returned=0.05),
                Step("lab", "Result reported", 45, 0.35),
                Step("doctors", "Result read", 20),
            ),
        ),
        Flow(
            f"LIN-{suffix}",
            LINEN_ROUNDS,
            (
                Step(ward, "Used linen put out"),
                Step("porters", "Used linen collected", 40),
                Step("laundry", "Linen received", 30, 0.4),
                Step("laundry", "Linen washed and packed", 300, 0.25),
                Step(ward, "Clean linen accepted", 150, 0.45, returned=0.02),
            ),
        ),
        Flow(
            f"SET-{suffix}",
            4 * share,
            (
                Step(ward, "Used set put out"),
                Step("porters", "Used set collected", 35),
                Step("cssd", "Set received", 20, 0.4),
                Step("cssd", "Set sterilised", 240, 0.2),
                Step(ward, "Sterile set accepted", 60, returned=0.01),
            ),
        ),
        Flow(
            f"REP-{suffix}",
            2.5 * share,
            (
                Step("equipment", "Fault logged"),
                Step("equipment", "Device repaired", 180, 0.8),
                Step(ward, "Device accepted", 45, 0.6, returned=0.05),
            ),
        ),
        Flow(
            f"MED-{suffix}",
            7 * share,
            (
                Step("doctors", "Medication ordered"),
                Step("pharmacy", "Order checked", 20, returned=0.03),
                Step("pharmacy", "Doses packed", 25, 0.4, defects=0.01),
                Step(ward, "Doses accepted", 30),
                Step("patient", "Medication received", 40, 0.4),
            ),
            rating=Rating(share=0.15),
        ),
        Flow(
            f"IMG-{suffix}",
            4 * share,
            (
                Step("doctors", "Imaging requested"),
                Step(ward, "Patient prepared", 60),
                Step("porters", "Patient fetched", 15, detour_to="imaging"),
                Step("imaging", "Images taken", 50, 0.5),
                Step("imaging", "Report written", 180, 0.5),
                Step("doctors", "Report read", 60, returned=0.01),
            ),
        ),
        Flow(
            f"ADM-{suffix}",
            4 * share,
            (
                Step("patient", "Arrived"),
                Step("admission", "Admitted", 15, 0.4),
                Step(ward, "Bed given", 35),
                Step("doctors", "First examination", 70),
            ),
        ),
    )


CALIBRATION = Flow(
    "CAL",
    0.8,
    (Step("equipment", "Calibration done"), Step("lab", "Instrument released", 90)),
)


def _agreed() -> tuple[Link, ...]:
    of_wards = [
        (ward, *rest)
        for ward in WARDS
        for rest in (
            ("lab", "Specimens", "标本"),
            ("porters", "Collection and transport orders", "收运单"),
            ("imaging", "Prepared patients", "检查前准备好的患者"),
            ("patient", "Medication and care", "给药与护理"),
            ("doctors", "Admitted patients", "新入院患者"),
        )
    ]
    to_wards = [
        (supplier, ward, en, zh)
        for ward in WARDS
        for supplier, en, zh in (
            ("laundry", "Clean linen", "洁净布草"),
            ("cssd", "Sterile sets", "无菌包"),
            ("equipment", "Repaired devices", "修复的设备"),
            ("pharmacy", "Doses", "药品"),
            ("doctors", "Imaging requests", "影像检查申请"),
            ("admission", "Admissions", "入院安排"),
        )
    ]
    others = [
        ("lab", "doctors", "Results", "检验结果"),
        ("doctors", "pharmacy", "Medication orders", "用药医嘱"),
        ("imaging", "doctors", "Imaging reports", "影像报告"),
        ("porters", "laundry", "Used linen", "使用过的布草"),
        ("porters", "cssd", "Used sets", "使用过的器械包"),
        ("patient", "admission", "Papers for admission", "入院资料"),
        ("equipment", "lab", "Calibrated instruments", "校准后的仪器"),
        ("infection_control", "ward_a", "Hygiene advice", "感控指导"),
    ]
    return tuple(Link(a, b, _text(en, zh)) for a, b, en, zh in (*of_wards, *to_wards, *others))


LINKS = _agreed()


ORGANISATION = Organisation(
    parties=PARTIES,
    links=LINKS,
    flows=(*(flow for ward in WARDS for flow in _ward_flows(ward)), CALIBRATION),
)


def planted_faults(first: date) -> tuple[PlantedFault, ...]:
    """The faults of the demo, for a year that begins on Monday ``first``; weeks count from 1.

    Clean linen comes later from week 31 on, by three standard deviations of the weekly median; specimens of ward A are
    sent back twice as often in weeks 20 to 27; from week 12 on a third of the patients is brought to Imaging by the
    porters, which nobody agreed; calibrated instruments stopped in week 10; hygiene advice never came.
    """

    week = partial(week_of, first)
    return (
        PlantedFault(("laundry", "ward_a"), "shift", week(31), size=3.0),
        PlantedFault(("ward_a", "lab"), "more_returns", week(20), week(28), size=2.0),
        PlantedFault(("porters", "imaging"), "undeclared", week(12), size=1 / 3),
        PlantedFault(("equipment", "lab"), "dead", week(10)),
        PlantedFault(("infection_control", "ward_a"), "never_used", first),
    )


@checked(SimulationError)
def hospital_year(*, seed: int, end: date, volume: float = 1.0, planted: bool = True) -> SimulatedYear:
    """Simulate the 52 weeks up to ``end``, with some 60,000 events; see :func:`year_of`."""
    return year_of(ORGANISATION, planted_faults, seed=seed, end=end, volume=volume, planted=planted)
