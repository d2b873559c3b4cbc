/* Keys and the palette. What each key does stands in data-keymap, which the house makes of its actions. */
(() => {
  "use strict";
  const body = document.body;
  if (!body.dataset.keymap || !window.htmx) return;
  const map = new Map(JSON.parse(body.dataset.keymap).map(([key, way, what]) => [key, {way, what}]));
  const $ = (what, where = document) => where.querySelector(what);
  const $$ = (what, where = document) => [...where.querySelectorAll(what)];
  const matter = () => decodeURIComponent(location.pathname).match(/^\/c\/([^/]+)$/)?.[1] ?? "";
  const of = (link) => link?.getAttribute("href")?.match(/^\/c\/([^/?#]+)/)?.[1] ?? "";
  const go = (path) => { if (path) htmx.ajax("GET", path, {source: page(), target: "#page", swap: "outerMorph", push: path}); };
  const page = () => document.getElementById("page");
  let held = "", timer = 0, last = null, current = "";

  /* -- rows ------------------------------------------------------------------------------------------------------------ */
  const rows = () => $$('#content .rows > li:has(a[href^="/c/"])');
  const link = (row) => row && $('a.row, a[href^="/c/"]', row);
  const here = () => {
    const all = rows(), at = document.activeElement?.closest?.(".rows > li");
    return all.find((row) => row === at) ?? all.find((row) => of(link(row)) === current);
  };
  const to = (row) => {
    if (!row) return;
    current = of(link(row));
    link(row).focus();
    row.scrollIntoView({block: "nearest"});
  };
  const reference = () => matter() || of(link(here()));
  const tick = (row) => $('input[type="checkbox"]', row ?? document.createElement("i"));
  const set = (box, on) => { if (box && box.checked !== on) box.click(); };

  /* Shift and a click choose from the row that was chosen last to this one, as Shift+x does. */
  document.addEventListener("click", (event) => {
    if (!event.target.matches?.('.rows input[name="ref"]') || !event.isTrusted) return;
    const row = event.target.closest("li"), on = event.target.checked;
    if (event.shiftKey && last?.isConnected) between(last, row).forEach((one) => set(tick(one), on));
    last = row;
  });
  const between = (one, other) => {
    const all = rows(), ends = [all.indexOf(one), all.indexOf(other)];
    return all.slice(Math.max(0, Math.min(...ends)), Math.max(...ends) + 1);
  };

  /* The order of the list that was seen last: "next conversation" means the next one there. */
  const keep = () => {
    const found = rows().map((row) => of(link(row)));
    if (found.length) sessionStorage.setItem("inbox.order", JSON.stringify([location.href, found]));
    if (matter()) current = matter();
  };
  const order = () => JSON.parse(sessionStorage.getItem("inbox.order") ?? '["/",[]]');
  const beside = (step) => {
    const [, found] = order(), at = found.indexOf(matter());
    if (at >= 0 && found[at + step]) go(`/c/${found[at + step]}`);
    else if (matter()) moves.back();
  };

  const moves = {
    next: () => { const all = rows(), at = here(); to(at ? all[all.indexOf(at) + 1] : all[0]); },
    previous: () => { const all = rows(), at = here(); to(at ? all[all.indexOf(at) - 1] : all[0]); },
    enter: () => link(here())?.click(),
    back: () => { const at = new URL(order()[0], location.href); go(at.pathname + at.search); },
    before: () => beside(-1),
    after: () => beside(1),
    select: () => { last = here(); const box = tick(last); set(box, !box?.checked); },
    range: () => {
      const row = here();
      if (row) between(last?.isConnected ? last : row, row).forEach((one) => set(tick(one), true));
    },
    search: () => { const field = $('#content [type="search"][name="q"], [role="search"] [name="q"]'); if (field) { field.focus(); field.select?.(); } else open("/palette"); },
    put_link: () => put("link"),
    put_words: () => put("words"),
    undone: () => {
      const button = $(".undo button") ?? $("[data-undo]");
      if (button) button.click();
      else if (acted) act("undo", acted);
      else return false;
    },
  };

  /* The surest article that the customer may read goes behind what is written. */
  const put = (what) => {
    const found = $(`[data-put="${what}"]`);
    found?.click();
    return Boolean(found);
  };

  /* -- acts ------------------------------------------------------------------------------------------------------------ */
  let acted = "";  // where a key did something last: its row may have left the list by now
  const act = (name, ref) => {
    acted = ref;
    const form = document.createElement("form"), back = location.pathname + location.search;
    const fields = {form_token: $("[name=form_token]")?.value ?? "", once: crypto.randomUUID?.() ?? String(Math.random()), back};
    form.method = "post";
    form.action = `/c/${ref}/do/${name}`;
    form.hidden = true;
    for (const [field, value] of Object.entries(fields)) form.append(Object.assign(document.createElement("input"), {type: "hidden", name: field, value}));
    page().append(form);
    htmx.process(form);
    form.requestSubmit();
  };
  const write = (note) => {
    const mode = $(`.composer [name="how"][value="${note ? "note" : "reply"}"]`);
    if (mode && !mode.disabled) mode.click();
    const text = $("#text");
    text?.focus();
    text?.scrollIntoView({block: "center"});
  };
  const send = (then) => {
    const form = document.activeElement?.closest?.("form");
    if (!form || form.method !== "post") return false;
    const note = $('[name="how"][value="note"]', form)?.checked;
    const choice = $('select[name="then"]', form);
    if (choice && then === "done") choice.value = "done";
    const button = note ? $('[name="act"][value="note"]', form) : $(`[name="then"][value="${then}"]:is(button)`, form) ?? $('[name="act"][value="anyway"], [name="act"][value="reply"]', form);
    form.requestSubmit(button ?? $("button:not([tabindex='-1'])", form));
    return true;
  };

  /* Rows that are chosen are what the keys act on: the bar below them has the button, or first the field of what is asked. */
  const many = (name) => {
    const button = $(`.chosen:has([name="ref"]:checked) .bulk [name="do"][value="${name}"]`);
    const field = button && $("select, input", button.closest(".with") ?? button);
    (field ?? button)?.focus();
    if (!field) button?.click();
    return Boolean(button);
  };

  const run = ({way, what}, event) => {
    if (way === "send") return send(what);
    if (way === "open") return open(what === "keys" ? "/keys" : "/palette");
    if (way === "move") return moves[what]();
    if (way === "go") return go(what);
    if (["do", "step"].includes(way) && many(what)) return;
    const ref = reference();
    if (!ref) return false;
    if (way === "do") return act(what, ref);
    if (way === "step") return open("/palette", ref, what);
    if (matter()) return write(what === "note");
    return go(`/c/${ref}#text`);
  };

  /* -- keys: a letter of another alphabet counts as the key that it lies on --------------------------------------------- */
  const named = (event) => {
    let key = event.key;
    if (key.length === 1 && !/[!-~]/.test(key)) key = event.code.match(/^Key([A-Z])$/)?.[1] ?? marks[event.code]?.[event.shiftKey ? 1 : 0] ?? key;
    if (/^[A-Z]$/.test(key)) key = key.toLowerCase();
    const mod = event.ctrlKey || event.metaKey, shift = event.shiftKey && (key.length > 1 || /^[a-z]$/.test(key));
    return `${mod ? "Mod+" : ""}${shift ? "Shift+" : ""}${key}`;
  };
  const marks = {Slash: ["/", "?"], BracketLeft: ["[", "{"], BracketRight: ["]", "}"]};
  const typing = (where) => where.closest?.('input:not([type="checkbox"]):not([type="radio"]):not([type="button"]), textarea, select, [contenteditable="true"]');

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.altKey || ["Shift", "Control", "Meta"].includes(event.key)) return;
    const key = named(event), mod = key.startsWith("Mod+");
    if (!mod && (body.dataset.keys === "off" || typing(event.target) || event.target.closest("dialog"))) return;
    const whole = held ? `${held} ${key}` : key;
    const found = map.get(whole) ?? map.get(key), begins = !held && !found && [...map.keys()].some((one) => one.startsWith(`${key} `));
    clearTimeout(timer);
    held = begins ? key : "";
    if (begins) timer = setTimeout(() => { held = ""; }, 1500);
    if (begins || (found && run(found, event) !== false)) event.preventDefault();
  });

  /* -- the dialog ------------------------------------------------------------------------------------------------------ */
  let dialog, came = null, asked = 0;
  const made = () => {
    if (dialog) return dialog;
    dialog = document.createElement("dialog");
    dialog.id = "palette";
    const close = Object.assign(document.createElement("button"), {className: "quiet close", type: "button", textContent: body.dataset.close});
    const inside = document.createElement("div");
    dialog.append(inside, close);
    body.append(dialog);
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) return dialog.close();
      const step = event.target.closest("[data-step]");
      if (step) { event.preventDefault(); event.stopPropagation(); show(step.href); }
      else if (event.target.closest("a")) dialog.close();
    }, true);
    dialog.addEventListener("submit", (event) => {
      if (!event.target.matches(".finding")) return setTimeout(() => dialog.close());
      event.preventDefault();
      event.stopPropagation();
      first()?.click();
    }, true);
    dialog.addEventListener("input", (event) => {
      if (event.target.id !== "command") return;
      clearTimeout(asked);
      asked = setTimeout(() => show(`/palette?${new URLSearchParams(new FormData(event.target.form))}`, true), 120);
    });
    dialog.addEventListener("keydown", walk);
    dialog.addEventListener("close", () => { if (came?.isConnected) came.focus({preventScroll: true}); });
    return dialog;
  };
  const first = () => $(".command", dialog);
  const walk = (event) => {
    const all = $$(".command", dialog), at = all.indexOf(document.activeElement), field = $("#command", dialog);
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (step) {
      event.preventDefault();
      (at + step < 0 ? field : all[Math.min(all.length - 1, at + step)])?.focus();
    } else if (event.key === "Backspace" && event.target === field && !field.value) {
      const back = $('[data-step="back"]', dialog);
      if (back) { event.preventDefault(); show(back.href); }
    }
  };
  const show = async (address, typed = false) => {
    const answer = await fetch(address, {headers: {"HX-Request": "true"}});
    if (!answer.ok) return;
    const fresh = $(".palette, .keysheet", new DOMParser().parseFromString(await answer.text(), "text/html"));
    const inside = dialog.firstElementChild, old = $(".commands", inside), list = fresh && $(".commands", fresh);
    if (!fresh) return;
    if (typed && old && list) old.replaceWith(list);
    else inside.replaceChildren(fresh);
    htmx.process(inside);
    if (!dialog.open) dialog.showModal();
    if (!typed) ($("#command, .asking input:not([type=hidden]), .asking select", inside) ?? $(".close", dialog)).focus();
  };
  const open = (path, ref = reference(), action = "") => {
    came = document.activeElement;
    made();
    show(path === "/keys" ? path : `${path}?${new URLSearchParams({ref, ...(action && {do: action})})}`);
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.('[data-open="palette"]');
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    open("/palette");
  }, true);

  document.addEventListener("htmx:after:swap", () => { keep(); if (location.hash === "#text") write(false); });
  keep();
})();
