"""The matrix of suppliers and customers: cells in words, addresses of what they lead to, and the table to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from baton.chain.models.gaps import REPLIES
from baton.chain.queries.gap_detectors import pair_key
from baton.chain.queries.matrix import Cell, Matrix, MatrixFilters, Node
from baton.chain.rules import Detector, GapReply
from baton.core import formats
from baton.core.texts import say
from baton.monitoring.rules import Health

_WORDS = {Health.SIGNAL: "signal", Health.IN_CONTROL: "in_control", Health.UNKNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell: ``kind`` is links, mined, answered, empty or same (a party with itself, nothing inside); ``text`` stands
    in it, ``label`` says all of it in words, ``href`` is empty where it leads nowhere."""

    kind: str
    text: str = ""
    label: str = ""
    href: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A supplier or customer; ``toggle`` opens or closes it, empty where nothing stands in it that could."""

    node: Node
    name: str
    href: str
    toggle: str
    is_open: bool


def context(found: Matrix, filters: MatrixFilters) -> dict[str, Any]:
    """What ``chain/matrix.html`` shows."""
    columns = [_heading(node, filters, found.level) for node in found.columns]
    return {
        "matrix": found,
        "columns": columns,
        "lines": [
            (_heading(row, filters, found.level), [_cell(found, row, column, filters) for column in found.columns])
            for row in found.rows
        ],
        "narrowed": bool(filters.rows or filters.columns),
    }


def query_of(filters: MatrixFilters, **changed: Any) -> str:
    """The filters as an address's query, with some of them changed."""
    asked = {"rows": filters.rows, "columns": filters.columns, "level": filters.level or "", **changed}
    opened = changed.pop("opened", filters.opened)
    asked.pop("opened", None)
    pairs = [(name, value) for name, value in asked.items() if value]
    return urlencode([*pairs, *(("open", public_id) for public_id in sorted(opened))])


def _heading(node: Node, filters: MatrixFilters, level: int) -> Heading:
    toggle = ""
    if node.public_id in filters.opened:
        toggle = query_of(filters, opened=filters.opened - {node.public_id})
    elif node.holds:
        toggle = query_of(filters, level=level, opened=filters.opened | {node.public_id})
    href = reverse("chain:party", args=[node.public_id])
    return Heading(node, say(node.name), href, f"?{toggle}" if toggle else "", node.public_id in filters.opened)


def _cell(found: Matrix, row: Node, column: Node, filters: MatrixFilters) -> ShownCell:
    cell = found.cell(row, column)
    pair = {"supplier": say(row.name), "customer": say(column.name)}
    gap = reverse("chain:gap", args=[Detector.UNDECLARED.value, pair_key(row.public_id, column.public_id)])
    if cell is not None and cell.links:
        return _links(cell, row, column, pair)
    answer = found.answers.get((row.public_id, column.public_id))
    if answer is not None:
        said = f"{REPLIES[GapReply(answer.reply)]}: {answer.reason}"
        label = gettext("{supplier} to {customer}: {answer}").format(**pair, answer=said)
        return ShownCell("answered", "∅", label, gap)
    if cell is not None and cell.mined:
        label = ngettext(
            "{supplier} to {customer}: {n} handover without a link",
            "{supplier} to {customer}: {n} handovers without a link",
            cell.mined,
        ).format(**pair, n=formats.number(cell.mined))  # fmt: skip
        href = gap if not row.holds and not column.holds else _closer(row, column)
        return ShownCell("mined", formats.number(cell.mined), label, href)
    if row.public_id == column.public_id:
        return ShownCell("same")
    if not {row.public_id, column.public_id} & found.editable:
        return ShownCell("empty")
    label = gettext("{supplier} to {customer}: no link; enter one, or say that they have no dealings").format(**pair)
    return ShownCell("empty", "+", label, gap)


def _links(cell: Cell, row: Node, column: Node, pair: dict[str, str]) -> ShownCell:
    n = len(cell.links)
    label = ngettext(
        "{supplier} to {customer}: {n} link", "{supplier} to {customer}: {n} links", n
    ).format(**pair, n=formats.number(n))  # fmt: skip
    if n == 1:
        href = reverse("chain:link", args=[cell.links[0]])
    elif row.holds or column.holds:
        href = _closer(row, column)
    else:
        href = f"{reverse('chain:links')}?{urlencode({'party': row.public_id, 'q': say(column.name)})}"
    return ShownCell("links", formats.number(n), label, href, _WORDS[cell.health or Health.UNKNOWN])


def _closer(row: Node, column: Node) -> str:
    """The same two, opened."""
    return f"{reverse('chain:matrix')}?{urlencode({'rows': row.public_id, 'columns': column.public_id})}"


def header(found: Matrix) -> list[str]:
    return [gettext("Supplier \\ Customer"), *(say(node.name) for node in found.columns)]


def table(found: Matrix) -> Iterator[Sequence[object]]:
    """The matrix as it is shown: numbers of links; words where there is no link but something to say."""
    for row in found.rows:
        yield [say(row.name), *(_plain(found, row, column) for column in found.columns)]


def _plain(found: Matrix, row: Node, column: Node) -> object:
    cell = found.cell(row, column)
    if cell is not None and cell.links:
        return len(cell.links)
    answer = found.answers.get((row.public_id, column.public_id))
    if answer is not None:
        return f"{REPLIES[GapReply(answer.reply)]}: {answer.reason}"
    if cell is not None and cell.mined:
        return gettext("{n} handovers without a link").format(n=cell.mined)
    return ""
