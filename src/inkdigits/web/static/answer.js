// The answer on show: a reading, the text as it stands now, and all that follows from both.

import { save, showProblem } from "./api.js";
import { forgetThanks, keep, offerCorrection } from "./correct.js";
import { explain, showDetails, startDetails } from "./details.js";
import { choosePlace, replaceChosen, showHeadline, showNothing, startHeadline } from "./headline.js";
import { showChosen, showMarks } from "./picture.js";
import { toJson } from "./reading.js";

const byId = (id) => document.getElementById(id);
const isOnPicture = () => !byId("picture").hidden;

let subject = null;
let numbers = []; // of its text

// What an answer is about. `cutOut` gives the part of the picture in a box as a promise of a blob.
export const subjectOf = (reading, name, cutOut) => ({ reading, name, cutOut, text: reading.text, kept: new Map() });

export function startAnswer() {
  startHeadline({ change, choose, settle: keep });
  startDetails(replaceChosen);
  byId("copy").addEventListener("click", () => copy().catch((error) => showProblem(error, isOnPicture() ? "picture" : "draw")));
  byId("download").addEventListener("click", download);
}

// `first`: the [number, symbol] that is chosen, or null.
export function showAnswer(next, first) {
  subject = next;
  forgetThanks(subject);
  showHeadline(subject, first);
}

export function clearAnswer(message, isSpoken) {
  subject = null;
  numbers = [];
  forgetThanks(null);
  showNothing(message, isSpoken);
}

function change(changed) {
  numbers = changed;
  const { width, height } = subject.reading;
  if (isOnPicture()) showMarks(numbers, width, height, (n, s) => choosePlace([n, s], true));
}

function choose(number, symbol) {
  const index = numbers.indexOf(number);
  showDetails(number, symbol, numbers.length > 1, (s) => choosePlace([index, s], true));
  offerCorrection(symbol, number?.symbols.length > 1);
  const about = subject;
  explain(symbol, symbol?.box && (() => about.cutOut(symbol.box)));
  if (number && isOnPicture()) showChosen(numbers, [index, number.symbols.indexOf(symbol)]);
}

async function copy() {
  // Over plain HTTP in a local network browsers offer no clipboard to scripts but this old way.
  if (navigator.clipboard) await navigator.clipboard.writeText(subject.text);
  else {
    byId("text").select();
    document.execCommand("copy");
  }
  byId("copied").textContent = "Copied";
  setTimeout(() => { byId("copied").textContent = ""; }, 2000);
}

function download() {
  const json = JSON.stringify(toJson(subject.reading, subject.text), null, 2);
  save(new Blob([json], { type: "application/json" }), `${subject.name}.json`);
}
