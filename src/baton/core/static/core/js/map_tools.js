/* What can be done with the map: find, filter, come closer, look at one party or link, go to its page. */
"use strict";

(() => {
  function entry(text, count, href) {
    const line = document.createElement("li");
    const name = document.createElement(href ? "a" : "span");
    if (href) name.href = href;
    name.textContent = text;
    const figure = document.createElement("span");
    figure.className = "figure";
    figure.textContent = count;
    line.append(name, figure);
    return line;
  }

  function heading(level, text) {
    const element = document.createElement(level);
    element.textContent = text;
    return element;
  }

  function shut(words, close) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet btn-icon";
    button.setAttribute("aria-label", words.close);
    button.textContent = "✕";
    button.addEventListener("click", close);
    return button;
  }

  function opener(words, href) {
    const link = document.createElement("a");
    link.className = "btn btn-secondary";
    link.href = href;
    link.textContent = words.open;
    return link;
  }

  function describe(box, element, words, write, close) {
    const data = element.data();
    const parts = [shut(words, close)];
    if (element.isNode()) {
      parts.push(heading("h3", data.label), heading("p", [data.kind, words[data.status], data.gap === "yes" && words.gap].filter(Boolean).join(" · ")));
      for (const [word, edges, end] of [[words.supplies, element.outgoers("edge"), "target"], [words.receives, element.incomers("edge"), "source"]]) {
        if (!edges.length) continue;
        const list = document.createElement("ul");
        edges.sort((a, b) => (b.data("weight") || 0) - (a.data("weight") || 0)).slice(0, 8).forEach((edge) => {
          list.append(entry(edge[end]().data("label"), write(edge.data("weight") || 0), edge.data("href")));
        });
        parts.push(heading("h4", `${word} (${write(edges.length)})`), list);
      }
    } else {
      parts.push(heading("h3", `${element.source().data("label")} → ${element.target().data("label")}`));
      const facts = [data.label, data.weight != null && `${write(data.weight)} ${words.handoffs}`, words[data.style], words[data.status]];
      parts.push(heading("p", facts.filter(Boolean).join(" · ")));
    }
    if (data.href) parts.push(opener(words, data.href));
    box.replaceChildren(...parts);
    box.hidden = false;
  }

  window.baton.mapTools = (section, cy, graph, words, write) => {
    const box = section.querySelector("[data-map-detail]");
    const search = section.querySelector("[data-map-search]");
    const kind = section.querySelector("[data-map-kind]");
    const weight = section.querySelector("[data-map-weight]");
    const status = section.querySelector("[data-map-status]");
    const lines = new Map([...section.querySelectorAll("[data-map-list] [data-node]")].map((line) => [line.dataset.node, line]));
    const none = section.querySelector("[data-map-none]");

    function clear() {
      cy.elements().removeClass("faded near found").unselect();
      box.hidden = true;
    }

    function show(element, details) {
      cy.batch(() => {
        cy.elements().removeClass("near found").addClass("faded");
        const near = element.isNode() ? element.closedNeighborhood() : element.union(element.connectedNodes());
        near.removeClass("faded");
        near.edges().addClass("near");
        if (element.isNode()) element.addClass("found");
      });
      if (details) describe(box, element, words, write, clear);
      if (details && element.isNode()) window.baton.mapWays(section, cy, box, element, words);
    }

    function filter() {
      const text = search.value.trim().toLocaleLowerCase();
      const least = Number(weight.value) || 0;
      const found = [];
      cy.batch(() => {
        cy.elements().removeClass("left-out found faded near");
        for (const node of graph.nodes) {
          const fits = !kind?.value || node.kind === kind.value;
          const named = text === "" || node.label.toLocaleLowerCase().includes(text);
          if (!fits) cy.getElementById(node.id).addClass("left-out");
          if (fits && named) found.push(node.id);
          const line = lines.get(node.id);
          if (line) line.hidden = !(fits && named);
        }
        if (least > 0) cy.edges().filter((edge) => (edge.data("weight") || 0) < least).addClass("left-out");
        if (status?.value) {
          cy.edges().filter((edge) => edge.data("status") !== status.value).addClass("left-out");
          const near = cy.edges().not(".left-out").connectedNodes();
          cy.nodes().difference(near).addClass("faded");
        }
        if (text !== "") {
          cy.elements().addClass("faded");
          for (const id of found) cy.getElementById(id).removeClass("faded").addClass("found");
        }
      });
      none.hidden = found.length > 0;
      if (text !== "" && found.length > 0 && found.length <= 5) {
        const hit = cy.collection(found.map((id) => cy.getElementById(id)[0]));
        cy.fit(hit, 120);
        if (cy.zoom() > 1.1) cy.zoom(1.1).center(hit);
      }
    }

    search.addEventListener("input", filter);
    kind?.addEventListener("change", filter);
    status?.addEventListener("change", filter);
    weight.addEventListener("input", filter);

    section.addEventListener("click", (event) => {
      const button = event.target.closest("[data-map-zoom]");
      if (!button) return;
      const middle = { renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } };
      if (button.dataset.mapZoom === "fit") cy.fit(cy.elements(":visible"), 28);
      else cy.zoom({ level: cy.zoom() * (button.dataset.mapZoom === "in" ? 1.35 : 0.74), ...middle });
    });

    cy.on("tap", (event) => {
      if (event.target === cy) clear();
      else show(event.target, true);
    });
    cy.on("dbltap", "node, edge", (event) => {
      const href = event.target.data("href");
      if (href) window.location.assign(href);
    });
    cy.on("mouseover", "node, edge", () => { cy.container().classList.add("pointing"); });
    cy.on("mouseout", "node, edge", () => { cy.container().classList.remove("pointing"); });

    for (const [id, line] of lines) {
      const node = cy.getElementById(id);
      line.addEventListener("focusin", () => { show(node, false); cy.center(node); });
      line.addEventListener("mouseenter", () => show(node, false));
      line.addEventListener("mouseleave", clear);
      line.addEventListener("focusout", clear);
    }
  };
})();
