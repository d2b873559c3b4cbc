// While a question is written, the articles that may be its answer are shown above the button that sends it.
"use strict";
(() => {
  const form = document.querySelector("form[data-suggest]");
  const place = document.getElementById("suggested");
  if (!form || !place) return;
  const { subject, text, offered, form_token: token } = form.elements;
  let timer, asked = "", asking = null;

  async function suggest() {
    const said = `${subject.value}\n${text.value}`.trim().slice(0, 6000);
    if (said === asked || said.split(/\s+/).length < 2) return;
    asked = said;
    if (asking) asking.abort();
    asking = new AbortController();
    const body = new URLSearchParams({ form_token: token.value, offered: offered.value, text: said });
    try {
      const answer = await fetch(form.dataset.suggest, { method: "POST", body, signal: asking.signal });
      if (!answer.ok) return;
      place.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
    } catch {
      return; // a later word asks again
    }
    const shown = [...place.querySelectorAll("[data-slug]")].map((one) => one.dataset.slug);
    const before = offered.value.split(" ").filter(Boolean);
    offered.value = [...new Set([...before, ...shown])].join(" ");
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, 600);
  });
})();
