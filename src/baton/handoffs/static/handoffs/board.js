/* The board asks for itself again and again. Where the server does not answer it says so above what it last knew, and
   goes on asking: nobody stands in front of a wall screen to close a message. */
(() => {
  "use strict";
  const lost = (event) => {
    if (event.detail.elt.id !== "board") return;
    event.stopImmediatePropagation();
    const note = document.querySelector("#board [data-lost]");
    if (note) note.hidden = false;
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, lost, true);
  }
})();
