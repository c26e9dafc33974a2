/* The search box: "/" goes to it from everywhere, arrows walk through what it proposes, Escape closes that. */
"use strict";

(() => {
  const boxes = () => [...document.querySelectorAll("[data-site-search] input")];
  const shown = (element) => element.offsetParent !== null;

  function typing(element) {
    return element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName) || element.closest("dialog[open]");
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const all = boxes();
    if (!all.length) return;
    event.preventDefault();
    const box = all.find(shown);
    if (box) {
      box.focus();
      box.select();
    } else {
      window.location.assign(all[0].form.action);
    }
  });

  for (const form of document.querySelectorAll("[data-site-search]")) {
    const box = form.querySelector("input");
    const list = form.querySelector(".suggestions");
    const links = () => [...list.querySelectorAll("a")];
    const close = () => list.classList.add("closed");

    form.addEventListener("htmx:beforeRequest", () => list.classList.remove("closed"));
    box.addEventListener("focus", () => list.classList.remove("closed"));
    form.addEventListener("focusout", (event) => {
      if (!form.contains(event.relatedTarget)) close();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.classList.contains("closed")) {
        close();
        box.focus({ preventScroll: true });
        close();
        event.stopPropagation();
      }
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      const stops = [box, ...links()];
      const next = stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      if (next < 0 || next >= stops.length || list.classList.contains("closed")) return;
      event.preventDefault();
      stops[next].focus();
    });
  }
})();
