// What one line looks like: who, when, the words in their own direction, files, and buttons to press.

class Drawing {
  constructor(speech, asks) {
    this._speech = speech;
    this._asks = asks;
  }

  /** A line of the house's; `day` stands above it where it is the first of its day. */
  line(line, day) {
    const { words } = this._speech;
    const who = line.ours ? element('bdi', null, line.name) : element('span', { class: 'unseen' }, words.you);
    const kind = `line${line.ours ? '' : ' own'}${line.automatic ? ' automatic' : ''}`;
    const by = element('div', { class: 'by' }, who, this._speech.time(line.at));
    const body = element('div', { class: kind }, by, this._said(line.text, line.files ?? [], line.id), this._offers(line));
    return element('div', { class: 'entry' }, day && element('p', { class: 'day' }, day), body);
  }

  /** What the visitor wrote, on its way: `state` is sending, sent, waiting (for the network) or failed. */
  draft(draft) {
    const { words } = this._speech;
    const files = draft.files.map((file) => ({ name: file.name, size: file.size, state: 'own' }));
    const again = element('button', { class: 'text', type: 'button', onclick: () => this._asks.again(draft) }, words.again);
    const change = element('button', { class: 'text', type: 'button', onclick: () => this._asks.change(draft) }, words.change);
    const open = draft.state === 'failed' || draft.state === 'waiting';
    const told = element('span', null, draft.error || words[draft.state]);
    const by = element('div', { class: 'by state' }, element('span', { class: 'unseen' }, words.you), told, open ? again : null, draft.state === 'failed' ? change : null);
    return element('div', { class: 'entry' }, element('div', { class: `line own ${draft.state}` }, this._said(draft.text, files), by));
  }

  _said(text, files) {
    return element('div', { class: 'said' }, text ? paragraphs(text) : null, files.map((file) => this._file(file)));
  }

  _file(file) {
    const { words } = this._speech;
    const name = element('span', { class: 'name' }, element('bdi', null, file.name || words.file));
    const size = element('span', { class: 'size' }, this._speech.size(file.size));
    if (file.state === 'own') return element('div', { class: 'file' }, icon('file'), name, size);
    if (file.state !== 'here') return element('div', { class: 'file' }, icon('file'), name, element('span', { class: 'size' }, words.file_gone));
    const about = { class: 'file', type: 'button', onclick: () => this._asks.download(file) };
    return element('button', about, icon('file'), element('span', { class: 'unseen' }, words.download), name, size);
  }

  _offers(line) {
    if (!line.offers?.length) return null;
    const pressed = this._asks.pressed(line);
    const buttons = line.offers.map((offer) => {
      const about = { class: 'offer', type: 'button', dir: 'auto', disabled: pressed !== null, 'aria-pressed': String(pressed === offer.data) };
      return element('button', { ...about, onclick: () => this._asks.press(line, offer) }, offer.label);
    });
    return element('div', { class: 'offers', role: 'group', 'aria-label': this._speech.words.choices }, buttons);
  }
}
