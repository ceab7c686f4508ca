// What was checked, kept in the browser under one key per cell: windows that are open at once do not overwrite each other.

class Store {
  constructor(key, onChange, onFail) {
    this.prefix = `inkdigits-review/${key}/`;
    this.answers = new Map(); // a cell's id → { text, time }; a text of null: taken back
    this.onFail = onFail;
    addEventListener("storage", (event) => {
      if (event.key === null || event.key.startsWith(this.prefix)) this.load() && onChange();
    });
    // Where a browser tells windows of files nothing about each other, they learn it when they are looked at.
    addEventListener("focus", () => { if (this.load()) onChange(); });
    this.load();
  }

  // Take over what is newer than what is known here, and write back what is older. Returns whether anything was new.
  load() {
    let isNew = false;
    try {
      for (const name of Object.keys(localStorage).filter((each) => each.startsWith(this.prefix))) {
        const id = name.slice(this.prefix.length);
        const kept = parse(localStorage.getItem(name));
        const known = this.answers.get(id);
        if (kept && (!known || kept.time > known.time)) {
          this.answers.set(id, kept);
          isNew = true;
        } else if (known && (!kept || kept.time < known.time)) this.write(id, known);
      }
    } catch {
      this.onFail();
    }
    return isNew;
  }

  get(id) {
    return this.answers.get(id)?.text ?? null;
  }

  set(id, text) {
    const before = this.answers.get(id);
    const answer = { text, time: Math.max(Date.now(), (before?.time ?? 0) + 1) };
    this.answers.set(id, answer);
    this.write(id, answer);
  }

  write(id, answer) {
    try {
      localStorage.setItem(this.prefix + id, JSON.stringify(answer));
    } catch {
      this.onFail();
    }
  }
}

// Anybody can write to a browser's storage: what is not an answer is none.
function parse(text) {
  try {
    const { text: value, time } = JSON.parse(text);
    return (value === null || typeof value === "string") && Number.isFinite(time) ? { text: value, time } : null;
  } catch {
    return null;
  }
}
