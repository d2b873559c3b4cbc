// The box for writing: Enter sends, Shift and Enter begins a new line, files come by button, paste or drop.

class Writing {
  /** `limits` are the server's: `files` a message, `file_bytes` each, `text` letters. `send(text, files)` takes it, `typed(text)` hears of each change. */
  constructor(speech, limits, memory, { send, typed }) {
    Object.assign(this, { _speech: speech, _limits: limits, _memory: memory, _send: send, _heard: typed, _files: [] });
    const { words } = speech;
    this._bounds = { files: speech.number(limits.files), size: speech.size(limits.file_bytes) };
    const keys = { onkeydown: (event) => this._key(event), oninput: () => this._typed(), onpaste: (event) => this._pasted(event) };
    const about = { rows: '1', dir: 'auto', 'aria-label': words.write, placeholder: words.write, maxlength: limits.text };
    this.text = element('textarea', { ...about, 'aria-describedby': 'limits', enterkeyhint: 'send', ...keys });
    this.text.value = memory.get('draft') ?? '';
    this._chosen = element('ul', { class: 'chosen', 'aria-label': words.files });
    this._wrong = element('div', { role: 'alert' });
    this.root = element('form', { class: 'write', onsubmit: (event) => this._submit(event) }, this._wrong, this._chosen, this._box());
    if (limits.files) this.root.append(element('p', { class: 'limits', id: 'limits' }, ...speech.about(words.limits, this._bounds)));
  }

  /** What comes back to be changed stands before what is being written. */
  take({ text, files }) {
    this.text.value = [text, this.text.value].filter(Boolean).join('\n');
    this._typed();
    this.add(files);
    this.text.focus();
  }

  /** Files may be dropped anywhere on `target`. */
  catch(target) {
    const over = (on) => (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      target.classList.toggle('dropping', on);
      if (event.type === 'drop') this.add([...event.dataTransfer.files]);
    };
    target.addEventListener('dragover', over(true));
    target.addEventListener('dragleave', over(false));
    target.addEventListener('drop', over(false));
  }

  add(files) {
    const wrong = [];
    for (const file of files) {
      const why = this._refused(file);
      if (why) wrong.push([why, file]);
      else this._files.push(file);
    }
    this.complain(wrong.map(([why, file]) => this._speech.about(why, { ...this._bounds, name: file.name })));
    this._list();
  }

  _box() {
    const { words } = this._speech;
    const send = element('button', { class: 'round send', 'aria-label': words.send }, icon('send', true));
    if (!this._limits.files) return element('div', { class: 'box' }, this.text, send);
    const pick = element('input', { type: 'file', multiple: true, hidden: true, tabindex: '-1', 'aria-label': words.attach, onchange: () => this._picked(pick) });
    const attach = { class: 'round', type: 'button', 'aria-label': words.attach, 'aria-describedby': 'limits', onclick: () => pick.click() };
    return element('div', { class: 'box' }, element('button', attach, icon('clip')), pick, this.text, send);
  }

  /** What speaks against a file; empty where nothing does. */
  _refused(file) {
    const { words } = this._speech;
    if (!this._limits.files) return words.no_files;
    if (this._files.length >= this._limits.files) return words.too_many;
    if (file.size > this._limits.file_bytes) return words.too_large;
    return file.size ? '' : words.empty_file;
  }

  /** Say what is wrong, above the box; nothing takes it away again. */
  complain(sentences) {
    this._wrong.replaceChildren(...sentences.map((one) => element('p', { class: 'notice' }, one)));
  }

  _list() {
    const items = this._files.map((file) => {
      const name = element('span', { class: 'name' }, element('bdi', null, file.name));
      const size = element('span', { class: 'size' }, this._speech.size(file.size));
      const off = { class: 'round', type: 'button', 'aria-label': `${this._speech.words.remove} ${file.name}`, onclick: () => this._remove(file) };
      return element('li', null, icon('file'), name, size, element('button', off, icon('close')));
    });
    this._chosen.replaceChildren(...items);
  }

  _remove(file) {
    this._files = this._files.filter((one) => one !== file);
    this.complain([]);
    this._list();
    this.text.focus();
  }

  _picked(pick) {
    this.add([...pick.files]);
    pick.value = '';
    this.text.focus();
  }

  _pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.add(files);
  }

  /** An input method ends a word with Enter too: that one is not ours (229 is how older browsers say so). */
  _key(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.root.requestSubmit();
  }

  _typed() {
    this._memory.set('draft', this.text.value || null);
    this._heard(this.text.value);
  }

  /** Nothing is written, and no file is chosen. */
  empty() {
    this._files = [];
    this.text.value = '';
    this._typed();
    this.complain([]);
    this._list();
  }

  _submit(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text && !this._files.length) return this.text.focus();
    this._send(text, this._files);
    this.empty();
    this.text.focus();
  }
}
