"""Components of lists: heads that sort, pages, views, and rows that are chosen. Loaded with ``{% load baton %}``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from baton.core.actors import NOBODY
from baton.core.lists.bar import bar
from baton.core.lists.registry import Act, lists
from baton.core.templatetags.rendering import component, request_of

register = template.Library()


def _address(context: Context, **changes: Any) -> str:
    """The query of this page with ``changes``; a change to None leaves the parameter out."""
    request = request_of(context)
    query = request.GET.copy() if request is not None else None
    if query is None:
        return "?"
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def sortable(context: Context, key: str, label: str, unit: str = "", numeric: bool = False) -> SafeString:
    """``{% sortable "wait" _("Median wait") unit="d" numeric=True %}``: a whole ``<th>`` that sorts by ``?order=key``.

    A second press turns the order round (``?order=-key``). Do not put it inside a ``<th>`` of your own.
    """
    request = request_of(context)
    order = request.GET.get("order", "") if request is not None else ""
    direction = "ascending" if order == key else "descending" if order == f"-{key}" else ""
    address = _address(context, order=f"-{key}" if order == key else key, page=None)
    return component("sortable", key=key, label=label, unit=unit, numeric=numeric, direction=direction, address=address)


@register.simple_tag(takes_context=True)
def pagination(context: Context, page_obj: Page[Any] | None) -> SafeString:
    """``{% pagination page_obj %}``: which rows these are and the way to the others; keeps filters and order."""
    if page_obj is None:
        return SafeString("")
    pages: list[dict[str, Any]] = []
    for entry in page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1):
        is_page = isinstance(entry, int)
        pages.append({"label": entry, "address": _address(context, page=entry) if is_page else ""})
    previous = _address(context, page=page_obj.previous_page_number()) if page_obj.has_previous() else ""
    following = _address(context, page=page_obj.next_page_number()) if page_obj.has_next() else ""
    return component("pagination", page=page_obj, pages=pages, previous=previous, following=following)


@register.simple_tag(takes_context=True)
def list_bar(context: Context, name: str, export: str = "") -> SafeString:
    """``{% list_bar "chain.links" export_address %}``: views of the list, and the list as a file with its filters.

    ``name`` is the registered name of the list; empty: one without views. Where htmx swaps the list it stands in what
    is swapped, or it would lead to the filters of before.
    """
    request = request_of(context)
    return component("list_bar", **bar(request, name, export)) if request is not None else SafeString("")


@register.simple_tag(takes_context=True)
def acts_of(context: Context, name: str) -> list[tuple[str, Act]]:
    """``{% acts_of "chain.links" as acts %}``: what the reader may be able to do to many rows of the list at once."""
    request = request_of(context)
    if request is None:
        return []
    entry = lists.get(name)
    offered = entry.offered(context.get("actor") or NOBODY, request.now)  # type: ignore[attr-defined]
    return [(act, entry.acts[act]) for act in offered]


@register.simple_tag
def pick_head(acts: Sequence[Any]) -> SafeString:
    """``{% pick_head acts %}``: the head of the column in which rows are chosen; nothing where nothing can be done."""
    return component("pick_head") if acts else SafeString("")


@register.simple_tag
def pick(acts: Sequence[Any], row: str, version: int, label: str) -> SafeString:
    """``{% pick acts link.public_id link.changed_seq link.number %}``: the cell in which a row is chosen."""
    if not acts:
        return SafeString("")
    said = gettext("Choose {name}").format(name=label)
    return format_html(
        '<td class="pick"><input class="form-check-input" type="checkbox" form="acts" name="row" value="{}:{}"'
        ' aria-label="{}"></td>',
        row, version, said,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def act_bar(context: Context, name: str, acts: Sequence[Any], page_obj: Page[Any]) -> SafeString:
    """``{% act_bar "chain.links" acts page_obj %}``: what is done to the chosen rows; shown when one is chosen."""
    request = request_of(context)
    if request is None or not acts or not page_obj.paginator.count:
        return SafeString("")
    count = page_obj.paginator.count
    return component(
        "act_bar", acts=acts, address=reverse("core:propose_list_action", args=[name]),
        query=request.GET.urlencode(), count=count, all_shown=count <= len(page_obj.object_list),
        csrf_token=context.get("csrf_token"),
    )  # fmt: skip
