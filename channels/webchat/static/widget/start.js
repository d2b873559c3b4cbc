// Begins: finds its own script tag, builds its shadow at the end of the page, and leaves one name behind.

/** Who the page says is signed in, as JSON in `data-user`; nobody where it is none. */
function signedIn(script) {
  try {
    return JSON.parse(script.dataset.user);
  } catch {
    return undefined;
  }
}

/** The page's language where we speak it, else the browser's, else English. */
function language(script) {
  const asked = [script.dataset.lang, document.documentElement.lang, ...navigator.languages, 'en'];
  return asked.map((one) => (one ?? '').toLowerCase().split('-')[0]).find((one) => one in FIRST) ?? Object.keys(FIRST)[0];
}

function begin(script) {
  const wanted = language(script);
  const host = document.createElement('inbox-chat');
  // Open, since closed would protect nothing: the page holds the visitor's token anyway. So its own tests and readers can look in.
  const shadow = host.attachShadow({ mode: 'open' });
  const root = element('div', { class: 'root' });
  const speaks = (lang, dir) => [host, root].forEach((one) => Object.assign(one, { lang, dir }));
  speaks(wanted, way(FIRST[wanted].open));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(root);
  document.body.append(host);
  // Above everything, and out of whatever the page's boxes do to what stands in them.
  host.popover = 'manual';
  host.showPopover?.();
  const chat = new Chat(new URL('.', script.src).href, wanted, { label: script.dataset.label, user: signedIn(script) }, root, speaks);
  const destroy = () => {
    chat.destroy();
    host.remove();
    delete window.InboxChat;
  };
  const open = () => chat.open();
  window.InboxChat = Object.freeze({ open, close: () => chat.close(), identify: (who) => chat.identify(who), destroy });
}

const script = document.currentScript;
if (script && !window.InboxChat) {
  if (document.body) begin(script);
  else addEventListener('DOMContentLoaded', () => begin(script), { once: true });
}
