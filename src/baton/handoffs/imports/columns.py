"""Columns of tables of handoffs."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.core.import_targets import ExactCell, FigureCell, ImportColumn, MomentCell, TextCell, YesNoCell
from baton.handoffs.rules import (
    CODE_LENGTH,
    KEY_LENGTH,
    NAME_LENGTH,
    PRIORITY_LENGTH,
    REFERENCE_LENGTH,
    SYSTEM_LENGTH,
    UNIT_LENGTH,
)

CURRENCY_LENGTH = 3
MOST_VALUES = 6
"""Columns of measured values of one table."""
_BEYOND = 10**15

LINK_COLUMNS = (
    ImportColumn(
        "link", {"en": "Link", "zh-hans": "服务关系"}, TextCell(200),
        synonyms=("link number", "link key", "服务关系编号"),
        example="L-2026-0001", text=_("Its number, or its key in the other system; or fill in the next three."),
    ),
    ImportColumn(
        "supplier", {"en": "Supplier", "zh-hans": "供应方"}, TextCell(200), synonyms=("from", "供方"), example="LAU",
        text=_("Code, key, number or name of a party."),
    ),
    ImportColumn(
        "customer", {"en": "Customer", "zh-hans": "客户"}, TextCell(200), synonyms=("to", "客户方"), example="W3",
        text=_("Code, key, number or name of a party."),
    ),
    ImportColumn(
        "output", {"en": "Output", "zh-hans": "产出"}, TextCell(NAME_LENGTH), synonyms=("service", "product", "产品"),
        example="Clean linen", text=_("Needed only where the supplier hands several things to this customer."),
    ),
)  # fmt: skip
IDENTITY_COLUMNS = (
    ImportColumn(
        "reference", {"en": "Reference", "zh-hans": "单号"}, TextCell(REFERENCE_LENGTH),
        synonyms=("order", "order no", "order number", "lot", "case", "sample", "订单号", "批号", "样品号"),
        example="ORD-4711", text=_("Under what both sides speak of it."),
    ),
    ImportColumn(
        "system", {"en": "System", "zh-hans": "来源系统"}, TextCell(SYSTEM_LENGTH), synonyms=("source system",),
        example="MES", text=_("The system that it comes from; empty: the one named for the whole table."),
    ),
    ImportColumn(
        "key", {"en": "Key", "zh-hans": "系统编号"}, TextCell(KEY_LENGTH), synonyms=("id", "handoff id", "编号"),
        example="9001", text=_("Its id there, by which it is known again; empty: its reference."),
    ),
    ImportColumn(
        "zone", {"en": "Time zone", "zh-hans": "时区"}, TextCell(64), synonyms=("timezone",), example="Asia/Shanghai",
        text=_("In which the times of the row are written; empty: that of the organisation."),
    ),
)  # fmt: skip
MOMENTS = {
    "requested_at": ({"en": "Requested", "zh-hans": "请求时间"}, ("requested at", "ordered at", "下单时间")),
    "due_at": ({"en": "Due", "zh-hans": "应交时间"}, ("due at", "promised", "due date", "deadline", "承诺时间")),
    "received_at": ({"en": "Received by the supplier", "zh-hans": "供应方收到时间"}, ("received", "received at")),
    "delivered_at": ({"en": "Delivered", "zh-hans": "交付时间"}, ("delivered at", "delivery time", "handed over")),
    "accepted_at": (
        {"en": "Accepted", "zh-hans": "签收时间"}, ("accepted at", "acceptance time", "接收时间", "验收时间"),
    ),
}  # fmt: skip
"""Of each moment its name by language and its synonyms."""
MOMENT_COLUMNS = tuple(
    ImportColumn(name, labels, MomentCell(), synonyms=synonyms, example="2026-03-31 14:05")
    for name, (labels, synonyms) in MOMENTS.items()
)
FACT_COLUMNS = (
    ImportColumn(
        "priority", {"en": "Priority", "zh-hans": "优先级"}, TextCell(PRIORITY_LENGTH), example="urgent",
        text=_("With which it was asked for."),
    ),
    ImportColumn(
        "complete", {"en": "Complete", "zh-hans": "是否齐全"}, YesNoCell(), text=_("Whether all of it came."),
    ),
    ImportColumn(
        "information_right", {"en": "Information right", "zh-hans": "信息是否正确"}, YesNoCell(),
        text=_("Whether labels, papers and data were right."),
    ),
    ImportColumn(
        "customer_cost", {"en": "Customer’s cost", "zh-hans": "客户损失费用"}, ExactCell(), example="12.50",
        synonyms=("cost", "customer cost", "损失费用"),
        text=_("What it cost the customer that it was not right, in the currency of the organisation."),
    ),
    ImportColumn(
        "supplier_cost", {"en": "Supplier’s cost", "zh-hans": "供应方损失费用"}, ExactCell(), example="8.00",
        synonyms=("supplier cost",),
        text=_("What it cost the supplier that it was not right, in the currency of the organisation."),
    ),
    ImportColumn(
        "currency", {"en": "Currency", "zh-hans": "币种"}, TextCell(CURRENCY_LENGTH), example=settings.CURRENCY,
        text=_("Of the costs, by its ISO 4217 code; another one than that of the organisation is refused."),
    ),
)  # fmt: skip
AMOUNTS = {
    "ordered": {"en": "Ordered", "zh-hans": "订购数"}, "delivered": {"en": "Quantity delivered", "zh-hans": "交付数"},
    "accepted": {"en": "Quantity accepted", "zh-hans": "签收数"}, "refused": {"en": "Refused", "zh-hans": "拒收数"},
}  # fmt: skip
AMOUNT_FIELDS = {name: f"quantity_{name}" for name in AMOUNTS}
"""Of each quantity the field of its column; the moments have names like theirs."""
_AMOUNT_SYNONYMS = {
    "ordered": ("quantity", "qty", "ordered quantity", "数量"), "delivered": ("delivered quantity",),
    "accepted": ("accepted quantity", "接收数"), "refused": ("refused quantity", "rejected"),
}  # fmt: skip
LINE_COLUMNS = (
    ImportColumn(
        "item", {"en": "Item", "zh-hans": "物品"}, TextCell(NAME_LENGTH), synonyms=("item name", "品名"),
        example="Sheets",
        text=_("What is handed over; empty: what the link hands over."),
    ),
    ImportColumn(
        "item_code", {"en": "Item code", "zh-hans": "物料编码"}, TextCell(CODE_LENGTH), synonyms=("part number",),
        example="S1",
    ),
    ImportColumn(
        "item_revision", {"en": "Revision", "zh-hans": "版本"}, TextCell(CODE_LENGTH), example="B",
    ),
    ImportColumn("unit", {"en": "Unit", "zh-hans": "单位"}, TextCell(UNIT_LENGTH), synonyms=("uom",), example="pc"),
    *(
        ImportColumn(AMOUNT_FIELDS[name], labels, ExactCell(), synonyms=_AMOUNT_SYNONYMS[name], example="100")
        for name, labels in AMOUNTS.items()
    ),
    ImportColumn(
        "defect_code", {"en": "Defect code", "zh-hans": "缺陷代码"}, TextCell(CODE_LENGTH), synonyms=("defect", "code"),
        example="TORN", text=_("What was wrong with what was refused."),
    ),
)  # fmt: skip
VALUE_COLUMNS = tuple(
    ImportColumn(
        f"value_{place}", {"en": f"Measured value {place}", "zh-hans": f"测量值 {place}"},
        FigureCell(-_BEYOND, _BEYOND),
        example="3.14",
        text=_("Its column is named after a clause of measured values, with its unit in brackets: Moisture (%)."),
    )
    for place in range(1, MOST_VALUES + 1)
)  # fmt: skip
COLUMNS = (*LINK_COLUMNS, *IDENTITY_COLUMNS, *MOMENT_COLUMNS, *FACT_COLUMNS, *LINE_COLUMNS, *VALUE_COLUMNS)
