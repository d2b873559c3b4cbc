/* What pages do better with scripts than without: nothing here is needed to read, answer, assign or finish. */
(() => {
  "use strict";
  const page = () => document.getElementById("page");

  /* A new page begins at its heading; an act leaves the focus where it is. */
  let before = location.pathname + location.search;
  document.addEventListener("htmx:after:swap", (event) => {
    const here = location.pathname + location.search;
    if (event.detail.ctx?.target?.id !== "page" || here === before) return;
    before = here;
    window.scrollTo(0, 0);
    document.getElementById("content")?.focus({preventScroll: true});
  });

  /* A page that asks to be looked at again, as the Refresh header does without scripts. */
  document.addEventListener("htmx:after:request", (event) => {
    const seconds = Number.parseInt(event.detail.ctx?.response?.headers.get("refresh") ?? "", 10);
    if (seconds > 0) setTimeout(() => location.reload(), seconds * 1000);
  });

  /* The house did not answer: what was typed is still there. */
  document.addEventListener("htmx:error", () => {
    const said = document.getElementById("said");
    if (!said || !page()) return;
    said.classList.add("said-wrong");
    said.textContent = document.body.dataset.unreachable;
  });
})();
