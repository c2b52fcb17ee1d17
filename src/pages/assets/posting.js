// The form works without this file: a button asks for the same check.
"use strict";

const form = document.querySelector("form[data-check-at]");
let waits = 0;
let turn = 0;

// What the server says of the form as it stands, put where the page says it already.
const check = async () => {
  const mine = ++turn;
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.dataset.checkAt, { method: "POST", body, redirect: "error" });
    // Somebody typed on meanwhile, or the sign-in is over: the button will say so.
    if (!answer.ok || mine !== turn) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (mine !== turn) return;
    for (const place of document.querySelectorAll("[data-check]")) {
      const said = fresh.getElementById(place.id);
      // What says the same is left alone, so that a screen reader does not say it again.
      if (said && said.innerHTML !== place.innerHTML) place.replaceChildren(...said.childNodes);
    }
    for (const field of form.elements) {
      const now = field.id && fresh.getElementById(field.id);
      if (!now) continue;
      if (now.getAttribute("aria-invalid")) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  } catch {
    // No line: the next pause tries again.
  }
};

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(check, 700);
  });
}
