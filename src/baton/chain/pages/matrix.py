"""The matrix of suppliers and customers: cells in words, addresses of what they lead to, and the table to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
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

_KEY = "0"
_WORDS = {Health.SIGNAL: "signal", Health.IN_CONTROL: "in_control", Health.UNKNOWN: "unknown"}


class ShownCell(NamedTuple):
    """A cell: ``kind`` is links, mined, answered, empty or same (a party with itself, nothing inside); ``text`` stands
    in it, ``label`` says all of it in words, ``href`` is empty where it leads nowhere."""

    kind: str
    text: str = ""
    label: str = ""
    href: str = ""
    status: str = ""


_SAME, _NOTHING = ShownCell("same"), ShownCell("empty")


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
    words = _Cells(found)
    return {
        "matrix": found,
        "columns": columns,
        "lines": [
            (_heading(row, filters, found.level), [words.cell(row, column) for column in found.columns])
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


class _Cells:
    """The cells of a matrix in words. There are thousands: what is the same for all of them is said once."""

    def __init__(self, found: Matrix) -> None:
        self.found = found
        self.names = {node.public_id: say(node.name) for node in (*found.rows, *found.columns)}
        self.gap = reverse("chain:gap", args=[Detector.UNDECLARED.value, _KEY])
        self.empty = gettext("{supplier} to {customer}: no link; enter one, or say that they have no dealings")

    def cell(self, row: Node, column: Node) -> ShownCell:
        """What stands in the cell of a supplier and a customer."""
        place = (row.public_id, column.public_id)
        cell = self.found.cells.get(place)
        if cell is not None and cell.links:
            return self._links(cell, row, column)
        answer = self.found.answers.get(place)
        if answer is not None:
            said = formats.labelled(REPLIES[GapReply(answer.reply)], answer.reason)
            label = gettext("{supplier} to {customer}: {answer}").format(**self._pair(place), answer=said)
            return ShownCell("answered", "∅", label, self._gap(place))
        if cell is not None and cell.mined:
            return self._mined(cell, row, column)
        if row.public_id == column.public_id:
            return _SAME
        if not (row.public_id in self.found.editable or column.public_id in self.found.editable):
            return _NOTHING
        return ShownCell("empty", "+", self.empty.format(**self._pair(place)), self._gap(place))

    def _pair(self, place: tuple[str, str]) -> dict[str, str]:
        return {"supplier": self.names[place[0]], "customer": self.names[place[1]]}

    def _gap(self, place: tuple[str, str]) -> str:
        return self.gap.replace(_KEY, pair_key(*place))

    def _mined(self, cell: Cell, row: Node, column: Node) -> ShownCell:
        place = (row.public_id, column.public_id)
        label = ngettext(
            "{supplier} to {customer}: {n} handover without a link",
            "{supplier} to {customer}: {n} handovers without a link",
            cell.mined,
        ).format(**self._pair(place), n=formats.number(cell.mined))  # fmt: skip
        href = self._gap(place) if not row.holds and not column.holds else _closer(row, column)
        return ShownCell("mined", formats.number(cell.mined), label, href)

    def _links(self, cell: Cell, row: Node, column: Node) -> ShownCell:
        n, place = len(cell.links), (row.public_id, column.public_id)
        label = ngettext(
            "{supplier} to {customer}: {n} link", "{supplier} to {customer}: {n} links", n
        ).format(**self._pair(place), n=formats.number(n))  # fmt: skip
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
        return formats.labelled(REPLIES[GapReply(answer.reply)], answer.reason)
    if cell is not None and cell.mined:
        return gettext("{n} handovers without a link").format(n=cell.mined)
    return ""
