// What is kept in this browser: the visitor's token, a draft, what has not gone out. Shared by the tabs of one page.

class Memory {
  /** `place` tells the chats of one page apart. Where the browser keeps nothing, this tab alone remembers. */
  constructor(place) {
    this._place = place;
    this._here = new Map();
    this.lasting = true;
    try {
      localStorage.setItem(this._name(''), '');
      localStorage.removeItem(this._name(''));
    } catch {
      this.lasting = false;
    }
  }

  get(name) {
    if (!this.lasting) return this._here.get(name) ?? null;
    try {
      return JSON.parse(localStorage.getItem(this._name(name)));
    } catch {
      return null;
    }
  }

  set(name, value) {
    this._here.set(name, value);
    try {
      if (value === null) localStorage.removeItem(this._name(name));
      else localStorage.setItem(this._name(name), JSON.stringify(value));
    } catch {
      this.lasting = false;
    }
  }

  /** The name under which another tab's change of `name` is told. */
  _name(name) {
    return `inbox-chat ${this._place} ${name}`;
  }

  /** Whether a `storage` event is about this value. */
  about(event, name) {
    return event.key === this._name(name);
  }
}
