"""A map as it travels to the browser: rows instead of records, no address twice. ``map.js`` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

STATUSES = ("", "kept", "at_risk", "broken", "unknown", "in_control", "signal")
STYLES = ("agreed", "mined", "dead", "missing")


def of_map(graph: Mapping[str, Any]) -> dict[str, Any]:
    """The graph of ``{% chain_map %}`` in short.

    ``nodes``: [id, label, kind, shape, status, gap, address], ``edges``: [id, source, target, label, weight, status,
    style, address]; kind, shape, status and style are positions in the lists beside, source and target positions among
    the nodes. What stands empty at the end of a row is left out; an address stands in the row only where it does not
    follow from ``node_href`` or ``edge_href``.
    """
    nodes, edges = graph["nodes"], graph["edges"]
    kinds = _places(str(node.get("kind") or "") for node in nodes)
    shapes = _places(str(node.get("shape") or node.get("kind") or "") for node in nodes)
    statuses = {status: place for place, status in enumerate(STATUSES)}
    styles = {style: place for place, style in enumerate(STYLES)}
    at = {node["id"]: place for place, node in enumerate(nodes)}
    return {
        "kinds": list(kinds),
        "shapes": list(shapes),
        "statuses": STATUSES,
        "styles": STYLES,
        "node_href": graph.get("node_href", ""),
        "edge_href": graph.get("edge_href", ""),
        "nodes": [
            _short(
                node["id"], node["label"], kinds[str(node.get("kind") or "")],
                shapes[str(node.get("shape") or node.get("kind") or "")], statuses[node.get("status") or ""],
                int(bool(node.get("gap"))), node.get("href") or "",
            )
            for node in nodes
        ],
        "edges": [
            _short(
                edge["id"], at[edge["source"]], at[edge["target"]], edge["label"], edge["weight"],
                statuses[edge.get("status") or ""], styles[edge.get("style") or "agreed"], edge.get("href") or "",
            )
            for edge in edges
        ],
    }  # fmt: skip


def _places(values: Any) -> dict[str, int]:
    return {value: place for place, value in enumerate(dict.fromkeys(values))}


def _short(*row: Any) -> list[Any]:
    cells = list(row)
    while cells and cells[-1] in ("", 0, None):
        cells.pop()
    return cells
