// A passkey is asked of the browser, and its answer goes with the form, like anything typed.
// <form data-passkey="get|create" data-options="…" hidden> is only of use with this file.
"use strict";

const kinds = { get: "parseRequestOptionsFromJSON", create: "parseCreationOptionsFromJSON" };

const options = async (form) => {
  const csrf = form.elements.csrf.value;
  const answer = await fetch(form.dataset.options, {
    method: "POST",
    body: new URLSearchParams({ csrf }),
    headers: { Accept: "application/json" },
  });
  if (!answer.ok || answer.redirected) throw new Error("no options");
  return PublicKeyCredential[kinds[form.dataset.passkey]](await answer.json());
};

const ask = async (form) => {
  const said = form.querySelector("[role=alert]");
  said.hidden = true;
  form.setAttribute("aria-busy", "true");
  try {
    const publicKey = await options(form);
    const made = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.credential.value = JSON.stringify(made.toJSON());
    form.submit();
  } catch {
    // Why is told to nobody, by intention of the standard.
    form.removeAttribute("aria-busy");
    said.hidden = false;
  }
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!globalThis.PublicKeyCredential?.[kinds[form.dataset.passkey]]) {
    form.classList.add("useless");
    continue;
  }
  form.hidden = false;
  for (const each of document.querySelectorAll("[data-without-passkey]")) each.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.getAttribute("aria-busy") !== "true") ask(form);
  });
}
