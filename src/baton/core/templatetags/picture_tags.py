"""Control charts and maps. Loaded with ``{% load baton %}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.safestring import SafeString

from baton.core import formats
from baton.core.charts import picture, small_charts, wire, words
from baton.core.templatetags.rendering import STATUSES, component
from baton_analysis.drawing.histograms import histogram_svg
from baton_analysis.drawing.paretos import pareto_svg

register = template.Library()


@register.simple_tag
def control_chart(chart: Mapping[str, Any], id: str = "chart") -> SafeString:
    """``{% control_chart chart "wait" %}``: a control chart as the field draws it, and the same as a table.

    ``chart``: title, unit, kind (I, p, p'), points (label, value or None, n, lcl, ucl, phase, violations), centre (one
    a point), phases (start, label), method, warnings; ``digits`` where two decimals are too few. A point may name its
    ``day``: then a form with ``data-picks="<id>"`` takes it into its control for a date when the point is clicked. The
    server draws it as SVG; with scripts ECharts takes its place.
    """
    return component(
        "control_chart",
        chart=chart, id=id, data_id=f"{id}-data", words_id=f"{id}-data-words", words=words.of_chart(),
        picture=picture.draw(chart, id), rows=picture.rows(chart), share=picture.is_share(chart),
        digits=chart.get("digits"),
    )  # fmt: skip


@register.simple_tag
def small_control_chart(chart: Mapping[str, Any], label: str) -> SafeString:
    """``{% small_control_chart row.chart about %}``: a control chart in a cell of a table, ``label`` for who cannot see
    it. ``chart``: values, centre, lcl, ucl, hits."""
    return small_charts.draw(chart, label)


@register.simple_tag
def histogram(histogram: Mapping[str, Any], id: str = "histogram") -> SafeString:
    """``{% histogram spread "waits" %}``: how values are spread, with limits, as a picture and as a table.

    ``histogram``: title, unit, method, columns (low, high, n, outside: whether it lies beyond a limit), limits (value,
    label), ``above``: how many values lie beyond the last column; ``left_out`` says it where these are no times;
    ``digits`` as of a control chart.
    """
    drawn = SafeString(histogram_svg(histogram, id, picture.number_of(histogram)))  # it escapes its texts
    return component("histogram", histogram=histogram, id=id, picture=drawn, digits=histogram.get("digits"))


@register.simple_tag
def pareto(pareto: Mapping[str, Any], id: str = "pareto") -> SafeString:
    """``{% pareto causes "causes" %}``: the few causes that make up most, as a picture; the page shows them in a table,
    too.

    ``pareto``: title, method, rows (label, name, n, cumulative: share, vital), the most frequent first.
    """
    drawn = SafeString(pareto_svg(pareto, id, formats.number))  # it escapes its texts
    return component("pareto", pareto=pareto, id=id, picture=drawn)


@register.simple_tag
def chain_map(graph: Mapping[str, Any], id: str = "map") -> SafeString:
    """``{% chain_map graph "map" %}``: who serves whom, suppliers left, customers right, and the same as a table.

    ``graph``: nodes (id, label, kind, href, status) and edges (id, source, target, label, weight, href, status, style);
    style is agreed, mined, dead or missing. A node's ``kind`` is a word for readers; ``shape``, the code of the kind as
    in chain.rules.PartyKind, decides its outline; ``gap`` marks a department without a head. For large maps the graph
    says with ``node_href`` and ``edge_href`` (``/links/{id}/``) what addresses follow from, and with ``table_href``
    from where the table is fetched when somebody opens it; ``path_href`` with a party's id behind it leads to its way
    to the outside customer.
    """
    nodes, edges = graph["nodes"], graph["edges"]
    address = graph.get("node_href", "")
    names = {node["id"]: node for node in nodes}
    fetched = graph.get("table_href", "")
    rows = [] if fetched else [(edge, names[edge["source"]], names[edge["target"]]) for edge in edges]
    listed = [
        (node["id"], node["label"], node.get("kind"), node.get("href") or address.replace("{id}", node["id"]))
        for node in nodes
    ]
    return component(
        "chain_map",
        graph=wire.of_map(graph), id=id, data_id=f"{id}-data", words_id=f"{id}-data-words", words=words.of_map(),
        rows=rows, listed=listed, table_href=fetched, path_href=graph.get("path_href", ""),
        kinds=sorted({str(node.get("kind") or "") for node in nodes} - {""}),
        statuses=[code for code in STATUSES if any(edge.get("status") == code for edge in edges)],
        styles=[code for code in wire.STYLES if any((edge.get("style") or "agreed") == code for edge in edges)],
        gaps=any(node.get("gap") for node in nodes), weighed=any(edge.get("weight") for edge in edges),
    )  # fmt: skip
