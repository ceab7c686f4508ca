// The draw tab: what is written → the server → the answer, while it is written.

import { callJson, hideProblem, showProblem } from "./api.js";
import { clearAnswer, showAnswer, subjectOf } from "./answer.js";
import { Pad } from "./pad.js";
import { Sheet, toBlob } from "./picture.js";

const SETTLED = 700; // milliseconds after the last stroke before ink that cannot be read is called so
const CUT_SIDE = 400; // pixels that one digit is sent with
const byId = (id) => document.getElementById(id);
const isShown = () => !byId("draw").hidden;

let pad = null;
let isReading = false;
let isStale = false;
let waiting; // until unfinished ink is judged

export function startDrawing() {
  pad = new Pad(byId("pad"), readDrawing);
  byId("undo").addEventListener("click", () => pad.undo());
  byId("clear").addEventListener("click", () => pad.clear());
  byId("pen").addEventListener("input", (event) => { pad.width = Number(event.target.value); });
  document.addEventListener("keydown", (event) => {
    if (!isShown() || pad.isEmpty || event.target.matches("textarea, input:not([type=range])")) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "z") pad.undo();
    else if (event.key === "Delete" || event.key === "Backspace") pad.clear();
    else return;
    event.preventDefault();
  });
}

// In the colours and the size of now.
export function redrawDrawing() {
  pad.redraw();
}

export function readDrawing() {
  byId("hint").hidden = !pad.isEmpty;
  byId("undo").disabled = byId("clear").disabled = pad.isEmpty;
  isStale = true;
  clearTimeout(waiting);
  if (!isReading) readAll().catch((error) => showProblem(error, "draw"));
}

// One request at a time; what changed meanwhile is read when it is back. So the answer follows, however slow the line.
async function readAll() {
  isReading = true;
  byId("answer").ariaBusy = "true";
  try {
    while (isStale) {
      isStale = false;
      if (pad.isEmpty) {
        if (isShown()) clearAnswer();
        continue;
      }
      const picture = pad.picture();
      const reading = await callJson("/v1/read?drawing=true", { method: "POST", body: await toBlob(picture) });
      hideProblem();
      if (!pad.isEmpty) show(reading, picture);
    }
  } finally {
    isReading = false;
    byId("answer").ariaBusy = "false";
  }
}

// A stroke of a 4 is no digit yet: while somebody writes, only what is sure is said.
function show(reading, picture) {
  clearTimeout(waiting); // of what was read before
  if (!isShown()) return;
  const rest = SETTLED - pad.restedFor();
  if (rest > 0 && (reading.text === "" || reading.text.includes("?"))) {
    clearAnswer("Reading …", false);
    if (!pad.isDrawing) waiting = setTimeout(() => show(reading, picture), rest);
    return;
  }
  const found = reading.lines.flatMap((line) => line.numbers);
  const isOne = found.length === 1 && found[0].digits.length === 1;
  const sheet = new Sheet(picture, 0, "drawing");
  const cutOut = (box) => toBlob(isOne ? picture : sheet.cutOut(box, picture.width, CUT_SIDE));
  showAnswer(subjectOf(reading, "drawing", cutOut), found.length ? [found.length - 1, found.at(-1).text.length - 1] : null);
}
