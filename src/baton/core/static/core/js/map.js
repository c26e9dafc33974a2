/* The map of who serves whom: suppliers left, customers right (on a phone: above and
   below). Shape says the kind, the border and its sign the state,
   the width of a line how much is handed over, its stroke whether it was agreed.
   The list beside the map leads with the keyboard to the same pages; the table below says the same in words. */
"use strict";

(() => {
  const SHAPES = {
    department: "round-rectangle", team: "cut-rectangle", role: "round-hexagon", person: "ellipse",
    workplace: "rectangle", shift: "cut-rectangle", consumers: "round-tag",
    outside_customer: "round-tag", outside_supplier: "round-tag", customer: "round-tag", supplier: "round-tag",
  };
  const SIGNS = { kept: "✓", at_risk: "▲", broken: "✕", unknown: "?", in_control: "✓", signal: "▲" };
  const LOUD = ["at_risk", "broken", "signal"]; // bear their sign also where the lines are too many for figures
  const GAP = "⚑"; // a department without a head
  const STROKES = { agreed: "solid", mined: "dashed", dead: "dotted", missing: "dotted" };
  const LABELLED_EDGES = 60; // above this many lines their figures would lie on each other
  const DASHED_EDGES = 800; // above it the strokes cannot be told apart and dashes only cost time
  const LONGEST_LABEL = 32; // two lines of a node; the list and the details say the whole name
  const DAGRE_UP_TO = 120; // links; dagre needs two seconds for 300 and minutes for 2,000 (benchmarks/map_drawing.py)

  function colours() {
    const style = getComputedStyle(document.documentElement);
    const names = [
      "surface", "surface-sunk", "line", "line-control", "ink", "ink-soft", "ink-faint", "accent", "accent-wash", "kept", "at-risk", "broken", "unknown",
    ];
    return Object.fromEntries(names.map((name) => [name.replace("-", "_"), style.getPropertyValue(`--${name}`).trim()]));
  }

  function sheet(c) {
    const font = getComputedStyle(document.body).fontFamily;
    const rules = [
      { selector: "node", style: {
        shape: "data(shape)", width: 132, height: 54, "background-color": c.surface, "border-width": 1.5, "border-color": c.line_control,
        label: "data(text)", color: c.ink, "font-family": font, "font-size": 17, "text-valign": "center", "text-halign": "center",
        "text-wrap": "wrap", "text-max-width": 122, "min-zoomed-font-size": 6,
      } },
      { selector: "edge", style: {
        width: "data(width)", "line-color": c.line_control, "target-arrow-color": c.line_control, "target-arrow-shape": "triangle", "arrow-scale": 0.9,
        "curve-style": "bezier", "line-style": "data(stroke)",
        label: "data(text)", color: c.ink_soft, "font-family": font, "font-size": 15, "min-zoomed-font-size": 7,
        "text-background-color": c.surface_sunk, "text-background-opacity": 1, "text-background-padding": 2,
      } },
      { selector: "edge.plain", style: { "curve-style": "haystack", "haystack-radius": 0, opacity: 0.3 } },
      { selector: "edge[status = 'kept'], edge[status = 'in_control']", style: { opacity: 0.7 } },
      { selector: "edge.plain[status = 'kept'], edge.plain[status = 'in_control']", style: { opacity: 0.3 } },
      { selector: LOUD.map((status) => `edge.plain[status = '${status}']`).join(", "), style: { opacity: 0.9, "z-index": 5 } },
      { selector: "node[gap = 'yes']", style: { "border-style": "dashed", "border-color": c.ink_soft, "border-width": 2 } },
      // Less room for words where a shape has points.
      { selector: "node[shape = 'round-hexagon'], node[shape = 'ellipse']", style: { "text-max-width": 96 } },
      { selector: "node[shape = 'round-tag']", style: { "text-max-width": 96, "text-margin-x": -8 } },
      { selector: "edge[style = 'missing']", style: { "line-color": c.broken, "target-arrow-color": c.broken } },
      { selector: ".faded", style: { opacity: 0.12 } },
      { selector: ".left-out", style: { display: "none" } },
      { selector: "edge.near", style: { opacity: 1, "line-color": c.accent, "target-arrow-color": c.accent, "curve-style": "straight", "target-arrow-shape": "triangle", "z-index": 9 } },
      { selector: "node.found, node:selected", style: { "border-color": c.accent, "border-width": 3, "background-color": c.accent_wash, "z-index": 10 } },
    ];
    for (const [status, name] of [["kept", "kept"], ["at_risk", "at_risk"], ["broken", "broken"], ["unknown", "unknown"], ["in_control", "kept"], ["signal", "at_risk"]]) {
      rules.splice(3, 0, { selector: `[status = "${status}"]`, style: { "border-color": c[name], "line-color": c[name], "target-arrow-color": c[name], "border-width": 2.5 } });
    }
    return rules;
  }

  // The rows of baton.core.charts.wire as records.
  function unpack(wire) {
    const address = (pattern, id) => (pattern ? pattern.replace("{id}", id) : "");
    const nodes = wire.nodes.map(([id, label, kind = 0, shape = 0, status = 0, gap = 0, href = ""]) => ({
      id, label, kind: wire.kinds[kind], shape: wire.shapes[shape], status: wire.statuses[status], gap: gap ? "yes" : "no",
      href: href || address(wire.node_href, id),
    }));
    const edges = wire.edges.map(([id, source = 0, target = 0, label = "", weight = null, status = 0, style = 0, href = ""]) => ({
      id, source: nodes[source].id, target: nodes[target].id, label, weight, status: wire.statuses[status], style: wire.styles[style],
      href: href || address(wire.edge_href, id),
    }));
    return { nodes, edges };
  }

  function elements(graph, write) {
    const heaviest = Math.max(1, ...graph.edges.map((edge) => edge.weight || 0));
    const labelled = graph.edges.length <= LABELLED_EDGES;
    const short = (label) => {
      const cut = label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label;
      return cut.replace(/(\p{Script=Han})/gu, "$1\u200b"); // Chinese may break after every character
    };
    const sign = (status) => (SIGNS[status] ? `${SIGNS[status]} ` : "");
    const nodes = graph.nodes.map((node) => ({
      group: "nodes",
      data: { ...node, shape: SHAPES[node.shape] || "round-rectangle", text: sign(node.status) + (node.gap === "yes" ? `${GAP} ` : "") + short(node.label) },
    }));
    const edges = graph.edges.map((edge) => ({
      group: "edges",
      classes: labelled ? "" : "plain",
      data: {
        ...edge, stroke: (graph.edges.length <= DASHED_EDGES && STROKES[edge.style]) || "solid", width: 1.5 + (4.5 * Math.log1p(edge.weight || 0)) / Math.log1p(heaviest),
        text: labelled ? (sign(edge.status) + (edge.weight ? write(edge.weight) : "")).trim() : LOUD.includes(edge.status) ? SIGNS[edge.status] : "",
      },
    }));
    return nodes.concat(edges);
  }

  // Layered places for large maps: cycles cut at the lines that go back, longest path from the left, then a few sweeps
  // that bring every node near the mean of its neighbours. Linear in the lines for each sweep.
  function layers(graph) {
    const customers = new Map(graph.nodes.map((node) => [node.id, []]));
    const waiting = new Map(graph.nodes.map((node) => [node.id, 0]));
    for (const edge of graph.edges) if (edge.source !== edge.target) customers.get(edge.source).push(edge.target);
    const state = new Map();
    const kept = new Map(graph.nodes.map((node) => [node.id, []]));
    for (const start of graph.nodes) {
      const stack = [[start.id, 0]];
      if (state.has(start.id)) continue;
      state.set(start.id, "open");
      while (stack.length) {
        const top = stack[stack.length - 1];
        const next = customers.get(top[0])[top[1]++];
        if (next === undefined) {
          state.set(top[0], "closed");
          stack.pop();
        } else if (state.get(next) !== "open") {
          kept.get(top[0]).push(next);
          waiting.set(next, waiting.get(next) + 1);
          if (!state.has(next)) {
            state.set(next, "open");
            stack.push([next, 0]);
          }
        }
      }
    }
    const rank = new Map(graph.nodes.map((node) => [node.id, 0]));
    const ready = graph.nodes.filter((node) => waiting.get(node.id) === 0).map((node) => node.id);
    for (let at = 0; at < ready.length; at++) {
      for (const next of kept.get(ready[at])) {
        rank.set(next, Math.max(rank.get(next), rank.get(ready[at]) + 1));
        waiting.set(next, waiting.get(next) - 1);
        if (waiting.get(next) === 0) ready.push(next);
      }
    }
    // Who only supplies stands just left of his first customer, not at the far left.
    const receives = new Set([...kept.values()].flat());
    for (const [id, next] of kept) {
      if (!receives.has(id) && next.length) rank.set(id, Math.max(0, Math.min(...next.map((one) => rank.get(one))) - 1));
    }
    return rank;
  }

  // Columns from left to right: a layer that is too tall is broken into several, small neighbouring layers share one.
  function columnsOf(graph, rank, tallest) {
    const ordered = graph.nodes.map((node) => node.id).sort((a, b) => rank.get(a) - rank.get(b));
    const columns = [[]];
    let before = rank.get(ordered[0]);
    for (const id of ordered) {
      const column = columns[columns.length - 1];
      const changed = rank.get(id) !== before;
      if (column.length >= tallest || (changed && column.length >= tallest / 2)) columns.push([id]);
      else column.push(id);
      before = rank.get(id);
    }
    return columns;
  }

  function places(graph) {
    const rank = layers(graph);
    const wide = 240, tall = 62, shape = 1.8;
    const columns = columnsOf(graph, rank, Math.max(4, Math.ceil(Math.sqrt((graph.nodes.length * wide) / (tall * shape)))));
    const neighbours = new Map(graph.nodes.map((node) => [node.id, []]));
    for (const edge of graph.edges) {
      neighbours.get(edge.source).push(edge.target);
      neighbours.get(edge.target).push(edge.source);
    }
    const height = new Map();
    const spread = () => columns.forEach((column) => column.forEach((id, row) => height.set(id, row - (column.length - 1) / 2)));
    spread();
    for (let sweep = 0; sweep < 6; sweep++) {
      for (const column of columns) {
        const mean = new Map(column.map((id) => {
          const near = neighbours.get(id);
          return [id, near.length ? near.reduce((sum, other) => sum + height.get(other), 0) / near.length : height.get(id)];
        }));
        column.sort((a, b) => mean.get(a) - mean.get(b));
      }
      spread();
    }
    const found = {};
    columns.forEach((column, x) => column.forEach((id) => { found[id] = { x: x * wide, y: height.get(id) * tall }; }));
    return found;
  }

  function layout(graph, narrow) {
    if (graph.edges.length > DAGRE_UP_TO || graph.nodes.length > DAGRE_UP_TO) return { name: "preset", positions: places(graph), fit: true, padding: 24 };
    return { name: "dagre", rankDir: narrow ? "TB" : "LR", nodeSep: 34, rankSep: 60, edgeSep: 14, ranker: "network-simplex", fit: true, padding: 28, animate: false };
  }

  // A flat chain needs no tall canvas; a small one is not blown up.
  function settle(cy, canvas) {
    const box = cy.elements().boundingBox();
    const wanted = (box.h / Math.max(1, box.w)) * canvas.clientWidth + 96;
    canvas.style.height = `${Math.round(Math.min(canvas.clientHeight, Math.max(320, wanted)))}px`;
    cy.resize();
    cy.fit(undefined, 28);
    if (cy.zoom() > 1.1) cy.zoom(1.1).center();
  }

  window.baton.mapLayouts = { places, layers, unpack };

  window.baton.drawers.chainMap = (section) => {
    const begun = performance.now();
    const graph = unpack(JSON.parse(document.getElementById(section.dataset.chainMap).textContent));
    const words = JSON.parse(document.getElementById(`${section.dataset.chainMap}-words`).textContent);
    const format = new Intl.NumberFormat(document.documentElement.lang);
    const write = (value) => format.format(value);
    const canvas = section.querySelector(".map-canvas");
    // The wheel scrolls the page; with Ctrl it brings the map closer.
    canvas.addEventListener("wheel", (event) => { if (!event.ctrlKey && !event.metaKey) event.stopPropagation(); }, { capture: true });
    const cy = window.cytoscape({
      container: canvas, elements: elements(graph, write), style: sheet(colours()), layout: layout(graph, canvas.clientWidth < 560), minZoom: 0.04, maxZoom: 2.5,
      boxSelectionEnabled: false, autoungrabify: true, hideEdgesOnViewport: graph.edges.length > 400, textureOnViewport: graph.edges.length > 400,
      pixelRatio: graph.edges.length > 400 ? 1 : "auto",
    });
    settle(cy, canvas);
    cy.one("render", () => performance.measure("baton:map", { start: begun, end: performance.now() }));
    section.dataset.ready = "yes";
    document.addEventListener("baton:theme", () => cy.style(sheet(colours())));
    new ResizeObserver(() => cy.resize()).observe(canvas);
    window.baton.mapTools(section, cy, graph, words, write);
    window.baton.mapSaving(section, cy);
  };
})();
