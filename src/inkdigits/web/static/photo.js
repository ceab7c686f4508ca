// Pictures that are dropped, pasted, chosen or taken, and the boxes over them.

import { digitsOf, labelOf, textOf } from "./answer.js";

const SVG = "http://www.w3.org/2000/svg";
const DIGIT_PX = 28; // height at which a digit and the tag above it are read with ease
const MOST_ZOOM = 3; // a small picture is not blown up further
const stage = document.getElementById("stage");
const shown = document.getElementById("shown");
const invite = document.getElementById("invite");

export function acceptPictures(onFile) {
  for (const id of ["choose", "capture"]) {
    const input = document.getElementById(id);
    input.addEventListener("change", () => {
      if (input.files[0]) onFile(input.files[0]);
      input.value = ""; // the same file may be chosen again
    });
  }
  document.addEventListener("paste", (event) => {
    const file = [...event.clipboardData.files][0];
    if (file) onFile(file);
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  });
}

// The picture as the browser shows it, or null where it does not know the format (HEIC, TIFF); the server may.
export async function showPicture(file) {
  const image = new Image();
  image.alt = `Your picture ${file.name ?? ""}`;
  image.src = URL.createObjectURL(file);
  const isKnown = await image.decode().then(() => true, () => false);
  shown.replaceChildren();
  if (isKnown) shown.append(image);
  shown.style.width = `min(100%, ${image.naturalWidth}px, ${(60 * image.naturalWidth) / image.naturalHeight}vh)`;
  shown.hidden = !isKnown;
  invite.hidden = isKnown;
  return isKnown ? image : null;
}

export function showMarks(reading, image, choose) {
  shown.querySelector("svg")?.remove();
  if (!image) {
    shown.replaceChildren(blank(reading));
    shown.hidden = false;
    invite.hidden = true;
  }
  const zoom = fit(reading, digitsOf(reading));
  const overlay = element("svg", { viewBox: `0 0 ${reading.width} ${reading.height}`, role: "group" });
  overlay.setAttribute("aria-label", "Digits on the picture");
  digitsOf(reading).forEach((digit, index) => overlay.append(mark(digit, 1 / zoom, reading, () => choose(index))));
  shown.append(overlay);
}

// Page pixels for each of the photo's: the whole photo, but larger where its digits would be too small to read with
// their values; then the stage scrolls, and the first digit stands in it.
function fit(reading, digits) {
  const room = [(stage.clientWidth - 2) / reading.width, (0.6 * window.innerHeight - 2) / reading.height];
  const heights = digits.map((digit) => digit.box[3]).sort((a, b) => a - b);
  const usual = heights[heights.length >> 1];
  const zoom = Math.max(Math.min(...room, MOST_ZOOM), usual ? Math.min(DIGIT_PX / usual, 1) : 0);
  shown.style.width = `${zoom * reading.width}px`;
  if (digits.length) {
    const [x, y] = digits[0].box;
    stage.scrollTo(zoom * x - 40, zoom * y - 40);
  }
  return zoom;
}

export function chooseMark(index) {
  [...shown.querySelectorAll(".mark")].forEach((each, i) => each.classList.toggle("chosen", i === index));
}

// The part of a picture around a box, with a rim so that strokes are not cut. `scale`: pixels of `image` for each of
// the box's; `most`: pixels of the part's longer side.
export function crop(image, [x, y, width, height], scale = 1, most = Infinity) {
  const rim = 0.2 * Math.max(width, height);
  const [left, top] = [x - rim, y - rim].map((edge) => Math.max(0, edge * scale));
  const right = Math.min(image.naturalWidth ?? image.width, (x + width + rim) * scale);
  const bottom = Math.min(image.naturalHeight ?? image.height, (y + height + rim) * scale);
  const shrink = Math.min(1, most / Math.max(right - left, bottom - top));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(4, Math.round((right - left) * shrink));
  canvas.height = Math.max(4, Math.round((bottom - top) * shrink));
  const context = canvas.getContext("2d");
  context.drawImage(image, left, top, right - left, bottom - top, 0, 0, canvas.width, canvas.height);
  return canvas;
}

export const toBlob = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, "image/png"));

function mark(digit, scale, reading, onChoose) {
  const [x, y, width, height] = digit.box;
  const group = element("g", { class: digit.value === null ? "mark unsure" : "mark", tabindex: 0, role: "button" });
  group.setAttribute("aria-label", labelOf(digit));
  const font = Math.max(11 * scale, Math.min(26 * scale, 0.45 * height)); // page pixels, whatever the photo has
  const tag = { width: 0.95 * font, height: 1.2 * font };
  const left = Math.max(0, Math.min(x + width / 2 - tag.width / 2, reading.width - tag.width));
  const top = y > tag.height ? y - tag.height : y + height;
  const text = element("text", { x: left + tag.width / 2, y: top + 0.95 * font, "font-size": font });
  text.textContent = textOf(digit);
  group.append(
    element("rect", { class: "halo", x, y, width, height }),
    element("rect", { class: "box", x, y, width, height }),
    element("rect", { class: "tag", x: left, y: top, rx: 0.2 * font, ...tag }),
    text,
  );
  group.addEventListener("click", onChoose);
  group.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onChoose();
    }
  });
  return group;
}

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// Paper of the picture's size, to carry the boxes where the browser cannot show the picture itself.
function blank(reading) {
  const canvas = document.createElement("canvas");
  const shrink = Math.min(1, 1000 / Math.max(reading.width, reading.height));
  canvas.width = reading.width * shrink;
  canvas.height = reading.height * shrink;
  const image = new Image(canvas.width, canvas.height);
  image.className = "blank";
  image.alt = "Your browser cannot show this kind of picture; the boxes stand where its digits are";
  image.src = canvas.toDataURL();
  return image;
}
