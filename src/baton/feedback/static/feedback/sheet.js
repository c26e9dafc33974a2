/* Sheets of surveys: the code out of the address, sending without cookies, questions that hang on others, sums. */
"use strict";

(() => {
  const IDLE = 150000; // milliseconds after which a device that many use asks whether somebody is there
  const WAIT = 30000; // and how long it then waits
  const PAGES = [200, 404, 422, 429]; // statuses of these pages; any other says that the server failed
  const root = () => document.getElementById("content");
  let typed = false;

  // Questions that are asked only after another answer: what is hidden is not sent. Earlier ones are looked at first,
  // so that one that hangs on a hidden one is hidden too.
  function branch(form) {
    for (const question of form.querySelectorAll("[data-when]")) {
      const wanted = JSON.parse(question.dataset.answers);
      const earlier = form.querySelector(`[data-question="${CSS.escape(question.dataset.when)}"]`);
      const given = earlier ? [...earlier.querySelectorAll("input:checked:not(:disabled)")].map((one) => one.value) : [];
      const shown = given.some((one) => wanted.includes(one));
      question.hidden = !shown;
      for (const control of question.querySelectorAll("input, textarea")) control.disabled = !shown;
    }
  }

  function sums(form) {
    for (const question of form.querySelectorAll("[data-points]")) {
      const all = Number(question.dataset.points);
      const values = [...question.querySelectorAll("input")].map((one) => Number(one.value) || 0);
      const sum = values.reduce((one, other) => one + other, 0);
      const place = question.querySelector("[data-sum]");
      place.textContent = place.dataset.said.replace("{sum}", sum).replace("{all}", all);
      place.toggleAttribute("data-off", sum !== 0 && sum !== all);
    }
  }

  function progress(form) {
    const place = form.querySelector("[data-progress]");
    if (!place) return;
    const questions = [...form.querySelectorAll("[data-question]")].filter((one) => !one.hidden);
    const done = questions.filter((one) =>
      [...one.querySelectorAll("input, textarea")].some((control) =>
        ["radio", "checkbox"].includes(control.type) ? control.checked && control.value !== "" : control.value.trim() !== ""));
    place.querySelector("progress").max = questions.length;
    place.querySelector("progress").value = done.length;
    place.querySelector("span").textContent =
      place.dataset.said.replace("{done}", done.length).replace("{all}", questions.length);
  }

  function look(form) {
    branch(form);
    sums(form);
    progress(form);
  }

  function begin() {
    const form = document.querySelector("[data-sheet]");
    if (form) look(form);
    document.querySelector("[data-focus]")?.focus();
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("[data-sheet]");
    if (!form) return;
    typed = true;
    look(form);
  });
  // Enter in a field of a sheet sends nothing: what is sent cannot be changed any more.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("[data-sheet] input")) event.preventDefault();
  });
  window.addEventListener("beforeunload", (event) => { if (typed) event.preventDefault(); });

  // Sent without cookies, so that not even the browser says whose it is. The answer takes the place of the page.
  async function send(address, fields) {
    const lost = document.querySelector("[data-lost]");
    const failed = document.querySelector("[data-failed]");
    lost.hidden = failed.hidden = true;
    try {
      const answer = await fetch(address, {
        method: "POST", body: fields, credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store",
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = page.getElementById("content");
      if (!main || !PAGES.includes(answer.status)) {
        failed.hidden = false;
        return;
      }
      typed = false;
      document.title = page.title;
      document.documentElement.lang = page.documentElement.lang;
      root().replaceWith(document.adoptNode(main));
      document.querySelector("header .survey-languages")?.replaceWith(page.querySelector("header .survey-languages"));
      window.scrollTo(0, 0);
      begin();
    } catch {
      lost.hidden = false;
    }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.matches("[data-sheet]")) typed = false;
    if (!form.matches("[data-sheet-form]")) return;
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    const fields = new URLSearchParams(new FormData(form));
    const by = event.submitter;
    if (by?.name) fields.set(by.name, by.value);
    await send(by?.hasAttribute("formaction") ? by.formAction : form.action, fields);
    delete form.dataset.busy;
  });

  // The code of a letter stands behind the # of the address, which no browser sends; it leaves the address at once.
  function open() {
    const code = decodeURIComponent(location.hash.slice(1));
    const place = document.querySelector("[data-opens]");
    if (!place || !/^[0-9a-z-]{20,40}$/i.test(code)) return;
    history.replaceState(null, "", location.pathname);
    send(place.dataset.opens, new URLSearchParams({ code }));
  }
  window.addEventListener("hashchange", open);

  // A device that many use shows nobody what the one before left on it.
  const kiosk = document.body.dataset.kiosk;
  if (kiosk) {
    const note = document.querySelector("[data-idle]");
    let asking = 0;
    let clearing = 0;
    const again = () => {
      clearTimeout(asking);
      clearTimeout(clearing);
      note.hidden = true;
      asking = setTimeout(() => {
        if (!document.querySelector("[data-sheet]")) return again();
        note.hidden = false;
        clearing = setTimeout(() => { typed = false; location.replace(kiosk); }, WAIT);
      }, IDLE);
    };
    for (const name of ["input", "pointerdown", "keydown"]) document.addEventListener(name, again);
    again();
  }

  begin();
  open();
})();
