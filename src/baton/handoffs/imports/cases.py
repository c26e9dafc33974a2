"""Handoffs as a table of cases: one row an order or patient, with the moments of each link that it went through.

The assignment of columns says for each link of the path which columns hold its moments; it is saved under a name for
the next table. What :mod:`baton_analysis.facts.handoffs.milestones` makes of such a table at once, is stored here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from baton.core.actors import Actor
from baton.core.import_targets import Findings, ImportColumn, ImportRow, ImportTarget, MomentCell, TextCell
from baton.handoffs import policy
from baton.handoffs.changes.bulk_handoffs import HANDOFFS_TARGET
from baton.handoffs.imports.bringing import may_bring
from baton.handoffs.imports.columns import IDENTITY_COLUMNS, MOMENTS
from baton.handoffs.imports.known_links import LinkMeant, Named
from baton.handoffs.imports.late import apply
from baton.handoffs.imports.told import Memory, Told, is_well, judge, moments_of
from baton.handoffs.rules import IN_ORDER, REFERENCE_LENGTH, Moments

MOST_LINKS = 6
"""Links that one case goes through."""
PLACES = range(1, MOST_LINKS + 1)
_OF_PLACE = {place: {name: f"{name.removesuffix('_at')}_{place}" for name in MOMENTS} for place in PLACES}


def _columns_of(place: int) -> Iterable[ImportColumn]:
    """The columns of one link of the path."""
    yield ImportColumn(
        f"link_{place}", {"en": f"Link {place}", "zh-hans": f"服务关系 {place}"}, TextCell(200), example="L-2026-0001",
        text=_("Its number, or its key in the other system; empty where a case does not go through it."),
    )  # fmt: skip
    for name, (labels, _synonyms) in MOMENTS.items():
        told = {language: f"{label} {place}" for language, label in labels.items()}
        yield ImportColumn(_OF_PLACE[place][name], told, MomentCell(), example="2026-03-31 14:05")


COLUMNS = (
    ImportColumn(
        "case", {"en": "Case", "zh-hans": "案例"}, TextCell(REFERENCE_LENGTH), required=True,
        synonyms=("case id", "order", "order id", "order number", "reference", "单号", "订单号"), example="ORD-4711",
        text=_("Order, lot or patient: the reference of all its handoffs, by which they are known again."),
    ),
    *(column for column in IDENTITY_COLUMNS if column.name in ("system", "zone")),
    *(column for place in PLACES for column in _columns_of(place)),
)  # fmt: skip


def check(rows: Sequence[ImportRow], findings: Findings) -> None:
    """The handoffs of each case: new ones, and what is told late of those that are there."""
    memory = Memory.of(findings)
    named = {(row.number, place): _named(row, place) for row in rows for place in PLACES if _begins(row, place)}
    memory.links.look_up(set(named.values()))
    told = []
    for row in rows:
        for place in PLACES:
            if (name := named.get((row.number, place))) is None:
                continue
            meant = memory.links.meant(name)
            if not isinstance(meant, LinkMeant):
                findings.refuse(row, f"link_{place}", meant[1])
            elif (one := _told(row, place, meant, memory, findings)) is not None:
                told.append(one)
    judge(told, memory, findings)


def _begins(row: ImportRow, place: int) -> bool:
    """Whether the case has come to a link: something has happened there. When it is due there does not say so."""
    return any(row.values.get(column) is not None for name, column in _OF_PLACE[place].items() if name != "due_at")


def _named(row: ImportRow, place: int) -> Named:
    return row[f"link_{place}"] or "", "", "", ""


def _told(row: ImportRow, place: int, meant: LinkMeant, memory: Memory, findings: Findings) -> Told | None:
    """The handoff of a case on one link; None where it is refused."""
    columns = _OF_PLACE[place]
    read = moments_of(row, columns, memory, findings)
    if read is None:
        return None
    case = row["case"]
    one = Told(
        row, meant, _no_longer_than_nothing(read[0]), columns, case, row["system"] or findings.system, case, "case",
        read[1], link_column=f"link_{place}",
    )  # fmt: skip
    return one if is_well(one, findings) else None


def _no_longer_than_nothing(moments: Moments) -> Moments:
    """What was noted to begin after it ended counts as begun at its end: a carrier scans a parcel before the payment is
    booked. Such cases are real, and take no time."""
    ended = next((at for at in (moments.delivered_at, moments.accepted_at) if at is not None), None)
    if ended is None:
        return moments
    begun = {name: min(at, ended) for name in IN_ORDER[:2] if (at := getattr(moments, name)) is not None}
    return moments._replace(**begun)


def rows(viewer: Actor, at: datetime) -> Iterator[Mapping[str, str]]:
    """Handoffs are taken one a row; which of them make a path, only the table that brought them says."""
    nothing: list[dict[str, Any]] = []
    yield from nothing


CASES = ImportTarget(
    title=_("Cases with their handoffs"),
    text=_("One case a row with a column for each moment: up to six links of its path at once."),
    columns=COLUMNS,
    may_bring=may_bring,
    handles_all=policy.handles_all_brought,
    makes=(HANDOFFS_TARGET,),
    check=check,
    apply=apply,
    rows=rows,
    may_take=lambda _actor: False,
    in_parts=True,
    of_systems=True,
    icon="route",
)
