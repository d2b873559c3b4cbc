// Going on by mail: the address is asked for when the visitor leaves, and nothing goes there before its owner typed the code.

class Leaving {
  /** `left()` is called when the visitor closes the card; `standing` is the server's. */
  constructor(speech, house, left) {
    Object.assign(this, { _speech: speech, _house: house, _left: left, standing: {} });
    this.root = element('section', { class: 'card', hidden: true, tabindex: '-1', 'aria-labelledby': 'leaving' });
  }

  get open() {
    return !this.root.hidden;
  }

  /** Show the step that is due: `parting` where the visitor is about to close the panel, `asked` where they wished it. */
  show({ parting = false, asked = true }) {
    this._parting = parting;
    this._asked = asked;
    this.root.hidden = false;
    if (this.standing.proved) this._settled();
    else this._ask();
  }

  hide() {
    this.root.hidden = true;
  }

  _ask(address = this.standing.address ?? '') {
    const { words } = this._speech;
    const field = { type: 'email', name: 'address', id: 'address', required: true, dir: 'ltr', autocomplete: 'email', inputmode: 'email', maxlength: '254' };
    const input = element('input', field);
    input.value = address;
    const no = this._button(this._parting ? words.close_anyway : words.not_now, () => this._finish());
    this._step(
      this._parting ? words.leaving : words.by_mail,
      [element('p', { class: 'hint', id: 'why' }, words.address_why)],
      [element('label', { for: 'address' }, words.address), input],
      [element('button', { class: 'first' }, words.send_code), no],
      () => this._prove(input.value.trim()),
    );
    input.setAttribute('aria-describedby', 'why');
    if (this._asked) input.focus(); // else somebody may be in the middle of a word
    this._asked = true;
  }

  async _prove(address) {
    const { asked, message } = await this._house.ask('mail', { address });
    if (asked !== 'sent') throw new Error(message);
    this._typed(address);
  }

  _typed(address) {
    const { words } = this._speech;
    const input = element('input', { name: 'code', id: 'code', required: true, dir: 'ltr', autocomplete: 'one-time-code', inputmode: 'numeric', maxlength: '12' });
    this._step(
      words.code_title,
      [element('p', { class: 'hint', id: 'why' }, ...this._speech.about(words.code_why, { address }))],
      [element('label', { for: 'code' }, words.code), input],
      [element('button', { class: 'first' }, words.confirm), this._button(words.other_address, () => this._ask(address))],
      () => this._confirm(input.value),
    );
    input.setAttribute('aria-describedby', 'why');
    input.focus();
  }

  /** Codes are typed in the digits of any keyboard. */
  async _confirm(code) {
    const plain = code.replace(/[۰-۹]/g, (one) => one.charCodeAt(0) - 0x6f0).replace(/[٠-٩]/g, (one) => one.charCodeAt(0) - 0x660);
    const { answered, message, standing } = await this._house.ask('mail/code', { code: plain.replace(/\s/g, '') });
    if (answered !== 'proved') throw new Error(message);
    this.standing = standing;
    this._settled();
  }

  _settled(told) {
    const { words } = this._speech;
    const send = element('button', { class: 'second' }, words.transcript);
    this._step(
      words.settled,
      [element('p', { class: 'hint', role: 'status' }, ...this._speech.about(told || words.settled_why, { address: this.standing.address }))],
      [],
      [send, this._button(this._parting ? words.close : words.good, () => this._finish())],
      async () => {
        const { sent } = await this._house.ask('transcript', {});
        if (!sent) throw new Error(words.broken);
        this._settled(words.transcript_sent);
      },
    );
    this.root.querySelector('h2').focus();
  }

  /** One step: a title, why, a field, buttons, and what happens when it is sent; what goes wrong stands in it. */
  _step(title, why, field, buttons, act) {
    const wrong = element('p', { class: 'wrong', role: 'alert' });
    const submit = async (event) => {
      event.preventDefault();
      wrong.textContent = '';
      const sent = form.querySelector('button');
      sent.disabled = true;
      try {
        await act();
      } catch (error) {
        wrong.textContent = error.message;
        sent.disabled = false;
        (form.querySelector('input') ?? sent).focus();
      }
    };
    const form = element('form', { onsubmit: submit, class: 'card-form' }, ...field, wrong, element('div', { class: 'row' }, buttons));
    this.root.replaceChildren(element('h2', { id: 'leaving', tabindex: '-1' }, title), ...why, form);
  }

  _button(label, act) {
    return element('button', { class: 'second', type: 'button', onclick: act }, label);
  }

  _finish() {
    this.hide();
    this._left(this._parting);
  }
}
