/* Workshops: asking whether anything happened, keeping what is typed, clocks, and dragging notes. */
"use strict";

(() => {
  let dragged = "";

  const words = () => document.querySelector("[data-words]");
  const busy = (element) =>
    document.hidden || dragged !== "" ||
    (element.id === "desk" && (element.querySelector("input[name=note]:checked, details[open]") ||
      element.contains(document.activeElement) && document.activeElement.matches("input, select")));

  // A page that has the newest state says so, and is told in a few bytes that nothing happened.
  document.addEventListener("htmx:configRequest", (event) => {
    const element = event.detail.elt;
    if (!element.matches("[data-poll]")) return;
    const mine = document.getElementById("mine");
    const headers = event.detail.headers;
    headers["If-None-Match"] = element.dataset.etag;
    if (mine) headers["X-Part"] = mine.dataset.part;
    if (mine && words()?.value.trim()) headers["X-Typed"] = "yes";
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const element = event.detail.elt;
    if (element.matches("[data-poll]") && busy(element)) event.preventDefault();
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, elt } = event.detail;
    if (xhr.status === 304) event.detail.shouldSwap = false;
    // A refusal brings the form back with what was typed.
    if (xhr.status >= 400 && xhr.status < 500 && xhr.status !== 429 && elt.closest("[data-workshop-form]")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });

  // What was typed while a dot or a note was sent stays; the part that came takes the focus for who uses the keyboard.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "mine") return;
    const focused = event.detail.requestConfig?.triggeringEvent?.submitter?.id;
    const again = focused && document.getElementById(focused);
    const place = again && !again.disabled ? again : document.querySelector("#mine [data-words]") || document.getElementById("mine");
    place?.focus();
  });

  // A lost connection is said in the page; the text stays in the form.
  function lost(is) {
    const note = document.querySelector("[data-lost-note]");
    if (note) note.hidden = !is;
    return Boolean(note);
  }

  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, (event) => {
      if (lost(true) || event.detail.elt.matches("[data-poll]")) event.stopImmediatePropagation();
    }, true);
  }
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.elt.matches("[data-poll]")) event.stopImmediatePropagation();
  }, true);
  document.addEventListener("htmx:beforeOnLoad", () => lost(false));

  // Clocks ------------------------------------------------------------------------------------------------------------
  function tick() {
    for (const clock of document.querySelectorAll("[data-countdown]")) {
      const left = Math.floor((new Date(clock.dateTime) - Date.now()) / 1000);
      const seconds = Math.abs(left);
      const said = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      clock.textContent = left >= 0 ? said : `+${said}`;
      clock.title = left >= 0 ? "" : clock.dataset.over;
      clock.classList.toggle("clock-over", left < 0);
    }
  }
  setInterval(tick, 1000);
  document.addEventListener("htmx:load", tick);
  tick();

  // Dragging a note to a cluster: the same form that the tick boxes use -------------------------------------------------
  document.addEventListener("dragstart", (event) => {
    const note = event.target.closest?.("[data-note]");
    if (!note) return;
    dragged = note.dataset.note;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged);
  });
  document.addEventListener("dragend", () => {
    dragged = "";
    for (const place of document.querySelectorAll(".drop-here")) place.classList.remove("drop-here");
  });
  document.addEventListener("dragover", (event) => {
    const place = dragged && event.target.closest("[data-drop]");
    for (const other of document.querySelectorAll(".drop-here")) other.classList.toggle("drop-here", other === place);
    if (!place) return;
    event.preventDefault();
    place.classList.add("drop-here");
  });
  document.addEventListener("drop", (event) => {
    const place = dragged && event.target.closest("[data-drop]");
    if (!place) return;
    event.preventDefault();
    const form = document.querySelector("[data-sort-form]");
    const values = { note: dragged, cluster: place.dataset.drop };
    if (!place.dataset.drop) values.alone = "yes";
    dragged = "";
    htmx.ajax("POST", form.action, { source: "#desk", target: "#desk", swap: "outerHTML", values });
  });
})();
