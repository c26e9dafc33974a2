/* The map as a file: PNG as it is drawn, SVG with boxes, lines and words that other programs can change. */
"use strict";

(() => {
  const SPACE = 40;

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  function element(name, values, text) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(values)) made.setAttribute(key, value);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // Where the line from the middle of a box towards a point leaves the box.
  function border(node, towards) {
    const { x, y } = node.position();
    const [across, down] = [towards.x - x, towards.y - y];
    const share = Math.min(node.width() / 2 / Math.max(1e-6, Math.abs(across)), node.height() / 2 / Math.max(1e-6, Math.abs(down)), 1);
    return { x: x + across * share, y: y + down * share };
  }

  function line(edge) {
    const from = border(edge.source(), edge.target().position());
    const to = border(edge.target(), edge.source().position());
    const colour = edge.style("line-color");
    const group = element("g", {});
    group.append(element("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke: colour, "stroke-width": edge.numericStyle("width"), "marker-end": "url(#arrow)" }));
    const words = edge.data("text");
    if (words) group.append(element("text", { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 - 4, "text-anchor": "middle", "font-size": 13, fill: edge.style("color") }, words));
    group.append(element("title", {}, `${edge.source().data("label")} → ${edge.target().data("label")}: ${edge.data("label")}`));
    return group;
  }

  function box(node) {
    const { x, y } = node.position();
    const [wide, tall] = [node.width(), node.height()];
    const group = element("g", {});
    group.append(element("rect", { x: x - wide / 2, y: y - tall / 2, width: wide, height: tall, rx: 8, fill: node.style("background-color"), stroke: node.style("border-color"), "stroke-width": node.numericStyle("border-width") }));
    group.append(element("text", { x, y: y + 5, "text-anchor": "middle", "font-size": 13, fill: node.style("color") }, node.data("text").replaceAll("\u200b", "")));
    group.append(element("title", {}, `${node.data("label")} (${node.data("kind")})`));
    return group;
  }

  function drawing(cy, ground) {
    const seen = cy.elements(":visible");
    const { x1, y1, w, h } = seen.boundingBox();
    const [left, top, wide, tall] = [x1 - SPACE, y1 - SPACE, w + 2 * SPACE, h + 2 * SPACE];
    const svg = element("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `${left} ${top} ${wide} ${tall}`, width: wide, height: tall, "font-family": "sans-serif" });
    const marks = element("defs", {});
    const arrow = element("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" });
    arrow.append(element("path", { d: "M0 0 8 4 0 8Z", fill: "context-stroke" }));
    marks.append(arrow);
    svg.append(marks, element("rect", { x: left, y: top, width: wide, height: tall, fill: ground }));
    svg.append(...seen.edges().map(line), ...seen.nodes().map(box));
    return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
  }

  window.baton.mapSaving = (section, cy) => {
    section.addEventListener("click", (event) => {
      const kind = event.target.closest("[data-map-save]")?.dataset.mapSave;
      if (!kind) return;
      const ground = getComputedStyle(document.documentElement).getPropertyValue("--surface-sunk").trim();
      if (kind === "svg") save(drawing(cy, ground), "map.svg");
      else save(cy.png({ output: "blob", full: true, bg: ground, scale: 2, maxWidth: 8000, maxHeight: 8000 }), "map.png");
    });
  };
})();
