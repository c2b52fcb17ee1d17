// Every page works without this file; it only makes some of them quicker.
"use strict";

// What a telephone keeps goes with the sign-in.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) {
    localStorage.clear();
    sessionStorage.clear();
  }
});

// A form is sent once: a second click would only be told so by the server.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});

// Coming back by the browser's button shows the page as it was left, and its forms may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
