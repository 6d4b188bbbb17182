// A passkey is asked of the browser, and its answer goes with the form, like anything typed.
// <form data-passkey="get|create" data-options="…" hidden> is only of use with this file; with
// data-offered the browser also offers passkeys where the address is typed.
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

const send = (form, made) => {
  form.elements.credential.value = JSON.stringify(made.toJSON());
  form.submit();
};

// What was asked is good for five minutes, so it is asked anew before, once somebody looks. Why
// nothing came of it is told to nobody: they did not ask for it.
let offering = new AbortController();
const offer = async (form) => {
  offering = new AbortController();
  const { signal } = offering;
  const anew = () => {
    if (signal.aborted) return;
    if (document.hidden) {
      document.addEventListener("visibilitychange", anew, { once: true });
      return;
    }
    offering.abort();
    offer(form);
  };
  try {
    const publicKey = await options(form);
    if (signal.aborted) return;
    setTimeout(anew, 240000);
    const asked = { publicKey, mediation: "conditional", signal };
    send(form, await navigator.credentials.get(asked));
  } catch {}
};

const ask = async (form) => {
  const said = form.querySelector("[role=alert]");
  said.hidden = true;
  form.setAttribute("aria-busy", "true");
  offering.abort();
  try {
    const publicKey = await options(form);
    send(form, await navigator.credentials[form.dataset.passkey]({ publicKey }));
  } catch {
    // Why is told to nobody, by intention of the standard.
    form.removeAttribute("aria-busy");
    said.hidden = false;
    await offerIfPossible(form);
  }
};

const offerIfPossible = async (form) => {
  if (!("offered" in form.dataset)) return;
  if (await PublicKeyCredential.isConditionalMediationAvailable?.()) offer(form);
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
  offerIfPossible(form);
}
