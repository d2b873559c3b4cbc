// The round button and the panel that it opens: a dialog that takes the focus, gives it back, and on a phone keeps it.

class Panel {
  /** `asked.toggle()` and `asked.close()` hear what the visitor wishes; the panel does it when told. */
  constructor(root, asked) {
    Object.assign(this, { _root: root, _asked: asked });
    this._count = element('span', { class: 'unread', hidden: true, 'aria-hidden': 'true' });
    this._says = element('span', { class: 'unseen', role: 'status' });
    const about = { class: 'launch', type: 'button', 'aria-expanded': 'false', 'aria-haspopup': 'dialog', onclick: () => asked.toggle() };
    this.launch = element('button', about, icon('chat'), this._count);
    root.append(this.launch, this._says);
  }

  get open() {
    return Boolean(this.dialog) && !this.dialog.hidden;
  }

  label(text) {
    this.launch.setAttribute('aria-label', text);
  }

  /** Said to those who listen, without taking the focus from what they do. */
  announce(text) {
    this._says.textContent = text;
  }

  /** How much is new, as a figure and for the ear. */
  unread(figure, label, told) {
    this._count.hidden = !figure;
    this._count.textContent = figure;
    this.label(label);
    if (told) this.announce(told);
  }

  /** The dialog's inside, once; `parts` stand below its head. */
  fill(speech, title, tools, ...parts) {
    const { words } = speech;
    const head = element('h2', { id: 'title', tabindex: '-1' }, element('bdi', {}, title));
    const close = element('button', { class: 'round', type: 'button', 'aria-label': words.close, onclick: () => this._asked.close() }, icon('close'));
    this._hours = element('p', { class: 'hours', id: 'hours' });
    const about = { class: 'panel', role: 'dialog', 'aria-labelledby': 'title', 'aria-describedby': 'hours', hidden: true, tabindex: '-1' };
    this.dialog = element('div', { ...about, onkeydown: (event) => this._key(event), onkeyup: quiet, onkeypress: quiet }, element('div', { class: 'top' }, head, ...tools, close), this._hours, ...parts);
    this._root.prepend(this.dialog);
    this._fits();
  }

  /** The house cannot be reached: say so, with a way that needs no script. A second press of the button tries again. */
  fail(first, address) {
    const link = element('a', { href: address, target: '_blank', rel: 'noopener' }, first.as_page);
    const told = element('div', { class: 'failed', role: 'alert' }, element('p', null, first.unreached), link);
    this._root.querySelector('.failed')?.remove();
    this._root.prepend(told);
  }

  /** Hours and the honest time. */
  tell({ sentence, open_now }) {
    this._hours.textContent = sentence;
    this._hours.classList.toggle('open', open_now);
    this.openNow = open_now;
  }

  /** Open it; `entry()` is where the focus goes. */
  show(entry) {
    this._root.querySelector('.failed')?.remove();
    this.dialog.hidden = false;
    this.dialog.setAttribute('aria-modal', String(this._small()));
    this.launch.setAttribute('aria-expanded', 'true');
    this._root.classList.add('opened');
    entry().focus({ preventScroll: true });
  }

  hide() {
    this.dialog.hidden = true;
    this.launch.setAttribute('aria-expanded', 'false');
    this._root.classList.remove('opened');
    this.launch.focus({ preventScroll: true });
  }

  /** Above a keyboard on the screen: browsers lay it over the page, and tell of it here only. Not while somebody zooms. */
  _fits() {
    const view = window.visualViewport;
    const sheet = new CSSStyleSheet();
    const shadow = this._root.getRootNode();
    shadow.adoptedStyleSheets = [...shadow.adoptedStyleSheets, sheet];
    const fit = () => {
      const rule = `.panel{block-size:${view.height}px;inset-block-start:${view.offsetTop}px}`;
      sheet.replaceSync(view.scale === 1 ? `@media (max-width:480px){${rule}}` : '');
    };
    for (const change of ['resize', 'scroll']) view?.addEventListener(change, fit, { signal: this._asked.signal });
  }

  _small() {
    return matchMedia('(max-width: 480px)').matches;
  }

  _key(event) {
    quiet(event);
    if (event.key === 'Escape' && !event.isComposing) this._asked.close();
    else if (event.key === 'Tab' && this._small()) this._turn(event);
  }

  /** Behind the last comes the first: on a phone there is nothing else to go to. */
  _turn(event) {
    const all = [...this.dialog.querySelectorAll('button, a, input, textarea, [tabindex="0"]')];
    const reached = all.filter((one) => !one.disabled && one.offsetParent !== null && one.tabIndex >= 0);
    const here = this._root.getRootNode().activeElement;
    const edge = event.shiftKey ? reached[0] : reached.at(-1);
    if (here !== edge && reached.includes(here)) return;
    event.preventDefault();
    (event.shiftKey ? reached.at(-1) : reached[0]).focus();
  }
}

/** What is typed here is no business of the page's: single letters are commands on some. */
const quiet = (event) => event.stopPropagation();
