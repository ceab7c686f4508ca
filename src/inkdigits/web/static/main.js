// Wires the page: what is drawn or given → the server → the answer.

import { digitsOf, markChosen, showDigit, showNothing, showNumbers } from "./answer.js";
import { callJson, hideProblem, save, showProblem } from "./api.js";
import { offerCorrection, showCorrections, startCorrections } from "./corrections.js";
import { hideInsight, showInsight } from "./insight.js";
import { Pad } from "./pad.js";
import { acceptPictures, chooseMark, crop, showMarks, showPicture, toBlob } from "./photo.js";
import { chooseTab, startTabs, startTheme } from "./tabs.js";

const REST = 250; // milliseconds without a change before the dear heat map is asked for
const CROP_SIDE = 400; // pixels that one digit of a photo is sent with
const byId = (id) => document.getElementById(id);

let insight = null; // what shows frame and heat of the present answer, and can be called off
let photo = null; // { image, reading } of the picture tab

const pad = new Pad(byId("pad"), padChanged);
let isReading = false;
let isStale = false;

function padChanged() {
  byId("hint").hidden = !pad.isEmpty;
  byId("undo").disabled = byId("clear").disabled = pad.isEmpty;
  isStale = true;
  if (!isReading) readPad().catch(showProblem);
}

// One request at a time; what changed meanwhile is read when it is back. So the answer follows, however slow the line.
async function readPad() {
  isReading = true;
  byId("answer").ariaBusy = "true";
  try {
    while (isStale) {
      isStale = false;
      forgetInsight();
      if (pad.isEmpty) {
        clearAnswer();
        continue;
      }
      const picture = pad.picture();
      const body = await toBlob(picture);
      const post = (path) => callJson(path, { method: "POST", body });
      const [digit, reading] = await Promise.all([post("/v1/digit"), post("/v1/read")]);
      hideProblem();
      if (pad.isEmpty || byId("draw").hidden) continue;
      if (isOneDigit(digit, reading)) {
        showDigit(digit);
        look(digit, () => picture);
      } else {
        showReading(reading, (chosen) => crop(picture, chosen.box));
      }
    }
  } finally {
    isReading = false;
    byId("answer").ariaBusy = "false";
  }
}

// One digit, unless several were found of which the one digit is only a part.
function isOneDigit(digit, reading) {
  const others = digitsOf(reading);
  if (others.length < 2) return true;
  if (digit.value === null) return false;
  const [x, y, width, height] = digit.box;
  return others.every(({ box }) => {
    const middle = [box[0] + box[2] / 2, box[1] + box[3] / 2];
    return middle[0] >= x && middle[0] <= x + width && middle[1] >= y && middle[1] <= y + height;
  });
}

function showReading(reading, cropOf, onChosen = () => {}, first = digitsOf(reading).length - 1) {
  const digits = digitsOf(reading);
  const choose = (index) => {
    markChosen(index, digits[index]);
    onChosen(index);
    look(digits[index], cropOf && (() => cropOf(digits[index])));
  };
  showNumbers(reading, choose);
  if (digits.length) choose(first);
  else clearAnswer("No digits were found");
  return choose;
}

// Show what the net saw of a digit, once nothing has changed for a while, and offer to correct it; neither can be
// done where the browser has no picture of it.
function look(digit, pictureOf) {
  forgetInsight();
  if (!pictureOf) {
    hideInsight();
    offerCorrection(null);
    return;
  }
  const picture = async () => toBlob(await pictureOf());
  offerCorrection(digit.guess === null ? null : { digit, picture });
  const calling = new AbortController();
  const timer = setTimeout(async () => {
    const options = { method: "POST", body: await picture(), signal: calling.signal };
    await callJson("/v1/digit?explain=true", options).then(showInsight, showProblem);
  }, REST);
  insight = { calling, timer };
}

function forgetInsight() {
  clearTimeout(insight?.timer);
  insight?.calling.abort();
  insight = null;
}

function clearAnswer(message) {
  forgetInsight();
  showNothing(message);
  hideInsight();
  offerCorrection(null);
}

async function readPicture(file) {
  choose("picture");
  clearAnswer("Reading …");
  hideProblem();
  byId("found").hidden = true;
  const image = await showPicture(file);
  const mine = { image };
  photo = mine;
  // Meanwhile another picture may have come, or another tab: then this one is shown when its turn is.
  const isShown = () => photo === mine && !byId("picture").hidden;
  try {
    mine.reading = await callJson("/v1/read", { method: "POST", body: file });
  } catch (error) {
    if (isShown()) clearAnswer("This picture was not read");
    throw error;
  }
  if (isShown()) showPhoto();
}

function showPhoto() {
  const { image, reading } = photo;
  const scale = image ? image.naturalWidth / reading.width : 1;
  const cropOf = image && (({ box }) => crop(image, box, scale, CROP_SIDE));
  let pick = () => {};
  showMarks(reading, image, (index) => pick(index));
  pick = showReading(reading, cropOf, chooseMark, 0);
  byId("text").value = reading.text;
  byId("text").rows = Math.min(10, Math.max(2, reading.lines.length));
  byId("found").hidden = reading.lines.length === 0;
}

function choose(name) {
  chooseTab(name, tabChosen);
}

function tabChosen(name) {
  if (name === "corrections") {
    hideInsight();
    showCorrections().catch(showProblem);
  } else if (name === "draw") {
    pad.redraw();
    padChanged();
  } else if (photo?.reading) {
    showPhoto();
  } else {
    clearAnswer();
  }
}

async function copy() {
  const text = byId("text");
  // Over plain HTTP in a local network browsers offer no clipboard to scripts but this old way.
  if (navigator.clipboard) await navigator.clipboard.writeText(text.value);
  else {
    text.select();
    document.execCommand("copy");
  }
  byId("copied").textContent = "Copied";
  setTimeout(() => { byId("copied").textContent = ""; }, 2000);
}

byId("undo").addEventListener("click", () => pad.undo());
byId("clear").addEventListener("click", () => pad.clear());
byId("pen").addEventListener("input", (event) => { pad.width = Number(event.target.value); });
byId("copy").addEventListener("click", () => copy().catch(showProblem));
byId("download").addEventListener("click", () => {
  save(new Blob([JSON.stringify(photo.reading, null, 2)], { type: "application/json" }), "reading.json");
});
document.addEventListener("keydown", (event) => {
  if (byId("draw").hidden || pad.isEmpty || event.target.matches("textarea, input:not([type=range])")) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "z") pad.undo();
  else if (event.key === "Delete" || event.key === "Backspace") pad.clear();
  else return;
  event.preventDefault();
});

startTabs(tabChosen);
startTheme(() => pad.redraw());
acceptPictures((file) => readPicture(file).catch(showProblem));
startCorrections().catch(showProblem);
callJson("/v1/models")
  .then(({ models: [model] }) => { byId("model").textContent = `Net ${model.name} ${model.version}`; })
  .catch(showProblem);
