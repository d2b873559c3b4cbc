// What we ask the house: one request, one answer, and an error that is a sentence.

/** The house said no. `message` is a sentence for people; `status` 0 means that nobody answered; `wait` is in seconds. */
class Refusal extends Error {
  constructor(status, message, wait = 0) {
    super(message);
    this.status = status;
    this.wait = wait;
  }

  /** The same thing can work later without anybody changing it. */
  get passing() {
    return [0, 408, 429].includes(this.status) || this.status >= 500;
  }
}

class House {
  /** `base` ends with a slash; `token()` is the visitor's own; `renew()` gets another where the house does not know it. */
  constructor(base, language, token, renew) {
    Object.assign(this, { _base: base, _language: language, _token: token, _renew: renew, words: {} });
  }

  /** GET, or POST where something is said: an object goes as JSON, a form as it is. `how` is as the browser's fetch has it. Raises Refusal. */
  async ask(path, said, how) {
    return (await this.fetch(path, said, how)).json();
  }

  async fetch(path, said, how) {
    try {
      return await this._fetch(path, said, how);
    } catch (error) {
      if (error.status !== 401) throw error;
      await this._renew();
      return this._fetch(path, said, how);
    }
  }

  async _fetch(path, said, how) {
    const form = said instanceof FormData;
    const headers = new Headers({ 'Accept-Language': this._language });
    if (this._token()) headers.set('Authorization', `Bearer ${this._token()}`);
    if (said && !form) headers.set('Content-Type', 'application/json');
    const body = said && !form ? JSON.stringify(said) : said;
    const about = { method: said ? 'POST' : 'GET', headers, body, credentials: 'omit', cache: 'no-store', ...how };
    let answer;
    try {
      answer = await fetch(this._base + path, about);
    } catch {
      await new Promise((resume) => setTimeout(resume)); // a page that goes ends here: its question may well arrive
      throw new Refusal(0, this.words.no_answer ?? '');
    }
    if (answer.ok) return answer;
    const told = await answer.json().catch(() => ({}));
    throw new Refusal(answer.status, told.message ?? this.words.broken ?? '', Number(answer.headers.get('Retry-After')) || 0);
  }
}
