// Brings what is marked data-fresh up to date each second: what is open stays open, and what is in use stays as it is.
"use strict";

const opened = () => [...document.querySelectorAll("details[open]")].map((details) => details.id);
const inUse = (part) => part.contains(document.activeElement) && document.activeElement.matches("button, select, input");
const isSelected = (part) => {
  const selection = document.getSelection();
  return selection && !selection.isCollapsed && part.contains(selection.anchorNode);
};

async function refresh() {
  const answer = await fetch("/", { cache: "no-store" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const newer = fresh.getElementById(part.id);
    if (!newer || inUse(part) || isSelected(part)) continue;
    for (const id of opened()) newer.querySelector(`#${CSS.escape(id)}`)?.setAttribute("open", "");
    if (newer.innerHTML === part.innerHTML) continue;
    const focused = part.contains(document.activeElement) && document.activeElement.closest("details")?.id;
    const chosen = part.value;
    part.innerHTML = newer.innerHTML;
    if (chosen) part.value = chosen;
    if (focused) document.getElementById(focused)?.querySelector("summary").focus({ preventScroll: true });
  }
}

async function keepFresh() {
  // A sandbox that has stopped leaves the last state on the screen.
  if (!document.hidden) await refresh().catch(() => {});
  setTimeout(keepFresh, 1000);
}
setTimeout(keepFresh, 1000);
