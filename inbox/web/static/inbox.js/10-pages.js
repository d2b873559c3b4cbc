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

  /* An act that comes back to the same page is no step to go back over. */
  document.addEventListener("htmx:before:history:update", (event) => {
    const step = event.detail.history;
    if (step.path === location.pathname + location.search) step.type = "replace";
  });

  /* What was taken is typed no more; what was refused comes back on a page of its own, without a redirect. */
  document.addEventListener("htmx:before:swap", (event) => {
    const ctx = event.detail.ctx;
    if (ctx?.request?.method === "POST" && ctx.response?.raw?.redirected) ctx.sourceElement.reset?.();
  });

  /* Where the lists are one row, the one that is open is in sight. */
  const inSight = () => {
    const row = document.querySelector(".views"), here = row?.querySelector("[aria-current]");
    if (here && row.scrollWidth > row.clientWidth) here.scrollIntoView({inline: "center", block: "nearest"});
  };
  document.addEventListener("DOMContentLoaded", inSight);
  document.addEventListener("htmx:after:swap", inSight);

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
