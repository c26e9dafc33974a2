"""A plant with two lines and one year of its handovers, in which known faults were planted.

Parties and links are those of the sector template "factory", by the same codes; waits and shares lie where its
standards put them, and are plausible, not measured.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from baton_analysis.arguments import checked
from baton_analysis.errors import SimulationError
from baton_analysis.simulation.description import Buyers, Flow, Link, Organisation, Party, PlantedFault, Rating, Step
from baton_analysis.simulation.ready_made import (
    OFFICE,
    OFFICE_LOAD,
    SHIFT_LOAD,
    TWO_SHIFTS,
    handed_over,
    week_of,
    year_of,
)
from baton_analysis.simulation.running import SimulatedYear

PARTIES = (
    Party("plant", {"en": "Plant", "zh-hans": "工厂"}),
    Party("plant_manager", {"en": "Plant manager", "zh-hans": "厂长"}),
    Party("sales", {"en": "Sales", "zh-hans": "销售部"}),
    Party("engineering", {"en": "R&D and engineering", "zh-hans": "研发与工程部"}),
    Party("planning", {"en": "Planning", "zh-hans": "计划部"}),
    Party("purchasing", {"en": "Purchasing", "zh-hans": "采购部"}),
    Party("incoming_qc", {"en": "Incoming inspection", "zh-hans": "进料检验组"}, "team"),
    Party("warehouse", {"en": "Warehouse", "zh-hans": "仓库"}),
    Party("production", {"en": "Production", "zh-hans": "生产部"}),
    Party("line_a", {"en": "Production line A", "zh-hans": "生产A线"}, "team"),
    Party("line_b", {"en": "Production line B", "zh-hans": "生产B线"}, "team"),
    Party("line_b_day", {"en": "Line B, day shift", "zh-hans": "B线白班"}, "team"),
    Party("line_b_night", {"en": "Line B, night shift", "zh-hans": "B线夜班"}, "team"),
    Party("maintenance", {"en": "Maintenance", "zh-hans": "设备维修部"}),
    Party("quality", {"en": "Quality", "zh-hans": "质量部"}),
    Party("shipping", {"en": "Shipping", "zh-hans": "发货组"}),
    Party("customer", {"en": "Customer", "zh-hans": "客户"}, "customer"),
    Party("supplier", {"en": "Material supplier", "zh-hans": "材料供应商"}, "supplier"),
    Party("casting_partner", {"en": "Casting partner", "zh-hans": "铸件合作厂"}, "supplier"),
)

# Supplier, customer, output, as the template has them.
_AGREED = (
    ("supplier", "purchasing", "Material lots", "来料批次"),
    ("casting_partner", "purchasing", "Castings", "铸件"),
    ("purchasing", "production", "Kitted material", "齐套物料"),
    ("incoming_qc", "warehouse", "Released lot", "放行批次"),
    ("planning", "production", "Weekly production schedule", "周生产计划"),
    ("engineering", "production", "Drawings, bill of material and work instruction", "图纸、物料清单与作业指导书"),
    ("warehouse", "line_a", "Picked parts at the line", "配送到线的物料"),
    ("line_a", "line_b", "Subassembly", "半成品组件"),
    ("maintenance", "line_a", "Repair of equipment", "设备维修"),
    ("maintenance", "line_b", "Repair of equipment", "设备维修"),
    ("quality", "production", "Inspection decision", "检验判定"),
    ("production", "shipping", "Finished lots", "成品批次"),
    ("sales", "planning", "Orders and forecast", "订单与预测"),
    ("planning", "sales", "Delivery date for an order", "订单交期答复"),
    ("customer", "sales", "Customer's order", "客户订单"),
    ("sales", "customer", "Quotation and order confirmation", "报价与订单确认"),
    ("shipping", "customer", "Delivery", "交货"),
    ("quality", "customer", "8D report", "8D报告"),
    ("line_b_night", "line_b_day", "Handover between shifts", "交接班"),
    ("line_b_day", "line_b_night", "Handover between shifts", "交接班"),
    ("plant_manager", "plant", "Training at the workplace", "岗位培训"),
    ("plant_manager", "plant", "Thanks and reward for good work", "对好工作的认可与奖励"),
    ("plant_manager", "plant", "Help with what stands in the way", "帮助排除工作障碍"),
)
LINKS = tuple(Link(supplier, customer, {"en": en, "zh-hans": zh}) for supplier, customer, en, zh in _AGREED)

_ORDERS = Flow(
    "ORD",
    9,
    (
        Step("customer", "Order sent"),
        Step("sales", "Order checked", 45, returned=0.06),
        Step("planning", "Order planned", 60, 0.4, desks=2),
    ),
    OFFICE_LOAD,
)
_DATES = Flow(
    "DAT",
    9,
    (
        Step("planning", "Date found"),
        Step("production", "Capacity confirmed", 40, 0.4, detour_to="sales"),
        Step("sales", "Date answered", 90, 0.5),
        Step("customer", "Confirmation received", 60, 0.5),
    ),
    OFFICE_LOAD,
    Rating(share=0.1, mean=4.2),
)
_PARTS = Flow(
    "PRT",
    11,
    (
        Step("incoming_qc", "Lot arrived"),
        Step("incoming_qc", "Lot inspected", 240, 0.5, desks=3),
        Step("warehouse", "Lot put away", 60, 0.4),
        Step("warehouse", "Parts picked", 90, 0.5),
        Step("line_a", "Parts at the line", 45, 0.4, returned=0.02),
        Step("line_a", "Subassembly built", 120, 0.3),
        Step("line_b", "Subassembly taken over", 30, 0.5, returned=0.03),
    ),
    SHIFT_LOAD,
)
_LOTS = Flow(
    "LOT",
    10,
    (
        Step("production", "Lot finished", defects=0.03),
        Step("shipping", "Lot packed", 120, 0.5, returned=0.02, finds=0.4),
        Step("shipping", "Lot sent", 150, 0.4),
        Step("customer", "Delivery received", 300, 0.3, returned=0.01),
    ),
    SHIFT_LOAD,
    Rating(share=0.2),
)

FLOWS = (
    _ORDERS,
    _DATES,
    _PARTS,
    _LOTS,
    Flow(
        "MAT",
        7,
        (
            Step("supplier", "Lot announced"),
            Step("purchasing", "Lot received", 480, 0.4, returned=0.04),
            Step("production", "Kit delivered", 180, 0.4, returned=0.01),
        ),
        OFFICE_LOAD,
    ),
    handed_over("CAS", 2.5, ("casting_partner", "Castings announced"), ("purchasing", "Castings received"), 600, 0.4),
    handed_over("SCH", 3, ("planning", "Schedule issued"), ("production", "Schedule accepted"), 75, 0.5, returned=0.05),
    handed_over(
        "DRW", 3, ("engineering", "Drawing issued"), ("production", "Drawing checked"), 240, 0.5, returned=0.02
    ),
    handed_over(
        "INS", 8, ("quality", "First piece checked"), ("production", "Decision received"), 25, 0.4, load=SHIFT_LOAD
    ),
    handed_over(
        "REP-A",
        2.5,
        ("maintenance", "Repair done"),
        ("line_a", "Machine taken over"),
        40,
        0.6,
        returned=0.05,
        load=SHIFT_LOAD,
    ),
    handed_over(
        "REP-B",
        2.5,
        ("maintenance", "Repair done"),
        ("line_b", "Machine taken over"),
        40,
        0.6,
        returned=0.05,
        load=SHIFT_LOAD,
    ),
    handed_over(
        "8D",
        1.5,
        ("quality", "8D report sent"),
        ("customer", "8D report accepted"),
        480,
        0.6,
        returned=0.1,
        rating=Rating(share=0.3, mean=3.9),
    ),
    handed_over(
        "SHN", 1.2, ("line_b_night", "Shift ended"), ("line_b_day", "Shift taken over"), 12, 0.4, load=SHIFT_LOAD
    ),
    handed_over(
        "SHD", 1.2, ("line_b_day", "Shift ended"), ("line_b_night", "Shift taken over"), 12, 0.4, load=SHIFT_LOAD
    ),
)

_IN_SHIFTS = ("incoming_qc", "warehouse", "production", "line_a", "line_b", "shipping", "maintenance", "quality")
_IN_OFFICES = ("sales", "engineering", "planning", "purchasing", "customer", "supplier", "casting_partner")

ORGANISATION = Organisation(
    parties=PARTIES,
    links=LINKS,
    flows=FLOWS,
    calendars=dict.fromkeys(_IN_SHIFTS, TWO_SHIFTS) | dict.fromkeys(_IN_OFFICES, OFFICE),
    buyers=(Buyers("customer", 150, yearly=12, amount=2_400),),
)


def planted_faults(first: date) -> tuple[PlantedFault, ...]:
    """The faults of the demo, for a year that begins on Monday ``first``; weeks count from 1.

    Picked parts come later to line A from week 31 on, by three standard deviations of the weekly median; drawings
    creep, by a fifth of one more each week, from week 27 on; subassemblies are sent back three times as often in weeks
    18 to 25; from week 36 on finished lots have four times the defects, and customers notice; from week 12 on
    production answers sales directly for a third of the orders, which nobody agreed; since week 15 the night shift
    hands nothing over; what the plant manager promises was never handed over.
    """

    week = partial(week_of, first)
    return (
        PlantedFault(("warehouse", "line_a"), "shift", week(31), size=3.0),
        PlantedFault(("engineering", "production"), "drift", week(27), size=0.2),
        PlantedFault(("line_a", "line_b"), "more_returns", week(18), week(26), size=3.0),
        PlantedFault(("production", "shipping"), "defect", week(36), size=4.0),
        PlantedFault(("production", "sales"), "undeclared", week(12), size=1 / 3),
        PlantedFault(("line_b_night", "line_b_day"), "dead", week(15)),
        PlantedFault(("plant_manager", "plant"), "never_used", first),
    )


@checked(SimulationError)
def factory_year(*, seed: int, end: date, volume: float = 1.0, planted: bool = True) -> SimulatedYear:
    """Simulate the 52 weeks up to ``end``, with some 75,000 events; see :func:`year_of`."""
    return year_of(ORGANISATION, planted_faults, seed=seed, end=end, volume=volume, planted=planted)
