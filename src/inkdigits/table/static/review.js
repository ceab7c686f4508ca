// The page: what is shown of the cells, and what the keys and the hand do.

const byId = (id) => document.getElementById(id);
const create = (tag, attributes, ...children) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
};
const percent = (share, digits = 1) => `${(100 * share).toFixed(digits)}%`;
const counted = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

const data = JSON.parse(byId("data").textContent);
const store = new Store(data.key, () => refresh(), () => {
  showProblem("This browser keeps nothing for this page. Save before you close it.");
  addEventListener("beforeunload", (event) => event.preventDefault());
});
const cells = new Cells(data, store);
const photo = new PhotoPane(document.querySelector(".photo"), (cell) => go(cell));
const input = byId("text");
const isTouch = matchMedia("(pointer: coarse)").matches;
let current = null;
let isBySheet = false;
let isTyped = false; // something else than the cell's text is in the field
let isWarned = false; // it was said that it does not fit; Enter once more takes it

function showProblem(words) {
  byId("problem").textContent = words;
  byId("problem").hidden = false;
}

function say(words) {
  byId("spoken").textContent = words;
}

const nameOf = (cell) => {
  const column = cell.sheet.columns[cell.column]?.name || `column ${cell.column + 1}`;
  return `row ${cell.row + 1 - cell.sheet.header}, ${column}`;
};
// Never 100%: nothing that was read is certain.
const sureness = (cell) => percent(Math.min(cell.confidence, 0.999), cell.confidence > 0.99 ? 1 : 0);
const told = (text) => text || "empty";

// ---- what is shown

function refresh() {
  showProgress();
  if (!current) return;
  showCard();
  if (isBySheet) paintTable(); else showQueue();
}

function showProgress() {
  const { needed, random, checked, count, right, expected, rest } = cells.progress();
  const goal = percent(GOAL);
  const left = byId("left");
  const number = (value) => create("b", { textContent: value.toLocaleString("en") });
  if (needed + random) {
    left.replaceChildren(number(needed + random), ` left: `, number(needed), ` until ${goal} of the cells are expected to be right, `, number(random), " drawn at random");
  } else left.replaceChildren(create("span", { className: "done", textContent: `✓ ${goal} of the cells are expected to be right. Save the table, or go on.` }));
  byId("bar").max = Math.max(1, checked + needed + random);
  byId("bar").value = needed + random ? checked : byId("bar").max;
  const estimate = byId("estimate");
  if (!count || !rest) {
    estimate.className = "soft";
    estimate.textContent = `${counted(checked, "cell")} checked. ${rest ? "How many of the others are right will stand here, once cells drawn at random are checked." : "Of those that look sure none is left."}`;
    return;
  }
  const [low, high] = interval(right, count, rest);
  const isWorse = high < expected;
  estimate.className = isWorse ? "warned" : "soft";
  estimate.textContent = `${counted(checked, "cell")} checked. ${percent(right / count)} (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}) of the unchecked cells that look sure are right, by ${counted(count, "cell")} drawn at random${isWorse ? `: less than expected (${percent(expected)}). Check more.` : "."}`;
}

function chips(cell) {
  const format = cells.format(cell);
  const parts = [];
  const chip = (words, name = "") => parts.push(create("span", { className: `chip ${name}`, textContent: words }));
  const answer = cells.answer(cell);
  if (answer !== null) chip(cells.isRight(cell) ? "✓ right, checked by you" : `✓ corrected by you, was ${told(cell.text)}`, "good");
  else if (cell.status === "checked") chip("✓ checked", "good");
  else if (cell.status === "text") chip("text, left alone");
  else if (cell.text.includes("?")) chip("? not sure of every digit", "bad");
  else if (fits(format, cell.text)) chip(`${sureness(cell)} sure`, cells.sure.has(cell) ? "" : "bad");
  if (!fits(format, cells.text(cell))) chip(`! does not fit: ${describe(format)}`, "bad");
  else if (answer === null) for (const note of cell.notes) chip(`! ${note}`, "bad");
  if (toTyped(format, cells.text(cell)) !== cells.text(cell)) chip(`in the table: ${toTyped(format, cells.text(cell))}`);
  if (cells.isDrawn.has(cell) && answer === null) chip("drawn at random");
  return parts;
}

