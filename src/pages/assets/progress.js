// While a job runs, its progress is asked for every two seconds; when it has ended, the page is loaded anew. Without this file
// the page says that it loads itself anew.
"use strict";

const every = 2000;

async function look() {
  const box = document.getElementById("progress");
  if (!box) return;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.getElementById("progress");
    if (!answer.ok || !next) {
      location.reload();
      return;
    }
    box.replaceChildren(...next.childNodes);
  } catch {
    // No line at the moment: the next look may find one.
  }
  setTimeout(look, every);
}

setTimeout(look, every);
