/* What the pages gain where JavaScript runs. Everything works without it. */
"use strict";

(() => {
  const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

  // Forms carry the token themselves; buttons with hx-post of their own do not.
  document.addEventListener("htmx:config:request", (event) => {
    const headers = event.detail?.ctx?.request?.headers;
    if (headers) headers["X-CSRF-Token"] = token();
  });

  function announce(text) {
    let place = document.getElementById("ansage");
    if (!place) {
      place = document.createElement("div");
      place.id = "ansage";
      place.className = "sr";
      place.setAttribute("role", "status");
      document.body.append(place);
    }
    place.textContent = text;
  }

  async function copy(button) {
    const source = document.getElementById(button.dataset.copy);
    if (!source) return;
    source.select();
    try {
      await navigator.clipboard.writeText(source.value);
      announce("Kopiert.");
    } catch {
      announce("Bitte mit Strg+C kopieren: Der Text ist markiert.");
    }
  }

  // The actions of one card are one tab stop: arrows move between them.
  const ACTIONS = ":scope > button, :scope > a, :scope > form > button, :scope > details > summary";

  function makeToolbar(group) {
    const items = [...group.querySelectorAll(ACTIONS)];
    if (items.length < 2) return;
    group.setAttribute("role", "toolbar");
    items.forEach((item, index) => (item.tabIndex = index === 0 ? 0 : -1));
  }

  function moveInToolbar(event, group) {
    const items = [...group.querySelectorAll(ACTIONS)];
    const from = items.indexOf(event.target);
    if (from < 0) return;
    const to = { ArrowRight: from + 1, ArrowLeft: from - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    const next = items[(to + items.length) % items.length];
    items.forEach((item) => (item.tabIndex = item === next ? 0 : -1));
    next.focus();
    event.preventDefault();
  }

  let moved = null;

  // Alt+↑ and Alt+↓ press the buttons that stand there anyway.
  function reorder(event) {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const entry = event.target.closest("[data-reorder]");
    const button = entry?.querySelector(`[data-move="${event.key === "ArrowUp" ? "up" : "down"}"]`);
    if (!button) return;
    event.preventDefault();
    if (button.disabled) return;
    moved = { entry: entry.id, move: button.dataset.move };
    button.click();
  }

  // Which files are chosen, in the language of the page instead of the browser's.
  function tellFiles(input) {
    const place = input.closest(".upload");
    if (!place) return;
    let said = place.querySelector(".upload-said");
    if (!said) {
      said = document.createElement("p");
      said.className = "upload-said";
      said.setAttribute("aria-hidden", "true");
      place.append(said);
      place.classList.add("upload-told");
    }
    const names = [...input.files].map((file) => file.name);
    said.textContent = names.length > 1 ? `${names.length} Dateien: ${names.join(", ")}` : (names[0] ?? input.dataset.none);
  }

  function furnish(root) {
    root.querySelectorAll("input[type=file]").forEach(tellFiles);
    root.querySelectorAll("[data-copy][hidden], [data-print][hidden]").forEach((button) => (button.hidden = false));
    root.querySelectorAll("[data-toolbar]").forEach(makeToolbar);
  }

  const dirty = new Set(); // forms in which somebody typed; sending one does not save the others

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (button?.dataset.copy) copy(button);
    else if (button) window.print();
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details[data-menu][open]");
      if (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    }
    const group = event.target.closest?.("[data-toolbar]");
    if (group && !event.altKey) moveInToolbar(event, group);
    reorder(event);
  });

  document.addEventListener("change", (event) => {
    if (event.target.type === "file") tellFiles(event.target);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-warn]");
    if (form) dirty.add(form);
  });
  document.addEventListener("submit", (event) => dirty.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
  });

  document.addEventListener("htmx:after:swap", () => {
    furnish(document);
    document.querySelector("[data-focus]")?.focus();
    if (moved) {
      const entry = document.getElementById(moved.entry);
      const button = entry?.querySelector(`[data-move="${moved.move}"]:not(:disabled)`) ?? entry?.querySelector("[data-move]:not(:disabled), a");
      button?.focus();
      moved = null;
    }
  });

  furnish(document);
})();
