"""A testing laboratory and one year of its handovers, in which known faults were planted.

Parties and links are those of the sector template "laboratory", by the same codes; waits and shares lie where its
standards put them, and are plausible, not measured.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from baton_analysis.arguments import checked
from baton_analysis.errors import SimulationError
from baton_analysis.simulation.description import Buyers, Flow, Link, Organisation, Party, PlantedFault, Rating, Step
from baton_analysis.simulation.ready_made import OFFICE, OFFICE_LOAD, handed_over, week_of, year_of
from baton_analysis.simulation.running import SimulatedYear

PARTIES = (
    Party("laboratory", {"en": "Laboratory", "zh-hans": "实验室"}),
    Party("director", {"en": "Laboratory management", "zh-hans": "实验室管理层"}),
    Party("contract_review", {"en": "Sales and contract review", "zh-hans": "业务受理与合同评审"}),
    Party("reception", {"en": "Sample reception", "zh-hans": "样品接收"}, "team"),
    Party("prep", {"en": "Sample preparation", "zh-hans": "样品制备"}, "team"),
    Party("bench", {"en": "Test bench", "zh-hans": "检测室"}),
    Party("bench_chem", {"en": "Chemical bench", "zh-hans": "化学检测组"}, "team"),
    Party("bench_phys", {"en": "Physical bench", "zh-hans": "物理检测组"}, "team"),
    Party("metrology", {"en": "Instruments and metrology", "zh-hans": "仪器与计量"}, "team"),
    Party("reagents", {"en": "Reagent store", "zh-hans": "试剂库"}, "team"),
    Party("quality", {"en": "Quality department", "zh-hans": "质量部"}),
    Party("report_office", {"en": "Report office", "zh-hans": "报告编制"}, "team"),
    Party("signatory", {"en": "Authorised signatory", "zh-hans": "授权签字人"}),
    Party("client", {"en": "Client", "zh-hans": "委托方"}, "customer"),
    Party("material_supplier", {"en": "Supplier of reference materials", "zh-hans": "标准物质供应商"}, "supplier"),
    Party("accreditation_body", {"en": "Accreditation body", "zh-hans": "认可机构"}, "supplier"),
)

# Supplier, customer, output, as the template has them.
_AGREED = (
    ("client", "reception", "Sample with its request", "样品与委托单"),
    ("contract_review", "bench", "Order for the bench", "检测任务单"),
    ("reception", "prep", "Registered and labelled sample", "已登记贴标的样品"),
    ("prep", "bench", "Prepared specimen", "制备好的试样"),
    ("reagents", "bench", "Standards and reagents", "标准溶液与试剂"),
    ("metrology", "bench", "Calibrated instruments", "校准合格的仪器"),
    ("bench_chem", "report_office", "Raw data", "原始记录与数据"),
    ("bench_phys", "report_office", "Raw data", "原始记录与数据"),
    ("report_office", "signatory", "Draft report", "报告初稿"),
    ("signatory", "client", "Signed test report", "签发的检测报告"),
    ("quality", "bench", "Quality control plan and result", "质控计划与结果"),
    ("quality", "director", "Data for the management review", "管理评审数据"),
    ("contract_review", "client", "Reply to a complaint", "投诉答复"),
    ("material_supplier", "reagents", "Certified reference materials", "有证标准物质"),
    ("accreditation_body", "quality", "Findings of an assessment", "评审意见"),
    ("director", "laboratory", "Training and authorisation for methods", "方法培训与授权"),
    ("director", "laboratory", "Recognition of careful work", "对严谨工作的认可"),
    ("director", "laboratory", "Protection from pressure on results", "保护员工不受干预检测结果的压力"),
)
LINKS = tuple(Link(supplier, customer, {"en": en, "zh-hans": zh}) for supplier, customer, en, zh in _AGREED)


def _report(code: str, daily: float, bench: str) -> Flow:
    """From a finished test to the client's report, with hidden mistakes in raw data."""
    return Flow(
        code,
        daily,
        (
            Step(bench, "Test finished", defects=0.02),
            Step("report_office", "Data checked", 90, 0.5, returned=0.04, finds=0.5),
            Step("report_office", "Draft written", 180, 0.4, desks=3),
            Step("signatory", "Draft checked", 120, 0.5, returned=0.03, finds=0.5),
            Step("client", "Report received", 60, 0.5, returned=0.005),
        ),
        OFFICE_LOAD,
        Rating(share=0.2, mean=4.4),
    )


