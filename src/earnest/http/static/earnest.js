// What pages do without htmx; each of them works without this file too.
"use strict";

// A form is sent once. The server answers a second sending like the first, so this only keeps a
// double click from looking like one. Back, or ten seconds without an answer, opens it again.
const reopen = (form) => {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
};
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.getAttribute("method") !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  setTimeout(reopen, 10000, form);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(reopen));

// <button type="button" data-copy="…" data-copied="Copied">Copy<output></output></button>
document.documentElement.classList.add("can-copy");
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.querySelector("output").textContent = button.dataset.copied;
});

// The search of every page: how many results there are is said, arrows lead through them, Escape
// closes them. Without this they are links that Tab reaches.
const find = document.querySelector(".find");
if (find) {
  const box = find.querySelector("input");
  const said = find.querySelector("#suggested-said");
  new MutationObserver(() => {
    const text = find.querySelector("#suggested")?.dataset.said ?? "";
    if (said.textContent !== text) said.textContent = text;
  }).observe(find, { childList: true });
  find.addEventListener("keydown", (event) => {
    const links = [...find.querySelectorAll("#suggested a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape" && links.length) {
      event.preventDefault();
      find.querySelector("#suggested").replaceChildren();
      box.focus();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !links.length) return;
    event.preventDefault();
    (links[at + step] ?? (at + step < 0 ? box : links[at])).focus();
  });
}
