/* Keyboard shortcuts. Never while somebody types, never with keys that belong to browser or screen reader.
   Shortcuts of single characters can be switched off (WCAG 2.1.4); the choice stays in this browser. */
"use strict";

(() => {
  const STORED = "skip-tasten";
  const PATIENCE_MS = 1500;
  const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
  // What j and k walk along: one stop per entry, in the order of the page.
  const ENTRIES = ".proposal, .agenda-row[data-reorder], .table tbody tr, .rows > li, .waiting > li, .finds > li";
  const STOP = "th a, h3 a, h4 a, .agenda-title a, a[href], button, summary";

  const sheet = document.getElementById("tasten");
  let waitingSince = null;

  function areOn() {
    try {
      return localStorage.getItem(STORED) !== "aus";
    } catch {
      return true;
    }
  }

  function turn(on) {
    try {
      localStorage.setItem(STORED, on ? "an" : "aus");
    } catch {
      // without storage the choice holds for this page only
    }
    showState(on);
  }

  function showState(on) {
    document.querySelectorAll("[data-keys-switch]").forEach((box) => (box.checked = on));
    document.querySelectorAll("[data-keys-needed]").forEach((one) => (one.hidden = false));
  }

  const isSeen = (one) => one.checkVisibility?.({ visibilityProperty: true }) ?? one.offsetParent !== null;

  function open() {
    if (!sheet || sheet.open) return;
    sheet.showModal();
  }

  function search() {
    const fields = [...document.querySelectorAll("main input[type=search], [data-search]")];
    const field = fields.sort((one, other) => one.matches("[data-search]") - other.matches("[data-search]")).find(isSeen);
    field?.focus();
    field?.select();
    return Boolean(field);
  }

  // Within the panel that holds the focus, else along the whole page.
  function walk(step) {
    const here = document.activeElement;
    const place = here.closest?.(".panel") ?? document.querySelector("main");
    const stops = [...place.querySelectorAll(ENTRIES)]
      .filter(isSeen)
      .map((entry) => ({ entry, stop: [...entry.querySelectorAll(STOP)].find(isSeen) }))
      .filter((one) => one.stop);
    if (!stops.length) return false;
    const at = stops.findIndex((one) => one.entry.contains(here));
    const next = stops[at < 0 ? (step > 0 ? 0 : stops.length - 1) : at + step];
    next?.stop.focus();
    next?.entry.scrollIntoView({ block: "nearest" });
    return true;
  }

  function edit() {
    const link = document.querySelector('[data-edit], .head-actions a[href$="/bearbeiten"]');
    link?.click();
    return Boolean(link);
  }

  // To the next or previous item where the page has them in a row.
  function step(to) {
    const link = document.querySelector(`[data-step="${to}"]`);
    link?.click();
    return Boolean(link);
  }

  function go(key) {
    const link = document.querySelector(`[data-go="${CSS.escape(key === "ü" ? "u" : key)}"]`);
    link?.click();
    return Boolean(link);
  }

  const ACTS = { "?": () => (open(), true), "/": search, j: () => walk(1), k: () => walk(-1), e: edit, n: () => step("next"), v: () => step("previous") };
  const STEPS = { PageDown: "next", PageUp: "previous" };

  // Strg and S: the form in which somebody works, else the only one that can be lost.
  function save(event) {
    const forms = [...document.querySelectorAll("form[data-warn]")];
    const form = event.target.closest?.("form[data-warn]") ?? (forms.length === 1 ? forms[0] : null);
    if (!form) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector(".form-actions .button-primary") ?? undefined);
  }

  function isTyping(target) {
    return Boolean(target.closest?.(TYPING));
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!plain) {
      const isSave = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s";
      if (isSave && !sheet?.open) save(event);
      const alone = event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.repeat;
      if (alone && STEPS[event.key] && !sheet?.open && step(STEPS[event.key])) event.preventDefault();
      return;
    }
    if (event.repeat && event.key !== "j" && event.key !== "k") return;
    if (isTyping(event.target) || sheet?.open || !areOn()) return;
    const follows = waitingSince !== null && event.timeStamp - waitingSince < PATIENCE_MS;
    waitingSince = null;
    if (follows) {
      if (go(event.key)) event.preventDefault();
    } else if (event.key === "g") {
      waitingSince = event.timeStamp;
    } else if (ACTS[event.key]?.()) {
      event.preventDefault();
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-keys-switch]")) turn(event.target.checked);
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-keys-open]");
    if (opener && sheet && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      open();
    }
    if (event.target === sheet) sheet.close();
  });

  showState(areOn());
})();
