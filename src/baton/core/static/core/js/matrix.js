/* The matrix with the keyboard: one cell takes the focus, arrow keys lead to the next cell that leads somewhere. A cell
   under the pointer shows what it says to screen readers. */
"use strict";

(() => {
  const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

  function walk(table) {
    const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1).map((cell) => cell.querySelector("a")));
    const links = rows.flat().filter(Boolean);
    links.forEach((link, index) => { link.tabIndex = index ? -1 : 0; });

    const next = (row, column, [down, right]) => {
      for (let r = row + down, c = column + right; rows[r] && c >= 0 && c < rows[r].length; r += down, c += right) {
        if (rows[r][c]) return rows[r][c];
      }
      return null;
    };

    table.addEventListener("mouseover", (event) => {
      const link = event.target.closest("td > a");
      if (link && !link.title) link.title = link.getAttribute("aria-label");
    });

    table.addEventListener("keydown", (event) => {
      const step = STEPS[event.key];
      const row = rows.findIndex((cells) => cells.includes(event.target));
      if (!step || row < 0) return;
      const found = next(row, rows[row].indexOf(event.target), step);
      event.preventDefault();
      if (!found) return;
      event.target.tabIndex = -1;
      found.tabIndex = 0;
      found.focus();
    });
  }

  document.querySelectorAll("[data-matrix]").forEach(walk);
})();
