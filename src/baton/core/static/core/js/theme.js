/* Light or dark: loaded in <head> without defer, so that the page is never painted in the wrong theme first.
   The reader's choice is kept in localStorage under "baton-theme": "light", "dark" or nothing (as the device). */
"use strict";

(() => {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");

  function chosen() {
    try {
      return localStorage.getItem("baton-theme") || "system";
    } catch {
      return "system"; // storage may be switched off
    }
  }

  function apply() {
    const choice = chosen();
    const theme = choice === "system" ? (device.matches ? "dark" : "light") : choice;
    const changed = root.dataset.bsTheme !== theme;
    root.dataset.bsTheme = theme;
    if (changed) document.dispatchEvent(new CustomEvent("baton:theme", { detail: theme }));
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
  }

  root.classList.add("js");
  apply();
  device.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem("baton-theme", button.dataset.themeChoice);
    } catch {
      root.dataset.bsTheme = button.dataset.themeChoice;
    }
    apply();
  });
})();
