/* What every page can do: menus, dialogs, messages, and loading the scripts of charts and maps where there are any. */
"use strict";

window.baton = { drawers: {} };

(() => {
  // Scripts of charts and maps, loaded once and in order, also for fragments that htmx brings later -----------------
  const loading = new Map();

  function load(address) {
    if (!loading.has(address)) {
      loading.set(
        address,
        new Promise((done, failed) => {
          const script = document.createElement("script");
          script.src = address;
          script.onload = done;
          script.onerror = () => failed(new Error(`${address} was not loaded`));
          document.head.append(script);
        }),
      );
    }
    return loading.get(address);
  }

  async function draw(element, drawer) {
    if (element.dataset.drawn) return;
    element.dataset.drawn = "yes";
    for (const address of element.dataset.scripts.split(" ")) await load(address);
    window.baton.drawers[drawer](element);
  }

  function wake(root) {
    for (const [attribute, drawer] of [["data-control-chart", "controlChart"], ["data-chain-map", "chainMap"]]) {
      if (root.matches?.(`[${attribute}]`)) draw(root, drawer);
      for (const element of root.querySelectorAll(`[${attribute}]`)) draw(element, drawer);
    }
    root.querySelector("[data-focus]")?.focus();
  }

  wake(document);
  document.addEventListener("htmx:load", (event) => wake(event.detail.elt));

  // Menus are <details>: they work without scripts; scripts close them ----------------------------------------------
  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details[data-menu][open]")) {
      if (menu !== except && !menu.contains(except)) menu.open = false;
    }
  }

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    const closer = event.target.closest("[data-close-dialog]");
    if (closer) closer.closest("dialog").close();
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".notice").remove();
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
  });

  // On a phone the tabs of a page are a strip: the one that one is on is moved into sight ----------------------------
  for (const strip of document.querySelectorAll("nav.tabs")) {
    const here = strip.querySelector("[aria-current]");
    if (here) strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.clientWidth) / 2;
  }

  // What went wrong on the way to the server ------------------------------------------------------------------------
  function toast(text) {
    const area = document.getElementById("toasts");
    const note = document.createElement("div");
    note.className = "toast-note";
    const words = document.createElement("p");
    words.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-quiet";
    close.textContent = area.dataset.close;
    close.addEventListener("click", () => note.remove());
    note.append(words, close);
    area.replaceChildren(note);
  }

  document.addEventListener("htmx:sendError", () => toast(document.getElementById("toasts").dataset.lost));
  document.addEventListener("htmx:timeout", () => toast(document.getElementById("toasts").dataset.lost));
  document.addEventListener("htmx:responseError", () => toast(document.getElementById("toasts").dataset.failed));
  window.baton.toast = toast;
})();
