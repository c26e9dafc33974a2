"""Complaints as other systems and lists keep them: one row a complaint, as it came. What follows is done in Baton."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from baton.chain.imports.known import KnownParties, TableNames
from baton.core.actors import Actor
from baton.core.errors import Refused
from baton.core.import_targets import (
    ChoiceCell,
    DayCell,
    Findings,
    ImportColumn,
    ImportRow,
    ImportTarget,
    MomentCell,
    TextCell,
    twice,
)
from baton.core.texts import clean_text
from baton.feedback import policy
from baton.feedback.changes.bulk_complaints import COMPLAINTS_TARGET, complaint_line
from baton.feedback.changes.complaints import fill_in
from baton.feedback.models import Complaint
from baton.feedback.queries.complaints import ComplaintFilters, listed_complaints
from baton.feedback.rules.complaints import (
    EMAIL_LENGTH,
    NAME_LENGTH,
    NUMBER_LENGTH,
    PRODUCT_LENGTH,
    WORDS_LENGTH,
    Channel,
    ComplaintGiven,
    Matter,
    Urgency,
)
from baton_analysis.readers.cells import CellProblem, moment_in

MATTER_WORDS: Mapping[str, Sequence[str]] = {
    "return": ("Return", "退货"), "exchange": ("Exchange", "换货"), "complaint": ("Complaint", "抱怨", "投诉"),
    "other": ("Other", "其它", "其他"),
}  # fmt: skip
CHANNEL_WORDS: Mapping[str, Sequence[str]] = {
    "phone": ("Telephone", "Phone", "电话"), "person": ("In person", "当面"),
    "paper": ("Letter or paper", "Letter", "Paper", "信函或纸质", "信函"), "email": ("E-mail", "电子邮件", "邮件"),
    "web": ("Web form", "Web", "网页表单", "网页"), "qr": ("QR code", "QR", "二维码"), "message": ("Message", "消息"),
}  # fmt: skip
URGENCY_WORDS: Mapping[str, Sequence[str]] = {
    "normal": ("Normal", "一般", "普通"), "urgent": ("Urgent", "紧急")
}  # fmt: skip


def _column(name: str, english: str, chinese: str, cell: Any = None, **more: Any) -> ImportColumn:
    labels = {"en": english, "zh-hans": chinese}
    return ImportColumn(name, labels, cell or TextCell(NAME_LENGTH), **more)


COLUMNS = (
    _column("received_at", "Received at", "年月日", MomentCell(), required=True, example="2026-06-01 09:30",
            synonyms=("received", "date", "complaint date", "受理日期", "投诉日期", "日期"),
            text=_("When the customer said it; a day alone counts from its first minute.")),
    _column("phenomenon", "Phenomenon", "现象描述", TextCell(WORDS_LENGTH), required=True,
            synonyms=("description", "what", "现象", "描述"), example="Damp and grey",
            text=_("What the customer sees, in his words; without names of people.")),
    _column("matter", "Matter", "事类", ChoiceCell(MATTER_WORDS), synonyms=("kind", "类别"), example="Return",
            text=_("Empty: a complaint.")),
    _column("channel", "How it came", "来源渠道", ChoiceCell(CHANNEL_WORDS), synonyms=("channel", "渠道"),
            example="Telephone", text=_("Empty: by telephone.")),
    _column("urgency", "How urgent", "紧急程度", ChoiceCell(URGENCY_WORDS), synonyms=("urgency",), example="Normal",
            text=_("Empty: normal.")),
    _column("customer_name", "Customer’s name", "客户姓名", synonyms=("customer name", "姓名"), example="Ward 5",
            text=_("Empty: only where the customer of the chain is named.")),
    _column("customer_number", "Customer number", "客户编号", TextCell(NUMBER_LENGTH), example="K-20417"),
    _column("telephone", "Telephone", "电话", TextCell(NUMBER_LENGTH), synonyms=("phone",), example="0755 5550 0142"),
    _column("email", "E-mail", "电子邮件", TextCell(EMAIL_LENGTH), synonyms=("email", "邮箱"),
            example="ward5@example.org"),
    _column("supplier", "Supplier", "供应方", TextCell(400), synonyms=("department", "责任部门"), example="LAU",
            text=_("Code, number or name of whose work it is about; empty: nobody has said.")),
    _column("customer", "Customer of the chain", "已登记的客户", TextCell(400), synonyms=("customer", "客户"),
            example="W5", text=_("Code, number or name of a party; empty: none that is known.")),
    _column("product", "Product", "产品名称", TextCell(PRODUCT_LENGTH), synonyms=("产品",), example="Clean linen"),
    _column("model", "Model", "型号", example="L"),
    _column("lot", "Lot", "批号", synonyms=("batch", "lot number"), example="W-17"),
    _column("shipped_on", "Shipped on", "出货日期", DayCell(), synonyms=("shipped", "发货日期"), example="2026-05-31"),
    _column("invoice", "Invoice number", "发票号", synonyms=("invoice",), example="INV-2209"),
)  # fmt: skip
_TEXTS = ("customer_name", "customer_number", "telephone", "email", "product", "model", "lot", "invoice")
_Key = tuple[datetime, str, str]


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """New complaints; one that came at the same moment from the same customer with the same words is there already."""
    known = KnownParties.read(findings.viewer, findings.system)
    there = {_key(one): one.public_id for one in Complaint.objects.all()}
    seen: dict[_Key, int] = {}
    for row in rows:
        given, sides = _given(row, findings), _sides(row, known, findings)
        if given is None or sides is None:
            continue
        supplier, customer = sides
        try:
            described = Complaint(supplier=supplier, customer=customer)
            fill_in(described, given, findings.at)
        except Refused as refused:
            findings.refuse(row, refused.field, refused)
            continue
        key = _key(described)
        if seen.setdefault(key, row.number) != row.number:
            findings.refuse(row, "phenomenon", twice(seen[key]))
        elif key in there:
            findings.same(row, there[key])
        else:
            ids = {
                name: party.public_id if party else ""
                for name, party in (("supplier", supplier), ("customer", customer))
            }
            findings.new(row, COMPLAINTS_TARGET, complaint_line(given, **ids))


def _key(one: Complaint) -> _Key:
    return one.received_at, one.phenomenon, one.customer_name


def _given(row: ImportRow, findings: Findings) -> ComplaintGiven | None:
    """What stands on the form; None where its moment does not exist."""
    received = moment_in(row["received_at"], settings.TIME_ZONE)
    if isinstance(received, CellProblem):
        findings.refuse(row, "received_at", received)
        return None
    return ComplaintGiven(
        received_at=received, phenomenon=clean_text(row["phenomenon"]), shipped_on=row["shipped_on"],
        matter=Matter(row["matter"] or Matter.COMPLAINT), channel=Channel(row["channel"] or Channel.PHONE),
        urgency=Urgency(row["urgency"] or Urgency.NORMAL), **{name: row[name] or "" for name in _TEXTS},
    )  # fmt: skip


def _sides(row: ImportRow, known: KnownParties, findings: Findings) -> tuple[Any, Any] | None:
    """Supplier and customer, None for each that is not named; None where a cell names nobody."""
    found = []
    for name in ("supplier", "customer"):
        party = known.meant(row[name]) if row[name] else None
        if isinstance(party, CellProblem):
            findings.refuse(row, name, party)
            return None
        found.append(party)
    return found[0], found[1]


def apply(*, by: Actor, at: datetime, line: Mapping[str, Any]) -> None:
    """A table of complaints changes none that is there."""
    raise RuntimeError("no row of complaints changes another one")


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """Every complaint that the viewer handles, with the customer's data."""
    names = TableNames(viewer, at)
    for one in listed_complaints(viewer=viewer, at=at, filters=ComplaintFilters(show="all")):
        yield {
            "received_at": one.received_at.isoformat(), "phenomenon": one.phenomenon, "matter": one.matter,
            "channel": one.channel, "urgency": one.urgency, **{name: getattr(one, name) for name in _TEXTS},
            "supplier": names.of(one.supplier) if one.supplier else "",
            "customer": names.of(one.customer) if one.customer else "",
            "shipped_on": one.shipped_on.isoformat() if one.shipped_on else "",
        }  # fmt: skip


COMPLAINTS = ImportTarget(
    title=_("Complaints"),
    text=_("What customers complain of, one row each, as it came; the steps that follow are taken in Baton."),
    columns=COLUMNS,
    may_bring=policy.may_bring_complaints,
    makes=(COMPLAINTS_TARGET,),
    check=check,
    apply=apply,
    rows=rows,
    may_take=policy.may_bring_complaints,
    icon="clipboard-list",
)
