"""How long a map of 500 parties and 2,000 links and a control chart of 5,000 points take to draw in Chromium.

    python benchmarks/map_drawing.py [--parties 500] [--links 2000] [--points 5000] [--rounds 5]
                                     [--ranker network-simplex] [--ranker tight-tree] [--ranker longest-path]

The product's own scripts draw the product's own components. The peer of the map's layout is dagre, which the map uses
up to 120 links; above it stand layered places of our own. Times are from the start of the drawing to the first rendered
frame, medians over the rounds; dagre's layout runs once, because at the full size it takes minutes. Needs Chromium.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import os
import random
import statistics
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "src" / "baton" / "core" / "static"
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

PAGE = """{% load baton static %}<!DOCTYPE html><html lang="en" data-bs-theme="light"><head><title>map</title>
{% include "core/_head.html" %}</head><body><span hidden id="__________cytoscape_stylesheet"></span><main>
{% if graph %}{% chain_map graph "map" %}{% endif %}{% if chart %}{% control_chart chart "chart" %}{% endif %}</main>
<script src="{% static "core/js/baton.js" %}" defer></script></body></html>"""

DAGRE_SECONDS = """(ranker) => {
  const graph = baton.mapLayouts.unpack(JSON.parse(document.getElementById("map-data").textContent));
  const elements = graph.nodes.map((node) => ({ group: "nodes", data: { id: node.id } })).concat(
    graph.edges.map((edge) => ({ group: "edges", data: { id: edge.id, source: edge.source, target: edge.target } })));
  const style = [{ selector: "node", style: { width: 132, height: 54 } }];
  const cy = cytoscape({ headless: true, styleEnabled: true, elements, style });
  const begun = performance.now();
  cy.layout({ name: "dagre", rankDir: "LR", nodeSep: 34, rankSep: 60, ranker, animate: false, fit: false }).run();
  return (performance.now() - begun) / 1000;
}"""

OWN_SECONDS = """() => {
  const graph = baton.mapLayouts.unpack(JSON.parse(document.getElementById("map-data").textContent));
  const begun = performance.now();
  baton.mapLayouts.places(graph);
  return (performance.now() - begun) / 1000;
}"""


def organisation(parties: int, links: int, seed: int = 20261121) -> dict[str, Any]:
    """A chain in which work mostly flows one way, some of it back, and few parties have many links."""
    chance = random.Random(seed)
    kinds = ["department", "team", "role", "person"]
    nodes = [
        {"id": f"n{i}", "label": f"Department {i}", "kind": kinds[i % 4], "href": f"/parties/n{i}/", "status": ""}
        for i in range(parties)
    ]
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < links:
        supplier = min(int(chance.paretovariate(1.2)) * chance.randrange(1, 40), parties - 1)
        customer = (
            min(parties - 1, supplier + chance.randrange(1, 60))
            if chance.random() < 0.85
            else chance.randrange(parties)
        )
        supplier = chance.randrange(parties) if chance.random() < 0.6 else supplier
        if supplier != customer:
            pairs.add((supplier, customer))
    edges = [
        {
            "id": f"e{s}-{c}", "source": f"n{s}", "target": f"n{c}", "label": "",
            "weight": int(chance.paretovariate(0.8)), "href": f"/links/e{s}-{c}/",
            "status": chance.choice(["kept", "kept", "at_risk", "broken", "unknown", ""]),
            "style": chance.choice(["agreed", "agreed", "mined", "dead"]),
        }
        for s, c in sorted(pairs)
    ]  # fmt: skip
    return {"nodes": nodes, "edges": edges}


def series(points: int, seed: int = 20261121) -> dict[str, Any]:
    """A p' chart with limits that step at every point."""
    chance = random.Random(seed)
    rows, n_of = [], [chance.randrange(40, 400) for _ in range(points)]
    for i, n in enumerate(n_of):
        spread = 3 * (0.06 * 0.94 / n) ** 0.5
        value = max(0.0, chance.gauss(0.06, spread / 3))
        over = value > 0.06 + spread
        rows.append({
            "label": f"P{i + 1}", "value": None if i % 997 == 5 else value, "n": n, "lcl": max(0.0, 0.06 - spread),
            "ucl": 0.06 + spread, "phase": 0, "violations": ["Nelson 1"] if over else [],
        })  # fmt: skip
    return {
        "title": "Share returned", "unit": "share", "kind": "p'", "points": rows, "centre": [0.06] * points,
        "phases": [{"start": 0, "label": ""}], "method": "Laney p'", "warnings": [],
    }  # fmt: skip


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing: only figures are printed."""


def write_pages(folder: Path, graph: dict[str, Any], chart: dict[str, Any]) -> None:
    """The two pages, rendered with the product's own components, beside a link to its static files."""
    os.environ["BATON_DATA"] = str(folder / "data")
    os.environ["DJANGO_SETTINGS_MODULE"] = "baton.config.settings"
    import django
    from django.template import Context, Template

    django.setup()
    (folder / "static").symlink_to(STATIC)
    template = Template(PAGE)
    (folder / "map.html").write_text(template.render(Context({"graph": graph})), encoding="utf-8")
    (folder / "chart.html").write_text(template.render(Context({"chart": chart})), encoding="utf-8")


def drawing_seconds(page: Any, address: str, name: str) -> float:
    """Seconds that the product's script took from its start to the picture, on a fresh page."""
    page.goto(address)
    taken: float = page.evaluate(
        """(name) => new Promise((done) => {
          const look = () => {
            const found = performance.getEntriesByName(name)[0];
            if (found) requestAnimationFrame(() => done(found.duration / 1000)); else setTimeout(look, 20);
          };
          look();
        })""",
        name,
    )
    return taken


def main() -> int:
    """Print one line for each measurement."""
    from playwright.sync_api import sync_playwright

    from tests.browsers import DESKTOP, FLAGS, find_chromium

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("parties", 500), ("links", 2000), ("points", 5000), ("rounds", 5)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--ranker", action="append", help="dagre's ranker, once or more; default network-simplex")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        folder = Path(temporary)
        write_pages(folder, organisation(asked.parties, asked.links), series(asked.points))
        serving = functools.partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), serving)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
        page.set_default_timeout(180_000)
        drawn = [drawing_seconds(page, f"{base}/map.html", "baton:map") for _ in range(asked.rounds)]
        print(f"map of {asked.parties} parties, {asked.links} links, drawn: {statistics.median(drawn):.2f} s")
        own = [page.evaluate(OWN_SECONDS) for _ in range(asked.rounds)]
        print(f"  of it the layered places: {statistics.median(own):.3f} s")
        for ranker in asked.ranker or ["network-simplex"]:
            print(
                f"  dagre, ranker {ranker}, layout alone, once: {page.evaluate(DAGRE_SECONDS, ranker):.2f} s",
                flush=True,
            )
        chart = [drawing_seconds(page, f"{base}/chart.html", "baton:chart") for _ in range(asked.rounds)]
        print(f"control chart of {asked.points} points, drawn: {statistics.median(chart):.2f} s")
        browser.close()
        server.shutdown()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
