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
    // Nearer to the supplier, so that the words of a line back do not lie on those of the line there.
    const at = { x: from.x * 0.6 + to.x * 0.4, y: from.y * 0.6 + to.y * 0.4 };
    if (words) group.append(element("text", { x: at.x, y: at.y + 4, "text-anchor": "middle", "font-size": 13, fill: edge.style("color"), stroke: edge.style("text-background-color"), "stroke-width": 4, "paint-order": "stroke" }, words));
    group.append(element("title", {}, `${edge.source().data("label")} → ${edge.target().data("label")}: ${edge.data("label")}`));
    return group;
  }

  // A long name stands in two lines, broken at the space nearest to its middle, or there.
  function halves(words) {
    const wide = [...words].reduce((sum, sign) => sum + (/\p{Script=Han}/u.test(sign) ? 2 : 1), 0);
    if (wide <= 18) return [words];
    const middle = words.length / 2;
    const spaces = [...words.matchAll(/ /g)].map((found) => found.index);
    const cut = spaces.length ? spaces.reduce((best, at) => (Math.abs(at - middle) < Math.abs(best - middle) ? at : best)) : Math.ceil(middle);
    return [words.slice(0, cut), words.slice(cut).trim()];
  }

  function box(node) {
    const { x, y } = node.position();
    const [wide, tall] = [node.width(), node.height()];
    const group = element("g", {});
    group.append(element("rect", { x: x - wide / 2, y: y - tall / 2, width: wide, height: tall, rx: 8, fill: node.style("background-color"), stroke: node.style("border-color"), "stroke-width": node.numericStyle("border-width") }));
    const lines = halves(node.data("text").replaceAll("\u200b", ""));
    lines.forEach((words, place) => group.append(element("text", { x, y: y + 5 + (place - (lines.length - 1) / 2) * 16, "text-anchor": "middle", "font-size": 13, fill: node.style("color") }, words)));
    group.append(element("title", {}, `${node.data("label")} (${node.data("kind")})`));
    return group;
  }

  function drawing(cy, ground) {
    const seen = cy.elements(":visible");
    const { x1, y1, w, h } = seen.boundingBox();
    const [left, top, wide, tall] = [x1 - SPACE, y1 - SPACE, w + 2 * SPACE, h + 2 * SPACE];
    const svg = element("svg", { xmlns: "http://www.w3.org/2000/svg", viewBox: `${left} ${top} ${wide} ${tall}`, width: wide, height: tall, "font-family": "sans-serif" });
    const marks = element("defs", {});
    const arrow = element("marker", { id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 14, markerHeight: 14, markerUnits: "userSpaceOnUse", orient: "auto" });
    arrow.append(element("path", { d: "M0 0 8 4 0 8Z", fill: "context-stroke" }));
    marks.append(arrow);
    svg.append(marks, element("rect", { x: left, y: top, width: wide, height: tall, fill: ground }));
    svg.append(...seen.edges().map(line), ...seen.nodes().map(box));
    return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
  }

  // The picture with the same margin as the drawing; without it the outermost boxes end at the edge.
  async function framed(blob, ground) {
    const picture = await createImageBitmap(blob);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [picture.width + 2 * SPACE, picture.height + 2 * SPACE];
    const pen = canvas.getContext("2d");
    pen.fillStyle = ground;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, SPACE, SPACE);
    return new Promise((done) => { canvas.toBlob(done, "image/png"); });
  }

  window.baton.mapSaving = (section, cy) => {
    section.addEventListener("click", async (event) => {
      const kind = event.target.closest("[data-map-save]")?.dataset.mapSave;
      if (!kind) return;
      const ground = getComputedStyle(document.documentElement).getPropertyValue("--surface-sunk").trim();
      if (kind === "svg") save(drawing(cy, ground), "map.svg");
      else save(await framed(cy.png({ output: "blob", full: true, bg: ground, scale: 2, maxWidth: 8000, maxHeight: 8000 }), ground), "map.png");
    });
  };
})();
