/* The live minutes: the clock and the time left go on, the tools above a text write Markdown, text blocks come to where
   the cursor stands, and the line below says how it stands with saving. Without scripts forms do all of it. */
"use strict";

(() => {
  // --- the line below -------------------------------------------------------------------------------------------------

  const line = document.querySelector("[data-minutes-line]");
  const ahead = line ? Number(line.dataset.now) - Date.now() : 0; // the server's clock counts, not this computer's

  function tick() {
    const now = Date.now() + ahead;
    const time = new Date(now).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" });
    document.querySelectorAll("[data-clock]").forEach((one) => (one.textContent = time));
    for (const one of document.querySelectorAll("[data-left]")) {
      const left = Math.ceil((Number(one.dataset.until) - now) / 60000);
      one.textContent = left < 0 ? `${-left} Min. über der Zeit` : `noch ${left} Min.`;
    }
  }

  if (line) {
    setInterval(tick, 5000);
    tick();
    const saved = line.querySelector("[data-save-line]");
    if (saved) document.addEventListener("skip:saving", ({ detail }) => {
      saved.textContent = detail.text;
      saved.classList.toggle("save-trouble", detail.bad);
    });
  }

  // --- who is there ---------------------------------------------------------------------------------------------------

  // An answer that is none (signed out, no connection) leaves what stands there; saving says what is the matter.
  for (const side of document.querySelectorAll("[data-renew]")) {
    setInterval(async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(side.dataset.renew, { redirect: "error" });
        const fresh = answer.ok ? await answer.text() : "";
        if (fresh && fresh !== side.dataset.last) side.innerHTML = side.dataset.last = fresh;
      } catch {
        // asked again later
      }
    }, 20000);
  }

  // --- the view for the room ------------------------------------------------------------------------------------------

  const hall = document.querySelector("[data-hall]");
  const trouble = document.querySelector("[data-hall-trouble]");
  let lost = "";

  async function renew() {
    try {
      const answer = await fetch(hall.dataset.hall, { redirect: "error", signal: AbortSignal.timeout(10000) });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = await answer.text();
      if (fresh !== hall.dataset.last) hall.innerHTML = hall.dataset.last = fresh;
      lost = trouble.textContent = "";
    } catch {
      lost ||= new Date(Date.now() + ahead).toLocaleTimeString("de-DE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Berlin" });
      trouble.textContent = `Keine Verbindung seit ${lost} Uhr. Diese Ansicht ist nicht auf dem neuesten Stand; es wird weiter versucht.`;
    }
    tick();
    setTimeout(renew, 4000);
  }

  if (hall) setTimeout(renew, 4000);

  // --- Markdown -------------------------------------------------------------------------------------------------------

  function write(area, start, end, text, select) {
    area.focus();
    area.setSelectionRange(start, end);
    // The old way keeps what Strg and Z undo; where a browser has given it up, the text is put there.
    if (!document.execCommand("insertText", false, text)) {
      area.setRangeText(text, start, end, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    area.setSelectionRange(...select);
  }

  function around(area, mark) {
    const { selectionStart: start, selectionEnd: end, value } = area;
    const chosen = value.slice(start, end);
    write(area, start, end, mark + chosen + mark, [start + mark.length, end + mark.length]);
  }

  // Every chosen line gets its sign, or loses it where all have it.
  function before(area, signOf, pattern) {
    const { value } = area;
    const start = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const stop = value.indexOf("\n", area.selectionEnd);
    const end = stop < 0 ? value.length : stop;
    const lines = value.slice(start, end).split("\n");
    const has = lines.every((one) => pattern.test(one));
    const text = lines.map((one, place) => (has ? one.replace(pattern, "") : signOf(place) + one)).join("\n");
    write(area, start, end, text, [start + text.length, start + text.length]);
  }

  const MARKS = {
    bold: (area) => around(area, "**"),
    italic: (area) => around(area, "*"),
    list: (area) => before(area, () => "- ", /^- /),
    numbers: (area) => before(area, (place) => `${place + 1}. `, /^\d+\. /),
    quote: (area) => before(area, () => "> ", /^> /),
  };

  document.querySelectorAll("[data-markdown]").forEach((tools) => {
    const area = document.getElementById(tools.dataset.markdown);
    if (area && !area.readOnly) tools.hidden = false;
  });

  document.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-mark]");
    if (mark) MARKS[mark.dataset.mark](document.getElementById(mark.closest("[data-markdown]").dataset.markdown));
    const insert = event.target.closest("[data-insert-block]");
    if (!insert) return;
    event.preventDefault();
    const text = insert.form.elements.block.selectedOptions[0]?.dataset.text;
    if (!text) return insert.form.elements.block.focus();
    const area = document.getElementById(insert.dataset.insertBlock);
    const at = area.selectionEnd;
    write(area, at, at, text, [at + text.length, at + text.length]);
  });

  // --- rows of a form, and the proposed wording -----------------------------------------------------------------------

  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  function number(rows) {
    rows.querySelectorAll(":scope > [data-row] > legend").forEach((legend, place) => (legend.textContent = `Ziffer ${place + 1}`));
  }

  document.querySelectorAll("[data-remove-row]").forEach((button) => (button.hidden = false));

  document.addEventListener("click", (event) => {
    const take = event.target.closest("[data-take-proposed]");
    if (take) {
      event.preventDefault();
      const area = document.getElementById(take.dataset.takeProposed);
      write(area, 0, area.value.length, document.querySelector("[data-proposed]").textContent, [0, 0]);
    }
    const add = event.target.closest("[data-add-row]");
    if (add) {
      event.preventDefault();
      const rows = document.getElementById(add.dataset.addRow);
      const blank = rows.querySelector("[data-row-blank]");
      const used = [...rows.querySelectorAll("textarea")].map((one) => Number(one.name.split("-")[1]));
      const holder = document.createElement("div");
      holder.append(blank.content.cloneNode(true));
      holder.innerHTML = holder.innerHTML.replaceAll("-NEU-", `-${Math.max(-1, ...used) + 1}-`);
      const row = holder.firstElementChild;
      row.querySelector("[data-remove-row]").hidden = false;
      blank.before(row);
      number(rows);
      row.querySelector("select").focus();
    }
    const remove = event.target.closest("[data-remove-row]");
    if (remove) {
      const row = remove.closest("[data-row]");
      const rows = row.parentElement;
      const form = row.closest("form");
      row.remove();
      number(rows);
      changed(form);
      (rows.querySelector("[data-row] select") ?? form.querySelector("[data-add-row]")).focus();
    }
  });
})();
