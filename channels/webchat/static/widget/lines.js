// The conversation as it is read: each line once, in its order, whoever said it.

class Lines {
  /** `asks` fetches files, presses buttons, and takes care of what has not gone out. */
  constructor(speech, greeting, asks) {
    this._draw = new Drawing(speech, asks);
    this._speech = speech;
    this._known = new Map();
    this._drafts = new Map();
    const words = speech.words;
    this._items = element('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': words.lines });
    this._newer = element('button', { class: 'newer', type: 'button', hidden: true, onclick: () => (this.root.focus(), this.toEnd()) }, words.newer);
    const about = { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': words.lines, onscroll: () => this._scrolled() };
    const welcome = greeting ? element('div', { class: 'greeting' }, paragraphs(greeting)) : null;
    this.root = element('div', about, welcome, this._items, this._newer);
  }

  /** All lines that the house told, oldest first. */
  get all() {
    return [...this._known.values()].map((one) => one.line).sort(earlier);
  }

  /** Take lines from the house, some of them perhaps again; hands back the new ones. A line takes the place of its own draft. */
  take(lines) {
    const fresh = lines.filter((line) => !this._known.has(line.id));
    const near = this._near();
    this._items.setAttribute('aria-busy', String(fresh.length > 5)); // nobody wants a whole past read out
    for (const line of lines) this._put(line);
    if (fresh.length) this._follow(near, fresh.some((line) => line.ours));
    this._items.setAttribute('aria-busy', 'false');
    return fresh;
  }

  /** Another visitor begins with nothing. */
  clear() {
    for (const { item } of this._known.values()) item.remove();
    this._known.clear();
  }

  /** Show what the visitor wrote while it is on its way, or how that way changed. */
  draft(draft) {
    const near = this._near() || !this._drafts.has(draft.id);
    const item = this._draw.draft(draft);
    const old = this._drafts.get(draft.id);
    if (old) old.replaceWith(item);
    else this._items.append(item);
    this._drafts.set(draft.id, item);
    this._follow(near, false);
  }

  /** The draft is a line now, or was taken back. */
  forget(id) {
    this._drafts.get(id)?.remove();
    this._drafts.delete(id);
  }

  /** A line is drawn anew: something about it changed that is not its own. */
  redraw(id) {
    const known = this._known.get(id);
    if (known) known.text = '';
    if (known) this._put(known.line);
  }

  toEnd() {
    this.root.scrollTop = this.root.scrollHeight;
    this._newer.hidden = true;
  }

  _put(line) {
    const same = this._known.get(line.id);
    const text = JSON.stringify(line);
    if (same?.text === text) return;
    const before = this.all.filter((one) => earlier(one, line) < 0).at(-1);
    const day = before && this._speech.day(before.at) === this._speech.day(line.at) ? null : this._speech.day(line.at);
    const item = this._draw.line(line, day);
    if (same) same.item.replaceWith(item);
    else if (before) this._known.get(before.id).item.after(item);
    else this._items.prepend(item);
    this._known.set(line.id, { line, item, text });
  }

  _near() {
    const { scrollTop, scrollHeight, clientHeight } = this.root;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  _follow(near, ours) {
    if (near) this.toEnd();
    else if (ours) this._newer.hidden = false;
  }

  _scrolled() {
    if (this._near()) this._newer.hidden = true;
  }
}

const earlier = (one, other) => new Date(one.at) - new Date(other.at) || one.id - other.id;
