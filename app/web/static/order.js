/* The order of the agenda, or of a plan, by dragging. The buttons and Alt+↑/↓ do the same; the server decides. */
"use strict";

(() => {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let moved = "";

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

  function sayPlace(row) {
    const list = row.closest("[data-section]");
    const all = [...list.children];
    const number = row.firstElementChild.textContent.trim();
    announce(`TOP ${number} steht jetzt an ${all.indexOf(row.closest("li")) + 1}. Stelle von ${all.length} in „${list.dataset.sectionTitle}“.`);
  }

  function hidden(form, name, value) {
    const input = form.querySelector(`input[name="${name}"]`) ?? form.appendChild(document.createElement("input"));
    Object.assign(input, { type: "hidden", name, value });
  }

  function drop(event) {
    if (event.from === event.to && event.oldDraggableIndex === event.newDraggableIndex) return;
    const form = event.item.querySelector(".agenda-controls form");
    hidden(form, "section", event.to.dataset.section);
    hidden(form, "position", event.newDraggableIndex + 1);
    form.requestSubmit(form.querySelector("[data-move-to]"));
  }

  function furnish() {
    document.querySelectorAll("[data-section]").forEach((list) => {
      list.querySelectorAll("[data-grip]").forEach((grip) => (grip.hidden = false));
      if (Sortable.get(list)) return;
      Sortable.create(list, {
        group: list.dataset.group ?? "agenda",
        handle: "[data-grip]",
        draggable: ">li",
        animation: still ? 0 : 120,
        forceFallback: true,
        fallbackTolerance: 4,
        emptyInsertThreshold: 12,
        ghostClass: "agenda-ghost",
        chosenClass: "agenda-chosen",
        onEnd: drop,
      });
    });
  }

  document.addEventListener("submit", (event) => {
    if (event.target.closest(".agenda-controls")) moved = event.target.closest(".agenda-row").id;
  });

  document.addEventListener("htmx:after:swap", () => {
    furnish();
    const row = moved && document.getElementById(moved);
    if (row) sayPlace(row);
    moved = "";
  });

  // What could not be sent goes back to its place.
  document.addEventListener("htmx:error", () => {
    if (moved) location.reload();
  });

  furnish();
})();
