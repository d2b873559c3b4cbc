/* What is typed is kept, "/" finds a saved reply. Without it a button keeps the draft. */
(() => {
  "use strict";
  const EVERY = 3000;
  const form = () => document.querySelector(".writing");
  let timer = 0;
  let kept = "";
  let underway = null;

  const fields = (of) => {
    const data = new FormData(of);
    data.delete("files");
    return new URLSearchParams([...data].map(([name, value]) => [name, String(value)]));
  };
  const state = (of) => {
    const data = fields(of);
    for (const name of ["once", "form_token", "seen"]) data.delete(name);
    return data.toString();
  };

  const keep = async (of, leaving = false) => {
    clearTimeout(timer);
    timer = 0;
    if (!of || state(of) === kept) return;
    const now = state(of);
    const told = of.querySelector(".draft-state");
    underway = new AbortController();
    try {
      const answer = await fetch(of.dataset.keep, {method: "POST", body: fields(of), keepalive: leaving, signal: underway.signal});
      if (!answer.ok) throw new Error(String(answer.status));
      kept = now;
      if (told) told.textContent = of.dataset.kept;
    } catch (error) {
      if (told && error.name !== "AbortError") told.textContent = of.dataset.notKept;
    }
  };

  const later = (of) => {
    if (!timer) timer = setTimeout(() => keep(of), EVERY);
  };

  document.addEventListener("input", (event) => {
    const of = event.target.closest?.(".writing");
    if (!of) return;
    if (event.target.id === "text" && event.target.value === "/" && openPicker()) {
      event.target.value = "";
      return;
    }
    later(of);
  });
  document.addEventListener("change", (event) => {
    const of = event.target.closest?.(".writing");
    if (of && event.target.type !== "file") later(of);
  });
  /* It is being sent: nothing may put a draft in its place afterwards. */
  document.addEventListener("submit", (event) => {
    if (!event.target.matches?.(".writing")) return;
    clearTimeout(timer);
    timer = 0;
    underway?.abort();
  }, true);
  addEventListener("pagehide", () => { if (timer) keep(form(), true); });

  const openPicker = () => {
    const picker = document.getElementById("picker");
    if (!picker) return false;
    picker.open = true;
    picker.querySelector("#find")?.focus();
    return true;
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest?.("#picker")) return;
    document.getElementById("picker").open = false;
    document.getElementById("text")?.focus();
  });

  /* What is written so far goes with whoever looks for another page. */
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("#picker a, .picked a, .puts a");
    if (!link || link.dataset.sure || !form() || state(form()) === kept) return;
    event.preventDefault();
    event.stopPropagation();
    await keep(form());
    link.dataset.sure = "1";
    link.click();
  }, true);

  /* -- whenever a page is there ---------------------------------------------------------------------------------------- */
  const look = () => {
    const of = form();
    kept = of ? state(of) : "";
    for (const undo of document.querySelectorAll(".undo[data-seconds]")) {
      const seconds = Number(undo.dataset.seconds);
      delete undo.dataset.seconds;
      setTimeout(() => undo.remove(), seconds * 1000);
    }
    if (matchMedia("(max-width: 48rem)").matches)
      for (const one of document.querySelectorAll(".side section:not(.of-contact) > details[open]")) one.open = false;
    const here = new URLSearchParams(location.search);
    if (of && (here.has("macro") || here.has("article"))) document.getElementById("text")?.focus();
    const refused = document.querySelector(".composer .wrong");
    if (refused) {
      document.getElementById("composer").scrollIntoView();
      refused.focus({preventScroll: true});
    } else document.querySelector(".undo")?.scrollIntoView({block: "center"});
  };
  document.addEventListener("DOMContentLoaded", look);
  document.addEventListener("htmx:after:swap", (event) => {
    if (event.detail.ctx?.target?.id === "page") look();
  });
})();
