// Lines as they come: a stream that goes on where it broke off, and asking now and then where nothing streams.

const SILENCE = 50_000; // the house gives a sign of life every 20 seconds, the first one at once
const HIDDEN = 60_000; // a page that nobody looks at lets go of its stream after this long
const ASKING = 8_000;
const FIRST_SIGN = 8_000;
const MUTE = 2; // streams that were answered and never said a word: something on the way keeps their words

class Live {
  /** `after()` is the newest line that is known, `heard(name, data)` takes an event of the house's. */
  constructor(house, after, heard) {
    Object.assign(this, { _house: house, _after: after, _heard: heard, _failures: 0, _mute: 0, _wanted: false });
    this._watch = new AbortController();
    const { signal } = this._watch;
    document.addEventListener('visibilitychange', () => this._looked(), { signal });
    addEventListener('online', () => this._wanted && this.start(), { signal });
  }

  /** Begin, or begin again at once. */
  start() {
    this.rest();
    this._wanted = true;
    this._stop = new AbortController();
    this._run(this._stop.signal);
  }

  get going() {
    return this._wanted;
  }

  /** Until it is begun again. */
  rest() {
    this._wanted = false;
    this._stop?.abort();
    clearTimeout(this._leaving);
  }

  /** For good. */
  end() {
    this.rest();
    this._watch.abort();
  }

  _looked() {
    clearTimeout(this._leaving);
    if (!this._wanted) return;
    if (document.hidden) this._leaving = setTimeout(() => this._stop.abort(), HIDDEN);
    else if (this._stop.signal.aborted || this._failures) this.start();
  }

  async _run(signal) {
    while (!signal.aborted) {
      let wait = 0;
      try {
        if (this._mute < MUTE) await this._stream(signal);
        else await this._poll(signal);
        this._failures = 0;
      } catch (error) {
        this._failures += 1;
        wait = 1000 * (error.wait ?? 0);
      }
      await pause(Math.max(wait, later(this._failures)), signal);
    }
  }

  /** One stream to its end; it counts as dead where even the signs of life are missing. */
  async _stream(whole) {
    const own = new AbortController();
    const end = () => own.abort();
    whole.addEventListener('abort', end, { once: true });
    let silence = setTimeout(end, FIRST_SIGN);
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(end, SILENCE);
      this._failures = this._mute = 0;
    };
    try {
      const answer = await this._house.fetch(`live?after=${this._after()}`, undefined, { signal: own.signal });
      this._mute += 1;
      await this._read(answer.body.pipeThrough(new TextDecoderStream()).getReader(), alive);
    } finally {
      clearTimeout(silence);
      whole.removeEventListener('abort', end);
    }
  }

  /** Server-sent events, as the HTML standard has them; ours are one line of JSON each. */
  async _read(reader, alive) {
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      const events = (rest + value).split('\n\n');
      rest = events.pop();
      for (const event of events) this._tell(event);
    }
  }

  _tell(event) {
    const fields = Object.fromEntries(event.split('\n').map((line) => line.split(/: (.*)/s)));
    if (fields.data) this._heard(fields.event, JSON.parse(fields.data));
  }

  async _poll(signal) {
    const { lines } = await this._house.ask(`lines?after=${this._after()}`);
    for (const line of lines) this._heard('line', line);
    await pause(ASKING, signal);
  }
}

/** Half a second, one, two, four, at most a minute; each a little different, so that a thousand browsers do not come at once. */
const later = (failures) => Math.min(60_000, 500 * 2 ** failures) * (0.7 + Math.random() * 0.6);

function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
