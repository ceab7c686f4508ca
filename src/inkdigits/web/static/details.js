// More about the chosen digit: its number's digits to choose from, ten chances, what the model sees, and the heat map.

import { callJson } from "./api.js";
import { describe, describeSymbol, isDigit, percent } from "./reading.js";

const REST = 250; // milliseconds without a change before the dear heat map is asked for
const SMALLEST = 0.0005; // a chance below it would be shown as 0.0%: its figure is left out
const SIDE = 28;
// Blue and orange, told apart by every kind of colour vision; the same as in the legend (answer.css).
const FOR = [127, 176, 255];
const AGAINST = [255, 160, 77];
const which = document.getElementById("which");
const digits = document.getElementById("digits");
const frame = document.getElementById("frame").getContext("2d");
const heat = document.getElementById("heat").getContext("2d");
const insight = document.querySelector(".insight");
const bars = Array.from({ length: 10 }, (_, digit) => bar(digit));

let asking = null; // what fetches frame and heat map, and can be called off

// `correct` is called with the digit that it is instead.
export function startDetails(correct) {
  bars.forEach(({ key }, digit) => key.addEventListener("click", () => correct(String(digit))));
}

// `isOneOfMany`: there are other numbers; `choose` is called with the index of another symbol of this one.
export function showDetails(number, symbol, isOneOfMany, choose) {
  which.textContent = number && isOneOfMany ? describe([number]) : "Chance of each digit";
  which.classList.toggle("unsure", Boolean(number?.isUnsure && isOneOfMany));
  const several = number && number.symbols.length > 1;
  digits.replaceChildren(...(several ? number.symbols.map((each, i) => chip(each, each === symbol, () => choose(i))) : []));
  showBars(symbol);
}

// `cutOut` gives the picture of the digit as a promise of a blob; null where there is none.
export function explain(symbol, cutOut) {
  clearTimeout(asking?.timer);
  asking?.calling.abort();
  asking = null;
  const part = symbol?.part;
  if (!part || !isDigit(part) || part.guess === null || !cutOut) {
    blank();
    return;
  }
  insight.setAttribute("aria-busy", "true"); // what is on show is another digit's
  const calling = new AbortController();
  const timer = setTimeout(async () => {
    try {
      const options = { method: "POST", body: await cutOut(), signal: calling.signal };
      show(await callJson(`/v1/digit?explain=true&digit=${part.guess}`, options));
    } catch {
      // It is an extra: where the server is busy or gone, the next reading will tell.
      if (!calling.signal.aborted) blank();
    }
  }, REST);
  asking = { calling, timer };
}

function blank() {
  for (const context of [frame, heat]) context.clearRect(0, 0, SIDE, SIDE);
  insight.removeAttribute("aria-busy");
}

function show({ frame: rows, heat: spoke }) {
  insight.removeAttribute("aria-busy");
  const ink = rows.flat();
  paint(frame, (i) => grey(ink[i]));
  const weights = spoke.flat();
  const strongest = Math.max(...weights.map(Math.abs), 1e-6);
  paint(heat, (i) => {
    const share = Math.min(1, Math.abs(weights[i]) / strongest);
    const colour = weights[i] >= 0 ? FOR : AGAINST;
    return grey(ink[i] * 0.45).map((value, channel) => value + (colour[channel] - value) * share);
  });
}

const grey = (value) => [value, value, value];

function paint(context, colourAt) {
  const image = context.createImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) image.data.set([...colourAt(i), 255], 4 * i);
  context.putImageData(image, 0, 0);
}

function chip(symbol, isChosen, onClick) {
  const button = document.createElement("button");
  button.textContent = symbol.character;
  button.setAttribute("aria-label", describeSymbol(symbol));
  button.setAttribute("aria-pressed", String(isChosen));
  button.classList.toggle("unsure", symbol.isUnsure);
  button.addEventListener("click", () => {
    onClick();
    digits.querySelector("[aria-pressed=true]")?.focus(); // the buttons were made anew
  });
  return button;
}

// A row: the digit, its chance as a bar and as a figure; all of it is the key that says "it is this one".
function bar(digit) {
  const key = document.createElement("button");
  const [label, track, fill, share] = ["label", "track", "fill", "share"].map((name) => {
    const part = document.createElement("span");
    part.className = name;
    return part;
  });
  label.textContent = digit;
  track.append(fill);
  key.append(label, track, share);
  key.disabled = true;
  const row = document.createElement("li");
  row.append(key);
  document.getElementById("bars").append(row);
  return { key, fill, share };
}

function showBars(symbol) {
  const part = symbol?.part;
  const chances = part && isDigit(part) && part.guess !== null ? part.probabilities : null;
  const isOne = symbol && /[0-9?]/.test(symbol.character);
  bars.forEach(({ key, fill, share }, digit) => {
    fill.style.transform = `scaleX(${chances ? chances[digit] : 0})`;
    share.textContent = chances && chances[digit] >= SMALLEST ? percent(chances[digit]) : "";
    const isIt = symbol?.character === String(digit);
    key.disabled = !isOne;
    key.setAttribute("aria-pressed", String(isIt));
    key.setAttribute("aria-label", `It is a ${digit}${chances ? `: chance ${percent(chances[digit])}` : ""}`);
  });
}
