"""Columns of a table of clauses, and the words in them, in both languages beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.agreements.rules import HIGHEST, LARGEST_SAMPLE, LONGEST_BASELINE, NOTE_LENGTH, TEXT_LENGTH, UNIT_LENGTH
from baton.core.import_targets import ChoiceCell, DayCell, FigureCell, ImportColumn, TextCell, WholeCell

Words = Mapping[str, Sequence[str]]

SIDE_WORDS: Words = {
    "supplier": ("Supplier", "Promise", "供应方", "承诺"), "customer": ("Customer", "Duty", "客户", "义务", "客户义务"),
}  # fmt: skip
KIND_WORDS: Words = {
    "outcome": ("Outcome", "Result", "结果"), "process": ("Process", "过程"),
    "behaviour": ("Behaviour", "Behavior", "行为"),
}  # fmt: skip
ASPECT_WORDS: Words = {
    "reliability": ("Reliability", "可靠性"), "assurance": ("Assurance", "保证性"),
    "tangibles": ("Tangibles", "有形性"), "empathy": ("Empathy", "移情性"),
    "responsiveness": ("Responsiveness", "响应性"), "clarity": ("Clarity", "清晰"), "speed": ("Speed", "速度"),
    "even_handedness": ("Even-handedness", "一视同仁"),
}  # fmt: skip
MEASURE_WORDS: Words = {
    "time": ("Elapsed business time", "Time", "营业时间耗时", "时间"),
    "share": ("Share of cases", "Share", "情形的比例", "比例"),
    "defects": ("Defects per unit", "Defects", "单位缺陷数", "缺陷数"),
    "value": ("Measured value", "Value", "测得值"),
    "count": ("Count per period", "Count", "每期间次数", "次数"),
    "rating": ("Rating", "评分"),
}
DIRECTION_WORDS: Words = {
    "at_least": ("At least", ">=", "≥", "至少"), "at_most": ("At most", "<=", "≤", "至多"),
    "between": ("Between the limits", "Between", "在限值之间"),
}  # fmt: skip
SOURCE_WORDS: Words = {
    "handoffs": ("Handoffs in Baton", "Handoffs", "Baton中的交接", "交接"),
    "import": ("Imported table", "导入的表格"), "event_log": ("Event log", "事件日志"),
    "survey": ("Survey", "调查"), "inspection": ("Inspection", "检验"),
    "count_by_hand": ("Count by hand", "人工计数"), "other": ("Other", "其他"),
}  # fmt: skip
SAMPLING_WORDS: Words = {"all": ("All cases", "全部"), "sample": ("A sample", "抽样")}
MEASURED_BY_WORDS: Words = {
    "supplier": ("The supplier", "Supplier", "供应方"), "customer": ("The customer", "Customer", "客户"),
    "both": ("Both together", "Both", "双方共同", "双方"), "third": ("A third party", "Third party", "第三方"),
}  # fmt: skip
UNIT_WORDS: Words = {
    "s": ("seconds", "second", "sec", "秒", "秒数"), "min": ("minutes", "minute", "分钟"),
    "h": ("business hours", "business hour", "hours", "hour", "营业小时", "小时"),
    "working_d": ("working days", "working day", "工作日", "个工作日"), "d": ("days", "day", "天"),
    "%": ("percent", "per cent", "百分比"),
    "1": ("per unit", "每单位"), "1/100": ("per 100 units", "每百单位"), "1/1000": ("per 1,000 units", "每千单位"),
    "1/10000": ("per 10,000 units", "每万单位"), "ppm": ("per million units", "每百万单位"),
    "1/day": ("per day", "每天"), "1/week": ("per week", "每周"), "1/month": ("per month", "每月"),
    "1/quarter": ("per quarter", "每季度"), "1/year": ("per year", "每年"), "1/term": ("per school term", "每学期"),
    "1/release": ("per release", "每次发布"),
    "of_5": ("of 5 points", "5分制"), "of_7": ("of 7 points", "7分制"), "of_10": ("of 10 points", "10分制"),
    "nps": ("net promoter score", "净推荐值"), "top2": ("% in the two best answers", "最好两档百分比"),
}  # fmt: skip
"""Words for the units that are not written freely; those of measured values stay as they are written."""

_FIGURE = FigureCell(-int(HIGHEST), int(HIGHEST))
_TEXT_LABELS = {
    "characteristic": {
        "en": {"en": "Characteristic (English)", "zh-hans": "英文质量特性"},
        "zh-hans": {"en": "Characteristic (Chinese)", "zh-hans": "中文质量特性"},
    },
    "perception_item": {
        "en": {"en": "Survey item (English)", "zh-hans": "英文感知题目"},
        "zh-hans": {"en": "Survey item (Chinese)", "zh-hans": "中文感知题目"},
    },
}
_TEXT_SYNONYMS = {
    "characteristic": ("characteristic", "clause", "质量特性", "条款"),
    "perception_item": ("survey item", "perception item", "感知题目", "调查题目"),
}


def text_field(name: str, language: str) -> str:
    """Field of a text in a language: ``characteristic_zh_hans``."""
    return f"{name}_{language.replace('-', '_')}"


def _texts(name: str, example: str, text: object) -> list[ImportColumn]:
    return [
        ImportColumn(
            text_field(name, code), _TEXT_LABELS[name].get(code, {"en": f"{name} ({code})"}), TextCell(TEXT_LENGTH),
            required=name == "characteristic" and code == settings.LANGUAGE_CODE,
            synonyms=_TEXT_SYNONYMS[name] if code == settings.LANGUAGE_CODE else (),
            example=example if code == "en" else "", text=text,
        )
        for code, _label in settings.LANGUAGES
    ]  # fmt: skip


COLUMNS = (
    ImportColumn(
        "agreement", {"en": "Agreement or link", "zh-hans": "协议或服务关系"}, TextCell(60), required=True,
        synonyms=("agreement", "link", "agreement number", "协议编号", "服务关系编号"), example="A-2026-0001",
        text=_("Number of an agreement, or of its link."),
    ),
    ImportColumn(
        "line", {"en": "Clause id", "zh-hans": "条款标识"}, TextCell(16), synonyms=("clause id", "line"),
        text=_("As exported; by it a clause is known again that is called otherwise. Empty: by its characteristic."),
    ),
    ImportColumn(
        "owed_by", {"en": "Owed by", "zh-hans": "责任方"}, ChoiceCell(SIDE_WORDS), required=True,
        synonyms=("side", "who", "由谁承担"), example="Supplier", text=_("Supplier: a promise. Customer: a duty."),
    ),
    *_texts("characteristic", "Clean linen is on the ward", _("What is to be so.")),
    ImportColumn(
        "clause_kind", {"en": "Kind of clause", "zh-hans": "条款种类"}, ChoiceCell(KIND_WORDS), synonyms=("kind",),
        example="Outcome", text=_("Empty: outcome."),
    ),
    ImportColumn(
        "aspect", {"en": "Aspect of quality", "zh-hans": "质量方面"}, ChoiceCell(ASPECT_WORDS),
        synonyms=("dimension", "aspect", "维度"), example="Reliability",
        text=_("RATER; for audits and inspections clarity, speed and even-handedness."),
    ),
    ImportColumn(
        "measure", {"en": "Measure", "zh-hans": "指标"}, ChoiceCell(MEASURE_WORDS), example="Elapsed business time",
        text=_("How it is found out whether it is kept; empty: nobody has said."),
    ),
    ImportColumn(
        "direction", {"en": "Direction", "zh-hans": "方向"}, ChoiceCell(DIRECTION_WORDS), example="At most",
        text=_("On which side of the target it is kept; of a measured value it follows from its limits."),
    ),
    ImportColumn("target", {"en": "Target", "zh-hans": "目标"}, _FIGURE, synonyms=("目标值",), example="24",
                 text=_("In the unit.")),
    ImportColumn("lower", {"en": "Lower limit", "zh-hans": "下限"}, _FIGURE, text=_("Of a measured value.")),
    ImportColumn("upper", {"en": "Upper limit", "zh-hans": "上限"}, _FIGURE, text=_("Of a measured value.")),
    ImportColumn(
        "unit", {"en": "Unit", "zh-hans": "单位"}, TextCell(max(UNIT_LENGTH, 40)), example="h",
        text=_("One that fits the measure, as its code or word; of a measured value as it is written."),
    ),
    ImportColumn("attainment", {"en": "Attainment, %", "zh-hans": "达标率（%）"}, FigureCell(0, 1000),
                 synonyms=("attainment", "达标率"), example="95", text=_("Share of the cases; empty: all of them.")),
    ImportColumn(
        "calendar", {"en": "Calendar", "zh-hans": "日历"}, TextCell(200), synonyms=("工作日历",),
        text=_("Name of a calendar in force, of elapsed business time; empty: the organisation’s own."),
    ),
    ImportColumn("source", {"en": "Data source", "zh-hans": "数据来源"}, ChoiceCell(SOURCE_WORDS),
                 synonyms=("source",), example="Handoffs in Baton", text=_("Empty: nobody has said.")),
    ImportColumn("source_note", {"en": "About the source", "zh-hans": "关于来源"}, TextCell(NOTE_LENGTH)),
    ImportColumn("sampling", {"en": "Sampling", "zh-hans": "抽样方式"}, ChoiceCell(SAMPLING_WORDS),
                 example="All cases", text=_("Empty: all cases.")),
    ImportColumn("sample_size", {"en": "Sample size", "zh-hans": "样本量"}, WholeCell(1, LARGEST_SAMPLE)),
    ImportColumn("sampling_note", {"en": "How the sample is drawn", "zh-hans": "如何抽样"}, TextCell(NOTE_LENGTH)),
    ImportColumn("measured_by", {"en": "Measured by", "zh-hans": "由谁测量"}, ChoiceCell(MEASURED_BY_WORDS),
                 example="The supplier", text=_("Empty: the supplier.")),
    *_texts("perception_item", "", _("What the one who is served is asked in surveys.")),
    ImportColumn("baseline_value", {"en": "Usual before", "zh-hans": "此前水平"}, _FIGURE,
                 synonyms=("baseline", "基准值"), text=_("What was measured before, in the unit.")),
    ImportColumn("baseline_weeks", {"en": "Weeks measured", "zh-hans": "测量周数"}, WholeCell(1, LONGEST_BASELINE)),
    ImportColumn("baseline_from", {"en": "Measured from", "zh-hans": "测量起始日"}, DayCell()),
    ImportColumn("baseline_until", {"en": "Measured until", "zh-hans": "测量截止日"}, DayCell()),
    ImportColumn("baseline_note", {"en": "About the figure before", "zh-hans": "关于此前水平"}, TextCell(NOTE_LENGTH)),
    ImportColumn("trial_until", {"en": "On trial until", "zh-hans": "试行截止日"}, DayCell()),
)  # fmt: skip
