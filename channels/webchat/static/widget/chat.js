// One chat on one page: who the visitor is, what was said, what is open. The parts know one another through it only.

const STALE = 60_000; // an honest time is asked for again after this long

class Chat {
  /** `base` is the channel's address, `wanted` the language, `about` what the script tag says, `speaks` hears what it became. */
  constructor(base, wanted, about, root, speaks) {
    Object.assign(this, { _base: base, _wanted: wanted, _label: about.label, _user: about.user, _speaks: speaks });
    this._memory = new Memory(base);
    this._house = new House(base, wanted, () => this._memory.get('token') ?? '', () => this._greet());
    this._watch = new AbortController();
    const { signal } = this._watch;
    const toggle = () => (this._panel.open ? this.close() : this.open());
    this._panel = new Panel(root, { toggle, close: () => this.close(), signal });
    this._panel.label(this._label || FIRST[wanted].open);
    this._live = new Live(this._house, () => this._lines.all.at(-1)?.id ?? '', (name, data) => this._heard(name, data));
    addEventListener('storage', (event) => this._elsewhere(event), { signal });
    document.addEventListener('visibilitychange', () => this._read(), { signal });
    // Whoever never wrote costs nothing but this script until they open the chat.
    if (this._memory.get('token') || this._user) this._ready().catch(() => {});
  }

  async open() {
    if (this._panel.open) return;
    try {
      await this._ready();
    } catch {
      return this._panel.fail(FIRST[this._wanted], this._base);
    }
    this._panel.show(() => this._entry());
    this._lines.toEnd();
    this._live.start();
    this._read();
    if (Date.now() - this._greeted > STALE) this._greet().catch(() => {});
  }

  /** With a question that nobody answered yet, the way by mail is offered before it closes, once. */
  close() {
    if (!this._panel.open) return;
    if (this._worthAsking() && this._waits()) return this._offer({ parting: true });
    this._leaving.hide();
    this._panel.hide();
    if (!this._hello.known) this._live.rest();
  }

  /** Who is signed in on this page, with the proof of its server: `id`, `mail`, `name`, `proof`. Resolves to what became of it. */
  async identify(user) {
    this._user = user;
    await this._ready();
    if (this._greetedAs !== user) await this._greet();
    return this._hello.identity;
  }

  destroy() {
    this._watch.abort();
    this._live.end();
    this._sending?.end();
  }

  /** Known to the house and drawn; tried again where it failed. */
  _ready() {
    this._begun ??= this._begin().catch((error) => {
      this._begun = null;
      throw error;
    });
    return this._begun;
  }

  async _begin() {
    await this._greet();
    this._sending.restore();
    if (this._hello.known) this._live.start();
  }

  /** One tab asks at a time, so that two that open together are one visitor. */
  async _greet() {
    const before = this._memory.get('token');
    const user = this._user;
    const ask = async () => {
      this._hello = await this._house.ask('hello', { language: this._wanted, ...(user && { user }) });
      this._memory.set('token', this._hello.token);
    };
    await (navigator.locks ? navigator.locks.request(`inbox-chat ${this._base}`, ask) : ask());
    Object.assign(this, { _greeted: Date.now(), _greetedAs: user });
    // A stranger in the place of somebody else: what that one left here is not theirs.
    if (before && this._hello.fresh) for (const name of ['draft', 'unsent', 'pressed', 'read', 'met']) this._memory.set(name, null);
    this._house.words = this._hello.words;
    if (!this._speech) this._build();
    else if (before !== this._hello.token) this._lines.clear();
    this._leaving.standing = this._hello.standing;
    this._mail.hidden = !this._hello.standing.continues;
    this._panel.tell(this._hello);
    this._take(this._hello.lines);
  }

  _build() {
    const { words, language, direction, title, greeting, limits } = this._hello;
    this._speaks(language, direction);
    const speech = (this._speech = new Speech(language, words));
    this._lines = new Lines(speech, greeting, {
      again: (draft) => this._again(draft),
      change: (draft) => this._change(draft),
      download: (file) => this._download(file),
      press: (line, offer) => this._press(line, offer),
      pressed: (line) => this._memory.get('pressed')?.[line.id] ?? null,
    });
    this._sending = new Sending(this._house, this._memory, (draft) => this._lines.draft(draft), (draft) => this._sent(draft));
    this._articles = new Articles(speech, this._house, this._memory, {
      due: () => this._hello.suggests && !this._sending.busy,
      solved: () => (this._writing.empty(), this._entry().focus()),
      focused: () => this._lines.root.getRootNode().activeElement,
    });
    const typed = (text) => this._articles.typed(text);
    this._writing = new Writing(speech, limits, this._memory, { send: (text, files) => this._say(text, files), typed });
    this._leaving = new Leaving(speech, this._house, (parting) => (parting ? this.close() : this._writing.text.focus()));
    const mail = { class: 'round', type: 'button', 'aria-label': words.by_mail, onclick: () => this._offer({}) };
    this._mail = element('button', mail, icon('mail'));
    const unkept = this._memory.lasting ? null : element('p', { class: 'calm' }, words.unkept);
    this._panel.fill(speech, title, [this._mail], this._lines.root, unkept, this._leaving.root, this._articles.root, this._writing.root);
    this._writing.catch(this._panel.dialog);
  }

