// Elements without markup: text is only ever text, and no address becomes a link unless it is http or https.

const DRAWN = {
  chat: 'M21 11.5a8.4 8.4 0 0 1-12.3 7.4L3 20.5l1.7-5.2A8.4 8.4 0 1 1 21 11.5z',
  close: 'M6 6l12 12M18 6L6 18',
  down: 'M6 9l6 6 6-6',
  clip: 'M20.5 11.5l-8.6 8.6a5.6 5.6 0 0 1-8-8l8.6-8.5a3.7 3.7 0 0 1 5.3 5.3l-8.6 8.5a1.9 1.9 0 0 1-2.7-2.6l8-7.9',
  send: 'M4 12L3.5 4.5 21 12 3.5 19.5 4 12zm0 0h8',
  mail: 'M3.5 6.5h17v11h-17zM4 7l8 6 8-6',
  file: 'M13.5 3.5H6v17h12V8zM13.5 3.5V8H18',
};

/** An element. Of `about`, `on…` are listeners and the rest attributes; what is null, false or undefined is left out. */
function element(tag, about, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(about ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...inside.flat().filter((one) => one !== null && one !== undefined));
  return made;
}

/** One of our own drawings; it says nothing, so whatever it stands on needs a name. */
function icon(name, mirrored = false) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  made.setAttribute('viewBox', '0 0 24 24');
  made.setAttribute('aria-hidden', 'true');
  if (mirrored) made.setAttribute('class', 'mirrored');
  path.setAttribute('d', DRAWN[name]);
  made.append(path);
  return made;
}

/** Which way most of the letters run, addresses aside; undefined where there are none, so that the page's own way holds. */
function way(text) {
  const letters = text.replace(/https?:\/\/\S+/gi, '').match(/\p{L}/gu) ?? [];
  const right = letters.filter((one) => /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/.test(one)).length;
  return letters.length ? (right * 2 >= letters.length ? 'rtl' : 'ltr') : undefined;
}

/** What somebody wrote, as paragraphs that each run their own way. */
function paragraphs(text) {
  return text.split(/\r\n|\r|\n/).map((line) => element('p', { dir: way(line) }, ...linked(line)));
}

function linked(line) {
  return line.split(/(https?:\/\/[^\s<>"'«»`]+)/i).flatMap((piece, index) => (index % 2 ? link(piece) : piece || []));
}

function link(piece) {
  const address = piece.replace(/[.,;:!?)\]}؟،؛…]+$/u, '');
  let known;
  try {
    known = new URL(address);
  } catch {
    return [piece];
  }
  if (!/^https?:$/.test(known.protocol)) return [piece];
  const about = { href: known.href, target: '_blank', rel: 'noopener noreferrer nofollow', dir: 'ltr' };
  return [element('a', about, address), piece.slice(address.length)];
}