function showCard() {
  byId("crop").src = current.crop;
  byId("crop").alt = `The cell in ${nameOf(current)}`;
  if (!isTyped && input.value !== cells.text(current)) {
    input.value = cells.text(current);
    input.select(); // so that what is typed replaces it
  }
  byId("state").replaceChildren(...chips(current));
  byId("place").textContent = `${cells.sheets.length > 1 && !isBySheet ? `${current.sheet.name}, ` : ""}${nameOf(current)}`;
}

const SHOWN_BEFORE = 2;
const SHOWN_AFTER = 14;

function showQueue() {
  const place = cells.rank.get(current) ?? 0;
  const shown = cells.order.slice(Math.max(0, place - SHOWN_BEFORE), place + SHOWN_AFTER);
  byId("queue").replaceChildren(...shown.map((cell) => {
    const text = cells.text(cell);
    const isBad = cells.isBad(cell);
    const button = create("button", { type: "button", tabIndex: -1 },
      create("img", { src: cell.crop, alt: "" }),
      create("span", { className: text ? "value" : "value none", textContent: told(text) }),
      create("small", {
        className: cells.isChecked(cell) ? "good" : isBad ? "warned" : "",
        textContent: cells.isChecked(cell) ? "✓" : isBad ? "! does not fit" : cells.sure.has(cell) ? "at random" : sureness(cell),
      }));
    if (cell === current) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => go(cell));
    return create("li", {}, button);
  }));
}

const spots = new Map(); // a cell → its place in the table on the page, and what is shown there

function buildTable() {
  const { sheet } = current;
  spots.clear();
  const head = create("tr", {}, create("th", {}), ...sheet.columns.map((column, place) => create("th", { scope: "col", textContent: column.name || place + 1 })));
  const rows = range(sheet.rows).slice(sheet.header).map((row) => create("tr", {}, create("th", { scope: "row", textContent: row + 1 - sheet.header }),
    ...range(sheet.columns.length).flatMap((column) => {
      const cell = sheet.at.get(`${row}.${column}`);
      if (cell && (cell.row !== row || cell.column !== column)) return [];
      const place = create("td", cell ? { rowSpan: cell.rowSpan, colSpan: cell.columnSpan } : {});
      if (cell) {
        spots.set(cell, { place, shown: null });
        place.addEventListener("click", () => go(cell));
      }
      return [place];
    })));
  byId("table").replaceChildren(create("table", {}, create("thead", {}, head), create("tbody", {}, ...rows)));
}

function paintTable() {
  for (const [cell, spot] of spots) {
    const state = cells.state(cell);
    const isText = cell.status === "text" && !cells.isChecked(cell);
    const text = cells.text(cell) || (isText ? "text" : "");
    const names = [state, isText ? "none" : "", cell === current ? "now" : ""].join(" ").trim();
    if (spot.shown === names + text) continue; // a thousand cells, of which one or two have changed
    spot.shown = names + text;
    Object.assign(spot.place, { className: names, textContent: text });
    photo.paint(cell, state);
  }
  reveal(spots.get(current)?.place, byId("table"));
}

// Scroll a list until a cell is seen beside its heads; the page itself stays where it is.
function reveal(place, list) {
  if (!place) return;
  const [head, side] = ["thead", "tbody th"].map((part) => list.querySelector(part).getBoundingClientRect());
  const [spot, frame] = [place.getBoundingClientRect(), list.getBoundingClientRect()];
  list.scrollTop += Math.min(0, spot.top - frame.top - head.height) || Math.max(0, spot.bottom - frame.top - list.clientHeight);
  list.scrollLeft += Math.min(0, spot.left - frame.left - side.width) || Math.max(0, spot.right - frame.left - list.clientWidth);
}

