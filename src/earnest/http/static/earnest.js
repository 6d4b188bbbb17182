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

// <button hidden data-reveal="password" data-hide="Hide">Show</button>, below a password.
document.querySelectorAll("[data-reveal]").forEach((button) => {
  const field = document.getElementById(button.dataset.reveal);
  const show = button.textContent;
  const turn = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? button.dataset.hide : show;
  };
  button.hidden = false;
  button.addEventListener("click", () => turn(field.type === "password"));
  // What a browser keeps of a form is never the password of a plain field.
  field.form?.addEventListener("submit", () => turn(false));
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

// An echo of what was done is said once the page is there, and goes when it is dismissed, or after
// ten seconds in which nobody pointed at it or came to it.
const toast = document.querySelector(".toast");
if (toast) {
  toast.replaceChildren(...toast.childNodes);
  const close = toast.querySelector("[data-dismiss]");
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, 3000);
    else toast.remove();
  };
  setTimeout(leave, 10000);
}

// Arrows lead from the button of a menu into it, and through it; Home and End to its ends. Escape
// and all the rest is the browser's own.
document.addEventListener("keydown", (event) => {
  const button = event.target.closest("[popovertarget]");
  const of = button?.getAttribute("popovertarget");
  const menu = event.target.closest(".menu") ?? (of ? document.getElementById(of) : null);
  if (!menu?.matches(".menu")) return;
  const all = [...menu.querySelectorAll("a, button")];
  const at = all.indexOf(document.activeElement);
  const last = all.length - 1;
  const to = { ArrowDown: at + 1, ArrowUp: at < 0 ? last : at - 1, Home: 0, End: last }[event.key];
  if (to === undefined || (at < 0 && !event.key.startsWith("Arrow"))) return;
  event.preventDefault();
  if (!menu.matches(":popover-open")) button.click();
  all.at(to % all.length).focus();
});

// Single keys, unless somebody turned them off: then the list of them is not in the page. They do
// nothing while somebody types, nor together with Ctrl, Alt or a command key.
const keys = document.getElementById("keys");
keys?.querySelector("[data-close]").addEventListener("click", () => keys.close());
const boxes = "input:not([type=checkbox], [type=radio]), textarea, select";
const rows = "main :is(tbody tr, .projects > li, .bids > li, .notices > li, .todo > li)";
const step = (by) => {
  const all = [...document.querySelectorAll(rows)];
  const at = all.findIndex((row) => row.contains(document.activeElement));
  all[at < 0 && by < 0 ? all.length - 1 : at + by]?.querySelector("a, button")?.focus();
};
const single = {
  "?": () => keys.showModal(),
  "/": () => document.querySelector(".find input, main [type=search]")?.focus(),
  j: () => step(1),
  k: () => step(-1),
};
// Where letters are not Latin, the key counts that has one on other keyboards.
const letter = ({ key, code }) =>
  (/^[ -~]$/.test(key) || !code.startsWith("Key") ? key : code.slice(3)).toLowerCase();
let begun = -Infinity;
document.addEventListener("keydown", (event) => {
  if (!keys || keys.open || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches(boxes)) return;
  if (event.key === "Shift") return;
  const key = letter(event);
  const goes = event.timeStamp - begun < 1500;
  begun = key === "g" && !goes ? event.timeStamp : -Infinity;
  const link = goes && keys.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!link && (goes || !single[key])) return;
  event.preventDefault();
  link ? link.click() : single[key]();
});
