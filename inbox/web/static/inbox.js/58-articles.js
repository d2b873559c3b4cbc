/* What an article looks like, while it is written: the same page that the button asks for, a moment after the last key. */
(() => {
  "use strict";
  const AFTER = 700;
  let timer = 0;
  let underway = null;

  const look = async (form) => {
    underway?.abort();
    underway = new AbortController();
    const body = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
    body.set("preview", "1");
    try {
      const answer = await fetch(form.action, {method: "POST", body, signal: underway.signal});
      if (!answer.ok) return;
      const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("article-preview");
      const shown = document.getElementById("article-preview");
      if (made && shown) shown.replaceChildren(...made.childNodes);
    } catch {
      /* The button is still there. */
    }
  };

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("#article-form");
    if (!form || !["title", "body"].includes(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => look(form), AFTER);
  });
})();
