// How a language writes numbers, times and sizes: Persian digits and the Jalali calendar where people read Persian.

class Speech {
  constructor(language, words) {
    const locale = { fa: 'fa-IR', en: 'en-GB' }[language] ?? language;
    const dates = (about) => new Intl.DateTimeFormat(locale, about);
    this.language = language;
    this.words = words;
    this._number = new Intl.NumberFormat(locale);
    this._one = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
    this._time = dates({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    this._day = dates({ weekday: 'long', day: 'numeric', month: 'long' });
    this._whole = dates({ dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23' });
  }

  number(n) {
    return this._number.format(n);
  }

  /** An instant of today's clock, the whole of it in the title. */
  time(at) {
    const when = new Date(at);
    return element('time', { datetime: when.toISOString(), title: this._whole.format(when) }, this._time.format(when));
  }

  day(at) {
    return this._day.format(new Date(at));
  }

  /** A size in bytes, as in "1.4 MB". */
  size(bytes) {
    const [unit, divisor] = bytes < 1e6 ? [this.words.kilobytes, 1e3] : [this.words.megabytes, 1e6];
    return `${this._one.format(Math.max(bytes / divisor, 0.1))} ${unit}`;
  }

  /** A sentence with a place for a value, such as "{name} is too large": its pieces, the value set apart from their direction. */
  about(sentence, facts) {
    return sentence
      .split(/\{(\w+)\}/)
      .map((piece, index) => (index % 2 ? element('bdi', null, String(facts[piece] ?? '')) : piece));
  }
}
