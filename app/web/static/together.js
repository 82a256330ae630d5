/* Writing together: long texts are saved while one writes, others see who is there, and what could not be saved is kept
   in this browser (copies.js). Without JavaScript the form's button saves. */
"use strict";

function together(box) {
  const form = box.querySelector("form");
  const PAUSE = 2000; // so long after the last key
  const LONGEST = 8000; // and at the latest so long after the first
  const BEAT = 25000;
  const RETRIES = [3000, 6000, 12000, 25000];
  const paused = "paused" in box.dataset; // the form shows two versions: nothing is saved before a decision

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  const writer = newId();
  let sequence = 0;
  let base = form.elements.version.value;
  let busy = null;
  let timer = 0;
  let waitingSince = 0;
  let failures = 0;
  let blocked = ""; // "", "session", "account", "conflict" or "refused"
  let submitting = false;

  const fields = box.dataset.fields.split(" ").map((name) => {
    const area = form.elements[name];
    const stored = "unsaved" in box.dataset && !paused ? null : area.value;
    return { name, area, stored, attempt: null, keeping: 0 };
  });
  const dirty = (field) => field.area.value !== field.stored;
  const unsaved = () => fields.filter(dirty);

  // --- what the page says ---------------------------------------------------------------------------------------

  const word = box.querySelector("[data-save-word]");
  const said = box.querySelector("[data-save-said]");
  const signIn = box.querySelector("[data-sign-in]");
  const compare = box.querySelector("[data-compare]");
  let trouble = false;

  // Screen readers hear of trouble and of its end, not of every save.
  function say(text, bad = false) {
    word.textContent = text;
    word.classList.toggle("save-trouble", bad);
    if (bad || trouble) said.textContent = text;
    trouble = bad;
    signIn.hidden = blocked !== "session";
    compare.hidden = blocked !== "conflict";
    tell(text, bad);
  }

  // For a line of the page that says it once for all texts.
  function tell(text, bad) {
    document.dispatchEvent(new CustomEvent("skip:saving", { detail: { text, bad } }));
  }

  const keptWhere = () => (vault ? "Ihr Text liegt auf diesem Gerät." : "Bitte lassen Sie dieses Fenster offen.");

  // --- copies in this browser: copies.js keeps and offers them -----------------------------------------------------

  const { vault } = window.copies;
  const slot = (field) => `${box.dataset.object}:${field.name}`;
  const keepCopy = (field) => dirty(field) && window.copies.keep(slot(field), field.area, () => dirty(field));

  function dropCopy(field) {
    clearTimeout(field.keeping);
    window.copies.drop(slot(field));
  }

  function offerCopies() {
    for (const field of fields) {
      window.copies.offer(slot(field), field.area, { isStored: () => !dirty(field), taken: () => written(field) });
    }
  }

  // --- saving ---------------------------------------------------------------------------------------------------

  const token = () => document.querySelector('meta[name="csrf-token"]').content;

  function bodyOf(parts) {
    return new URLSearchParams({ csrf_token: token(), writer, ...parts });
  }

  function send(address, parts, options = {}) {
    return fetch(address, { method: "POST", body: bodyOf(parts), redirect: "manual", ...options });
  }

  function later(wait) {
    clearTimeout(timer);
    timer = setTimeout(saveAll, wait);
  }

  function written(field) {
    if (blocked === "refused") blocked = "";
    clearTimeout(field.keeping);
    field.keeping = setTimeout(keepCopy, 300, field);
    if (blocked) return;
    if (failures) return;
    if (!busy) say("noch nicht gespeichert");
    waitingSince ||= Date.now();
    later(Math.max(0, Math.min(PAUSE, waitingSince + LONGEST - Date.now())));
  }

  function saveAll() {
    clearTimeout(timer);
    waitingSince = 0;
    busy ??= (async () => {
      let going = true;
      while (going && !blocked) {
        const next = fields.find((field) => field.attempt) ?? fields.find(dirty);
        going = Boolean(next) && (await saveOne(next));
      }
    })().finally(() => {
      busy = null;
    });
    return busy;
  }

  // An attempt without an answer is repeated unchanged, with its own number, before anything newer is sent: the server
  // gives the same answer to both.
  async function saveOne(field) {
    field.attempt ??= { field: field.name, text: field.area.value, sequence: ++sequence, version: base };
    say("wird gespeichert …", trouble);
    let answer;
    let told = {};
    try {
      answer = await send(`${box.dataset.address}/texte`, field.attempt, { signal: AbortSignal.timeout(15000) });
      if (answer.headers.get("content-type")?.includes("json")) told = await answer.json();
    } catch {
      return unanswered("keine Verbindung");
    }
    if (answer.status >= 500) return unanswered("der Server antwortet gerade nicht");
    const text = field.attempt.text;
    field.attempt = null;
    failures = 0;
    if (told.state === "saved") return stored(field, text, told);
    keepCopy(field);
    if (told.state === "conflict") {
      blocked = "conflict";
      say(`nicht gespeichert. ${told.sentence}`, true);
    } else if (told.state === "refused") {
      blocked = "refused";
      say(`nicht gespeichert. ${told.sentence} ${keptWhere()}`, true);
    } else {
      blocked = "session";
      say(`nicht gespeichert: Sie sind nicht mehr angemeldet. ${keptWhere()}`, true);
    }
    return false;
  }

  function stored(field, text, told) {
    field.stored = text;
    base = String(told.version);
    form.elements.version.value = base;
    if (!dirty(field)) dropCopy(field);
    const more = told.behind ? ". Anderes hat sich hier inzwischen geändert; beim Speichern vergleichen Sie beides" : "";
    if (unsaved().length === 0) {
      say(`gespeichert ${told.saved_at}${more}`);
      tell(`gespeichert ${told.saved_second}`, false);
    }
    return true;
  }

  function unanswered(why) {
    fields.forEach(keepCopy);
    say(`nicht gespeichert: ${why}. ${keptWhere()} Es wird weiter versucht.`, true);
    later(RETRIES[Math.min(failures, RETRIES.length - 1)]);
    failures += 1;
    return false;
  }

  // --- signed out in the middle ---------------------------------------------------------------------------------

  let asking = false;

  // After a new sign-in this page asks for itself, takes the new token and goes on, if it is the same account.
  async function resume() {
    if (blocked !== "session" || asking) return;
    asking = true;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const account = fresh.body.dataset.account;
      if (account === document.body.dataset.account) {
        const anew = fresh.querySelector('meta[name="csrf-token"]').content;
        document.querySelector('meta[name="csrf-token"]').content = anew;
        document.querySelectorAll('input[name="csrf_token"]').forEach((input) => (input.value = anew));
        blocked = "";
        say("wird gespeichert …");
        await saveAll();
        if (!blocked && !failures && unsaved().length === 0 && word.textContent === "wird gespeichert …") say("");
        beat();
      } else if (account) {
        blocked = "account";
        say("nicht gespeichert: In diesem Browser ist jetzt ein anderes Konto angemeldet. Ihr Text bleibt für Ihr Konto aufgehoben.", true);
      }
    } catch {
      // Not reachable now; asked again later.
    } finally {
      asking = false;
    }
  }

  // --- who is there ---------------------------------------------------------------------------------------------

  const presence = box.querySelector("[data-presence]");

  async function beat() {
    if (blocked === "session" || blocked === "account") return;
    try {
      const answer = await send(`${box.dataset.address}/anwesend`, {});
      if (answer.ok) {
        const { sentence } = await answer.json();
        if (presence.textContent !== sentence) presence.textContent = sentence;
        presence.hidden = !sentence;
      } else if ([0, 401, 403].includes(answer.status)) {
        blocked = "session";
        fields.forEach(keepCopy);
        say(`Sie sind nicht mehr angemeldet. ${unsaved().length ? keptWhere() : ""}`, true);
      }
    } catch {
      // Without a connection nobody is seen; saving says so itself.
    }
  }

  // --- coming and going -----------------------------------------------------------------------------------------

  for (const field of fields) {
    field.area.addEventListener("input", (event) => {
      if (paused) {
        clearTimeout(field.keeping);
        field.keeping = setTimeout(keepCopy, 300, field);
        return;
      }
      event.stopPropagation(); // these texts save themselves: leaving the page needs no warning
      written(field);
    });
  }

  // Every form of the page is sent when the texts are: this one would be stale against itself, and after another one the
  // page would come back without the last words.
  document.addEventListener(
    "submit",
    (event) => {
      const own = event.target === form;
      if (submitting || paused || blocked || failures || (!busy && unsaved().length === 0)) {
        submitting ||= own;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      const { target, submitter } = event;
      const patience = new Promise((done) => setTimeout(done, 5000));
      Promise.race([saveAll().then(() => (blocked ? null : saveAll())), patience]).then(() => {
        submitting = own;
        target.requestSubmit(submitter);
      });
    },
    true,
  );

  window.addEventListener("beforeunload", (event) => {
    if (!submitting && (blocked || failures) && unsaved().length) event.preventDefault();
  });

  window.addEventListener("pagehide", () => {
    const open = submitting || paused || blocked ? [] : unsaved();
    for (const field of open) {
      const parts = { field: field.name, text: field.area.value, sequence: ++sequence, version: base, leave: 1 };
      send(`${box.dataset.address}/texte`, parts, { keepalive: true }).catch(() => {});
    }
    if (open.length === 0) navigator.sendBeacon(`${box.dataset.address}/texte`, bodyOf({ leave: 1 }));
  });

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      submitting = false;
      beat();
    }
  });
  window.addEventListener("online", () => failures && saveAll());
  window.addEventListener("focus", resume);
  document.addEventListener("visibilitychange", () => document.hidden || resume());
  setInterval(() => (blocked === "session" ? resume() : beat()), BEAT);
  beat();
  if (!paused) {
    offerCopies();
    if (unsaved().length) later(0);
  }
}

document.querySelectorAll("[data-together]").forEach(together);
