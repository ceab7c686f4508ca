// The boxes on a picture: around each number with what was read, and in it one for each digit.

import { describe, describeSymbol } from "./reading.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 0.66; // of a character of a tag, in its font size
const GAP_PX = 3; // between a tag and its box

// `scale`: page pixels for each of the picture's; `choose` gets the index of a number and of its symbol.
export function drawMarks(numbers, width, height, scale, choose) {
  const overlay = element("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Numbers on the picture" });
  const taken = numbers.flatMap((number) => number.symbols.map(({ box }) => box ?? number.box)).filter(Boolean);
  numbers.forEach((number, n) => {
    if (!number.box) return;
    const names = ["mark", number.isUnsure && "unsure", number.isChanged && "changed"].filter(Boolean).join(" ");
    const group = element("g", { class: names, role: "img", "aria-label": `${number.text}: ${describe([number])}`, "data-number": n });
    group.append(rect("halo", number.box), rect("box", number.box));
    number.symbols.forEach((symbol, s) => symbol.box && group.append(drawSymbol(symbol, s, () => choose(n, s))));
    group.append(...drawTag(number, [width, height], 1 / scale, taken));
    group.addEventListener("click", () => choose(n, 0));
    overlay.append(group);
  });
  return overlay;
}

// `n`, `s`: of the number and of its symbol.
export function markChosen(overlay, [n, s]) {
  for (const each of overlay.querySelectorAll(".chosen")) each.classList.remove("chosen");
  const group = overlay.querySelector(`[data-number="${n}"]`);
  if (!group) return;
  group.classList.add("chosen");
  group.querySelector(`[data-symbol="${s}"]`)?.classList.add("chosen");
}

function drawSymbol(symbol, s, onClick) {
  const one = rect(`digit${symbol.isUnsure ? " unsure" : ""}`, symbol.box);
  one.dataset.symbol = s;
  one.append(element("title", {}));
  one.firstChild.textContent = describeSymbol(symbol);
  one.addEventListener("click", (event) => {
    event.stopPropagation();
    onClick();
  });
  return one;
}

// What was read, beside its box where it hides no other number; where there is no such place, it shows when chosen.
function drawTag(number, [width, height], pixel, taken) {
  const [x, y, w, h] = number.box;
  const count = [...number.text].length;
  const font = Math.max(13 * pixel, Math.min(26 * pixel, 0.45 * h)); // page pixels, whatever the photo has
  const size = [(WIDTH * count + 0.5) * font, 1.2 * font];
  const gap = GAP_PX * pixel;
  const middle = Math.max(0, Math.min(x + w / 2 - size[0] / 2, width - size[0]));
  const [above, below, beside] = [y - size[1] - gap, y + h + gap, y + h / 2 - size[1] / 2];
  const places = [[middle, above], [middle, below], [x - size[0] - gap, beside], [x + w + gap, beside]];
  const free = places.map((place) => [...place, ...size]).find((tag) => isOn(tag, width, height) && !taken.some((box) => meet(tag, box)));
  const tag = free ?? [middle, Math.max(0, above), ...size];
  if (free) taken.push(free);
  const text = element("text", {
    class: free ? "" : "hidden", x: tag[0] + size[0] / 2, y: tag[1] + 0.95 * font, "font-size": font,
    textLength: WIDTH * count * font, lengthAdjust: "spacingAndGlyphs",
  });
  text.textContent = number.text;
  return [rect(free ? "tag" : "tag hidden", tag, 0.2 * font), text];
}

const isOn = ([x, y, w, h], width, height) => x >= 0 && y >= 0 && x + w <= width && y + h <= height;
const meet = ([x, y, w, h], [left, top, wide, high]) => x < left + wide && left < x + w && y < top + high && top < y + h;

function rect(name, [x, y, width, height], rx = 0) {
  return element("rect", { class: name, x, y, width, height, rx });
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