FLOWS = (
    Flow(
        "SMP",
        14,
        (
            Step("client", "Sample sent"),
            Step("reception", "Sample received", 45, 0.5, returned=0.05),
            Step("reception", "Sample registered", 40, 0.4, desks=2),
            Step("prep", "Sample taken over", 45, 0.5, returned=0.01),
            Step("prep", "Specimen prepared", 150, 0.4, desks=5),
            Step("bench", "Specimen accepted", 60, 0.5, returned=0.01),
        ),
        OFFICE_LOAD,
    ),
    _report("CHE", 8, "bench_chem"),
    _report("PHY", 6, "bench_phys"),
    handed_over("TSK", 10, ("contract_review", "Order agreed"), ("bench", "Order accepted"), 60, 0.6, returned=0.03),
    handed_over("RGT", 5, ("reagents", "Reagent issued"), ("bench", "Reagent accepted"), 30, 0.5, returned=0.01),
    handed_over("CAL", 2, ("metrology", "Calibration done"), ("bench", "Instrument released"), 75, 0.5),
    Flow(
        "QCP",
        3,
        (
            Step("quality", "Control sample planned"),
            Step("director", "Plan approved", 60, 0.4, detour_to="bench"),
            Step("bench", "Control sample accepted", 90, 0.5),
        ),
        OFFICE_LOAD,
    ),
    handed_over("REV", 1.2, ("quality", "Data handed in"), ("director", "Data reviewed"), 240, 0.5),
    handed_over(
        "CMP",
        1.5,
        ("contract_review", "Reply sent"),
        ("client", "Reply received"),
        60,
        0.5,
        rating=Rating(share=0.4, mean=3.9),
    ),
    handed_over(
        "REF",
        1.5,
        ("material_supplier", "Material sent"),
        ("reagents", "Material checked"),
        420,
        0.4,
        returned=0.03,
    ),
)

ORGANISATION = Organisation(
    parties=PARTIES,
    links=LINKS,
    flows=FLOWS,
    calendars={party.code: OFFICE for party in PARTIES},
    buyers=(Buyers("client", 200, yearly=8, amount=900),),
)


def planted_faults(first: date) -> tuple[PlantedFault, ...]:
    """The faults of the demo, for a year that begins on Monday ``first``; weeks count from 1.

    Prepared specimens come later from week 31 on, by three standard deviations of the weekly median; orders creep, by a
    fifth of one more each week, from week 27 on; raw data of the chemical bench are sent back three times as often in
    weeks 20 to 27; from week 36 on the physical bench makes four times the mistakes, and clients notice; from week 12
    on a third of the control plans goes to the bench through the management, which nobody agreed; since week 14 nobody
    replies to complaints; the accreditation body has not been here yet.
    """

    week = partial(week_of, first)
    return (
        PlantedFault(("prep", "bench"), "shift", week(31), size=3.0),
        PlantedFault(("contract_review", "bench"), "drift", week(27), size=0.2),
        PlantedFault(("bench_chem", "report_office"), "more_returns", week(20), week(28), size=3.0),
        PlantedFault(("bench_phys", "report_office"), "defect", week(36), size=4.0),
        PlantedFault(("director", "bench"), "undeclared", week(12), size=1 / 3),
        PlantedFault(("contract_review", "client"), "dead", week(14)),
        PlantedFault(("accreditation_body", "quality"), "never_used", first),
    )


@checked(SimulationError)
def laboratory_year(*, seed: int, end: date, volume: float = 1.0, planted: bool = True) -> SimulatedYear:
    """Simulate the 52 weeks up to ``end``, with some 60,000 events; see :func:`year_of`."""
    return year_of(ORGANISATION, planted_faults, seed=seed, end=end, volume=volume, planted=planted)
