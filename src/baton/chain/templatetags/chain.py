"""What pages of the chain draw thousands of times; a template for each would take longer than all the rest."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString

register = template.Library()

_SIGNS = {"signal": "▲", "in_control": "✓", "unknown": "?"}


@register.simple_tag
def matrix_cells(cells: Iterable[Any]) -> SafeString:
    """``{% matrix_cells cells %}``: the cells of one row of the matrix, each a :class:`pages.matrix.ShownCell`."""
    return SafeString("".join(_cell(cell) for cell in cells))


def _cell(cell: Any) -> str:
    if not cell.href:
        return f'<td class="cell-{cell.kind}"></td>'
    sign = _SIGNS.get(cell.status, "⚑" if cell.kind == "mined" else "")
    status = f' class="cell-status-{cell.status}"' if cell.status else ""
    link = f'<a href="{escape(cell.href)}" aria-label="{escape(cell.label)}"{status}>{sign}{escape(cell.text)}</a>'
    return f'<td class="cell-{cell.kind}">{link}</td>'