  // -- what was said --------------------------------------------------------------------------------------------------
  _heard(name, data) {
    if (name === 'line') this._take([data]);
    if (name === 'outlook') this._panel.tell(data);
  }

  _take(lines) {
    const first = !this._lines.all.length;
    const fresh = this._lines.take(lines);
    for (const draft of this._sending.arrived(lines)) this._lines.forget(draft.id);
    this._count(first ? null : fresh.filter((line) => line.ours).at(-1));
    this._read();
  }

  /** What begins with this runs from now on: nothing is laid beside its words any more. */
  _say(text, files) {
    this._sending.say(text, files, this._articles.sent());
    this._hello.suggests = false;
  }

  /** The house has it, and knows the visitor by it. Whoever writes while nobody is there may not wait here for the answer. */
  async _sent(draft) {
    if (this._lines.all.some((line) => line.key === draft.key)) this._take(this._lines.all);
    if (!this._live.going) this._live.start();
    const fresh = !this._hello.known;
    this._hello.known = true; // at once: whoever closes before the greeting is back still waits for an answer
    if (fresh) await this._greet().catch(() => {});
    if (!this._panel.openNow && this._worthAsking()) this._offer({ asked: false });
  }

  /** What was pressed is drawn anew, so the focus would be lost with it. */
  _again(draft) {
    this._sending.again(draft);
    this._entry().focus();
  }

  _change(draft) {
    this._lines.forget(draft.id);
    this._articles.back(draft.met);
    this._writing.take(this._sending.back(draft));
  }

  /** A line's offers are pressed once: the line's own number makes a second press the same one, and the page may go at once. */
  async _press(line, offer) {
    const mark = (data) => {
      this._memory.set('pressed', { ...this._memory.get('pressed'), [line.id]: data });
      this._lines.redraw(line.id);
    };
    mark(offer.data);
    this._entry().focus();
    try {
      await this._house.ask('press', { id: String(line.id), data: offer.data }, { keepalive: true });
    } catch (error) {
      mark(null);
      this._writing.complain([error.message]);
    }
  }

  /** Fetched with the visitor's token, which no address may carry; then it is an ordinary download. */
  async _download(file) {
    try {
      const answer = await this._house.fetch(`files/${file.id}`);
      const address = URL.createObjectURL(await answer.blob());
      element('a', { href: address, download: file.name }).click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch (error) {
      this._writing.complain([error.message]);
    }
  }

  // -- what is unread -------------------------------------------------------------------------------------------------
  get _looking() {
    return this._panel.open && !document.hidden;
  }

  /** The visitor has seen what there is, if they look. */
  _read() {
    const newest = this._lines?.all.at(-1);
    if (!this._looking || !newest || !this._unread(newest)) return;
    this._memory.set('read', newest.at);
    this._count();
    this._house.ask('read', { upto: newest.id }).catch(() => {}); // the next one says it again
  }

  /** Told by time: what was written first is not always what could be seen first. */
  _unread(line) {
    return new Date(line.at) > new Date(this._memory.get('read') ?? 0);
  }

  _count(told = null) {
    const count = this._looking ? 0 : this._lines.all.filter((line) => line.ours && this._unread(line)).length;
    const figure = count ? this._speech.number(count) : '';
    const label = this._label || this._speech.words.open;
    const named = count ? `${label} (${this._speech.words.unread.replace('{n}', figure)})` : label;
    this._panel.unread(figure, named, told && !this._panel.open ? `${told.name}: ${told.text}` : '');
  }

  // -- leaving, and other tabs ----------------------------------------------------------------------------------------
  /** The visitor wrote, and no person has answered since. */
  _waits() {
    const last = this._lines.all.filter((line) => !line.automatic).at(-1);
    return this._sending.busy || Boolean(last && !last.ours);
  }

  _worthAsking() {
    const { continues, proved } = this._leaving.standing;
    return continues && !proved && !this._asked;
  }

  _offer(how) {
    this._asked = true;
    this._leaving.show(how);
    this._lines.toEnd();
    if (how.asked === false) this._panel.announce(this._speech.words.leaving);
  }

  /** Where the focus goes: into the box, but on a touch screen its keyboard would hide what stands above. */
  _entry() {
    if (this._leaving.open) return this._leaving.root;
    return matchMedia('(pointer: coarse)').matches ? this._panel.dialog : this._writing.text;
  }

  /** Another tab read something, or became somebody: then so is this one. */
  async _elsewhere(event) {
    if (!this._speech) return;
    if (this._memory.about(event, 'read')) this._count();
    if (!this._memory.about(event, 'token') || this._memory.get('token') === this._hello.token) return;
    this._hello.token = this._memory.get('token');
    this._lines.clear();
    this._live.start();
  }
}