// ---- where one is

function enterField() {
  input.focus({ preventScroll: true });
  input.select();
}

function go(cell, spoken = "") {
  if (current && isTyped) keep();
  [isTyped, isWarned] = [false, false];
  const isOther = current?.sheet !== cell.sheet;
  current = cell;
  byId("sheet").value = String(cells.sheets.indexOf(cell.sheet));
  if (isBySheet && isOther) buildTable();
  photo.show(cell.sheet, cell, isBySheet);
  refresh();
  enterField();
  const state = [...byId("state").children].map((chip) => chip.textContent).join(", ");
  say(`${spoken}${cells.sheets.length > 1 ? `${cell.sheet.name}, ` : ""}${nameOf(cell)}: ${told(cells.text(cell))}. ${state}`);
}

// What was typed and not accepted is an answer too, rather than lost.
function keep() {
  const text = normalise(input.value);
  if (text !== cells.text(current)) cells.set(current, text);
  isTyped = false;
}

function accept() {
  const text = normalise(input.value);
  const isBad = !fits(cells.format(current), text);
  if ((text.includes("?") || (isBad && isTyped)) && !isWarned) {
    isWarned = true;
    const words = text.includes("?")
      ? "Type what stands there, or press Enter again if nobody can read it."
      : `Does not fit: ${describe(cells.format(current))}. Press Enter again if that is what stands there.`;
    byId("state").replaceChildren(create("span", { className: "chip bad", textContent: words }));
    say(words);
    return;
  }
  isTyped = false;
  const spoken = `${told(text)} ${text === cells.text(current) ? "accepted" : "instead of " + told(cells.text(current))}. `;
  cells.set(current, text);
  const next = isBySheet ? below(current) : cells.next(current);
  if (next) go(next, spoken);
  else {
    go(current);
    say(`${spoken}All cells are checked.`);
  }
}

// The next cell down the column that is not checked, and then in the columns to the right; text is left alone.
function below(cell) {
  const isOpen = (each) => each.status !== "text" && !cells.isChecked(each);
  const sorted = cell.sheet.cells.toSorted((one, other) => one.column - other.column || one.row - other.row);
  const from = sorted.indexOf(cell) + 1;
  return sorted.slice(from).find(isOpen) ?? sorted.find(isOpen) ?? cells.next(cell);
}

function undo() {
  isTyped = false;
  const cell = cells.undo();
  if (cell) go(cell, "Undone. ");
  else say("There is nothing to undo.");
}

function step(down, across) {
  if (!isBySheet) {
    const place = (cells.rank.get(current) ?? -1) + down + across;
    if (cells.order[place]) go(cells.order[place]);
    return;
  }
  let [row, column] = [current.row, current.column];
  for (;;) {
    [row, column] = [row + down, column + across];
    if (row < current.sheet.header || column < 0 || row >= current.sheet.rows || column >= current.sheet.columns.length) return;
    const cell = current.sheet.at.get(`${row}.${column}`);
    if (cell && cell !== current) return go(cell);
  }
}

function showView(bySheet) {
  if (isTyped) keep();
  isBySheet = bySheet;
  document.body.classList.toggle("by-sheet", bySheet);
  byId("view-sheet").setAttribute("aria-pressed", String(bySheet));
  byId("view-sure").setAttribute("aria-pressed", String(!bySheet));
  byId("which").hidden = !bySheet || cells.sheets.length < 2;
  byId("queue").hidden = bySheet;
  byId("table").hidden = !bySheet;
  if (bySheet) buildTable();
  go(bySheet || cells.rank.has(current) ? current : cells.next(current) ?? current);
}

function showSheet(place) {
  const sheet = cells.sheets[place];
  const cell = sheet?.cells.find((each) => each.status !== "text" && !cells.isChecked(each)) ?? sheet?.cells[0];
  if (cell) go(cell);
}

// ---- what is saved

