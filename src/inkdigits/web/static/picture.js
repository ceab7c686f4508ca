// A picture or a page of a document: how it comes, and how it is shown, turned and enlarged.

import { drawMarks, markChosen } from "./marks.js";

const DIGIT_PX = 24; // height at which a digit and the tag above it are read with ease
const LEAST_ZOOM = 1.2; // by less a picture is not enlarged: it would scroll for nothing
const MOST_ZOOM = 3; // a small picture is not blown up further by itself
const LARGEST = 12; // times what fits
const STEP = 1.5;
const SHOWN_SIDE = 2400; // pixels of the longer side that are painted: no screen shows more
const RIM = 0.2; // what a cutting has around the box, so that strokes are not cut
const stage = document.getElementById("stage");
const shown = document.getElementById("shown");
const invite = document.getElementById("invite");

export function acceptFiles(onFile) {
  for (const id of ["choose", "capture"]) {
    const input = document.getElementById(id);
    input.addEventListener("change", () => {
      if (input.files[0]) onFile(input.files[0]);
      input.value = ""; // the same file may be chosen again
    });
  }
  for (const button of document.querySelectorAll("[data-sample]")) {
    button.addEventListener("click", async () => {
      const blob = await (await fetch(`/samples/${button.dataset.sample}`)).blob();
      onFile(new File([blob], button.dataset.sample, { type: blob.type }));
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

// The picture as this browser shows it, or null where it cannot (PDF, TIFF, HEIC): then the server does.
export async function decode(blob) {
  const image = new Image();
  image.src = URL.createObjectURL(blob);
  return image.decode().then(() => image, () => null);
}

// A picture (an image, or a canvas) turned clockwise by this many degrees, of `width` × `height` pixels then.
export class Sheet {
  constructor(image, turn, name) {
    this.image = image;
    this.turn = turn;
    this.name = name;
    const sides = [image.naturalWidth ?? image.width, image.naturalHeight ?? image.height];
    [this.width, this.height] = turn % 180 ? sides.reverse() : sides;
  }

  // The part around a box of a reading that is `width` pixels wide; at most `most` pixels of the longer side.
  cutOut([x, y, boxWidth, boxHeight], width, most) {
    const scale = this.width / width;
    const rim = RIM * Math.max(boxWidth, boxHeight);
    const [left, top] = [Math.max(0, (x - rim) * scale), Math.max(0, (y - rim) * scale)];
    const right = Math.min(this.width, (x + boxWidth + rim) * scale);
    const bottom = Math.min(this.height, (y + boxHeight + rim) * scale);
    return this.#paint(left, top, right - left, bottom - top, most);
  }

  toCanvas() {
    return this.#paint(0, 0, this.width, this.height, SHOWN_SIDE);
  }

  #paint(left, top, width, height, most) {
    const shrink = Math.min(1, most / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(4, Math.round(width * shrink));
    canvas.height = Math.max(4, Math.round(height * shrink));
    const context = canvas.getContext("2d");
    context.scale(shrink, shrink);
    context.translate(-left, -top);
    if (this.turn === 90) context.transform(0, 1, -1, 0, this.width, 0);
    if (this.turn === 180) context.transform(-1, 0, 0, -1, this.width, this.height);
    if (this.turn === 270) context.transform(0, -1, 1, 0, 0, this.height);
    context.drawImage(this.image, 0, 0);
    return canvas;
  }
}

export const toBlob = (canvas) => new Promise((resolve) => canvas.toBlob(resolve, "image/png"));

let sheet = null;
let overlay = null;
let drawn = null; // { numbers, width, height, choose } of the marks
let zoom = 1; // times what fits

export function showSheet(next) {
  sheet = next;
  overlay = drawn = null;
  zoom = 1;
  shown.hidden = !sheet;
  invite.hidden = Boolean(sheet);
  document.getElementById("picture-tools").hidden = !sheet;
  if (!sheet) return;
  const canvas = sheet.toCanvas();
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Your picture ${sheet.name}`);
  shown.replaceChildren(canvas);
  resize();
}

export function showMarks(numbers, width, height, choose) {
  drawn = { numbers, width, height, choose };
  redraw();
}

export function showChosen(numbers, place) {
  if (!overlay) return;
  markChosen(overlay, place);
  const box = numbers[place[0]]?.symbols[place[1]]?.box ?? numbers[place[0]]?.box;
  if (box) reveal(box);
}

export function zoomBy(direction) {
  const middle = [stage.scrollLeft + stage.clientWidth / 2, stage.scrollTop + stage.clientHeight / 2];
  const before = shown.clientWidth;
  zoom = Math.max(1 / STEP, Math.min(LARGEST, zoom * STEP ** direction));
  resize();
  redraw();
  const grown = shown.clientWidth / before;
  stage.scrollTo(middle[0] * grown - stage.clientWidth / 2, middle[1] * grown - stage.clientHeight / 2);
}

// A first look at a reading: the whole picture, but larger where its digits would be too small to read with their
// values; then the stage scrolls.
export function fitTo(numbers, width) {
  const heights = numbers.flatMap((number) => number.symbols).flatMap(({ box }) => (box ? [box[3]] : [])).sort((a, b) => a - b);
  const usual = heights[heights.length >> 1];
  const wanted = usual ? Math.min(DIGIT_PX / usual, 1) / (fitting() * (sheet.width / width)) : 1;
  zoom = wanted < LEAST_ZOOM ? 1 : wanted;
  resize();
}

// Page pixels for each of the sheet's, so that all of it is seen.
function fitting() {
  // Of the stage with its scroll bars: they come and go.
  const room = [(stage.offsetWidth - 2) / sheet.width, (parseFloat(getComputedStyle(stage).maxHeight) - 2) / sheet.height];
  return Math.min(...room, MOST_ZOOM);
}

function resize() {
  shown.style.width = `${Math.round(fitting() * zoom * sheet.width)}px`;
}

function redraw() {
  if (!drawn) return;
  const chosen = overlay?.querySelector(".mark.chosen");
  const { numbers, width, height, choose } = drawn;
  const next = drawMarks(numbers, width, height, shown.clientWidth / width, choose);
  if (overlay) overlay.replaceWith(next);
  else shown.append(next);
  overlay = next;
  if (chosen) markChosen(overlay, [Number(chosen.dataset.number), -1]);
}

// Scrolls the stage alone, never the page.
function reveal([x, y, width, height]) {
  const scale = shown.clientWidth / drawn.width;
  const [left, top] = [x * scale, y * scale];
  const isSeen = left >= stage.scrollLeft && top >= stage.scrollTop + 30
    && left + width * scale <= stage.scrollLeft + stage.clientWidth && top + height * scale <= stage.scrollTop + stage.clientHeight;
  if (!isSeen) stage.scrollTo(left - stage.clientWidth / 3, top - stage.clientHeight / 3);
}

window.addEventListener("resize", () => {
  if (!sheet || !stage.clientWidth) return;
  resize();
  redraw();
});
