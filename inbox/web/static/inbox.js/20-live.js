/* Pages that follow what happens: a stream says "look again", and the page fetches itself and takes over what is new. */
(() => {
  "use strict";
  const body = document.body;
  if (!body.dataset.live || !window.EventSource || !window.htmx) return;
  const PACE = 3000, BEAT = 15000, TYPING = 10000;
  const $ = (what, where = document) => where.querySelector(what);
  const $$ = (what, where = document) => [...where.querySelectorAll(what)];
  const digits = (n) => n.toLocaleString(document.documentElement.lang);
  const matter = () => decodeURIComponent(location.pathname).match(/^\/c\/([^/]+)$/)?.[1] ?? "";
  const listed = () => location.pathname === "/" || $("[data-watch]");
  let morph, stream, tab = "", people = [], unread = null, due = false, waits = 0, last = 0, wrote = -TYPING, told = "";
  htmx.registerExtension("live", {init: (api) => { morph = api.morph; }});

  /* -- looking again ------------------------------------------------------------------------------------------------ */
  const soon = () => {
    due = true;
    if (waits || document.hidden) return;
    waits = setTimeout(refresh, Math.max(0, last + PACE - performance.now()) + 150 + Math.random() * 500);
  };

  const refresh = async () => {
    waits = 0;
    if (document.hidden || $(".htmx-request")) return document.hidden ? undefined : again();
    due = false;
    last = performance.now();
    const address = location.href;
    try {
      const answer = await fetch(address, {headers: {"HX-Request": "true"}});
      const text = await answer.text();
      if (answer.ok && address === location.href) take(new DOMParser().parseFromString(text, "text/html"));
    } catch { /* The house is away; the stream comes back when it does. */ }
    if (due) soon();
  };
  const again = () => { waits = setTimeout(refresh, 300); };

  /* Whatever somebody is filling in stays as it is; the rest of the page becomes what it is now. */
  const take = (fresh) => {
    const known = new Set($$(".messages > li[id]").map((one) => one.id));
    const low = atEnd();
    for (const where of [".views", "#content"]) {
      const now = $(where, fresh), old = $(where);
      if (!now || !old) continue;
      rows(now);
      rows(old);
      const kept = being(old), open = $$("details[open]", old), focus = document.activeElement;
      kept.forEach((one) => one.setAttribute("hx-morph-skip", ""));
      morph(old, now, true);
      kept.forEach((one) => one.removeAttribute("hx-morph-skip"));
      open.forEach((one) => { one.open = true; });
      if (focus !== document.activeElement && focus?.isConnected) focus.focus({preventScroll: true});
      htmx.process(old);
    }
    const added = $$(".messages > li[id]").filter((one) => !known.has(one.id));
    if (known.size && added.length) arrived(added, low);
    paint();
    document.dispatchEvent(new CustomEvent("inbox:refreshed"));
  };

  /* A row is the conversation that it shows, wherever in the list that stands. */
  const rows = (where) => $$(".rows > li:not([id])", where).forEach((one) => {
    const to = $('a[href^="/c/"]', one)?.getAttribute("href");
    if (to) one.id = `row${to.replaceAll("/", "-")}`;
  });

  const being = (where) => {
    const touched = $$("input, textarea, select", where).filter((one) =>
      one === document.activeElement || (one.type !== "hidden" && (one.defaultValue ?? one.value) !== one.value) ||
      one.files?.length || $$("option", one).some((it) => it.selected !== it.defaultSelected && it.value));
    return [...$$(".composer", where), ...touched.filter((one) => one.type !== "checkbox").map((one) => one.form ?? one)];
  };

  /* -- what is new below ---------------------------------------------------------------------------------------------- */
  const atEnd = () => {
    const end = $(".messages > li:last-child")?.getBoundingClientRect();
    return !end || end.top < innerHeight;
  };

  const arrived = (added, low) => {
    const bar = $("#newer"), n = added.length + Number(bar.dataset.n || 0);
    const words = n === 1 ? body.dataset.newOne : body.dataset.newMany.replace("{n}", digits(n));
    $("#news").textContent = words;
    if (low) return;
    bar.dataset.n = n;
    bar.textContent = words;
    bar.dataset.first ||= added[0].id;
    bar.hidden = false;
  };

  const seen = () => {
    const bar = $("#newer");
    bar.hidden = true;
    delete bar.dataset.n;
    delete bar.dataset.first;
  };
  $("#newer").addEventListener("click", (event) => {
    const first = document.getElementById(event.target.dataset.first);
    seen();
    first?.setAttribute("tabindex", "-1");
    first?.focus({preventScroll: true});
    first?.scrollIntoView({block: "start"});
  });
  addEventListener("scroll", () => { if (!$("#newer").hidden && atEnd()) seen(); }, {passive: true});

  /* -- what stands in the page of what we know ------------------------------------------------------------------------ */
  const paint = () => {
    for (const slot of $$(".presence[data-ref]")) {
      const here = people.filter((one) => one.ref === slot.dataset.ref);
      const long = "long" in slot.dataset;
      slot.replaceChildren(...here.map((one) => {
        const made = document.createElement("span");
        made.className = `at at-${one.doing}`;
        made.title = one.words;
        made.textContent = long ? one.words : [...one.name][0];
        if (!long) made.setAttribute("aria-label", one.words);
        if (!long) made.setAttribute("role", "img");
        return made;
      }));
    }
    if (unread === null) return;
    const bell = $(".bell"), n = unread >= 100 ? `${digits(99)}+` : digits(unread);
    $(".badge", bell ?? body)?.remove();
    if (bell && unread) bell.append(Object.assign(document.createElement("span"), {className: "badge", textContent: n}));
    const title = document.title.replace(/^\([^)]*\) /, "");
    document.title = unread ? `(${n}) ${title}` : title;
  };

  /* -- the stream ----------------------------------------------------------------------------------------------------- */
  let after = body.dataset.live;
  const listen = () => {
    if (stream) return;
    stream = new EventSource(`/live?after=${after}`);
    const on = (name, act) => stream.addEventListener(name, (event) => {
      if (event.lastEventId) after = event.lastEventId;
      act(JSON.parse(event.data));
    });
    const close = () => { stream.close(); stream = null; tab = ""; };
    on("hello", (data) => { tab = data.tab; told = ""; beat(); });
    on("unread", (data) => { unread = data.n; paint(); });
    on("here", (data) => { people = data.people; paint(); });
    on("look", (data) => {
      const mine = matter(), version = Number($("[data-version]")?.dataset.version ?? 0);
      if (mine ? data.many || (data.changed[mine] ?? 0) > version : listed()) soon();
    });
    on("over", close);
    on("rest", close);
  };

  /* -- what this page shows -------------------------------------------------------------------------------------------- */
  const doing = () => document.hidden ? "away" : performance.now() - wrote < TYPING ? "writing" : "viewing";
  const beat = () => {
    const reference = matter(), now = reference && `${reference} ${doing()}`;
    if (!tab || left || (!now && !told)) return;
    told = now;
    const form = new URLSearchParams({form_token: body.dataset.token, tab, reference, doing: doing()});
    fetch("/live/here", {method: "POST", body: form}).catch(() => {});
  };
  const changed = () => { if (matter() && told !== `${matter()} ${doing()}`) beat(); };
  let left = false;  // the page goes away: that it is hidden then is no news
  addEventListener("pagehide", () => { left = true; });
  addEventListener("pageshow", () => { left = false; });
  setInterval(beat, BEAT);
  setInterval(changed, 1000);
  document.addEventListener("input", (event) => {
    if (!event.target.closest?.(".composer")) return;
    wrote = event.target.value?.trim() ? performance.now() : -TYPING;
    changed();
  });
  document.addEventListener("submit", (event) => { if (event.target.closest(".composer")) wrote = -TYPING; });
  document.addEventListener("visibilitychange", () => {
    beat();
    if (!document.hidden) listen();
    if (!document.hidden && due) soon();
  });
  let shown = location.pathname;
  document.addEventListener("htmx:after:swap", () => {
    paint();
    if (shown !== location.pathname) seen();
    shown = location.pathname;
    if (told !== (matter() && `${matter()} ${doing()}`)) beat();
  });
  listen();
})();