function download(rows, name) {
  const link = create("a", { href: URL.createObjectURL(new Blob([toCsv(rows)], { type: "text/csv;charset=utf-8" })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

function saveTable() {
  if (isTyped) keep();
  const { sheets } = cells;
  if (sheets.length === 1) return download(cells.rows(sheets[0]), `${sheets[0].name.replace(/\.[^.]*$/, "")}.csv`);
  // One long table, with the sheet's name in front of each row.
  const parts = sheets.map((sheet, place) => cells.rows(sheet, true).slice(place && sheet.names.length ? 1 : 0));
  return download(parts.flat(), "values.csv");
}

function saveLessons() {
  if (isTyped) keep();
  download(cells.lessons(), "checked.csv");
  // A page from a file has its pictures beside it; a server sends them.
  if (location.protocol !== "file:") create("a", { href: `${location.pathname}/crops.zip`, download: "crops.zip" }).click();
}

// ---- keys

function showHelp() {
  byId("help").showModal();
  byId("close").focus();
}

const isPristine = () => !isTyped && input.selectionStart === 0 && input.selectionEnd === input.value.length;
const COMMANDS = { u: undo, v: () => showView(!isBySheet), h: showHelp };
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const { key } = event;
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  let act = null;
  if (key === "Enter" && !event.repeat) act = accept;
  else if (key === "Enter") act = () => {}; // a key held down accepts one cell, not fifty
  else if (key === "Escape") act = () => { isTyped = false; go(current); };
  else if (key === "F2") act = () => input.setSelectionRange(input.value.length, input.value.length);
  else if (isPlain && STEPS[key] && (isPristine() || key === "ArrowUp" || key === "ArrowDown")) act = () => step(...STEPS[key]);
  else if (isPlain && isPristine() && Object.hasOwn(COMMANDS, key)) act = COMMANDS[key];
  else if ((event.ctrlKey || event.metaKey) && key === "z" && !isTyped) act = undo;
  else if (isBySheet && (key === "PageUp" || key === "PageDown")) act = () => showSheet(cells.sheets.indexOf(current.sheet) + (key === "PageDown" ? 1 : -1));
  if (!act) return;
  event.preventDefault();
  act();
});
input.addEventListener("input", () => {
  isTyped = input.value !== cells.text(current);
  isWarned = false;
  byId("state").replaceChildren(...(isTyped ? [create("span", { className: "chip", textContent: `was read as ${told(cells.text(current))}` })] : chips(current)));
});

// After a click elsewhere the keys go to the field again; who came by the keyboard stays where he is.
document.body.addEventListener("click", (event) => {
  if (event.detail && event.target.closest(".saves, .pair, .pane, .desk button") && !byId("help").open) enterField();
});
byId("accept").addEventListener("click", accept);
byId("view-sure").addEventListener("click", () => showView(false));
byId("view-sheet").addEventListener("click", () => showView(true));
byId("zoom-in").addEventListener("click", () => photo.change(1.4));
byId("zoom-out").addEventListener("click", () => photo.change(1 / 1.4));
byId("sheet").addEventListener("change", (event) => showSheet(Number(event.target.value)));
byId("save").addEventListener("click", saveTable);
byId("learn").addEventListener("click", saveLessons);
byId("help-open").addEventListener("click", showHelp);
byId("help").addEventListener("close", enterField);
byId("more").addEventListener("click", () => { cells.drawMore(20); byId("help").close(); go(cells.next(null) ?? current); });
addEventListener("pagehide", () => { if (current && isTyped) keep(); });

byId("sheet").append(...cells.sheets.map((sheet, place) => create("option", { value: place, textContent: sheet.name })));
byId("which").hidden = true;
if (cells.sheets.length > 1) byId("save").textContent = "Save all tables";
if (isTouch) input.inputMode = "none";
fillKeypad(byId("pad"), input, { undo, isPristine });
const first = cells.next(null) ?? cells.all[0];
if (first) go(first, "");
else {
  showProgress();
  showProblem("There is no cell to check: no table was found on these sheets.");
}
