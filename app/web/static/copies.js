/* Copies in this browser: what somebody writes into a long text is kept here until it is saved, encrypted for the account
   that wrote it, and offered again when the form is opened the next time. Texts that save themselves (together.js) keep a
   copy only while saving fails; all other long texts keep one from the first letter until their form was taken. */
"use strict";

window.copies = (() => {
  const KEPT_DAYS = 30;
  const account = document.body.dataset.account;
  const prefix = `skip:text:${account}:`;
  const SENT = "skip:sent"; // the copies of the form that is on its way, in this window alone

  const vault = (() => {
    try {
      return crypto.subtle && localStorage ? localStorage : null;
    } catch {
      return null;
    }
  })();
  const bytesOf = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const textOf = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
  const key = vault && crypto.subtle.importKey("raw", bytesOf(document.body.dataset.key), "AES-GCM", false, ["encrypt", "decrypt"]);

  // `wanted` is asked again after the sealing, which takes a moment: the text may have been saved meanwhile.
  async function keep(slot, area, wanted = () => true) {
    if (!vault) return;
    const plain = new TextEncoder().encode(JSON.stringify({ text: area.value, at: Date.now() }));
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key, plain);
    try {
      if (wanted()) vault.setItem(prefix + slot, `${textOf(iv)}.${textOf(sealed)}`);
    } catch {
      // The browser's room is used up: the text still stands in the form.
    }
  }

  const drop = (slot) => vault?.removeItem(prefix + slot);

  async function read(slot) {
    const packed = vault?.getItem(prefix + slot);
    if (!packed) return null;
    try {
      const [iv, sealed] = packed.split(".").map(bytesOf);
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await key, sealed);
      const copy = JSON.parse(new TextDecoder().decode(plain));
      if (Date.now() - copy.at < KEPT_DAYS * 86400000) return copy;
    } catch {
      // Not readable with this account's key: it is nobody's any more.
    }
    drop(slot);
    return null;
  }

  function when(at) {
    const moment = new Date(at);
    const time = moment.toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" });
    const dayOf = (one) => one.toLocaleDateString("de-DE", { timeZone: "Europe/Berlin", day: "2-digit", month: "2-digit", year: "numeric" });
    return dayOf(moment) === dayOf(new Date()) ? `um ${time} Uhr` : `am ${dayOf(moment)} um ${time} Uhr`;
  }

  let offers = 0;

  // Shows the copy of a text beside what stands in its form, if they differ. `isStored`: what stands there is saved.
  async function offer(slot, area, { isStored, taken }) {
    const copy = await read(slot);
    if (!copy) return;
    if (copy.text.trim() === area.value.trim()) {
      if (isStored()) drop(slot);
      return;
    }
    const card = document.querySelector("[data-copy-offer]").content.firstElementChild.cloneNode(true);
    const title = card.querySelector("h2");
    title.id = `kopie-${++offers}`;
    card.setAttribute("aria-labelledby", title.id);
    card.querySelector("[data-copy-when]").textContent = when(copy.at);
    card.querySelector("[data-copy-label]").textContent = area.labels[0].firstChild.textContent.trim();
    card.querySelector("[data-copy-text]").textContent = copy.text;
    card.querySelector("[data-copy-stored]").textContent = area.value || "(leer)";
    card.querySelector("[data-copy-take]").addEventListener("click", () => {
      area.value = copy.text;
      card.remove();
      area.focus();
      taken();
    });
    card.querySelector("[data-copy-drop]").addEventListener("click", () => {
      drop(slot);
      card.remove();
      area.focus();
    });
    for (let fold = area.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    area.form.before(card);
  }

  // --- forms that do not save themselves -------------------------------------------------------------------------

  const savesItself = (area) => area.closest("[data-together]")?.dataset.fields.split(" ").includes(area.name);
  const plain = (area) => area.form?.method === "post" && area.name && !savesItself(area);
  const slotOf = (area) => `${new URL(area.form.action).pathname}:${area.name}`;
  const waiting = new Map();

  function said(area, text) {
    let place = area.parentElement.querySelector(".save-state");
    if (!place) {
      place = document.createElement("p");
      place.className = "save-state";
      area.after(place);
    }
    place.textContent = text;
  }

  function written(area) {
    const slot = slotOf(area);
    clearTimeout(waiting.get(slot));
    waiting.set(slot, setTimeout(() => keepNow(area, slot), 300));
  }

  async function keepNow(area, slot) {
    waiting.delete(slot);
    if (area.value === area.defaultValue) {
      drop(slot);
      said(area, "");
      return;
    }
    await keep(slot, area);
    if (vault) said(area, "noch nicht gespeichert; der Text liegt auf diesem Gerät");
  }

  // The page that comes after a form says whether it was taken: with a word of success the copies may go.
  function settle() {
    const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
    if (document.querySelector("[data-done]")) sent.forEach(drop);
    if (!document.querySelector("[data-resend]")) sessionStorage.removeItem(SENT);
  }

  function offerAll() {
    for (const area of document.querySelectorAll("textarea")) {
      if (plain(area)) offer(slotOf(area), area, { isStored: () => !document.querySelector("[role=alert]"), taken: () => written(area) });
    }
  }

  if (vault) {
    document.addEventListener("input", (event) => {
      if (event.target.matches("textarea") && plain(event.target)) written(event.target);
    });
    document.addEventListener("submit", (event) => {
      const areas = [...event.target.querySelectorAll("textarea")].filter(plain);
      if (!areas.length) return;
      for (const area of areas) {
        const slot = slotOf(area);
        if (waiting.has(slot)) {
          clearTimeout(waiting.get(slot));
          keepNow(area, slot);
        }
      }
      sessionStorage.setItem(SENT, JSON.stringify(areas.map(slotOf)));
    });
    // Where only a part of the page is drawn anew: a form that is gone was taken.
    document.addEventListener("htmx:after:swap", () => {
      const sent = JSON.parse(sessionStorage.getItem(SENT) ?? "[]");
      const there = new Set([...document.querySelectorAll("textarea")].filter(plain).map(slotOf));
      sent.filter((slot) => !there.has(slot)).forEach(drop);
      sessionStorage.removeItem(SENT);
    });
    settle();
    offerAll();
  }

  return { vault, keep, drop, offer };
})();
