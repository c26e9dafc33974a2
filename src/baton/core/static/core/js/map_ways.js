/* From one party to another along the lines, and two steps along the chain: what the details of a party offer. */
"use strict";

(() => {
  function light(cy, found) {
    cy.batch(() => {
      cy.elements().removeClass("near found").addClass("faded");
      found.removeClass("faded");
      found.edges().addClass("near");
      found.nodes().addClass("found");
    });
    cy.fit(found, 90);
    if (cy.zoom() > 1.1) cy.zoom(1.1).center(found);
  }

  function button(text, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "btn btn-quiet btn-sm";
    element.textContent = text;
    element.addEventListener("click", act);
    return element;
  }

  function say(box, text) {
    const line = document.createElement("p");
    line.textContent = text;
    box.append(line);
  }

  window.baton.mapWays = (section, cy, box, node, words) => {
    const from = section.dataset.wayFrom;
    delete section.dataset.wayFrom;
    if (from && from !== node.id()) {
      const way = cy.elements(":visible").aStar({ root: cy.getElementById(from), goal: node, directed: true });
      if (way.found) light(cy, way.path);
      say(box, way.found ? way.path.nodes().map((one) => one.data("label")).join(" → ") : words.way_none);
    }
    const tools = document.createElement("div");
    tools.className = "map-ways";
    tools.append(button(words.way_from, () => {
      section.dataset.wayFrom = node.id();
      say(box, words.way_choose);
    }));
    tools.append(button(words.second, () => {
      const first = node.outgoers();
      light(cy, node.union(first).union(first.nodes().outgoers()));
    }));
    if (section.dataset.pathHref) {
      const link = document.createElement("a");
      link.className = "btn btn-quiet btn-sm";
      link.href = section.dataset.pathHref + encodeURIComponent(node.id());
      link.textContent = words.way_outside;
      tools.append(link);
    }
    box.append(tools);
  };
})();
