// What the visitor wrote, until the house has it: in order, one at a time, each under a name that makes a second try harmless.

class Sending {
  /** `show(draft)` draws one as it stands; `done(draft)` tells that the house has it. */
  constructor(house, memory, show, done) {
    Object.assign(this, { _house: house, _memory: memory, _show: show, _done: done, _drafts: [], _mine: new Set() });
    this._online = () => this.wake();
    addEventListener('online', this._online);
  }

  end() {
    removeEventListener('online', this._online);
    clearTimeout(this._timer);
  }

  /** What an earlier page left behind: words only, files do not outlive their page. */
  restore() {
    for (const { id, text, met } of this._memory.get('unsent') ?? []) this._add({ id, text, met, files: [] });
    this.wake();
  }

  /** `met`: the slugs of the articles that were `offered` as it was written, and of those that were `read`. */
  say(text, files, met) {
    this._add({ id: crypto.randomUUID?.() ?? unique(), text, met, files });
    this.wake();
  }

  again(draft) {
    this._set(draft, 'sending');
    this.wake();
  }

  /** The visitor takes it back to change it: a thing of its own when it is said again. */
  back(draft) {
    this._remove(draft);
    return draft;
  }

  /** Lines came from the house: hands back the drafts that are among them, which are none any more. */
  arrived(lines) {
    const keys = new Set(lines.map((line) => line.key));
    const found = this._drafts.filter((one) => one.key && keys.has(one.key));
    found.forEach((one) => this._remove(one));
    return found;
  }

  /** Somebody waits for an answer to this. */
  get busy() {
    return this._drafts.length > 0;
  }

  /** Send what is due, unless that is going on already. */
  async wake() {
    clearTimeout(this._timer);
    if (this._running) return;
    this._running = true;
    try {
      let draft;
      while ((draft = this._drafts.find((one) => one.state === 'sending' || one.state === 'waiting'))) {
        if (!(await this._try(draft))) break;
      }
    } finally {
      this._running = false;
    }
  }

  async _try(draft) {
    this._set(draft, 'sending');
    try {
      draft.key = (await this._house.ask('messages', this._form(draft))).key;
      this._tries = 0;
      this._set(draft, 'sent');
      this._done(draft);
      return true;
    } catch (error) {
      return this._failed(draft, error);
    }
  }

  _form({ id, text, met, files }) {
    const form = new FormData();
    for (const [name, slugs] of Object.entries(met ?? {})) if (slugs.length) form.set(name, slugs.join(' '));
    for (const [name, value] of Object.entries({ id, text, page: location.origin + location.pathname })) form.set(name, value);
    for (const file of files) form.append('files', file, file.name);
    return form;
  }

  /** What passes is tried again by itself; the rest waits for the visitor, with the house's reason. */
  _failed(draft, error) {
    const passing = !(error instanceof Refusal) || error.passing;
    this._set(draft, passing ? 'waiting' : 'failed', error.status ? error.message : '');
    if (!passing) return true;
    this._tries = (this._tries ?? 0) + 1;
    this._timer = setTimeout(() => this.wake(), Math.max(later(this._tries), (error.wait ?? 0) * 1000));
    return false;
  }

  _add(draft) {
    this._drafts.push(draft);
    this._mine.add(draft.id);
    this._set(draft, 'sending');
  }

  _set(draft, state, error = '') {
    Object.assign(draft, { state, error });
    this._show(draft);
    this._keep();
  }

  _remove(draft) {
    this._drafts = this._drafts.filter((one) => one !== draft);
    this._keep();
  }

  /** Beside what other tabs of this page keep. */
  _keep() {
    const others = (this._memory.get('unsent') ?? []).filter((one) => !this._mine.has(one.id));
    const open = this._drafts.filter((one) => one.state !== 'sent' && one.text).map(({ id, text, met }) => ({ id, text, met }));
    this._memory.set('unsent', others.length + open.length ? [...others, ...open] : null);
  }
}

/** A name that nobody else gives; where the page is not secure, the browser's own maker of them is missing. */
const unique = () => [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, '0')).join('');
