/* The list of people under an @: arrows walk through it, Enter or Tab takes one, Escape closes it; a tap takes one, too.
   Without scripts a name is typed whole. */
"use strict";

(() => {
  // The same rule as on the server: an @ within a word, as in an e-mail address, mentions nobody.
  const TYPED = /(?:^|[^\p{L}\p{N}_.+-])@([^\n@]{0,40})$/u;

  for (const form of document.querySelectorAll("[data-mention-form]")) {
    if (form.dataset.awake) continue;
    form.dataset.awake = "yes";
    const box = form.querySelector("[data-mentions]");
    const list = form.querySelector(".mention-list");
    const chosen = form.elements.chosen;
    const options = () => [...list.querySelectorAll("[role=option]")];
    let asked = null;
    let waiting = 0;

    function close() {
      window.clearTimeout(waiting);
      list.replaceChildren();
      box.removeAttribute("aria-activedescendant");
      box.removeAttribute("aria-controls");
      asked = null;
    }

    function typed() {
      if (box.selectionStart !== box.selectionEnd) return null;
      return TYPED.exec(box.value.slice(0, box.selectionStart))?.[1] ?? null;
    }

    function look() {
      const text = typed();
      if (text === null) return close();
      if (text === asked) return;
      asked = text;
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => {
        const address = `${form.dataset.people}?q=${encodeURIComponent(text)}`;
        window.htmx.ajax("GET", address, { source: list, target: list, swap: "innerHTML" });
      }, 120);
    }

    function point(option) {
      for (const one of options()) one.setAttribute("aria-selected", String(one === option));
      if (option) box.setAttribute("aria-activedescendant", option.id);
      option?.scrollIntoView({ block: "nearest" });
    }

    function take(option) {
      const end = box.selectionStart;
      const begin = end - (typed() ?? "").length;
      const name = `${option.dataset.name} `;
      box.setRangeText(name, begin, end, "end");
      const ids = new Set(chosen.value.split(" ").filter(Boolean));
      chosen.value = [...ids.add(option.dataset.person)].join(" ");
      close();
      box.focus();
    }

    box.setAttribute("aria-autocomplete", "list");
    box.addEventListener("input", look);
    box.addEventListener("click", look);
    box.addEventListener("blur", () => window.setTimeout(close, 150));
    list.addEventListener("htmx:afterSwap", () => {
      if (typed() === null || document.activeElement !== box) return close();
      const all = options();
      if (!all.length) return;
      box.setAttribute("aria-controls", "mention-options");
      point(all[0]);
    });
    // Before the box loses the focus, and with it the place of the @.
    list.addEventListener("pointerdown", (event) => {
      const option = event.target.closest("[role=option]");
      if (!option) return;
      event.preventDefault();
      take(option);
    });
    box.addEventListener("keydown", (event) => {
      const all = options();
      if (!all.length || event.isComposing) return;
      const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        point(all[(at + (event.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]);
      } else if ((event.key === "Enter" || event.key === "Tab") && at >= 0 && !event.shiftKey) {
        take(all[at]);
      } else if (event.key === "Escape") {
        close();
        event.stopPropagation();
      } else {
        return;
      }
      event.preventDefault();
    });
  }
})();
