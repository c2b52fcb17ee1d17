// A visit recorded where there is no line: kept on the telephone without names, sent once when the line is back, then gone.
// Without this file the form is sent as any other.
"use strict";
(() => {
  const place = document.getElementById("waiting");
  if (!place) return;
  const words = place.dataset;
  const own = `visit:${words.account}:`;
  // Longer than a slow line needs; after that it is sent later, with the same key, so that it counts once.
  const PATIENCE = 20000;
  const AGAIN = 30000;

  const kept = () => Object.keys(localStorage).filter((key) => key.startsWith(own));

  const say = (kind, text, href) => {
    const said = document.createElement("p");
    said.className = `msg ${kind}`;
    said.append(text);
    if (href) {
      const link = document.createElement("a");
      link.href = href;
      link.textContent = words.open;
      said.append(" ", link);
    }
    place.replaceChildren(said);
  };

  const post = async (to, fields) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const body = new URLSearchParams(fields);
      body.set("csrf", words.csrf);
      return await fetch(to, { method: "POST", body, signal: stop.signal });
    } finally {
      clearTimeout(timer);
    }
  };

  const isSaved = (answer) => answer.ok && answer.redirected && !answer.url.includes("/sign-in");

  // Sends one that was kept; false = the line is still down, or somebody has to look.
  const send = async (key) => {
    const visit = JSON.parse(localStorage.getItem(key));
    const answer = await post(visit.to, visit.fields);
    if (isSaved(answer)) {
      localStorage.removeItem(key);
      return true;
    }
    if (answer.redirected) say("warn", words.signIn, "/sign-in");
    else if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) say("block", words.refused, visit.to);
    return false;
  };

  let sending = false;
  const sendAll = async () => {
    if (sending || kept().length === 0) return;
    sending = true;
    let sent = 0;
    try {
      for (const key of kept()) sent += (await send(key)) ? 1 : 0;
      if (sent > 0 && kept().length === 0) say("ok", words.sent);
    } catch {
      say("warn", words.kept);
    } finally {
      sending = false;
    }
  };

  const form = document.querySelector("form[data-visit]");
  const here = form ? new URL(form.action).pathname + new URL(form.action).search : "";

  // What was kept for this household and could not be saved stands in the form again, with its key.
  const restore = () => {
    const key = kept().find((one) => JSON.parse(localStorage.getItem(one)).to === here);
    if (!key) return;
    const { fields } = JSON.parse(localStorage.getItem(key));
    for (const box of form.querySelectorAll("[type=checkbox], [type=radio]")) {
      box.checked = fields.some(([name, value]) => name === box.name && value === box.value);
    }
    for (const [name, value] of fields) {
      const field = form.elements.namedItem(name);
      if (field && "value" in field && !["checkbox", "radio"].includes(field.type) && !(field instanceof RadioNodeList)) {
        field.value = value;
      }
    }
  };

  if (form) {
    restore();
    let busy = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (busy) return;
      busy = true;
      const fields = [...new FormData(form)].filter(([name]) => name !== "csrf");
      const key = own + fields.find(([name]) => name === "once")[1];
      try {
        const answer = await post(form.action, fields);
        if (isSaved(answer)) {
          localStorage.removeItem(key);
          location.assign(answer.url);
        } else {
          form.submit(); // The server says on its page what is to be corrected.
        }
      } catch {
        try {
          localStorage.setItem(key, JSON.stringify({ to: here, fields }));
          say("warn", words.kept);
        } catch {
          say("block", words.lost);
        }
        place.scrollIntoView({ block: "center" });
        busy = false;
      }
    });
  }

  // Signing out clears the telephone, so what is still unsent is said first.
  document.addEventListener(
    "submit",
    (event) => {
      if (event.target.matches("[data-sign-out]") && kept().length > 0 && !confirm(words.leave)) {
        event.preventDefault();
        event.stopImmediatePropagation();
      }
    },
    true,
  );

  window.addEventListener("online", sendAll);
  setInterval(sendAll, AGAIN);
  if (!form || !kept().some((one) => JSON.parse(localStorage.getItem(one)).to === here)) sendAll();
})();
