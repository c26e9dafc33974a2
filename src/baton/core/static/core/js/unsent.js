/* What somebody taps in a form with data-keeps is kept on this device until the server has answered, and is sent in its
   order when the connection is back; files that go with it lie in unsent_files.js. It belongs to whoever tapped it: data-of is the mark of the person, and the server
   takes nothing under another one. Without scripts, or where the device keeps nothing, forms are sent as ever. */
"use strict";

(() => {
  const box = document.getElementById("unsent");
  if (!box) return;
  const { of: person, opened, ...words } = box.dataset;
  const loaded = Date.now();
  const PREFIX = "baton-unsent-";
  const ANSWER_WITHIN = 15_000;
  const FILES_WITHIN = 180_000;
  const files = window.baton.unsentFiles;
  const FIRST_WAIT = 5_000;
  const LONGEST_WAIT = 60_000;
  let trouble = "";
  let failures = 0;
  let timer = 0;
  let typing = false;

  // The store: an entry an act, so that two tabs never overwrite each other's ---------------------------------------
  function keys() {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).sort();
    } catch {
      return [];
    }
  }

  // What cannot be read, such as half an entry after a crash, keeps nothing else from being sent.
  function read(key) {
    try {
      const item = JSON.parse(localStorage.getItem(key));
      return item && typeof item === "object" ? [{ ...item, key }] : [];
    } catch {
      return [];
    }
  }

  const all = () => keys().flatMap(read);

  const own = () => all().filter((item) => item.of === person);
  const waiting = () => own().filter((item) => !item.why);

  function put({ key, ...item }) {
    try {
      localStorage.setItem(key, JSON.stringify(item));
      return true;
    } catch {
      return false;
    }
  }

  function remove(key) {
    localStorage.removeItem(key);
    files.drop(key);
  }

  // A line of its own among what was not taken: it stays until somebody has read it.
  const sayLost = (item) => put({ ...item, key: `${item.key}-files`, files: 0, why: words.filesLost });

  function random() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function made(form) {
    const id = random();
    const last = all().at(-1)?.key.slice(PREFIX.length).split("-")[0] ?? "0";
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "submission");
    const address = new URL(form.action, location.href);
    return {
      key: `${PREFIX}${String(Number(last) + 1).padStart(9, "0")}-${id}`,
      of: person,
      id,
      what: form.dataset.keeps,
      to: address.pathname + address.search,
      back: form.dataset.back || location.pathname,
      fields,
      files: files.chosen(form).length,
      opened,
      loaded,
      tapped: Date.now(),
    };
  }

  // Sending ---------------------------------------------------------------------------------------------------------
  async function bodyOf(item) {
    const sent = item.files ? await files.get(item.key) : [];
    if (item.files && !sent.length) {
      sayLost(item);
      item.files = 0;
      put(item);
    }
    const body = sent.length ? new FormData() : new URLSearchParams();
    for (const [name, file] of sent) body.append(name, file, file.name);
    return body;
  }

  async function post(item) {
    if (!navigator.onLine) return { trouble: "connection" };
    const token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
    const body = await bodyOf(item);
    const said = [
      ...item.fields,
      ["submission", item.id],
      ["csrfmiddlewaretoken", token],
      ["typed_by", item.of],
      ["tap_opened", item.opened],
      ["tap_loaded", item.loaded],
      ["tap_at", item.tapped],
      ["tap_sent", Date.now()],
    ];
    for (const [name, value] of said) body.append(name, value);
    try {
      const answer = await fetch(item.to, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(item.files ? FILES_WITHIN : ANSWER_WITHIN) });
      const type = answer.headers.get("Content-Type") ?? "";
      if (type.startsWith("application/json")) return await answer.json();
      // Another page than the act's: a sign-in that is over, or something between this device and the server.
      const signIn = answer.type === "opaqueredirect" || answer.status === 400 || answer.status === 403;
      return { trouble: signIn ? "signIn" : "server" };
    } catch {
      return { trouble: "connection" };
    }
  }

  // Another act on the same thing, tapped later on the same page: the first one is no change by somebody else.
  const subject = (item) => item.to.split("/step/")[0];
  const seen = (item) => item.fields.find(([name]) => name === "version");

  function follow(item, version) {
    for (const later of waiting()) {
      if (!seen(item) || subject(later) !== subject(item) || seen(later)?.[1] !== seen(item)[1]) continue;
      seen(later)[1] = String(version);
      put(later);
    }
  }

  async function run(outcomes) {
    for (;;) {
      const [item] = waiting();
      if (!item) return;
      const answer = await post(item);
      if (answer.trouble) {
        trouble = answer.trouble;
        failures += 1;
        clearTimeout(timer);
        timer = setTimeout(send, Math.min(FIRST_WAIT * 2 ** (failures - 1), LONGEST_WAIT));
        return;
      }
      trouble = "";
      failures = 0;
      if (answer.taken) {
        remove(item.key);
        follow(item, answer.version);
      } else {
        put({ ...item, why: answer.why });
      }
      outcomes.set(item.key, answer);
      show();
    }
  }

  let queue = Promise.resolve();

  function send() {
    const outcomes = new Map();
    const locked = () => (navigator.locks ? navigator.locks.request(PREFIX, () => run(outcomes)) : run(outcomes));
    queue = queue.then(locked, locked).then(() => {
      show();
      return outcomes;
    });
    return queue;
  }

  async function sendAndLook() {
    if (!person || !waiting().length) return show();
    const outcomes = await send();
    if (![...outcomes.values()].some((answer) => answer.taken)) return;
    // What the page says is out of date now; what somebody is typing stays.
    if (typing || document.querySelector("[data-sending]")) window.baton.toast(words.sent);
    else location.reload();
  }

  // The forms -------------------------------------------------------------------------------------------------------
  function busy(form, on) {
    form.setAttribute("aria-busy", String(on));
    for (const button of form.querySelectorAll("button[type=submit]")) button.disabled = on;
  }

  function plainly(form, item) {
    const field = form.elements.submission;
    if (field) field.value = item.id;
    busy(form, false);
    form.submit();
  }

  function says(form, text) {
    const note = form.querySelector(".form-kept") ?? document.createElement("p");
    note.className = "form-kept";
    note.textContent = text;
    form.append(note);
  }

  async function tap(form) {
    const item = made(form);
    form.dataset.sending = "yes";
    busy(form, true);
    const keeps = !item.files || (await files.put(item.key, files.chosen(form)));
    // What this device cannot keep goes as ever where it can go; without a connection the act goes without it.
    if ((!keeps && navigator.onLine) || !put(keeps ? item : { ...item, files: 0 })) return plainly(form, item);
    if (!keeps) sayLost(item);
    show();
    const answer = (await send()).get(item.key);
    delete form.dataset.sending;
    const kept = all().find((one) => one.key === item.key);
    if (answer?.taken) return location.assign(answer.to);
    // Another tab has sent it.
    if (!kept) return location.assign(item.back);
    if (kept.why) {
      remove(item.key);
      // Nothing was saved: sent as ever, the form comes back with what is to be mended beside its fields.
      return plainly(form, item);
    }
    typing = false;
    says(form, words.kept);
    form.dataset.kept = item.key;
    form.setAttribute("aria-busy", "false");
    if (form.dataset.again) busy(form, false);
    show();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!person || event.defaultPrevented || !form.matches("form[data-keeps]")) return;
    event.preventDefault();
    if (!form.dataset.sending) tap(form);
  });

  document.addEventListener("input", () => {
    typing = true;
  });

  // A page that is open goes on working without a connection; one that is left is gone.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || navigator.onLine || !person || link.getAttribute("href").startsWith("#")) return;
    event.preventDefault();
    window.baton.toast(words.offline);
  });

  // What is shown ---------------------------------------------------------------------------------------------------
  function element(name, text, className) {
    const found = document.createElement(name);
    found.textContent = text;
    if (className) found.className = className;
    return found;
  }

  // A form that waited can be used again once the server has answered.
  function wake(waits) {
    for (const form of document.querySelectorAll("form[data-kept]")) {
      if (waits.some((item) => item.key === form.dataset.kept)) continue;
      delete form.dataset.kept;
      form.querySelector(".form-kept")?.remove();
      busy(form, false);
    }
  }

  const counted = (text, items) => text.replace("{count}", items.length);

  // What was not taken has photos that lie nowhere else: a phone's camera gave them to the form alone.
  function saving(item) {
    const save = element("button", words.saveFiles, "btn btn-secondary");
    save.type = "button";
    save.addEventListener("click", async () => {
      for (const [, file] of await files.get(item.key)) {
        const link = element("a", "");
        link.href = URL.createObjectURL(file);
        link.download = file.name;
        link.click();
        URL.revokeObjectURL(link.href);
      }
    });
    return save;
  }

  function line(item) {
    const at = new Date(item.tapped).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    const found = element("li", `${item.what} · ${at}`);
    if (item.files) found.append(element("p", counted(words.files, { length: item.files })));
    if (!item.why) return found;
    found.append(element("p", item.why));
    const actions = element("p", "", "form-actions");
    const open = element("a", words.open, "btn btn-secondary");
    open.href = item.to.includes("/step/") ? `${subject(item)}/` : item.to;
    const away = element("button", words.away, "btn btn-quiet");
    away.type = "button";
    away.addEventListener("click", () => {
      remove(item.key);
      show();
    });
    actions.append(open, ...(item.files ? [saving(item)] : []), away);
    found.append(actions);
    return found;
  }

  function part(title, items) {
    const list = element("ul", "");
    list.append(...items.map(line));
    return [element("p", counted(title, items), "notice-title"), list];
  }

  function show() {
    const mine = person ? own() : [];
    const waits = mine.filter((item) => !item.why);
    const refused = mine.filter((item) => item.why);
    const others = all().filter((item) => item.of !== person || !person);
    const parts = [];
    wake(waits);
    if (waits.length) {
      parts.push(...part(words.waiting, waits));
      if (trouble) parts.push(element("p", words[trouble]));
      const now = element("button", words.now, "btn btn-secondary");
      now.type = "button";
      now.addEventListener("click", sendAndLook);
      parts.push(now);
    }
    if (refused.length) parts.push(...part(words.refused, refused));
    if (others.length) parts.push(element("p", counted(person ? words.others : words.strangers, others)));
    box.querySelector(".notice-words").replaceChildren(...parts);
    box.hidden = !parts.length;
  }

  window.addEventListener("storage", show);
  window.addEventListener("online", () => {
    failures = 0;
    sendAndLook();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sendAndLook();
  });
  show();
  sendAndLook();
})();
