/* Workshops: asking whether anything happened, keeping what is typed, clocks, and dragging notes. */
"use strict";

(() => {
  const SENDING = 5000; // milliseconds for which an answer is waited for before the page follows by itself again
  let dragged = "";
  let pressed = false;
  let sentAt = 0;

  const words = () => document.querySelector("[data-words]");
  const isPoll = (element) => element.matches("[data-poll]");
  // What somebody is about to do is not taken from under his hands.
  const busy = (element) =>
    document.hidden || pressed || dragged !== "" || Date.now() - sentAt < SENDING ||
    (element.id === "desk" && (element.querySelector("input[name=note]:checked, details[open]") ||
      element.contains(document.activeElement) && document.activeElement.matches("input, select")));

  // A page that has the newest state says so, and is told in a few bytes that nothing happened.
  document.addEventListener("htmx:configRequest", (event) => {
    const element = event.detail.elt;
    if (!isPoll(element)) return;
    const mine = document.getElementById("mine");
    const headers = event.detail.headers;
    headers["If-None-Match"] = element.dataset.etag;
    if (mine) headers["X-Part"] = mine.dataset.part;
    if (mine && words()?.value.trim()) headers["X-Typed"] = "yes";
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const element = event.detail.elt;
    if (!isPoll(element)) sentAt = Date.now();
    else if (busy(element)) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isPoll(event.detail.requestConfig.elt)) sentAt = 0;
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, requestConfig } = event.detail;
    const asked = isPoll(requestConfig.elt);
    if (asked && (xhr.status === 304 || busy(requestConfig.elt))) event.detail.shouldSwap = false;
    // A refusal brings the form back with what was typed.
    if (xhr.status >= 400 && xhr.status < 500 && xhr.status !== 429 && requestConfig.elt.closest("[data-workshop-form]")) {
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
    const note = document.querySelector("[data-refused-note]");
    const asked = event.detail.elt.matches("[data-poll]");
    if (note && !asked) note.hidden = false;
    if (note || asked) event.stopImmediatePropagation();
  }, true);
  document.addEventListener("htmx:beforeOnLoad", () => lost(false));
  document.addEventListener("htmx:beforeRequest", (event) => {
    const note = document.querySelector("[data-refused-note]");
    if (note && !event.detail.elt.matches("[data-poll]")) note.hidden = true;
  });

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
  document.addEventListener("pointerdown", (event) => { pressed = Boolean(event.target.closest("[data-note]")); });
  for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => { pressed = false; });
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
    htmx.ajax("POST", form.action, { source: form, target: "#desk", swap: "outerHTML", values });
  });
})();
