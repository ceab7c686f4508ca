// The cells with their answers, in the order in which they are checked; nothing here touches the page.

class Cells {
  constructor(data, store) {
    Object.assign(this, { sheets: data.sheets, key: data.key, store, history: [] });
    this.all = [];
    for (const [place, sheet] of data.sheets.entries()) {
      sheet.cells = sheet.cells.map((cell) => ({ ...cell, sheet, id: `${place}.${cell.row}.${cell.column}` }));
      sheet.at = new Map(sheet.cells.flatMap((cell) => covered(cell).map((spot) => [spot, cell])));
      this.all.push(...sheet.cells);
    }
    this.byId = new Map(this.all.map((cell) => [cell.id, cell]));
    for (const cell of this.all) cell.chance = this.chance(cell);
    this.tellings = this.all.filter((cell) => cell.status !== "text" && cell.status !== "checked");
    this.more = Number(store.get("more") ?? 0);
    this.arrange();
    // What was answered before can be undone, too, the latest first.
    const kept = [...store.answers].filter(([id, answer]) => this.byId.has(id) && answer.text !== null);
    this.history = kept.sort(([, one], [, other]) => one.time - other.time).map(([id]) => ({ cell: this.byId.get(id), before: null }));
  }

  arrange() {
    const { order, drawn, sure } = plan(this.tellings, this.key, this.more);
    Object.assign(this, { order, drawn, sure: new Set(sure), isDrawn: new Set(drawn) });
    this.rank = new Map(order.map((cell, place) => [cell, place]));
  }

  drawMore(count) {
    this.more = this.more + count;
    this.store.set("more", String(this.more));
    this.arrange();
  }

  format(cell) {
    return cell.sheet.columns[cell.column]?.format ?? null;
  }

  // The chance that a reading is right: none where it cannot be.
  chance(cell) {
    return cell.text.includes("?") || !fits(this.format(cell), cell.text) ? 0 : cell.confidence;
  }

  answer(cell) {
    return this.store.get(cell.id);
  }

  text(cell) {
    return this.answer(cell) ?? cell.text;
  }

  isChecked(cell) {
    return cell.status === "checked" || this.answer(cell) !== null;
  }

  isBad(cell) {
    return !fits(this.format(cell), this.text(cell)) || (cell.notes.length > 0 && !this.isChecked(cell));
  }

  // Whether a text is what was read: hands write point and comma alike.
  isRight(cell, text = this.text(cell)) {
    const [one, other] = [text, cell.text].map((each) => toTyped(this.format(cell), each).replaceAll(",", "."));
    return one === other;
  }

  // What a cell is shown as: `checked`, `doubt` where it is still to be checked, or neither; `bad` besides.
  state(cell) {
    const isDoubt = cell.status !== "text" && !this.sure.has(cell);
    return [this.isChecked(cell) ? "checked" : isDoubt ? "doubt" : "", this.isBad(cell) ? "bad" : ""].join(" ").trim();
  }

  set(cell, text) {
    this.history.push({ cell, before: this.answer(cell) });
    this.store.set(cell.id, text);
  }

  undo() {
    const last = this.history.pop();
    if (last) this.store.set(last.cell.id, last.before);
    return last?.cell ?? null;
  }

  // The next cell in the order that is not checked, from behind a cell on; then from the start; null: all are.
  next(cell) {
    const from = (this.rank.get(cell) ?? -1) + 1;
    const isOpen = (each) => !this.isChecked(each) && each !== cell;
    return this.order.slice(from).find(isOpen) ?? this.order.slice(0, from).find(isOpen) ?? null;
  }

  // How many are to be checked until the goal, and how many of those drawn; which share of the sure rest is right.
  progress() {
    const open = this.tellings.filter((cell) => !this.isChecked(cell));
    const needed = countNeeded(open.map((cell) => cell.chance), this.tellings.length);
    const isToDo = new Set(open.toSorted((one, other) => one.chance - other.chance).slice(0, needed));
    const random = this.drawn.filter((cell) => !this.isChecked(cell) && !isToDo.has(cell)).length;
    // Only the beginning of those drawn is a fair sample: whoever skips the hard ones must not look better for it.
    const end = this.drawn.findIndex((cell) => !this.isChecked(cell));
    const sample = end < 0 ? this.drawn : this.drawn.slice(0, end);
    const right = sample.filter((cell) => this.isRight(cell)).length;
    const expected = this.drawn.reduce((sum, cell) => sum + cell.chance, 0) / Math.max(1, this.drawn.length);
    const checked = this.all.filter((cell) => this.answer(cell) !== null).length;
    const rest = open.filter((cell) => this.sure.has(cell)).length;
    return { needed, random, checked, count: sample.length, sample, right, expected, rest };
  }

  // What a person would have typed, row by row below the header, with the names of the columns above, as `Table.to_csv`
  // has it; with `lead` the sheet's name stands in front.
  rows(sheet, lead = false) {
    const names = sheet.names.length ? [[...(lead ? ["file"] : []), ...sheet.names]] : [];
    return [...names, ...range(sheet.rows).slice(sheet.header).map((row) => [
      ...(lead ? [sheet.name] : []),
      ...range(sheet.columns.length).map((column) => {
        const cell = sheet.at.get(`${row}.${column}`);
        return cell && cell.row === row && cell.column === column ? toTyped(this.format(cell), this.text(cell)) : "";
      }),
    ])];
  }

  // Pictures with their text, to learn from: what was right counts as well; what nobody can read does not. What had been
  // read, and whether the cell is one of the fair sample, tells the training how many of the unchecked cells are right.
  lessons() {
    const { sample } = this.progress();
    // A cell that nobody can read is a gap in the sample: what was drawn after it would look better than it is.
    const gap = sample.findIndex((cell) => this.text(cell).includes("?"));
    const fair = new Set(gap < 0 ? sample : sample.slice(0, gap));
    const checked = this.all.filter((cell) => this.answer(cell) !== null && !this.text(cell).includes("?"));
    return [["file", "text", "page", "read", "drawn"], ...checked.map((cell) => [
      cell.file, this.text(cell), cell.sheet.name, cell.text, fair.has(cell) ? "yes" : "",
    ])];
  }
}

const range = (count) => [...Array(count).keys()];

function covered(cell) {
  return range(cell.rowSpan).flatMap((down) => range(cell.columnSpan).map((across) => `${cell.row + down}.${cell.column + across}`));
}
