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
