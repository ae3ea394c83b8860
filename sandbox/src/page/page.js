// Brings what is marked data-fresh up to date each second: what is open stays open, and what is in use stays as it is.
"use strict";

function isInUse(part) {
  const active = document.activeElement;
  const selection = document.getSelection();
  return (
    (part.contains(active) && active.matches("button, select")) ||
    (!selection.isCollapsed && part.contains(selection.anchorNode))
  );
}

/** All but how long ago something was. */
function steady(part) {
  const copy = part.cloneNode(true);
  for (const when of copy.querySelectorAll(".when")) when.textContent = "";
  return copy.innerHTML;
}

function update(part, newer) {
  for (const open of part.querySelectorAll("details[open]")) {
    newer.querySelector(`#${open.id}`)?.setAttribute("open", "");
  }
  if (steady(part) === steady(newer)) {
    const fresh = newer.querySelectorAll(".when");
    part.querySelectorAll(".when").forEach((when, place) => (when.textContent = fresh[place].textContent));
    return;
  }
  const focused = part.contains(document.activeElement) && document.activeElement.closest("details")?.id;
  const chosen = part.value;
  part.innerHTML = newer.innerHTML;
  if (chosen) part.value = chosen;
  if (focused) document.getElementById(focused)?.querySelector("summary").focus({ preventScroll: true });
}

async function refresh() {
  const answer = await fetch("/", { cache: "no-store" });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const newer = fresh.getElementById(part.id);
    if (newer && !isInUse(part)) update(part, newer);
  }
}

async function keepFresh() {
  // A sandbox that has stopped leaves its last state on the screen.
  if (!document.hidden) await refresh().catch(() => {});
  setTimeout(keepFresh, 1000);
}

setTimeout(keepFresh, 1000);
