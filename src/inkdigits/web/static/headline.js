// The headline of the answer: the numbers that were read, as large as they fit, to be edited where they stand. What is
// not sure is marked number by number and digit by digit, on a layer that lies exactly over the text.

import { describe, firstUnsure, view } from "./reading.js";

const place = document.getElementById("headline");
const text = document.getElementById("text");
const marks = document.getElementById("marks");
const sure = document.getElementById("sure");
const spoken = document.getElementById("spoken");
const next = document.getElementById("next");

const LARGEST_PX = 124;
const SMALLEST_PX = 19; // below it the text scrolls
const LINE = 1.25; // line height, as in answer.css
const WIDTH = 0.66; // of a character, in its font size, with some room
const SPEAK_AFTER = 400; // milliseconds of rest before a screen reader is told: not every step of a stroke
const SPOKEN_IN_FULL = 12; // characters up to which the text is spoken, too

let subject = null; // what is shown: { reading, text, … }
let numbers = [];
let chosen = null; // [index of a number, index of its symbol]
let on = null; // { change(numbers), choose(number, symbol), settle(subject, numbers) }
let speaking;

export function startHeadline(handlers) {
  on = handlers;
  text.addEventListener("input", () => edit(text.value));
  text.addEventListener("change", () => on.settle(subject, numbers));
  text.addEventListener("scroll", drawMarks);
  document.addEventListener("selectionchange", () => {
    if (document.activeElement === text) followCaret();
  });
  next.addEventListener("click", chooseNextUnsure);
  new ResizeObserver(() => { fit(); drawMarks(); }).observe(place);
}

// Shows what was read; `first`: the [number, symbol] that is chosen.
export function showHeadline(shown, first) {
  subject = shown;
  text.value = shown.text;
  text.readOnly = false;
  chosen = first;
  refresh();
  say(numbers.length ? describe(numbers) : "No numbers were found. Turn the picture, or go closer.");
  choosePlace(chosen, true);
}

export function showNothing(message = "Nothing to read yet", isSpoken = true) {
  text.blur(); // what was written is settled first
  subject = null;
  text.value = "";
  text.readOnly = true;
  chosen = null;
  refresh();
  say(message, isSpoken);
  on.choose(null, null);
}

// Puts a character in the place of the one that is chosen.
export function replaceChosen(character) {
  const symbol = numbers[chosen[0]].symbols[chosen[1]];
  edit(text.value.slice(0, symbol.start) + character + text.value.slice(symbol.start + symbol.character.length));
  on.settle(subject, numbers);
}

export function choosePlace(to, isForced = false) {
  if (!to || !numbers[to[0]]?.symbols[to[1]]) {
    if (isForced) on.choose(null, null);
    return;
  }
  if (!isForced && chosen && to[0] === chosen[0] && to[1] === chosen[1]) return;
  chosen = to;
  reveal(numbers[to[0]].line);
  drawMarks();
  const number = numbers[to[0]];
  on.choose(number, number.symbols[to[1]]);
}

function edit(value) {
  if (text.value !== value) text.value = value;
  subject.text = value;
  refresh();
  say(describe(numbers));
  if (chosen && !numbers[chosen[0]]?.symbols[chosen[1]]) chosen = null;
  choosePlace(chosen ?? placeAt(text.selectionStart), true);
}

function refresh() {
  numbers = subject ? view(subject.reading, subject.text) : [];
  for (const id of ["copy", "download"]) document.getElementById(id).disabled = !subject;
  next.hidden = numbers.length < 2 || !numbers.some((number) => number.isUnsure);
  fit();
  drawMarks();
  if (subject) on.change(numbers);
}

// As large as the place allows: on a projector the answer is read from the last row.
function fit() {
  const lines = text.value.split("\n");
  const longest = Math.max(1, ...lines.map((line) => line.length));
  const fitting = Math.min(LARGEST_PX, place.clientWidth / (WIDTH * (longest + 0.5)), place.clientHeight / (LINE * lines.length));
  const size = Math.max(SMALLEST_PX, Math.floor(fitting));
  place.classList.toggle("lines", lines.length > 1);
  for (const layer of [text, marks]) layer.style.fontSize = `${size}px`;
  text.style.height = `${Math.min(place.clientHeight, Math.ceil(LINE * size * lines.length) + 2)}px`;
}

function drawMarks() {
  const parts = [];
  let end = 0;
  numbers.forEach((number, n) => {
    parts.push(text.value.slice(end, number.start));
    const span = document.createElement("span");
    span.className = `number${number.isUnsure ? " unsure" : ""}${number.isChanged ? " changed" : ""}${chosen?.[0] === n ? " chosen" : ""}`;
    for (const symbol of number.symbols) {
      const part = document.createElement(symbol.isUnsure ? "mark" : "span");
      part.textContent = symbol.character;
      span.append(part);
    }
    parts.push(span);
    end = number.end;
  });
  marks.replaceChildren(...parts, text.value.slice(end));
  // The layer has the place of the text, and follows its scrolling.
  marks.style.top = `${text.offsetTop}px`;
  marks.style.height = `${text.clientHeight}px`;
  marks.scrollTo(text.scrollLeft, text.scrollTop);
}

// A caret chooses a digit; a number that is selected as a whole keeps the one that was chosen.
function followCaret() {
  const to = placeAt(text.selectionStart);
  if (text.selectionStart === text.selectionEnd || to?.[0] !== chosen?.[0]) choosePlace(to);
}

// Scrolls a line into sight, with one of its neighbours.
function reveal(line) {
  const high = text.scrollHeight / text.value.split("\n").length;
  const isSeen = high * line >= text.scrollTop && high * (line + 1) <= text.scrollTop + text.clientHeight;
  if (!isSeen) text.scrollTop = high * (line - 1);
}

function placeAt(caret) {
  const n = numbers.findIndex((number) => number.start <= caret && caret <= number.end);
  if (n < 0) return null;
  const s = numbers[n].symbols.findIndex((symbol) => caret < symbol.start + symbol.character.length);
  return [n, s < 0 ? numbers[n].symbols.length - 1 : s];
}

function chooseNextUnsure() {
  const from = chosen?.[0] ?? -1;
  const order = numbers.map((_, i) => (from + 1 + i) % numbers.length);
  const n = order.find((i) => numbers[i].isUnsure);
  const number = numbers[n];
  text.focus();
  text.setSelectionRange(number.start, number.end);
  choosePlace([n, firstUnsure(number)]);
}

// What is seen changes at once; what is spoken waits until all rests, and names the number too.
function say(message, isSpoken = true) {
  sure.textContent = message;
  sure.classList.toggle("unsure", numbers.some((number) => number.isUnsure));
  clearTimeout(speaking);
  if (!isSpoken) return;
  speaking = setTimeout(() => {
    const read = text.value.length <= SPOKEN_IN_FULL ? `${text.value} ` : "";
    spoken.textContent = `${read}${message}`;
  }, SPEAK_AFTER);
}
