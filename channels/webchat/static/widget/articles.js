// Articles that may be the answer to what is being written: above the box, each with why, while nothing of the visitor's runs.

const RESTS = 600; // they are looked for when no key was pressed for this long
const LOOKED_AT = 2000; // letters of what is written, from its beginning
const LASTS = 3_600_000; // what was shown or read so long ago has nothing to do with what is written now
const MOST_MET = 20;

class Articles {
  /** `due()`: whether they may be shown now; `solved()` is called where one was the answer, `focused()` tells what has the focus. */
  constructor(speech, house, memory, { due, solved, focused }) {
    Object.assign(this, { _speech: speech, _house: house, _memory: memory, _due: due, _solved: solved, _focused: focused });
    this._told = element('p', { class: 'unseen', role: 'status' });
    this._card = element('section', { class: 'card articles', hidden: true, 'aria-label': speech.words.suggested });
    this.root = element('div', { class: 'aside' }, this._told, this._card);
  }

  /** The box holds this now. Whoever writes is never waited for, and an answer that comes too late is thrown away. */
  typed(text) {
    this._rest();
    if (!this._shown) this._card.hidden = true; // a word of thanks has been read
    const said = text.trim().slice(0, LOOKED_AT);
    if (!said || !this._due()) return this._show([]);
    if (said === this._asked || said.split(/\s+/).length < 2 || Date.now() < this._again) return;
    this._timer = setTimeout(() => this._ask(said), RESTS);
  }

  /** It is sent: hands back what the message says of them, and all of it is forgotten. */
  sent() {
    const met = this._met();
    this._forget();
    return met;
  }

  /** What was sent comes back to be changed. */
  back(met) {
    if (met) this._memory.set('met', { ...met, at: Date.now() });
  }

  async _ask(said) {
    this._asked = said;
    this._stop = new AbortController();
    const { signal } = this._stop;
    try {
      const answer = await this._house.fetch('suggest', { text: said, offered: this._met().offered.join(' ') }, { signal });
      const { articles } = await answer.json();
      if (!signal.aborted && this._due()) this._show(articles);
    } catch (error) {
      this._asked = ''; // a later word asks again
      this._again = Date.now() + 1000 * (error.wait ?? 0);
    }
  }

  /** Somebody who has gone to one of them keeps it under their fingers. */
  _show(articles) {
    if (this._card.contains(this._focused())) return;
    this._card.hidden = !articles.length;
    const slugs = articles.map((one) => one.slug);
    if (slugs.join(' ') === this._shown) return;
    this._shown = slugs.join(' ');
    const title = element('h2', null, this._speech.words.suggested);
    this._card.replaceChildren(title, element('ul', null, articles.map((one, index) => this._article(one, index))));
    this._card.scrollTop = 0;
    this._tell(articles.length ? [this._speech.words.suggested, ...articles.map((one) => one.title)].join('. ') : '');
    if (slugs.length) this._meet('offered', slugs);
  }

  _article({ slug, title, language, address, words: shared, alike }, index) {
    const { words } = this._speech;
    const read = () => this._meet('read', [slug]);
    const about = { class: 'title', id: `article-${index}`, href: address, target: '_blank', rel: 'noopener', lang: language, dir: 'auto' };
    const link = element('a', { ...about, onclick: read, onauxclick: (event) => event.button === 1 && read() }, title);
    const said = shared.flatMap((word) => [element('bdi', null, word), ' ']);
    const why = element('p', { class: 'hint' }, said.length ? [`${words.because} `, ...said] : null, alike && element('span', null, alike));
    const yes = { class: 'offer', type: 'button', 'aria-describedby': `article-${index}`, onclick: () => this._answered(slug) };
    return element('li', null, link, why, element('button', yes, words.answers));
  }

  /** Nothing is sent; that it was the answer is counted where it can be. */
  _answered(slug) {
    this._house.ask('solved', { slug }, { keepalive: true }).catch(() => {});
    this._forget();
    this._solved();
    const said = this._speech.words.nothing_sent;
    this._card.replaceChildren(element('p', { class: 'hint' }, said));
    this._card.hidden = false;
    this._tell(said);
  }

  _forget() {
    this._rest();
    this._memory.set('met', null);
    Object.assign(this, { _asked: '', _shown: '' });
    this._card.replaceChildren();
    this._card.hidden = true;
    this._tell('');
  }

  _rest() {
    clearTimeout(this._timer);
    this._stop?.abort();
  }

  _tell(text) {
    this._told.textContent = text;
  }

  _met() {
    const { offered = [], read = [], at = 0 } = this._memory.get('met') ?? {};
    return Date.now() - at < LASTS ? { offered, read } : { offered: [], read: [] };
  }

  _meet(name, slugs) {
    const met = this._met();
    const all = [...new Set([...met[name], ...slugs])].slice(-MOST_MET);
    this._memory.set('met', { ...met, [name]: all, at: Date.now() });
  }
}
