/* Choosing rows of a list: all of the page, from one to another with Shift, how many are chosen; Escape chooses none. */
"use strict";

(() => {
  const boxes = () => [...document.querySelectorAll(".pick input[name=row]")];
  const heads = () => [...document.querySelectorAll("[data-pick-all]")];
  const bar = () => document.querySelector("[data-acts]");
  const ofHead = (head) => [...head.closest("table").querySelectorAll(".pick input[name=row]")];
  let last = null;

  function say() {
    const form = bar();
    if (!form) return;
    const all = form.querySelector("input[data-all]");
    const count = form.querySelector("[data-chosen]");
    count.textContent = all?.checked ? count.dataset.all : boxes().filter((box) => box.checked).length;
    for (const head of heads()) {
      const own = ofHead(head);
      const chosen = own.filter((box) => box.checked).length;
      head.checked = chosen > 0 && chosen === own.length;
      head.indeterminate = chosen > 0 && chosen < own.length;
    }
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.(".pick input[name=row]");
    if (!box) return;
    const all = boxes();
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const between of all.slice(from, to + 1)) between.checked = box.checked;
    }
    last = box;
    say();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-all]")) {
      for (const box of ofHead(event.target)) box.checked = event.target.checked;
    }
    if (event.target.closest("[data-acts], .pick")) say();
  });

  document.addEventListener("reset", (event) => {
    if (event.target.matches("[data-acts]")) setTimeout(say);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest?.(".pick, [data-acts]")) bar()?.reset();
  });

  document.addEventListener("htmx:load", say);
  say();
})();
